"""The files of results in a folder: which tracker, sequence and repetition each is of."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from trackbench.errors import TrackbenchError
from trackbench.exchange.box_text import wrong
from trackbench.exchange.file_names import NUMBERED, place_of
from trackbench.exchange.result_layouts import ResultLayout

_DEEPEST = 6
_MOST_FILES = 500_000


@dataclass
class RunFiles:
    """The files of one sequence, tracked once.

    Attributes:
        boxes, times, sure: with a row a frame: boxes, seconds, confidences; None: there is none.
        column: of the times that are this run's.
    """

    boxes: Path | None = None
    times: Path | None = None
    sure: Path | None = None
    column: int = 0


@dataclass
class TrackerFiles:
    """What a folder holds of one tracker.

    Attributes:
        name: by the folders it lies in.
        nested: a sequence has a folder of its own.
        sequences: name -> number of the repetition, as the files count them -> its files.
        times: name of a sequence -> the file of its times, with a column a repetition.
    """

    name: str
    nested: bool = False
    sequences: dict[str, dict[int, RunFiles]] = field(default_factory=dict)
    times: dict[str, Path] = field(default_factory=dict)

    @property
    def files(self) -> int:
        """How many files of boxes."""
        runs = (run for of_one in self.sequences.values() for run in of_one.values())
        return sum(run.boxes is not None for run in runs)


def find_results(
    folder: Path, layout: ResultLayout | None
) -> tuple[dict[tuple[str, ...], TrackerFiles], int]:
    """Return the trackers in a folder by where they lie, and how many files are something else.

    The folder is that of one tracker, or holds a folder for each.

    Args:
        folder: which.
        layout: of the files; None: whichever they have.

    Raises:
        TrackbenchError: it is no folder, holds a link, nothing that is a result, too much, or two
            files of the same thing; or results that begin in the middle of a sequence.
    """
    if not folder.is_dir():
        raise TrackbenchError(f"there is no folder {folder} to import")
    found: dict[tuple[str, ...], TrackerFiles] = {}
    others = 0
    every = list(_files(folder, folder, 0))
    repeated = _repeated_folders(every, folder, layout)
    for path in every:
        kind, place = place_of(path, path.relative_to(folder).parts[:-1])
        if place is None:
            others += 1
            continue
        base, run = place.base, place.run
        if base and base[-1] in repeated and not place.nested:
            stem = NUMBERED.fullmatch(base[-1])
            assert stem is not None  # noqa: S101 - that is how they were found
            base, run = (*base[:-1], stem["name"]), int(stem["run"])
        tracker = found.setdefault(base, TrackerFiles("", place.nested))
        tracker.nested |= place.nested
        if kind == "times" and place.nested and run is None:
            tracker.times[place.name] = path
            continue
        of_one = tracker.sequences.setdefault(place.name, {})
        files = of_one.setdefault(0 if run is None else run, RunFiles())
        if (before := getattr(files, kind)) is not None:
            raise wrong(path, f"is of what {before} is of, too: leave one, or name its folder")
        setattr(files, kind, path)
    _drop_without_boxes(found)
    if not found:
        raise TrackbenchError(f"{folder} holds no results: no SEQUENCE.txt, SEQUENCE_001.txt")
    _name(found, folder, layout)
    return found, others


def _files(root: Path, folder: Path, depth: int, seen: list[int] | None = None) -> Iterator[Path]:
    """Yield all files below a folder, in order of their names.

    Raises:
        TrackbenchError: one is a link, or there are too many, or too deep.
    """
    seen = [0] if seen is None else seen
    if depth > _DEEPEST:
        raise wrong(folder, f"lies more than {_DEEPEST} folders deep in {root}: name a tracker's")
    try:
        with os.scandir(folder) as entries:
            listed = sorted((e for e in entries if e.name[0] != "."), key=lambda e: e.name)
    except OSError as error:
        raise wrong(folder, f"cannot be read ({error.strerror})") from error
    seen[0] += len(listed)
    if seen[0] > _MOST_FILES:
        raise TrackbenchError(f"{root} holds more than {_MOST_FILES:,} files: name a tracker's")
    for entry in listed:
        path = Path(entry.path)
        if entry.is_symlink():
            raise wrong(path, "is a symbolic link, and none is followed here")
        if entry.is_dir(follow_symlinks=False):
            yield from _files(root, path, depth + 1, seen)
        else:
            yield path


def _repeated_folders(files: list[Path], folder: Path, layout: ResultLayout | None) -> set[str]:
    """Return names of folders that are pytracking's repeated runs: ``PARAM_000``, ``PARAM_001``.

    Where the layout was not said, a folder is one only if the run 0 is there.
    """
    if layout not in {None, ResultLayout.PYTRACKING}:
        return set()
    names = {name for path in files for name in path.relative_to(folder).parts[:-1]}
    numbered = {name: match for name in names if (match := NUMBERED.fullmatch(name))}
    return {
        name
        for name, match in numbered.items()
        if layout is ResultLayout.PYTRACKING or f"{match['name']}_000" in names
    }


def _drop_without_boxes(found: dict[tuple[str, ...], TrackerFiles]) -> None:
    """Leave out what has times or confidences alone; times of a whole sequence are of its runs."""
    for base, tracker in list(found.items()):
        for name, runs in list(tracker.sequences.items()):
            kept = {run: files for run, files in runs.items() if files.boxes is not None}
            if kept:
                tracker.sequences[name] = dict(sorted(kept.items()))
                _share_times(kept, tracker.times.get(name))
            else:
                del tracker.sequences[name]
        if not tracker.sequences:
            del found[base]


def _share_times(runs: dict[int, RunFiles], times: Path | None) -> None:
    for run, files in runs.items():
        if times is not None and files.times is None:
            files.times, files.column = times, run


def _name(
    found: dict[tuple[str, ...], TrackerFiles], folder: Path, layout: ResultLayout | None
) -> None:
    """Name trackers by their folders; one that all lie in says nothing of one of them."""
    bases = list(found)
    shared = 0
    if layout is not ResultLayout.PYTRACKING:
        while all(len(b) > shared + 1 and b[shared] == bases[0][shared] for b in bases):
            shared += 1
    for base, tracker in found.items():
        tracker.name = "-".join(base[shared:]) or folder.absolute().name
