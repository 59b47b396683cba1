"""A small results directory, made through the real store from made-up outcomes."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from stored import MadeUp, store_run

from trackbench.contracts import TrackerSpec
from trackbench.results.chunks import Failure, FailureKind, Outcome
from trackbench.results.directory import Results

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
        for position, name in enumerate(datasets):
            # The truth is the data set's alone, and of one with fewer sequences the same.
            truth = _boxes(np.random.default_rng([*name.encode()]), (sequences, max(lengths)))
            fingerprint = f"{position}f{name.encode().hex():0<62}"[:64]
            dataset = MadeUp(name, fingerprint, position, truth, lengths, CHUNK)
            for tracker in trackers:
                if (tracker, name) in without:
                    continue
                boxes, failures = _tracked(tracker, dataset, spoil=spoil)
                outcomes = store_run(
                    made.path,
                    dataset,
                    TrackerSpec(id=tracker, factory="a:b", parameters=parameters or {}),
                    boxes,
                    failures=failures,
                    seconds=seconds,
                    peak_memory=peak_memory,
                    protocol=protocol,
                    unfinished=(tracker, name) in unfinished,
                    edit=edit,
                )
                _remember(made, (tracker, name), outcomes)
        return made

    return make


def _boxes(rng: np.random.Generator, shape: tuple[int, int]) -> NDArray[np.float64]:
    return np.concatenate([rng.uniform(5, 60, (*shape, 2)), np.full((*shape, 2), 28.0)], -1)


def _tracked(
    tracker: str, dataset: MadeUp, *, spoil: bool
) -> tuple[NDArray[np.float64], list[Failure]]:
    """Make up predictions that drift off the truth at random, different for every pair."""
    rng = np.random.default_rng([*tracker.encode(), *dataset.id.encode()])
    boxes = dataset.truth + rng.normal(0, 6, dataset.truth.shape)
    if not spoil:
        return boxes, []
    boxes[0, 1] = np.nan  # an answer that is no box
    boxes[1, 2:] = np.nan
    return boxes, [Failure(1, 2, FailureKind.RAISED, "ValueError: lost | it")]


def _remember(made: Made, key: tuple[str, str], outcomes: list[Outcome]) -> None:
    made.iou[key] = np.concatenate([outcome.iou for outcome in outcomes])
    made.failures[key] = sum(len(outcome.failures) for outcome in outcomes)
    made.frames[key] = sum(outcome.frames for outcome in outcomes)
    made.seconds[key] = sum(outcome.seconds for outcome in outcomes)
    nan = sum(int(np.isnan(outcome.boxes[..., 0]).sum()) for outcome in outcomes)
    unanswered = sum(outcome.unit.frames - outcome.frames for outcome in outcomes)
    made.invalid[key] = nan - unanswered
