"""``trackbench report``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from trackbench.cli.console import say_left_out
from trackbench.cli.out_file import check_out_file
from trackbench.errors import TrackbenchError, brief
from trackbench.metrics.evaluation_protocol import Protocol
from trackbench.plugins import registry
from trackbench.plugins.registry import ReportSpec
from trackbench.reports.options import Layout, ReportOptions
from trackbench.results.directory import Results

EVERY_METRIC = "all"


def report(
    directory: Annotated[Path, typer.Argument(help="A results directory of trackbench run.")],
    format_id: Annotated[
        str, typer.Option("--format", "-f", help="See trackbench list reports.")
    ] = "markdown",
    layout: Annotated[
        Layout,
        typer.Option(
            "--layout",
            "-l",
            help="summary: a row a tracker, ranked. paper: two side by side, as Tables 1 to 4.",
        ),
    ] = Layout.SUMMARY,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="A file (default: standard output).")
    ] = None,
    protocol: Annotated[
        str | None, typer.Option(help="Which protocol, if the directory holds several.")
    ] = None,
    with_published: Annotated[
        bool, typer.Option("--with-published", help="Print the paper's numbers beside ours.")
    ] = False,
    intervals: Annotated[
        bool, typer.Option("--intervals", help="Print the 95 % confidence interval of each mean.")
    ] = False,
    metric: Annotated[
        list[str] | None,
        typer.Option(
            "--metric",
            "-m",
            help="Print this, too, such as auc@otb; may be repeated; all for every one.",
        ),
    ] = None,
    plugin: Annotated[
        list[Path] | None, typer.Option(help="A Python file that brings formats or data sets.")
    ] = None,
) -> None:
    """Write stored results as a table.

    Example: trackbench report results/paper --layout paper --with-published

    Example: trackbench report results/paper --format latex --intervals --out table.tex
    """
    from trackbench.cli.frames import frames_of
    from trackbench.plugins.loading import load_plugins

    load_plugins(plugin)
    spec = registry.reports().get(format_id)
    metrics = _metrics(metric or [])
    results = Results.load(directory, Protocol.of(protocol) if protocol is not None else None)
    say_left_out(results)
    if with_published:
        from trackbench.reports.published_numbers import check_protocol

        check_protocol(results.protocol)
    options = ReportOptions(
        layout=layout,
        with_published=with_published,
        intervals=intervals,
        metrics=metrics,
        frames=frames_of(results),
    )
    _write(_rendered(spec, results, options), out)


def _metrics(given: list[str]) -> tuple[str, ...]:
    """Return the ids of the metrics, each once."""
    from trackbench.metrics import METRICS, Metric

    named = [Metric.named(text).id for text in given if text != EVERY_METRIC]
    every = [metric.id for metric in METRICS] if EVERY_METRIC in given else []
    return tuple(dict.fromkeys([*every, *named]))


def _rendered(spec: ReportSpec, results: Results, options: ReportOptions) -> str:
    from trackbench.plugins.factories import resolve

    try:
        text = resolve(spec.factory)(results, options)
    except (TrackbenchError, OSError):
        raise
    except Exception as error:  # a third party's format may raise anything
        raise TrackbenchError(f"the format {spec.id} fails: {brief(error)}") from error
    if not isinstance(text, str):
        raise TrackbenchError(f"the format {spec.id} makes {type(text).__name__}, not text")
    return text


def _write(text: str, out: Path | None) -> None:
    from trackbench.results.atomic_files import writing_to

    if out is None:
        sys.stdout.write(text)
        return
    check_out_file(out)
    with writing_to(out) as temporary:
        temporary.write_text(text, encoding="utf-8")
