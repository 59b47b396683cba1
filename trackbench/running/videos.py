"""The videos of a unit of work, made one by one, and what is true of them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from trackbench.contracts import Boxes, Dataset, Video
from trackbench.errors import TrackbenchError, parameter
from trackbench.metrics import mask_iou
from trackbench.plugins.checked_sequence import make_sequence
from trackbench.plugins.frame_hash import frame_hashes
from trackbench.results.chunks import Truth
from trackbench.running.anonymous_file import FrameFile


class Videos:
    """Sequences ``start`` to ``stop`` of a data set; of those that were made, the truth is kept."""

    def __init__(self, dataset: Dataset, start: int, stop: int, length: int) -> None:
        self._dataset, self._start, self._length = dataset, start, length
        self.count = stop - start
        self._boxes = np.empty((self.count, length, 4))
        self._hashes = np.empty((self.count, length), np.uint64)
        self._sizes = np.zeros((self.count, 2), np.int32)
        self._attributes: dict[str, NDArray[Any]] = {}
        self._made: set[int] = set()
        self._images: dict[int, tuple[str, ...]] = {}
        self._spare: FrameFile | None = None

    def make(self, slot: int) -> Video:
        """Make a sequence, whole.

        Raises:
            TrackbenchError: it cannot be made, or has not the attributes of the others.
        """
        sequence = make_sequence(self._dataset, self._start + slot, self._length)
        self._sizes[slot] = sequence.frames.shape[1:3]
        self._boxes[slot] = sequence.boxes
        self._hashes[slot] = frame_hashes(sequence.frames)
        self._note_attributes(slot, sequence)
        if sequence.images:
            self._images[slot] = sequence.images
        self._made.add(slot)
        return sequence

    def film(self, slot: int) -> tuple[FrameFile, Boxes]:
        """Make a sequence; return its frames (T, H, W[, 3]) in memory for a host, and all boxes."""
        sequence = self.make(slot)
        film = self._file(sequence.frames.shape)
        film.frames[:] = sequence.frames
        return film, sequence.boxes

    def images_of(self, slot: int) -> list[str] | None:
        """Return the image files of a sequence that was made; None: it is read from none."""
        found = self._images.get(slot)
        return None if found is None else list(found)

    def take_back(self, film: FrameFile, *, kept: bool) -> None:
        """Take frames back from a host; ``kept``: it may look at some of them later."""
        if kept or self._spare is not None:
            film.close()
        else:
            self._spare = film

    def close(self) -> None:
        """Let the memory for frames go."""
        if self._spare is not None:
            self._spare.close()
            self._spare = None

    def _file(self, shape: tuple[int, ...]) -> FrameFile:
        spare, self._spare = self._spare, None
        if spare is None or spare.shape == shape:
            return spare or FrameFile(shape)
        spare.close()
        return FrameFile(shape)

    def films_in_lockstep(self) -> tuple[FrameFile, Boxes] | None:
        """Make all sequences; return frames (T, N, H, W[, 3]) and first boxes (N, 4).

        None where the frames are not all of one size: then there is no lockstep.
        """
        film: FrameFile | None = None
        shape: tuple[int, ...] = ()
        for slot in range(self.count):
            frames = self.make(slot).frames
            if film is None:
                shape = frames.shape
                film = FrameFile((shape[0], self.count, *shape[1:]))
            elif frames.shape != shape:
                film.close()
                return None
            film.frames[:, slot] = frames
        assert film is not None  # noqa: S101 - a unit has at least one sequence
        return film, self._boxes[:, 0]

    def truth(self) -> Truth:
        """Return what is true of all sequences; those that nobody needed are made for it."""
        for slot in range(self.count):
            if slot not in self._made:
                self.make(slot)
        return Truth(self._boxes, self._hashes, self._sizes, self._attributes)

    def difference_when_repeated(self) -> str | None:
        """Make the first sequence again, after the others; say so if it is another then.

        Then it is drawn without a seed, or what was made before it, and so ``--jobs``, decides.
        """
        again = make_sequence(self._dataset, self._start, self._length)
        if (
            list(again.frames.shape[1:3]) != self._sizes[0].tolist()
            or not np.array_equal(frame_hashes(again.frames), self._hashes[0])
            or not np.array_equal(again.boxes, self._boxes[0], equal_nan=True)
            or not all(
                np.array_equal(values, self._attributes[name][0], equal_nan=True)
                for name, values in again.attributes.items()
            )
        ):
            name = f"{self._dataset.spec.id} sequence {self._start}"
            return f"{name} is another each time that it is made"
        return None

    def scores(self, boxes: Boxes) -> NDArray[np.float64]:
        """Return (N, T) mask IoU of predictions (N, T, 4), each in its own sequence's frame."""
        pairs = zip(self._boxes, boxes, self._sizes.tolist(), strict=True)
        return np.stack([mask_iou(truth, said, (size[0], size[1])) for truth, said, size in pairs])

    def _note_attributes(self, slot: int, sequence: Video) -> None:
        kinds = {name: values.dtype for name, values in sequence.attributes.items()}
        if not self._made:
            shape = (self.count, self._length)
            self._attributes = {name: np.zeros(shape, dtype) for name, dtype in kinds.items()}
        if kinds != {name: stored.dtype for name, stored in self._attributes.items()}:
            raise TrackbenchError(
                f"{self._dataset.spec.id} sequence {self._start + slot} has other attributes "
                "than the sequence before, or of another dtype"
            )
        for name, values in sequence.attributes.items():
            self._attributes[name][slot] = values


def advised(differs: str) -> str:
    """Return what was seen to differ where it must not, with what can be done about it."""
    return (
        f"{differs}: whatever is drawn for a sequence must begin from spec.seed and its index (or "
        f"run one tracker with {parameter('fresh', True)}, whose numbers are comparable to none)"
    )
