"""What the name of a file of results says, and the folders that it lies in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from trackbench.exchange.box_text import wrong

_EXPERIMENTS = frozenset({"baseline", "unsupervised", "supervised", "realtime", "longterm"})
"""Folders of VOT's and pysot's between a tracker and its sequences."""
_SUBFOLDERS = frozenset({"got10k", "trackingnet", "times"})
"""Folders of pytracking's and got10k's between a tracker and its files."""

_TIMES = re.compile(r"(?P<name>.+)_time\.(?:txt|value)")
_SURE = re.compile(r"(?P<name>.+?)(?:_object_presence_scores\.txt|_confidence\.value)")
_BOXES = re.compile(r"(?P<name>.+)\.txt")
NUMBERED = re.compile(r"(?P<name>.+)_(?P<run>[0-9]{3})")
"""A name with the number of a repetition."""
_ANCHORED = re.compile(r"(?P<name>.+)_(?P<frame>[0-9]{8})(?:\.txt|\.bin)")


@dataclass(frozen=True)
class Place:
    """What a file is of.

    Attributes:
        base: names of the folders of its tracker, from the folder that was given.
        name: of the sequence.
        run: of the repetition, as the file counts it; None: it says none.
        nested: the sequence has a folder of its own.
    """

    base: tuple[str, ...]
    name: str
    run: int | None
    nested: bool


def place_of(path: Path, folders: tuple[str, ...]) -> tuple[str, Place | None]:
    """Return what a file holds, and of what; None: it is no result."""
    own = path.parent.name
    anchored = _ANCHORED.fullmatch(path.name)
    if anchored and anchored["name"] == own:
        raise wrong(
            path,
            f"begins at frame {int(anchored['frame'])}: runs from anchors are no runs of whole "
            "sequences, and are not imported",
        )
    if path.suffix == ".bin":
        raise wrong(path, "is in VOT's binary form: have the toolkit write text")
    for kind, form in (("times", _TIMES), ("sure", _SURE), ("boxes", _BOXES)):
        if named := form.fullmatch(path.name):
            return kind, _of(named["name"], folders, own)
    return "", None


def _of(name: str, folders: tuple[str, ...], own: str) -> Place:
    numbered = NUMBERED.fullmatch(name)
    if numbered and numbered["name"].casefold() == own.casefold():
        return Place(_without(folders[:-1], _EXPERIMENTS), own, int(numbered["run"]) - 1, True)
    if folders and name.casefold() == own.casefold():
        return Place(_without(folders[:-1], _EXPERIMENTS), own, None, True)
    return Place(_without(folders, _SUBFOLDERS), name, None, False)


def _without(folders: tuple[str, ...], names: frozenset[str]) -> tuple[str, ...]:
    return folders[:-1] if folders and folders[-1].lower() in names else folders
