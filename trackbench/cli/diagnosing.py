"""``trackbench diagnose``."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from trackbench.cli.console import output
from trackbench.cli.parameters import (
    OutFile,
    Plugins,
    ResultsDirectory,
    StoredProtocol,
    StoredTrackers,
)


def diagnose(
    directory: ResultsDirectory,
    tracker: StoredTrackers = None,
    suite: Annotated[
        str | None,
        typer.Option(
            "--suite",
            "-s",
            help="Only this one of trackbench list factor-suites, or data set run with noise.",
        ),
    ] = None,
    format_: Annotated[
        str | None,
        typer.Option(
            "--format",
            "-f",
            help="text, markdown, json or html, with film strips (default: by the ending of --out, "
            "else text).",
            show_default=False,
        ),
    ] = None,
    levels: Annotated[
        bool, typer.Option("--levels", help="Print every level of every factor, too.")
    ] = False,
    interactions: Annotated[
        bool,
        typer.Option(
            "--interactions",
            help="Say what two factors do together: of data sets crossed:SUITE:A=LEVEL:B=LEVEL.",
        ),
    ] = False,
    out: OutFile = None,
    protocol: StoredProtocol = None,
    plugin: Plugins = None,
) -> None:
    """Say why trackers fail: what each factor alone does to the score, with all else the same.

    Of results on a base and its twins, data sets that differ in one thing: for each tracker a
    sentence, the loss by each factor, the level at which half of the score is lost.

    Example: trackbench run --tracker kcf --suite diagnose-smoke && trackbench diagnose
    results/diagnose-smoke

    Example: trackbench diagnose results/factors --suite scenes --tracker kcf,csrt --levels

    Example: trackbench diagnose results/factors --out why.html
    """
    import trackbench
    from trackbench.analysis.formats import chosen
    from trackbench.arguments.endings import format_of_file
    from trackbench.plugins.loading import load_plugins
    from trackbench.reports.diagnosing import ENDINGS, DiagnosisFormat

    text = DiagnosisFormat.TEXT.value
    named = format_ or text if out is None else format_of_file(out, format_, ENDINGS, text)
    form = chosen(DiagnosisFormat, named)  # what is misspelt is told before anything is read
    load_plugins(plugin)
    found = trackbench.diagnose(
        directory, trackers=tracker or (), suite=suite, protocol=protocol, interactions=interactions
    )
    if out is not None:
        found.write(out, form, levels=levels)
    elif form is DiagnosisFormat.TEXT:
        found.print_to(output(), levels=levels)
    else:
        sys.stdout.write(found.render(form, levels=levels))
