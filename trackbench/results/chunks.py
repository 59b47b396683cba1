"""What is run and what came of it: chunks of sequences of one data set, for one tracker."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trackbench.contracts import Boxes, DatasetSpec, TrackerSpec
from trackbench.host.run_lengths import MaskRuns
from trackbench.results.json_codec import Count
from trackbench.results.machine import Machine


class FailureKind(Enum):
    """How a tracker failed a sequence."""

    RAISED = "raised"
    """It raised an error, or its answer is no box."""
    TIMEOUT = "timeout"
    """It did not answer in time."""
    DIED = "died"
    """Its process ended: a crash, or an exit of its own."""
    KILLED = "killed"
    """Its process was ended from outside (SIGKILL, SIGTERM), and again when it was repeated."""
    MEMORY = "memory"
    """It needed more memory than it may have."""
    DATA = "data"
    """It did nothing wrong: a frame could not be read. The sequence has no score."""
    MISSING = "missing"
    """Results were imported, and these were not among them. The sequence has no score."""

    @property
    def circumstantial(self) -> bool:
        """It may go well another time, with more time or more memory."""
        return self in {FailureKind.TIMEOUT, FailureKind.KILLED, FailureKind.MEMORY}

    @property
    def of_tracker(self) -> bool:
        """The tracker did something wrong, so it scores 0; else there is no score."""
        return self not in {FailureKind.DATA, FailureKind.MISSING}


@dataclass(frozen=True)
class Failure:
    """A sequence that a tracker spoiled: from ``frame`` on its IoU is 0.

    Attributes:
        sequence: index in the data set.
        frame: the first frame without an answer; the length where all were answered, and only its
            end failed.
        kind: how it failed.
        message: one line.
        traceback: where there is one.
        output: the last that the tracker printed, at most 64 KiB.
    """

    sequence: Count
    frame: Count
    kind: FailureKind
    message: str
    traceback: str = ""
    output: str = ""


@dataclass(frozen=True)
class Unit:
    """A chunk of work: sequences ``start`` to ``stop`` of a data set, for one tracker.

    Chunks are fixed by the data set and each is computed with one thread, so the results are the
    same bytes for any number of workers.

    Attributes:
        tracker, dataset: what to run on what.
        chunk: number of the chunk.
        start, stop: sequences, half-open.
        length: frames of the longest of the sequences.
        run: number of the run.
        frames_each: of each sequence; empty: all have ``length``.
    """

    tracker: TrackerSpec
    dataset: DatasetSpec
    chunk: int
    start: int
    stop: int
    length: int
    run: int = 0
    frames_each: tuple[int, ...] = ()

    @property
    def sequences(self) -> int:
        """How many sequences."""
        return self.stop - self.start

    def frames_of(self, sequence: int) -> int:
        """Return how many frames one of its sequences has, by its number in the data set."""
        return self.frames_each[sequence - self.start] if self.frames_each else self.length

    @property
    def frames(self) -> int:
        """How many frames."""
        return sum(self.frames_each) if self.frames_each else self.sequences * self.length


@dataclass(frozen=True)
class Truth:
    """What is true of the N sequences of a chunk, T frames each, as they were made just now.

    Beyond the end of a sequence that has less than T frames there is NaN among floats, else 0.

    Attributes:
        boxes: (N, T, 4) true boxes; NaN where the target is absent, or nobody knows where it is.
        frame_hashes: (N, T) uint64, of every frame (:mod:`trackbench.plugins.frame_hash`); None:
            nobody has looked at the frames, for results were imported.
        sizes: (N, 2) int32, (height, width) of each sequence's frames, pixels.
        attributes: name -> (N, T) numbers or booleans, little-endian, at most 64 bits.
        absent: (N, T) bool, it is known that the target is nowhere in the frame; None: nowhere.
        masks: of the N sequences of T frames; None: the data set has none.
        absent_rows: (N, T, 4), what a file of boxes says where the target is absent, NaN elsewhere;
            None: there is no such file.
    """

    boxes: Boxes
    frame_hashes: NDArray[np.uint64] | None
    sizes: NDArray[np.int32]
    attributes: dict[str, NDArray[Any]]
    absent: NDArray[np.bool_] | None = None
    masks: MaskRuns | None = None
    absent_rows: Boxes | None = None

    def of(self, slot: int, frames: int) -> Truth:
        """Return what is true of one of the sequences alone, which has so many frames."""
        one = slice(slot, slot + 1), slice(frames)
        attributes = {name: values[one] for name, values in self.attributes.items()}
        absent = None if self.absent is None else self.absent[one]
        hashes = None if self.frame_hashes is None else self.frame_hashes[one]
        masks = None if self.masks is None else self.masks.only(slot, frames)
        rows = None if self.absent_rows is None else self.absent_rows[one]
        sizes = self.sizes[one[0]]
        return Truth(self.boxes[one], hashes, sizes, attributes, absent, masks, rows)


def without_score(
    boxes: Boxes, absent: NDArray[np.bool_] | None = None, *, a_run: bool = False
) -> NDArray[np.bool_]:
    """Return (T,): frames of a sequence that have no score, by its true boxes (T, 4).

    They are those without a true box; and all, where of none but frame 0, whose box the tracker was
    given, anything is known: so are the test sets of GOT-10k and TrackingNet.

    Args:
        boxes: of the sequence.
        absent: (T,), the target is known to be nowhere; None: it never is.
        a_run: it is a run from one of several starts: the sequence has other true boxes.
    """
    unknown: NDArray[np.bool_] = np.isnan(boxes[:, 0])
    said_nothing = unknown if absent is None else unknown & ~absent
    if len(unknown) > 1 and said_nothing[1:].all() and not a_run:
        unknown[:] = True
    return unknown


@dataclass(frozen=True)
class Tracked:
    """What a tracker answered in the N sequences of a chunk, T frames each.

    Attributes:
        boxes: (N, T, 4) predictions, NaN where the tracker gave none.
        iou: (N, T) mask IoU, 0 where the prediction is invalid, or the target was called absent;
            NaN where there is no true box, and beyond a sequence's end. Of boxes, or with
            ``by_masks`` of masks.
        truth: what they were scored against.
        seconds: spent inside the tracker.
        frames: that the tracker answered.
        failures: the spoiled sequences, each once.
        peak_memory: bytes, the most that the tracker's process held; 0 where it is not known.
        confidence: (N, T) float64, how sure the tracker was, on a scale of its own; NaN where it
            did not say; None: it never did.
        absent: (N, T), it said that there is no target; None: nowhere.
        masks: that it answered; None: none.
        by_masks: its masks were compared with the data set's.
    """

    boxes: Boxes
    iou: NDArray[np.float64]
    truth: Truth
    seconds: float = 0.0
    frames: int = 0
    failures: tuple[Failure, ...] = ()
    peak_memory: int = 0
    confidence: NDArray[np.float64] | None = None
    absent: NDArray[np.bool_] | None = None
    masks: MaskRuns | None = None
    by_masks: bool = False


@dataclass(frozen=True, kw_only=True)
class Outcome(Tracked):
    """What came of a unit, and under which conditions.

    Attributes:
        unit: what was run.
        timeout: seconds that one call might take.
        memory: bytes that the tracker might take; None: no limit.
        unseen: the truth was made of files that no hash stands for.
        machine: that it was run on; None: this one.
    """

    unit: Unit
    timeout: float = 0.0
    memory: int | None = None
    unseen: bool = False
    machine: Machine | None = None
