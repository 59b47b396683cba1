"""Trackers listed with what they take, and those of a ``trackers.toml`` among them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from trackbench.contracts import TrackerSpec
from trackbench.errors import TrackbenchError
from trackbench.host.parameters import Taken
from trackbench.plugins.specs_by_id import BrokenPlugin
from trackbench.printing.text import visible
from trackbench.running.taken_parameters import parameters_of
from trackbench.running.trackers_file import TrackersFile

if TYPE_CHECKING:
    from rich.console import Console


@dataclass(frozen=True)
class TakenBy:
    """What a tracker takes.

    Attributes:
        tracker: its id.
        parameters: those that may be given, in the factory's order; empty: none.
        unknown: why that is not known, in a line; empty: it is.
    """

    tracker: str
    parameters: tuple[Taken, ...]
    unknown: str = ""


def trackers_in(
    given: str | Path | TrackersFile | None, *, build: bool
) -> tuple[list[TrackerSpec], list[BrokenPlugin]]:
    """Return the trackers of a file, and those of it that cannot be had.

    Args:
        given: the file; None: there is none.
        build: import them; else a spec says what stands in the file, and no more.

    Raises:
        TrackbenchError: something in the file is wrong.
    """
    if given is None:
        return [], []
    listed = given if isinstance(given, TrackersFile) else TrackersFile(Path(given))
    specs, broken = [], []
    for name, section in listed.sections.items():
        described = section.description or f"{section.tracker}, of {listed.file}"
        if not build:
            specs.append(TrackerSpec(id=name, factory=section.tracker, description=described))
            continue
        try:
            specs.append(listed[name])
        except TrackbenchError as error:
            broken.append(BrokenPlugin(name, str(listed.file), str(error)))
    return specs, broken


def taken_by_each(specs: Iterable[TrackerSpec]) -> tuple[TakenBy, ...]:
    """Return what trackers take; each is imported, and none is built."""
    return tuple(_taken_by(spec) for spec in specs)


def _taken_by(spec: TrackerSpec) -> TakenBy:
    try:
        taken = parameters_of(spec)
    except TrackbenchError as error:
        return TakenBy(spec.id, (), str(error))
    if taken is None:
        return TakenBy(spec.id, (), "it does not say what it takes")
    return TakenBy(spec.id, tuple(taken))


def print_parameters(taken: Iterable[TakenBy], console: Console) -> None:
    """Print a table of parameters: a row each, with its type and default."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("id", "parameter", "type", "default"):
        table.add_column(heading, no_wrap=heading == "id")
    for each in taken:
        rows = [(one.name, one.kind, _default(one)) for one in each.parameters]
        for number, row in enumerate(rows or [(each.unknown or "none", "", "")]):
            cells = ("" if number else each.tracker, *row)
            table.add_row(*(Text(visible(cell)) for cell in cells))
    console.print()
    console.print(table)


def _default(parameter: Taken) -> str:
    return "must be given" if parameter.default is None else parameter.default
