"""A small results directory, made through the real store from made-up outcomes."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from trackbench.contracts import DatasetSpec, TrackerSpec
from trackbench.metrics import mask_iou
from trackbench.results.chunks import Failure, FailureKind, Outcome, Truth, Unit
from trackbench.results.directory import Results
from trackbench.results.records import DatasetRecord, RunRecord
from trackbench.results.writer import Store

FRAME = (100, 100)
CHUNK = 3
SECONDS_PER_CHUNK = 0.25


@dataclass(frozen=True)
class Made:
    """What was put into a results directory.

    Attributes:
        path: the directory.
        iou: (tracker, data set) -> (N, T), as it was handed to the store.
        invalid, failures: (tracker, data set) -> how many.
        frames, seconds: (tracker, data set) -> answered by the tracker, and what it took.
    """

    path: Path
    iou: dict[tuple[str, str], NDArray[np.float64]] = field(default_factory=dict)
    invalid: dict[tuple[str, str], int] = field(default_factory=dict)
    failures: dict[tuple[str, str], int] = field(default_factory=dict)
    frames: dict[tuple[str, str], int] = field(default_factory=dict)
    seconds: dict[tuple[str, str], float] = field(default_factory=dict)

    @property
    def results(self) -> Results:
        """The directory, read back."""
        return Results.load(self.path)


MakeResults = Callable[..., Made]


@pytest.fixture
def make_results(tmp_path: Path, results_maker: Callable[[Path], MakeResults]) -> MakeResults:
    """Store made-up results in this test's own folder."""
    return results_maker(tmp_path / "results")


@pytest.fixture(scope="session")
def results_maker() -> Callable[[Path], MakeResults]:
    """Return :func:`_results_maker`."""
    return _results_maker


def _results_maker(path: Path) -> MakeResults:
    """Store trackers on data sets; each call adds to the same directory.

    ``trackers`` and ``datasets`` are ids, data sets in the order of their suite. ``without`` are
    (tracker, data set) that are not run, ``unfinished`` those that lack their last chunk.
    ``spoil`` breaks some sequences. ``parameters`` are the trackers'. ``seconds`` is what a chunk
    took, ``peak_memory`` the most that the first one needed. ``edit`` are fields of the run's
    record to be other than this machine's.
    """
    made = Made(path)

    def make(
        trackers: tuple[str, ...] = ("kcf-v1", "my_tracker.x"),
        datasets: tuple[str, ...] = ("mnist-single-same-v1", "mnist-multi-diff-v1"),
        *,
        lengths: tuple[int, ...] = (2, 4, 6),
        sequences: int = 5,
        protocol: str = "paper-v1",
        without: Container[tuple[str, str]] = (),
        unfinished: Container[tuple[str, str]] = (),
        spoil: bool = True,
        parameters: Mapping[str, Any] | None = None,
        seconds: float = SECONDS_PER_CHUNK,
        edit: Mapping[str, Any] | None = None,
        peak_memory: int = 0,
    ) -> Made:
        store = Store(made.path)
        for position, dataset in enumerate(datasets):
            spec = DatasetSpec(
                id=dataset, factory=None, seed=1, sequences=9, length=99, chunk=CHUNK
            )
            fingerprint = f"{position}f{dataset.encode().hex():0<62}"[:64]
            described = DatasetRecord.of(
                spec, fingerprint, sequences, (100, 100), lengths, position
            )
            for tracker in trackers:
                if (tracker, dataset) not in without:
                    who = TrackerSpec(id=tracker, factory="a:b", parameters=parameters or {})
                    run = replace(RunRecord.of(who, described, protocol, CHUNK), **(edit or {}))
                    outcomes = _outcomes(who, spec, described, seconds, spoil=spoil)
                    outcomes = [
                        replace(o, peak_memory=peak_memory // (1 + n))
                        for n, o in enumerate(outcomes)
                    ]
                    if (tracker, dataset) in unfinished:
                        outcomes.pop()
                    _store(store, run, described, outcomes)
                    _remember(made, (tracker, dataset), outcomes)
        return made

    return make


def _store(store: Store, run: RunRecord, dataset: DatasetRecord, outcomes: list[Outcome]) -> None:
    with store.writing(run, dataset) as begun:
        stored = begun
        for outcome in reversed(outcomes):  # chunks are stored in any order
            stored = store.add(stored, outcome)


def _remember(made: Made, key: tuple[str, str], outcomes: list[Outcome]) -> None:
    made.iou[key] = np.concatenate([outcome.iou for outcome in outcomes])
    made.failures[key] = sum(len(outcome.failures) for outcome in outcomes)
    made.frames[key] = sum(outcome.frames for outcome in outcomes)
    made.seconds[key] = sum(outcome.seconds for outcome in outcomes)
    nan = sum(int(np.isnan(outcome.boxes[..., 0]).sum()) for outcome in outcomes)
    unanswered = sum(outcome.unit.frames - outcome.frames for outcome in outcomes)
    made.invalid[key] = nan - unanswered


def _outcomes(
    tracker: TrackerSpec, spec: DatasetSpec, dataset: DatasetRecord, seconds: float, *, spoil: bool
) -> list[Outcome]:
    """Make up predictions that drift off the truth at random, different for every pair."""
    rng = np.random.default_rng([*tracker.id.encode(), *spec.id.encode()])
    true_rng = np.random.default_rng([*spec.id.encode()])  # the truth is the data set's alone
    outcomes = []
    for chunk, start in enumerate(range(0, dataset.sequences, CHUNK)):
        stop = min(start + CHUNK, dataset.sequences)
        unit = Unit(tracker, spec, chunk, start, stop, dataset.length)
        shape = (unit.sequences, unit.length)
        truth = np.concatenate(
            [true_rng.uniform(5, 60, (*shape, 2)), np.full((*shape, 2), 28.0)], -1
        )
        boxes = truth + rng.normal(0, 6, (*shape, 4))
        failures: list[Failure] = []
        if spoil and chunk == 0:
            boxes[0, 1] = np.nan  # an answer that is no box
            failures.append(Failure(start + 1, 2, FailureKind.RAISED, "ValueError: lost | it"))
            boxes[1, 2:] = np.nan
        answered = unit.frames - sum(unit.length - failure.frame for failure in failures)
        iou = mask_iou(truth, boxes, FRAME)
        hashes, sizes = np.zeros(shape, np.uint64), np.full((unit.sequences, 2), FRAME, np.int32)
        true = Truth(truth, hashes, sizes, {})
        outcomes.append(Outcome(unit, boxes, iou, true, seconds, answered, tuple(failures)))
    return outcomes
