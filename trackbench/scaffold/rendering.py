"""Templates filled in. They are under ``template/``, one for each file that is written."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from trackbench.scaffold.names import Names
from trackbench.scaffold.plugin_kinds import Part

if TYPE_CHECKING:
    from trackbench.datasets.readers.folder_sketch import FolderSketch


@dataclass(frozen=True)
class Scaffold:
    """What is to be written; templates see it as ``new``.

    Attributes:
        names: of it.
        parts: what it brings, in the order of :class:`Part`.
        batched: its tracker follows many videos in lockstep.
        package: it is a package, not a file.
        sketch: of the folder that its data set reads; None: it draws its videos.
    """

    names: Names
    parts: Collection[Part]
    batched: bool = False
    package: bool = False
    sketch: FolderSketch | None = None

    @property
    def tracker(self) -> str | None:
        """The tracker's id; None: there is none."""
        return self._id(Part.TRACKER)

    @property
    def dataset(self) -> str | None:
        """The data set's id, and the suite's; None: there is none."""
        return self._id(Part.DATASET)

    @property
    def report(self) -> str | None:
        """The report format's id; None: there is none."""
        return self._id(Part.REPORT)

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all parts."""
        return tuple(part.id(self.names, package=self.package) for part in self.parts)

    def _id(self, part: Part) -> str | None:
        return part.id(self.names, package=self.package) if part in self.parts else None


def module_text(part: Part, new: Scaffold) -> str:
    """Return the Python module of a part."""
    if new.sketch is not None and part is Part.DATASET:
        return rendered(f"folder_{part.value}.py", new)
    batched = part is Part.TRACKER and new.batched
    return rendered(f"{'batch_' if batched else ''}{part.value}.py", new)


def rendered(template: str, new: Scaffold) -> str:
    """Return ``template/<template>.jinja``, filled in."""
    environment = Environment(  # noqa: S701 - Python, TOML and YAML, of names without quotes
        loader=FileSystemLoader(Path(__file__).parent / "template"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["text"] = _as_text
    return environment.get_template(f"{template}.jinja").render(new=new)


def _as_text(value: object) -> str:
    """Return a text as Python writes it, in the quotes that ruff chooses."""
    written = repr(str(value))
    plain = written[1:-1]
    return f'"{plain}"' if written.startswith("'") and '"' not in plain else written
