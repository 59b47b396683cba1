"""``trackbench report``."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from trackbench.cli.console import output, say_left_out
from trackbench.cli.listed_names import separated
from trackbench.cli.opening import open_file
from trackbench.cli.parameters import (
    OutFile,
    Plugins,
    ResultsDirectory,
    StoredProtocol,
    WithPublished,
)
from trackbench.errors import TrackbenchError
from trackbench.report_contract import Layout

TABLES = "text"
"""The format that fits itself to a terminal."""


def report(
    directory: ResultsDirectory,
    format_id: Annotated[
        str | None,
        typer.Option(
            "--format",
            "-f",
            help="See trackbench list reports (default: by the ending of --out; without a file, "
            "tables on a terminal, markdown elsewhere).",
            show_default=False,
        ),
    ] = None,
    layout: Annotated[
        Layout,
        typer.Option(
            "--layout",
            "-l",
            help="summary: a row a tracker, ranked. paper: two side by side, as Tables 1 to 4.",
        ),
    ] = Layout.SUMMARY,
    out: OutFile = None,
    protocol: StoredProtocol = None,
    with_published: WithPublished = False,
    intervals: Annotated[
        bool, typer.Option("--intervals", help="Print the 95 % confidence interval of each mean.")
    ] = False,
    metric: Annotated[
        list[str] | None,
        typer.Option(
            "--metric",
            "-m",
            help=(
                "Print this, too, such as auc@otb; may be repeated; all for each of trackbench's, "
                "toolkits for what other toolkits print."
            ),
            callback=separated,
        ),
    ] = None,
    per_sequence: Annotated[
        bool,
        typer.Option(
            "--per-sequence",
            help="Print the score of every sequence, too; in CSV and JSON, instead of means.",
        ),
    ] = False,
    strip: Annotated[
        list[str] | None,
        typer.Option(
            help="A sequence's name or number: the HTML page shows its film strips, too; may be "
            "repeated.",
        ),
    ] = None,
    chart: Annotated[
        list[str] | None,
        typer.Option(
            help="Of the format svg: time, success, attributes or speed (default: all of them).",
            callback=separated,
        ),
    ] = None,
    open_: Annotated[
        bool, typer.Option("--open", help="Open the file when it is written.")
    ] = False,
    plugin: Plugins = None,
) -> None:
    """Write stored results as a table, a page or charts.

    A file's ending says its format; where --format says another, it is refused.

    Example: trackbench report results/paper --layout paper --with-published

    Example: trackbench report results/paper --intervals --out table.tex

    Example: trackbench report results/mine --format csv --per-sequence --metric auc@otb

    Example: trackbench report results/mine --out report.html --open

    Example: trackbench report results/mine --chart success --out success.svg
    """
    import trackbench
    from trackbench.api.report_options import asked_of
    from trackbench.api.reporting import MARKDOWN, format_of
    from trackbench.plugins.loading import load_plugins

    if open_ and out is None:
        raise TrackbenchError("--open needs a file: give --out")
    load_plugins(plugin)
    if out is not None:
        format_id = format_of(out, format_id)
    asked: dict[str, Any] = {
        "layout": layout,
        "with_published": with_published,
        "intervals": intervals,
        "metrics": metric or (),
        "per_sequence": per_sequence,
        "strips": strip or (),
        "charts": chart or (),
        "protocol": protocol,
        "tell": say_left_out,
    }
    if out is None and format_id in {None, TABLES} and sys.stdout.isatty():
        from trackbench.reports.terminal import print_report

        print_report(*asked_of(directory, **asked), output())
        return
    made = trackbench.report(directory, format_id or MARKDOWN, **asked)
    if out is None:
        sys.stdout.write(made.text)
    else:
        made.write(out)
        if open_:
            open_file(out)
