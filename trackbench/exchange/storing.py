"""Imported boxes scored and written, chunk by chunk, as a run writes its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from trackbench.contracts import DatasetSpec, TrackerSpec
from trackbench.exchange.name_matching import names_of
from trackbench.exchange.read_tracker import ReadTracker
from trackbench.exchange.reading import Reading, ReadRun
from trackbench.exchange.truth import scored
from trackbench.results.chunks import Failure, FailureKind, Outcome, Truth, Unit
from trackbench.results.dataset_record import DatasetRecord
from trackbench.results.extent import Extent
from trackbench.results.machine import versions
from trackbench.results.places import run_places
from trackbench.results.record_checks import LEAST_SECONDS
from trackbench.results.run_record import Imported, RunRecord
from trackbench.results.writer import Store

_NOWHERE = "trackbench.exchange:nothing"
"""In the place of a factory: these boxes are of files, and nothing is run for them."""


@dataclass(frozen=True)
class Done:
    """What storing a tracker came to.

    Attributes:
        found: all of it was there before.
        beside: fingerprints of what else is stored under its id on the data set.
    """

    found: bool
    beside: tuple[str, ...]


def store_tracker(
    store: Store,
    spec: DatasetSpec,
    dataset: DatasetRecord,
    protocol: str,
    tracker: ReadTracker,
    truths: Sequence[Truth],
    reading: Reading,
) -> Done:
    """Store all runs of an imported tracker that are not stored yet.

    Raises:
        TrackbenchError: another process writes there.
        IncompatibleResultsError: what is stored is of other data.
    """
    made = TrackerSpec(
        id=tracker.id,
        factory=_NOWHERE,
        parameters={
            **({"origin": reading.origin} if reading.origin else {}),
            **({"corners": True} if reading.corners else {}),
        },
        description=f"imported from files as {tracker.layout.value} writes them",
    )
    note = Imported(
        layout=tracker.layout.value,
        files=tracker.files,
        timed=tracker.timed,
        corrections=reading.corrections,
        remarks=tuple(f"{what.value}: {', '.join(on)}" for what, on in tracker.said.items()),
    )
    here = versions()
    found = True
    for number, runs in enumerate(tracker.runs):
        record = replace(
            RunRecord.of(made, dataset, protocol, spec.chunk, tracker.fingerprint, run=number),
            imported=note,
            versions={"trackbench": here.get("trackbench", "")},
            processor="",
        )
        stored = store.stored(record)
        if stored is not None and stored.complete:
            store.asked(record)
            continue
        found = False
        with store.writing(record, dataset) as begun:
            for chunk, truth in enumerate(truths):
                unit = _unit(made, spec, dataset.extent, chunk, number)
                begun = store.add(begun, _outcome(unit, truth, runs, spec))  # noqa: PLW2901 - it grows
    beside = {
        place.load().fingerprint
        for place in run_places(store.path, tracker=tracker.id, dataset=dataset.id)
    }
    return Done(found, tuple(sorted(beside - {tracker.fingerprint})))


def _unit(tracker: TrackerSpec, spec: DatasetSpec, extent: Extent, chunk: int, run: int) -> Unit:
    part = extent.part(chunk)
    return Unit(
        tracker=tracker,
        dataset=spec,
        chunk=chunk,
        start=part.start,
        stop=part.stop,
        length=extent.longest_in(part),
        run=run,
        frames_each=extent.frames_in(part),
    )


def _outcome(unit: Unit, truth: Truth, runs: dict[int, ReadRun], spec: DatasetSpec) -> Outcome:
    """Return what the files say of a chunk, scored; what is missing has no score."""
    shape = truth.boxes.shape[:2]
    boxes = np.full((*shape, 4), np.nan)
    sure = np.full(shape, np.nan)
    absent = np.zeros(shape, bool)
    failures: list[Failure] = []
    seconds, timed = 0.0, 0
    frames = [unit.frames_of(index) for index in range(unit.start, unit.stop)]
    for slot, count in enumerate(frames):
        run = runs.get(unit.start + slot)
        if run is None:
            failures.append(_missing(unit.start + slot, spec))
            continue
        boxes[slot, :count] = run.boxes
        absent[slot, :count] = np.isnan(run.boxes).all(axis=1)
        if run.sure is not None:
            sure[slot, :count] = run.sure
        seconds += run.seconds
        timed += run.timed
    iou = scored(truth, boxes, frames)
    for failure in failures:
        iou[failure.sequence - unit.start] = np.nan
    known = seconds >= LEAST_SECONDS
    return Outcome(
        boxes=boxes,
        iou=iou,
        truth=truth,
        seconds=seconds if known else 0.0,
        frames=timed if known else 0,
        failures=tuple(failures),
        confidence=_if_any(sure, ~np.isnan(sure)),
        absent=absent if absent.any() else None,
        unit=unit,
    )


def _missing(sequence: int, spec: DatasetSpec) -> Failure:
    name = names_of(spec, sequence + 1)[-1]
    return Failure(sequence, 0, FailureKind.MISSING, f"no file of {name} was imported")


def _if_any(values: NDArray[np.float64], said: NDArray[np.bool_]) -> NDArray[np.float64] | None:
    return values if said.any() else None
