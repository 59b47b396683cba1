"""``trackbench baseline`` and ``trackbench check``."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from trackbench.analysis.formats import VerdictFormat
from trackbench.analysis.verdict import ALPHA, TOLERANCE, Verdict
from trackbench.cli.codes import ExitCode
from trackbench.cli.console import output, say, say_left_out
from trackbench.cli.out_options import out_file
from trackbench.cli.parameters import (
    ResultsDirectory,
    StoredProtocol,
    Tolerance,
)


def baseline(
    directory: ResultsDirectory,
    out: Annotated[
        Path, typer.Option("--out", "-o", help="The file to write, for git.", callback=out_file)
    ],
    metric: Annotated[
        str | None,
        typer.Option("--metric", "-m", help="Check by this metric instead of mean IoU."),
    ] = None,
    protocol: StoredProtocol = None,
) -> None:
    """Keep the scores of stored results, so that later results can be checked against them.

    Example: trackbench baseline results/smoke --out baseline.json

    Example: trackbench baseline results/smoke --metric auc@pytracking --out auc.json
    """
    import trackbench

    trackbench.baseline(directory, out, metric=metric, protocol=protocol, tell=say_left_out)


def check(
    directory: ResultsDirectory,
    held_to: Annotated[
        Path, typer.Option("--baseline", "-b", help="A file of trackbench baseline.")
    ],
    tolerance: Tolerance = TOLERANCE,
    alpha: Annotated[
        float,
        typer.Option(help="Probability of a false alarm; 1 lets the tolerance alone decide."),
    ] = ALPHA,
    speed_tolerance: Annotated[
        float | None,
        typer.Option(help="Share of the frames/s that may be lost; without it, any."),
    ] = None,
    format_: Annotated[
        VerdictFormat, typer.Option("--format", "-f", help="How to print the verdict.")
    ] = VerdictFormat.TABLE,
    every: Annotated[
        bool, typer.Option("--all", help="Print every cell, not only those that have regressed.")
    ] = False,
) -> ExitCode:
    """Check stored results against a baseline: did a tracker get worse?

    A cell has regressed when its mean score fell by more than the tolerance and significantly so,
    or when more sequences failed or more boxes are invalid than before.

    The table is of the cells that have regressed, with --all of every cell; the other formats have
    them all.

    Example: trackbench check results/smoke --baseline baseline.json

    Exits with 1 if a cell has regressed, with 2 if the data or the protocol is not the baseline's.
    """
    import trackbench

    verdict = trackbench.check(
        directory, held_to, tolerance=tolerance, alpha=alpha, speed_tolerance=speed_tolerance
    )
    if format_ is VerdictFormat.TABLE:
        verdict.print_to(output(), every=every)
    else:
        sys.stdout.write(verdict.render(format_))
    _summarise_on_github(verdict)
    return ExitCode.REGRESSED if verdict.regressed else ExitCode.GOOD


def _summarise_on_github(verdict: Verdict) -> None:
    """Append the verdict to the page of a GitHub Actions job, where there is one."""
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if not summary:
        return
    try:
        with Path(summary).open("a", encoding="utf-8") as page:
            page.write(verdict.render("markdown"))
    except OSError as error:
        # The verdict counts, not where else it is shown.
        say(f"trackbench: {summary} cannot be written: {error.strerror}")
