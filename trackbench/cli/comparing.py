"""``trackbench compare``."""

from __future__ import annotations

import sys
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from trackbench.cli.console import say_left_out
from trackbench.errors import TrackbenchError
from trackbench.metrics.evaluation_protocol import Protocol

RESULTS = Path("results")


class ComparisonFormat(Enum):
    """How a comparison is printed."""

    TABLE = "table"
    MARKDOWN = "markdown"
    JSON = "json"


def compare(
    trackers: Annotated[list[str], typer.Argument(help="Two trackers or more, by id.")],
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
    format_: Annotated[
        ComparisonFormat, typer.Option("--format", "-f", help="How to print it.")
    ] = ComparisonFormat.TABLE,
    protocol: Annotated[
        str | None, typer.Option(help="Which protocol, if the directory holds several.")
    ] = None,
) -> None:
    """Compare trackers on the same sequences: is the difference noise?

    For each data set and length: the mean difference with its 95 % confidence interval, whether
    it is significant, and how large the effect is. Three trackers or more are also ranked.

    Example: trackbench compare kcf mosse --results results/paper

    Example: trackbench compare kcf mosse ncc --metric auc@otb
    """
    from trackbench.analysis import comparison
    from trackbench.cli import comparison_formats
    from trackbench.metrics import Metric
    from trackbench.results.directory import Results

    wanted = Metric.named(metric) if metric is not None else None
    chosen = Protocol.of(protocol) if protocol is not None else None
    stored = Results.load(results or _only_directory(), chosen)
    say_left_out(stored)
    found = comparison.compare(stored, trackers, wanted)
    match format_:
        case ComparisonFormat.TABLE:
            comparison_formats.print_comparison(found)
        case ComparisonFormat.MARKDOWN:
            sys.stdout.write(comparison_formats.comparison_markdown(found))
        case ComparisonFormat.JSON:
            sys.stdout.write(comparison_formats.comparison_json(found))


def _only_directory() -> Path:
    """Return the results directory, where there is no doubt which."""
    found = sorted(path.parent for path in RESULTS.glob("*/runs") if path.is_dir())
    if len(found) != 1:
        held = ", ".join(map(str, found)) or f"there is none in {RESULTS}/"
        raise TrackbenchError(f"which results? choose with --results ({held})")
    return found[0]
