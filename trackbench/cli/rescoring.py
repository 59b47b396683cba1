"""``trackbench rescore``."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from trackbench.analysis.formats import ComparisonFormat
from trackbench.cli.console import output, say_left_out
from trackbench.cli.parameters import ResultsDirectory, StoredProtocol


def rescore(
    directory: ResultsDirectory,
    why: Annotated[
        tuple[str, str] | None,
        typer.Option(
            "--why",
            metavar="A B",
            help="Say in which sequences and frames two metrics differ, and by which rule.",
        ),
    ] = None,
    format_: Annotated[
        ComparisonFormat, typer.Option("--format", "-f", help="How to print the scores.")
    ] = ComparisonFormat.TABLE,
    protocol: StoredProtocol = None,
) -> None:
    """Score stored results as other toolkits do, side by side.

    Nothing is run: boxes and truth are read back. Whole sequences, or the longest length.

    Example: trackbench rescore results/smoke

    Example: trackbench rescore results/mine --why auc@got10k auc@pytracking
    """
    import trackbench

    found = trackbench.rescore(directory, why=why, protocol=protocol, tell=say_left_out)
    if format_ is ComparisonFormat.TABLE:
        found.print_to(output())
    else:
        sys.stdout.write(found.render(format_))
