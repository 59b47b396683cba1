"""``trackbench list``: what is registered, without importing what it needs to run."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer

from trackbench.cli.console import output
from trackbench.plugins import registry
from trackbench.plugins.registry import Kind
from trackbench.printing.text import visible


class What(Enum):
    """What can be listed."""

    TRACKERS = "trackers"
    DATASETS = "datasets"
    SUITES = "suites"
    REPORTS = "reports"


_KINDS = {
    What.TRACKERS: Kind.TRACKER,
    What.DATASETS: Kind.DATASET,
    What.SUITES: Kind.SUITE,
    What.REPORTS: Kind.REPORT,
}


def list_ids(
    what: Annotated[What, typer.Argument(help="Which kind.")] = What.TRACKERS,
    plugin: Annotated[
        list[Path] | None, typer.Option(help="A Python file that brings something to list.")
    ] = None,
) -> None:
    """List trackers, data sets, suites or report formats.

    Plugins are listed too; one that cannot be imported is listed with the reason.

    Example: trackbench list datasets
    """
    from rich.table import Table
    from rich.text import Text

    from trackbench.plugins.loading import load_plugins

    load_plugins(plugin)
    found = registry.registry(_KINDS[what])
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("id", *_headings(what), "description"):
        table.add_column(heading, no_wrap=heading == "id")
    for spec in found:
        note = f" (superseded by {spec.superseded_by})" if _superseded(spec) else ""
        cells = (spec.id, *_details(what, spec), spec.description + note)
        table.add_row(*(Text(visible(cell)) for cell in cells))  # a plugin's words are not markup
    for broken in found.broken:
        blank = [""] * len(_headings(what))
        reason = f"cannot be loaded: {broken.value}: {broken.reason}"
        table.add_row(*(Text(visible(cell)) for cell in (broken.name, *blank, reason)))
    output().print(table)


def _headings(what: What) -> tuple[str, ...]:
    if what is What.DATASETS:
        return ("sequences", "frames", "split")
    return ("data sets", "sequences", "lengths") if what is What.SUITES else ()


def _details(what: What, spec: Any) -> tuple[str, ...]:
    if what is What.DATASETS:
        endless = spec.split == "train"
        return ("endless" if endless else str(spec.sequences), str(spec.length), spec.split)
    if what is What.SUITES:
        many = "all" if spec.sequences is None else str(spec.sequences)
        return (str(len(spec.datasets)), many, "/".join(map(str, spec.lengths)))
    return ()


def _superseded(spec: Any) -> bool:
    return getattr(spec, "superseded_by", None) is not None
