"""``trackbench report``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from trackbench import registry
from trackbench.cli.console import spare_the_encoding
from trackbench.errors import TrackbenchError, brief
from trackbench.protocols import Protocol


def report(
    directory: Annotated[Path, typer.Argument(help="A results directory of trackbench run.")],
    format_id: Annotated[
        str, typer.Option("--format", "-f", help="See trackbench list reports.")
    ] = "markdown",
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="A file (default: standard output).")
    ] = None,
    protocol: Annotated[
        str | None, typer.Option(help="Which protocol, if the directory holds several.")
    ] = None,
    with_published: Annotated[
        bool, typer.Option("--with-published", help="Print the paper's numbers beside ours.")
    ] = False,
) -> None:
    """Write stored results as a table.

    Example: trackbench report results/paper --format latex --out table.tex
    """
    from trackbench.factories import resolve
    from trackbench.files import write_text
    from trackbench.reports.options import ReportOptions
    from trackbench.results import Results

    spec = registry.reports().get(format_id)
    chosen = Protocol.of(protocol) if protocol is not None else None
    results = Results.load(directory, chosen)
    for record in results.incomplete:
        typer.echo(
            f"trackbench: left out: {record.tracker} on {record.dataset} is not finished", err=True
        )
    try:
        text = resolve(spec.factory)(results, ReportOptions(with_published=with_published))
    except (TrackbenchError, OSError):
        raise
    except Exception as error:  # a third party's format may raise anything
        raise TrackbenchError(f"the format {spec.id} fails: {brief(error)}") from error
    if out is None:
        spare_the_encoding()
        sys.stdout.write(text)
        return
    if out.is_dir() or not out.absolute().parent.is_dir():
        raise TrackbenchError(f"--out {out} is not a file in an existing folder")
    try:
        if out.exists() and not out.is_file():
            out.write_text(text, encoding="utf-8")  # a pipe or a device is written to, not replaced
        else:
            write_text(out.resolve(), text)
    except OSError as error:
        raise TrackbenchError(f"{out} cannot be written: {error.strerror}") from error
