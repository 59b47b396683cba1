"""``trackbench baseline`` and ``trackbench check``."""

from __future__ import annotations

import os
import sys
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from trackbench.analysis.verdict import ALPHA, TOLERANCE, Limits, Verdict
from trackbench.cli.codes import ExitCode
from trackbench.cli.console import say_left_out
from trackbench.cli.out_file import check_out_file
from trackbench.metrics.evaluation_protocol import Protocol
from trackbench.printing.text import visible

_Directory = Annotated[Path, typer.Argument(help="A results directory of trackbench run.")]


class VerdictFormat(Enum):
    """How a verdict is printed."""

    TABLE = "table"
    MARKDOWN = "markdown"
    JUNIT = "junit"
    JSON = "json"


def baseline(
    directory: _Directory,
    out: Annotated[Path, typer.Option("--out", "-o", help="The file to write, for git.")],
    protocol: Annotated[
        str | None, typer.Option(help="Which protocol, if the directory holds several.")
    ] = None,
) -> None:
    """Keep the scores of stored results, so that later results can be checked against them.

    Example: trackbench baseline results/smoke --out baseline.json
    """
    from trackbench.analysis import baseline_file
    from trackbench.analysis.baseline import baseline_of
    from trackbench.results.directory import Results

    chosen = Protocol.of(protocol) if protocol is not None else None
    results = Results.load(directory, chosen)
    made = baseline_of(results)
    say_left_out(results)
    check_out_file(out)
    baseline_file.write(made, out)


def check(
    directory: _Directory,
    held_to: Annotated[
        Path, typer.Option("--baseline", "-b", help="A file of trackbench baseline.")
    ],
    tolerance: Annotated[float, typer.Option(help="A mean score may fall by so much.")] = TOLERANCE,
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
) -> ExitCode:
    """Check stored results against a baseline: did a tracker get worse?

    A cell has regressed when its mean score fell by more than the tolerance and significantly so,
    or when more sequences failed or more boxes are invalid than before.

    Example: trackbench check results/smoke --baseline baseline.json

    Exits with 1 if a cell has regressed, with 2 if the data or the protocol is not the baseline's.
    """
    from trackbench.analysis import baseline_file, regression

    limits = Limits(tolerance, alpha, speed_tolerance)
    verdict = regression.check(directory, baseline_file.read(held_to), limits)
    _print(verdict, format_)
    _summarise_on_github(verdict)
    return ExitCode.REGRESSED if verdict.regressed else ExitCode.GOOD


def _print(verdict: Verdict, format_: VerdictFormat) -> None:
    from trackbench.cli import verdict_formats

    match format_:
        case VerdictFormat.TABLE:
            verdict_formats.print_verdict(verdict)
        case VerdictFormat.MARKDOWN:
            sys.stdout.write(verdict_formats.verdict_markdown(verdict))
        case VerdictFormat.JUNIT:
            sys.stdout.write(verdict_formats.verdict_junit(verdict))
        case VerdictFormat.JSON:
            sys.stdout.write(verdict_formats.verdict_json(verdict))


def _summarise_on_github(verdict: Verdict) -> None:
    """Append the verdict to the page of a GitHub Actions job, where there is one."""
    from trackbench.cli.verdict_formats import verdict_markdown

    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if not summary:
        return
    try:
        with Path(summary).open("a", encoding="utf-8") as page:
            page.write(verdict_markdown(verdict))
    except OSError as error:
        # The verdict counts, not where else it is shown.
        typer.echo(f"trackbench: {visible(summary)} cannot be written: {error.strerror}", err=True)
