"""A data set whose reads are noted while it makes sequences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from trackbench.contracts import Dataset, DatasetSpec, Frame, Frames, Video
from trackbench.host.reads import Reads
from trackbench.plugins.read_frames import are_read
from trackbench.plugins.reads import Known
from trackbench.plugins.wrapped_dataset import WrappedDataset


class Reading:
    """Notes of what the data sets of this process read, one order after the other."""

    def __init__(self) -> None:
        self._notes: set[str] = set()
        self._asked = False
        self._heard = Reads()
        self._heard.install()

    def begin(self, known: Known | None) -> None:
        """Forget all notes, and begin with a data set; ``known`` None: note nothing of it."""
        self._notes.clear()
        self._asked = known is not None
        if known is not None:
            self._heard.watch(known.paths, known.own, known.variables)

    def noted(self) -> tuple[str, ...]:
        """Return the notes since then."""
        return tuple(sorted(self._notes))

    def add(self, notes: Iterable[str]) -> None:
        """Add notes that were taken before, but for those of what is known by now."""
        with self.noting():
            self._heard.note_again(notes)

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Note what is read within this context."""
        self._heard.note = self._notes.add if self._asked else None
        try:
            yield
        finally:
            self._heard.note = None


class WatchedDataset(WrappedDataset):
    """A :class:`~trackbench.contracts.Dataset` that has another make its sequences, and notes."""

    def __init__(self, dataset: Dataset, reading: Reading) -> None:
        super().__init__(dataset)
        self._reading = reading

    @property
    def spec(self) -> DatasetSpec:
        """What the data set is."""
        return self._base.spec

    def sequence(self, index: int, length: int | None = None) -> Video:
        """Make a sequence; what is read for frames that are asked for later is noted, too."""
        with self._reading.noting():
            made: Any = self._base.sequence(index, length)
        if isinstance(made, Video) and are_read(made.frames):
            return replace(made, frames=_WatchedFrames(made.frames, self._reading))
        found: Video = made  # if it is none, make_sequence says so
        return found


class _WatchedFrames:
    """Frames that are read one by one."""

    def __init__(self, frames: Frames, reading: Reading) -> None:
        self._frames, self._reading = frames, reading

    def __len__(self) -> int:
        return len(self._frames)

    def __getitem__(self, index: int) -> Frame:
        with self._reading.noting():
            return self._frames[index]
