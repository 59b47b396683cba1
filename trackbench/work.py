"""What a worker is asked to do and what it answers: chunks of sequences of one data set."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trackbench.contracts import Boxes, DatasetSpec, TrackerSpec


class FailureKind(Enum):
    """How a tracker failed a sequence."""

    RAISED = "raised"
    TIMEOUT = "timeout"
    DIED = "died"


@dataclass(frozen=True)
class Failure:
    """A sequence that a tracker spoiled: from ``frame`` on its IoU is 0.

    Attributes:
        sequence: index in the data set.
        frame: the first frame without an answer.
        kind: how it failed.
        message: one line.
        traceback: where there is one.
    """

    sequence: int
    frame: int
    kind: FailureKind
    message: str
    traceback: str = ""


@dataclass(frozen=True)
class Unit:
    """A chunk of work: sequences ``start`` to ``stop`` of a data set, for one tracker.

    Chunks are fixed by the data set and each is computed with one thread, so the results are the
    same bytes for any number of workers.

    Attributes:
        tracker, dataset: what to run on what.
        chunk: number of the chunk.
        start, stop: sequences, half-open.
        length: frames of each sequence.
    """

    tracker: TrackerSpec
    dataset: DatasetSpec
    chunk: int
    start: int
    stop: int
    length: int

    @property
    def sequences(self) -> int:
        """How many sequences."""
        return self.stop - self.start

    @property
    def frames(self) -> int:
        """How many frames."""
        return self.sequences * self.length


@dataclass(frozen=True)
class Attempt:
    """A unit, and what is left of it after a worker was lost.

    Attributes:
        skip: slots that need no work: tracked, or spoiled.
        failures: the sequences that are spoiled so far.
        again: a worker was lost outside the tracker, and this is the second try.
        one_by_one: sequences of a batch tracker go alone, so that the culprit spoils itself only.
    """

    unit: Unit
    skip: frozenset[int] = frozenset()
    one_by_one: bool = False
    failures: tuple[Failure, ...] = ()
    again: bool = False


@dataclass(frozen=True)
class Outcome:
    """What came of a unit.

    Attributes:
        boxes: (N, T, 4) predictions, NaN where the tracker gave none.
        iou: (N, T) mask IoU, 0 where the prediction is invalid.
        truth: (N, T, 4) true boxes.
        attributes: name -> (N, T).
        seconds: spent inside the tracker.
        frames: that the tracker answered.
        failures: the spoiled sequences; filled in by the parent, which is told of each at once.
    """

    unit: Unit
    boxes: Boxes
    iou: NDArray[np.float64]
    truth: Boxes
    attributes: dict[str, NDArray[Any]]
    seconds: float
    frames: int
    failures: tuple[Failure, ...] = ()


@dataclass(frozen=True)
class Refusal:
    """A unit that cannot be done because of what the user asked for or brought.

    Attributes:
        message: one line for the user.
        detail: the traceback, for ``--debug``.
    """

    message: str
    detail: str
