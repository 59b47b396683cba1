"""``trackbench compare``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from trackbench.analysis.formats import ComparisonFormat
from trackbench.cli.console import output, say_left_out
from trackbench.cli.listed_names import separated
from trackbench.cli.parameters import (
    PrintedAs,
    StoredProtocol,
)


def compare(
    trackers: Annotated[
        list[str], typer.Argument(help="Two trackers or more, by id.", callback=separated)
    ],
    results: Annotated[
        Path | None,
        typer.Option(
            "--results", "-r", help="A results directory; without it, the one in results/."
        ),
    ] = None,
    metric: Annotated[
        str | None,
        typer.Option("--metric", "-m", help="Compare by this metric instead of mean IoU."),
    ] = None,
    format_: PrintedAs = ComparisonFormat.TABLE,
    protocol: StoredProtocol = None,
) -> None:
    """Compare trackers on the same sequences: is the difference noise?

    For each data set and length: the mean difference with its 95 % confidence interval, whether
    it is significant, and how large the effect is. Three trackers or more are also ranked.

    Example: trackbench compare kcf mosse --results results/paper

    Example: trackbench compare kcf mosse ncc --metric auc@otb
    """
    import trackbench

    found = trackbench.compare(
        trackers, results, metric=metric, protocol=protocol, tell=say_left_out
    )
    if format_ is ComparisonFormat.TABLE:
        found.print_to(output())
    else:
        sys.stdout.write(found.render(format_))
