"""Runs that were made up as arrays, stored chunk by chunk by the real store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trackbench.contracts import DatasetSpec, TrackerSpec
from trackbench.metrics import mask_iou
from trackbench.results.chunks import Failure, Outcome, Truth, Unit
from trackbench.results.dataset_record import DatasetRecord
from trackbench.results.run_record import RunRecord
from trackbench.results.writer import Store

FRAME = (100, 100)
"""(height, width) of every frame, pixels."""


@dataclass(frozen=True)
class MadeUp:
    """A data set of N sequences of T frames, that nobody makes frames of.

    Attributes:
        id, fingerprint, position: of the data set, and its place in the suite.
        truth: (N, T, 4) true boxes.
        lengths: that are scored; none: T.
        chunk: sequences of a chunk.
        attributes: name -> (N, T).
    """

    id: str
    fingerprint: str
    position: int
    truth: NDArray[np.float64]
    lengths: tuple[int, ...] = ()
    chunk: int = 50
    attributes: Mapping[str, NDArray[Any]] = field(default_factory=dict)

    @property
    def spec(self) -> DatasetSpec:
        sequences, length = self.truth.shape[:2]
        return DatasetSpec(
            id=self.id, factory=None, seed=1, sequences=sequences, length=length, chunk=self.chunk
        )

    @property
    def record(self) -> DatasetRecord:
        sequences, length = self.truth.shape[:2]
        lengths = self.lengths or (length,)
        assert max(lengths) == length
        return DatasetRecord.of(
            self.spec, self.fingerprint, sequences, FRAME, lengths, self.position
        )


def store_run(
    path: Path,
    dataset: MadeUp,
    tracker: TrackerSpec,
    boxes: NDArray[np.float64],
    *,
    iou: NDArray[np.float64] | None = None,
    failures: Sequence[Failure] = (),
    seconds: float = 0.25,
    peak_memory: int = 0,
    protocol: str = "paper-v1",
    unfinished: bool = False,
    all_answered: bool = False,
    edit: Mapping[str, Any] | None = None,
) -> list[Outcome]:
    """Store one tracker on one data set into a results directory; return the chunks.

    Args:
        path: of the directory.
        dataset: what was tracked.
        tracker: who did.
        boxes: (N, T, 4), NaN where there is none.
        iou: (N, T) scores that are not those of the boxes; None: they are.
        failures: the spoiled sequences, from whose frame on nothing was answered.
        seconds: that each chunk took.
        peak_memory: bytes, the most that the first chunk took; those after it take less.
        protocol: of the run.
        unfinished: leave the last chunk out.
        all_answered: count the frames of spoiled sequences as answered, too.
        edit: fields of the run's record to be other than this machine's.
    """
    scored = mask_iou(dataset.truth, boxes, FRAME) if iou is None else iou
    starts = range(0, len(boxes), dataset.chunk)
    made = []
    for number, start in enumerate(starts[:-1] if unfinished else starts):
        outcome = _outcome(dataset, tracker, number, start, boxes, scored, failures)
        frames = outcome.unit.frames if all_answered else outcome.frames
        memory = peak_memory // (1 + number)
        made.append(replace(outcome, seconds=seconds, frames=frames, peak_memory=memory))
    record = dataset.record
    run = RunRecord.of(tracker, record, protocol, dataset.chunk)
    store = Store(path)
    with store.writing(replace(run, **(edit or {})), record) as begun:
        stored = begun
        for outcome in reversed(made):  # chunks are stored in any order
            stored = store.add(stored, outcome)
    return made


def _outcome(
    dataset: MadeUp,
    tracker: TrackerSpec,
    number: int,
    start: int,
    boxes: NDArray[np.float64],
    iou: NDArray[np.float64],
    failures: Sequence[Failure],
) -> Outcome:
    rows = slice(start, min(start + dataset.chunk, len(boxes)))
    length = boxes.shape[1]
    unit = Unit(tracker, dataset.spec, number, start, rows.stop, length)
    spoiled = tuple(one for one in failures if start <= one.sequence < rows.stop)
    return Outcome(
        unit=unit,
        boxes=boxes[rows],
        iou=iou[rows],
        truth=Truth(
            boxes=dataset.truth[rows],
            frame_hashes=np.zeros((unit.sequences, length), np.uint64),
            sizes=np.full((unit.sequences, 2), FRAME, np.int32),
            attributes={name: values[rows] for name, values in dataset.attributes.items()},
        ),
        seconds=0.0,
        frames=unit.frames - sum(length - failure.frame for failure in spoiled),
        failures=spoiled,
    )
