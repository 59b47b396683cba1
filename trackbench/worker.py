"""A worker process: makes the videos of a chunk, runs a tracker over them and scores it.

Started by :mod:`trackbench.execution` as ``python -m trackbench.worker``; it ends when its parent
does.
"""

from __future__ import annotations

import os
import sys
import threading
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import cloudpickle
import numpy as np

from trackbench.contracts import Dataset, DatasetSpec, Frame, Sequence
from trackbench.errors import TrackbenchError, brief
from trackbench.factories import build_tracker
from trackbench.frame_hash import frame_hashes
from trackbench.making import make_sequence
from trackbench.metrics import mask_iou
from trackbench.registry import build_dataset
from trackbench.runner import track, track_video
from trackbench.scratch import BUILDING, GENERATING, WHOLE_BATCH, Scratch
from trackbench.work import Attempt, Failure, FailureKind, Outcome, Refusal, Truth, Unit

Report = Callable[[Failure], None]


def main(channel: int, lifeline: int) -> None:
    """Serve attempts from the connection ``channel`` until it closes."""
    threading.Thread(target=_die_with_parent, args=(lifeline,), daemon=True).start()
    connection = Connection(channel)
    try:
        sys.path[:] = connection.recv()
    except EOFError:
        return  # the run was interrupted while this process started
    datasets: dict[str, Dataset] = {}
    while True:
        try:
            payload = connection.recv_bytes()
        except EOFError:
            return

        def report(message: Failure | Outcome | Refusal) -> None:
            connection.send_bytes(cloudpickle.dumps(message))

        report(_answer(payload, datasets, report))


def _answer(payload: bytes, datasets: dict[str, Dataset], report: Report) -> Outcome | Refusal:
    what = "the tracker or the data set cannot be brought into another process"
    try:
        attempt, path = cloudpickle.loads(payload)
        what = f"{attempt.unit.dataset.id} cannot be made"
        return perform(attempt, path, datasets, report)
    except TrackbenchError as error:
        return Refusal(str(error), traceback.format_exc())
    # Whatever a plugin raises must reach the user as a line, not end the worker.
    except Exception as error:  # noqa: BLE001
        return Refusal(f"{what}: {brief(error)}", traceback.format_exc())


def perform(attempt: Attempt, path: Path, datasets: dict[str, Dataset], report: Report) -> Outcome:
    """Do what is left of a unit.

    Args:
        attempt: the work.
        path: its scratch file.
        datasets: what is built already, by id; added to.
        report: is told of each failure at once, because the next may end the process.
    """
    unit = attempt.unit
    scratch = Scratch(path, unit.sequences, unit.length)
    scratch.begin(GENERATING)
    dataset = _dataset(unit.dataset, datasets)
    if unit.tracker.batched and not attempt.one_by_one:
        return _lockstep(attempt, scratch, dataset, report)
    return _one_by_one(attempt, scratch, dataset, report)


def _one_by_one(attempt: Attempt, scratch: Scratch, dataset: Dataset, report: Report) -> Outcome:
    """Track one sequence after the other; one that fails spoils itself alone."""
    unit = attempt.unit
    scored = _Scored(unit)
    tracker = None
    for slot in range(unit.sequences):
        scratch.begin(GENERATING)
        sequence = make_sequence(dataset, unit.start + slot, unit.length)
        if slot not in attempt.skip:
            if tracker is None:
                scratch.begin(BUILDING)
                tracker = build_tracker(unit.tracker)
            frames, first, batched = sequence.frames, sequence.boxes[0], unit.tracker.batched
            scratch.begin(slot)
            try:
                track_video(tracker, frames, first, scratch.boxes[slot], scratch, batched=batched)
            # A tracker may raise anything; it is kept with its traceback and the run goes on.
            except Exception as error:  # noqa: BLE001
                report(_failure(unit.start + slot, scratch, error))
                tracker = None  # what raised may be in any state: the next gets a new one
        scored.add(slot, sequence)
    return scored.outcome(scratch)


def _lockstep(attempt: Attempt, scratch: Scratch, dataset: Dataset, report: Report) -> Outcome:
    """Track all sequences at once; if that fails, one by one."""
    unit = attempt.unit
    scored = _Scored(unit)
    first = np.empty((unit.sequences, 4))
    frames: Frame = np.empty(0, np.uint8)
    for slot in range(unit.sequences):
        sequence = make_sequence(dataset, unit.start + slot, unit.length)
        if slot == 0:
            shape = sequence.frames.shape
            frames = np.empty((shape[0], unit.sequences, *shape[1:]), np.uint8)
        elif sequence.frames.shape != shape:
            return _one_by_one(
                attempt, scratch, dataset, report
            )  # frames of several sizes: no lockstep
        frames[:, slot] = sequence.frames
        first[slot] = sequence.boxes[0]
        scored.add(slot, sequence)
    scratch.begin(BUILDING)
    tracker = build_tracker(unit.tracker)
    scratch.begin(WHOLE_BATCH, unit.sequences)
    try:
        track(tracker, frames, first, scratch.boxes.swapaxes(0, 1), scratch)
    # One video may have brought all of them down: alone, each fails for itself.
    except Exception:  # noqa: BLE001
        scratch.restart()
        return _one_by_one(attempt, scratch, dataset, report)
    return scored.outcome(scratch)


class _Scored:
    """The truth and the attributes of a unit, gathered sequence by sequence: frames are let go."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._sizes: list[tuple[int, int]] = []
        self._truth = np.empty((unit.sequences, unit.length, 4))
        self._hashes = np.empty((unit.sequences, unit.length), np.uint64)
        self._attributes: dict[str, Any] = {}

    def add(self, slot: int, sequence: Sequence) -> None:
        """Note the next sequence."""
        height, width = sequence.frames.shape[1:3]
        self._sizes.append((height, width))
        self._truth[slot] = sequence.boxes
        self._hashes[slot] = frame_hashes(sequence.frames)
        kinds = {name: values.dtype for name, values in sequence.attributes.items()}
        if slot == 0:
            shape = (self._unit.sequences, self._unit.length)
            self._attributes = {name: np.empty(shape, dtype) for name, dtype in kinds.items()}
        if kinds != {name: stored.dtype for name, stored in self._attributes.items()}:
            raise TrackbenchError(
                f"{self._unit.dataset.id} sequence {self._unit.start + slot} has other attributes "
                "than the sequence before, or of another dtype"
            )
        for name, values in sequence.attributes.items():
            self._attributes[name][slot] = values

    def outcome(self, scratch: Scratch) -> Outcome:
        """Score the predictions."""
        boxes = np.array(scratch.boxes)
        scored = zip(self._truth, boxes, self._sizes, strict=True)
        return Outcome(
            unit=self._unit,
            boxes=boxes,
            iou=np.stack([mask_iou(truth, predicted, size) for truth, predicted, size in scored]),
            truth=Truth(
                self._truth, self._hashes, np.array(self._sizes, np.int32), self._attributes
            ),
            seconds=float(scratch.seconds.sum()),
            frames=scratch.frames_done,
        )


def _dataset(spec: DatasetSpec, built: dict[str, Dataset]) -> Dataset:
    if spec.id not in built:
        built[spec.id] = build_dataset(spec)
    return built[spec.id]


def _failure(sequence: int, scratch: Scratch, error: Exception) -> Failure:
    return Failure(
        sequence=sequence,
        frame=scratch.place().frame,
        kind=FailureKind.RAISED,
        message=brief(error),
        traceback=traceback.format_exc(),
    )


def _die_with_parent(lifeline: int) -> None:
    """Wait for the parent's end of a pipe to close, which it does however the parent ends."""
    os.read(lifeline, 1)
    os._exit(1)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
