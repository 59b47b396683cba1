"""The videos of a unit of work, made one by one, and what is true of them."""

from __future__ import annotations

import math
from contextlib import suppress
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trackbench.contracts import Boxes, Dataset, Frame, Video
from trackbench.errors import DataError, TrackbenchError, parameter
from trackbench.host.run_lengths import MOST, MaskRuns
from trackbench.metrics import mask_iou
from trackbench.plugins.checked_sequence import make_sequence
from trackbench.plugins.frame_hash import frame_hashes
from trackbench.plugins.read_frames import ReadFrames
from trackbench.plugins.start_noise import NoisySpec, given_box
from trackbench.plugins.started import StartedSpec
from trackbench.plugins.true_masks import true_runs
from trackbench.results.chunks import Truth, without_score
from trackbench.running.anonymous_file import FrameFile
from trackbench.running.films import Film, FrameFiles
from trackbench.running.messages import Order

_REPEATED = 200
"""Frames that are read once more, of those that are read one by one."""

LOCKSTEP_BYTES = 2**30
"""Of the frames of a batch. More are tracked one video after the other."""


class Videos:
    """The sequences of an order; of those that were made, the truth is kept.

    Beyond the end of a sequence that is shorter than others there is NaN among floats, and else 0.
    """

    def __init__(self, dataset: Dataset, order: Order) -> None:
        self._dataset, self._order = dataset, order
        self.count, length = order.sequences, order.length
        self._boxes = np.full((self.count, length, 4), np.nan)
        self._given = np.full((self.count, 4), np.nan)
        self._hashes = np.zeros((self.count, length), np.uint64)
        self._sizes = np.zeros((self.count, 2), np.int32)
        self._absent = np.zeros((self.count, length), bool)
        self._absent_rows: Boxes | None = None
        self._attributes: dict[str, NDArray[Any]] | None = None
        self._hashed = np.zeros(self.count, np.int64)
        self._files = FrameFiles()
        self._images: dict[int, tuple[str, ...]] = {}
        self._masks: dict[int, list[NDArray[np.uint32]] | None] = {}

    def make(self, slot: int) -> Video:
        """Make a sequence; frames that are read one by one are not read yet, but for the first.

        Raises:
            DataError: the first frame cannot be read.
            TrackbenchError: it cannot be made, or has not the attributes of the others.
        """
        frames = self._order.frames_of(slot)
        sequence = make_sequence(self._dataset, self._order.start + slot, frames)
        self._sizes[slot] = sequence.frames.shape[1:3]
        self._boxes[slot, :frames] = sequence.boxes
        index = self._order.start + slot
        self._given[slot] = given_box(self._dataset.spec, index, sequence)
        if sequence.absent is not None:
            self._absent[slot, :frames] = sequence.absent
        if sequence.absent_rows is not None:
            if self._absent_rows is None:
                self._absent_rows = np.full(self._boxes.shape, np.nan)
            self._absent_rows[slot, :frames] = sequence.absent_rows
        self._note_attributes(slot, sequence, frames)
        if sequence.images:
            self._images[slot] = sequence.images
        if slot not in self._masks:
            self._note_masks(slot, sequence)
        return sequence

    def film(self, slot: int) -> tuple[Film, Boxes]:
        """Make a sequence; return its frames for a host, and the box (4,) that a tracker is given.

        Raises:
            DataError: as :meth:`make`.
        """
        sequence = self.make(slot)
        return Film(sequence.frames, self._files, partial(self._hash, slot)), self._given[slot]

    def images_of(self, slot: int) -> list[str] | None:
        """Return the image files of a sequence that was made; None: it is read from none."""
        found = self._images.get(slot)
        return None if found is None else list(found)

    def first_mask_of(self, slot: int) -> NDArray[np.uint32] | None:
        """Return run lengths of the true mask of frame 0 of a sequence; None: it has none.

        Nor is one told where the box is given with an error: it would tell the true box.
        """
        if isinstance(self._dataset.spec, NoisySpec):
            return None
        found = self._masks.get(slot)
        return None if found is None else found[0]

    def close(self) -> None:
        """Let the memory for frames go."""
        self._files.close()

    def films_in_lockstep(self) -> tuple[FrameFile, Boxes] | None:
        """Make all sequences; return frames (T, N, H, W[, 3]) and given boxes (N, 4).

        None where the frames are not all of one size, or as many, or too many for the memory: then
        there is no lockstep.
        """
        film: FrameFile | None = None
        shape: tuple[int, ...] = ()
        for slot in range(self.count):
            frames = self.make(slot).frames
            if film is None:
                shape = frames.shape
                if self.count * math.prod(shape) > LOCKSTEP_BYTES:
                    return None
                film = FrameFile((shape[0], self.count, *shape[1:]))
            elif frames.shape != shape:
                film.close()
                return None
            whole = np.asarray(frames)
            film.frames[:, slot] = whole
            self._hash(slot, 0, whole)
        assert film is not None  # noqa: S101 - a unit has at least one sequence
        return film, self._given

    def truth(self) -> Truth:
        """Return what is true of all sequences; frames that nobody needed are read for it.

        A frame that cannot be read has the hash 0.
        """
        for slot in range(self.count):
            if self._hashed[slot] < self._order.frames_of(slot):
                self._hash_all(slot)
        absent = self._absent if self._absent.any() else None
        attributes = self._attributes or {}
        return Truth(
            self._boxes,
            self._hashes,
            self._sizes,
            attributes,
            absent,
            self.masks(),
            self._absent_rows,
        )

    def masks(self) -> MaskRuns | None:
        """Return the true masks of all sequences that were made; None: they have none."""
        lengths = np.zeros(self._hashes.shape, np.int64)
        counts = []
        for slot in sorted(self._masks):
            for frame, found in enumerate(self._masks[slot] or ()):
                lengths[slot, frame] = len(found)
                counts.append(found)
        return MaskRuns.joined(lengths, np.concatenate(counts)) if counts else None

    def difference_when_repeated(self) -> str | None:
        """Make the first sequence again, after the others; say so if it is another then.

        Then it is drawn without a seed, or what was made before it, and so ``--jobs``, decides.
        """
        frames = self._order.frames_of(0)
        try:
            again = make_sequence(self._dataset, self._order.start, frames)
            hashes = _hashes_of_the_first(again.frames)
        except DataError:  # the user was told of it when the sequence was tracked
            return None
        if 0 not in self._masks:  # a mask cannot be read, of which the user was told, too
            return None
        boxes, absent = self._boxes[0, :frames], self._absent[0, :frames]
        if (
            list(again.frames.shape[1:3]) != self._sizes[0].tolist()
            or not np.array_equal(hashes, self._hashes[0, : len(hashes)])
            or not np.array_equal(again.boxes, boxes, equal_nan=True)
            or not np.array_equal(
                np.zeros(frames, bool) if again.absent is None else again.absent, absent
            )
            or not self._same_masks(again)
            or not all(
                np.array_equal(values, (self._attributes or {})[name][0, :frames], equal_nan=True)
                for name, values in again.attributes.items()
            )
        ):
            name = f"{self._dataset.spec.id} sequence {self._order.start}"
            return f"{name} is another each time that it is made"
        return None

    def scores(self, boxes: Boxes) -> NDArray[np.float64]:
        """Return (N, T) mask IoU of predictions (N, T, 4), each in its own sequence's frame.

        NaN where there is no true box.
        """
        pairs = zip(self._boxes, boxes, self._sizes.tolist(), strict=True)
        found = np.stack([mask_iou(truth, said, (size[0], size[1])) for truth, said, size in pairs])
        a_run = isinstance(self._dataset.spec, StartedSpec)
        for slot, iou in enumerate(found):
            frames = self._order.frames_of(slot)
            truth, absent = self._boxes[slot, :frames], self._absent[slot, :frames]
            iou[:frames][without_score(truth, absent, a_run=a_run)] = np.nan
            iou[frames:] = np.nan
        return found

    def _hash(self, slot: int, start: int, frames: Frame) -> None:
        """Keep the hashes of frames of a sequence, the first of them being number ``start``."""
        stop = start + len(frames)
        self._hashes[slot, start:stop] = frame_hashes(frames)
        self._hashed[slot] = max(self._hashed[slot], stop)

    def _hash_all(self, slot: int) -> None:
        """Read all frames of a sequence, as far as they can be read."""
        try:
            frames = self.make(slot).frames
        except DataError:
            return
        if not isinstance(frames, ReadFrames):
            self._hash(slot, 0, frames)
            return
        for place in range(int(self._hashed[slot]), len(frames)):
            with suppress(DataError):
                self._hash(slot, place, frames[place][None])

    def _note_masks(self, slot: int, sequence: Video) -> None:
        name = f"{self._dataset.spec.id} sequence {self._order.start + slot}"
        found = None if sequence.masks is None else true_runs(name, sequence)
        if any((found is None) != (other is None) for other in self._masks.values()):
            raise TrackbenchError(f"{name} has masks and the sequence before none, or none and it")
        self._masks[slot] = found
        held = sum(len(counts) for each in self._masks.values() for counts in each or ())
        if held > MOST:
            raise TrackbenchError(
                f"{name}: the true masks of {self.count} sequences are more than {MOST} run "
                "lengths; let the data set's spec have a smaller chunk, or smoother masks"
            )

    def _same_masks(self, again: Video) -> bool:
        """Whether the first sequence has the masks that it had before."""
        before = self._masks.get(0)
        if before is None or again.masks is None:
            return before is again.masks is None
        found = true_runs(self._dataset.spec.id, again)
        return all(map(np.array_equal, before, found))

    def _note_attributes(self, slot: int, sequence: Video, frames: int) -> None:
        kinds = {name: values.dtype for name, values in sequence.attributes.items()}
        if self._attributes is None:
            self._attributes = {
                name: np.full(self._hashes.shape, np.nan if dtype.kind == "f" else 0, dtype)
                for name, dtype in kinds.items()
            }
        if kinds != {name: stored.dtype for name, stored in self._attributes.items()}:
            raise TrackbenchError(
                f"{self._dataset.spec.id} sequence {self._order.start + slot} has other attributes "
                "than the sequence before, or of another dtype"
            )
        for name, values in sequence.attributes.items():
            self._attributes[name][slot, :frames] = values


def advised(differs: str) -> str:
    """Return what was seen to differ where it must not, with what can be done about it."""
    return (
        f"{differs}: a file that it is read from was changed meanwhile, or something is drawn for "
        "it that does not begin from spec.seed and its index (one tracker can be run with "
        f"{parameter('fresh', True)}, whose numbers are comparable to none)"
    )


def _hashes_of_the_first(frames: Frame | ReadFrames) -> NDArray[np.uint64]:
    """Return hashes of frames; of those that are read, the first, one by one: they are large."""
    if not isinstance(frames, ReadFrames):
        return frame_hashes(frames)
    first = range(min(_REPEATED, len(frames)))
    return np.concatenate([frame_hashes(frames[at : at + 1]) for at in first])
