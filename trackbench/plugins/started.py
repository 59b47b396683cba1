"""Runs from several frames of each sequence, forwards and backwards, as a data set of their own.

A run is a video: it begins with the frame that a tracker is started on and ends with the last frame
of the sequence, or with the first. So it is made, tracked, hashed, stored and checked as any other
sequence is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from trackbench.contracts import Dataset, DatasetSpec, Frame, Video
from trackbench.ids import derived
from trackbench.plugins.checked_sequence import make_sequence
from trackbench.plugins.wrapped_dataset import WrappedDataset


@dataclass(frozen=True)
class Start:
    """Where a run begins, and of what it is one.

    Attributes:
        sequence: index of the sequence.
        anchor: the frame of it that the tracker is started on.
        backwards: the run goes to frame 0, and not to the last.
        frames: of the whole sequence.
    """

    sequence: int
    anchor: int
    backwards: bool
    frames: int

    @property
    def places(self) -> range:
        """Frames of the sequence in the order of the run."""
        if self.backwards:
            return range(self.anchor, -1, -1)
        return range(self.anchor, self.frames)


@dataclass(frozen=True, kw_only=True)
class StartedSpec(DatasetSpec):
    """The runs of a data set's sequences; ``sequences``, ``length`` and ``names`` are theirs.

    Attributes:
        base: whose sequences they are of.
        starts: of each run.
    """

    base: DatasetSpec
    starts: tuple[Start, ...]


def started_spec(base: DatasetSpec, starts: tuple[Start, ...]) -> StartedSpec:
    """Return the runs of a data set as a data set.

    Raises:
        TrackbenchError: its id would be too long.
    """
    frames = tuple(len(start.places) for start in starts)
    given = {name: getattr(base, name) for name in DatasetSpec.__dataclass_fields__}
    given |= {
        "id": started_id(base.id),
        "sequences": len(starts),
        "length": max(frames),
        "frames_each": () if len(set(frames)) == 1 else frames,
        "names": tuple(f"{base.name_of(each.sequence)}@{each.anchor}" for each in starts),
        # Of files it is a hash of them all; of others, of what is made, and that is other videos.
        "fingerprint": base.fingerprint if base.files else None,
        "pixels_each": tuple(base.pixels_each[each.sequence] for each in starts)
        if base.pixels_each
        else (),
    }
    return StartedSpec(**given, base=base, starts=starts)


def started_id(base: str) -> str:
    """Return the id of a data set's runs: ``name-starts-vN`` of ``name-vN``.

    Raises:
        TrackbenchError: it is too long for an id.
    """
    return derived(base, "starts", "one of its runs from anchors")


class StartedDataset(WrappedDataset):
    """A :class:`~trackbench.contracts.Dataset` of runs; one sequence is kept for its next run."""

    def __init__(self, spec: StartedSpec, base: Dataset) -> None:
        super().__init__(base)
        self.spec = spec
        self._kept: tuple[int, Video] | None = None

    def sequence(self, index: int, length: int | None = None) -> Video:
        """Make a run, its first ``length`` frames.

        Raises:
            IndexError: there is no such run.
            ValueError: it has not so many frames.
            TrackbenchError: its sequence cannot be made, or has no true box where the run begins.
        """
        if not 0 <= index < self.spec.sequences:
            raise IndexError(f"{self.spec.id} has no run {index}")
        frames = self.spec.frames_of(index)
        if length is not None and not 1 <= length <= frames:
            raise ValueError(f"{self.spec.id} run {index} has 1 to {frames} frames")
        places = self.spec.starts[index].places[:length]
        whole = self._whole(index)
        at = slice(places.start, places.stop if places.stop >= 0 else None, places.step)
        return Video(
            frames=_taken(whole.frames, places, at),
            boxes=np.ascontiguousarray(whole.boxes[at]),
            attributes={name: values[at].copy() for name, values in whole.attributes.items()},
            absent=None if whole.absent is None else whole.absent[at].copy(),
            images=whole.images[at],
            masks=None if whole.masks is None else _taken(whole.masks, places, at),
        )

    def _whole(self, index: int) -> Video:
        """Return the sequence of a run, made anew unless the run before it was of it, too."""
        start = self.spec.starts[index]
        before = self._kept
        if (
            before is not None
            and before[0] < index  # a run that is asked for again is made again, to be compared
            and self.spec.starts[before[0]].sequence == start.sequence
        ):
            self._kept = index, before[1]
            return before[1]
        made = make_sequence(self._base, start.sequence, start.frames)
        self._kept = index, made
        return made


class _Taken:
    """Frames or masks that are read one by one, in the order of a run."""

    def __init__(self, whole: Any, places: range) -> None:
        self._whole, self._places = whole, places

    def __len__(self) -> int:
        return len(self._places)

    def __getitem__(self, index: int) -> Frame:
        found: Frame = self._whole[self._places[index]]
        return found


def _taken(whole: Any, places: range, at: slice) -> Any:
    """Return frames or masks of some places: an array of an array."""
    if isinstance(whole, np.ndarray):
        return np.ascontiguousarray(whole[at])
    return _Taken(whole, places)
