"""Results with attributes, stored by the real store, beside the plain arrays they were made of.

Tests in a browser have the Chromium that is ``$TRACKBENCH_CHROMIUM`` or on PATH; without one they
are skipped, unless ``TRACKBENCH_REQUIRE_BROWSER=1`` says that there must be one.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser, sync_playwright
from stored import FRAME, MadeUp, store_run

from trackbench.contracts import TrackerSpec
from trackbench.metrics import mask_iou
from trackbench.results.chunks import Failure, FailureKind
from trackbench.results.directory import Results

CHUNK = 4
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass
class Tracked:
    """What was stored.

    Attributes:
        path: the results directory.
        truth, attributes: data set -> (N, T, 4); data set -> name -> (N, T).
        boxes, iou: (tracker, data set) -> (N, T, 4); (N, T).
    """

    path: Path
    truth: dict[str, NDArray[np.float64]] = field(default_factory=dict)
    attributes: dict[str, dict[str, NDArray[Any]]] = field(default_factory=dict)
    boxes: dict[tuple[str, str], NDArray[np.float64]] = field(default_factory=dict)
    iou: dict[tuple[str, str], NDArray[np.float64]] = field(default_factory=dict)

    @property
    def results(self) -> Results:
        """The directory, read back."""
        return Results.load(self.path)


MakeTracked = Callable[..., Tracked]


def _attributes(rng: np.random.Generator, shape: tuple[int, int]) -> dict[str, NDArray[Any]]:
    """Make up what the built-in data sets say, NaN and ties included."""
    distance = np.where(rng.random(shape) < 0.3, np.nan, rng.uniform(0, 90, shape))
    speed = rng.exponential(5, shape)
    speed[:, 0] = np.nan
    return {
        "visibility": np.where(rng.random(shape) < 0.4, 1.0, rng.random(shape)),
        "speed": speed,
        "scale": np.exp(rng.normal(0, 0.3, shape)),
        "distractor_distance": distance,
        "bounce": rng.random(shape) < 0.2,
        "weather": rng.integers(0, 3, shape),
    }


@pytest.fixture(scope="session")
def track(tmp_path_factory: pytest.TempPathFactory) -> MakeTracked:
    """Store trackers on data sets; the more to the right in the list, the worse the tracker.

    ``bare`` are data sets without attributes, ``without`` pairs that are not run, ``failing``
    trackers that raise in their second sequence and answer nonsense once in their first.
    """

    def make(
        trackers: Sequence[str] = ("good-v1", "bad"),
        datasets: Sequence[str] = ("first-v1", "second"),
        *,
        sequences: int = 18,
        lengths: tuple[int, ...] = (5, 30),
        protocol: str = "paper-v1",
        bare: Sequence[str] = (),
        without: Sequence[tuple[str, str]] = (),
        failing: Sequence[str] = (),
        seconds: float = 0.25,
        edit: dict[str, Any] | None = None,
    ) -> Tracked:
        made = Tracked(tmp_path_factory.mktemp("html") / "results")
        length = max(lengths)
        for position, name in enumerate(datasets):
            rng = np.random.default_rng(position)
            shape = (sequences, length)
            truth = np.concatenate(
                [rng.uniform(5, 60, (*shape, 2)), np.full((*shape, 2), 28.0)], -1
            )
            made.truth[name] = truth
            made.attributes[name] = {} if name in bare else _attributes(rng, shape)
            dataset = MadeUp(
                name, f"{position}" * 64, position, truth, lengths, CHUNK, made.attributes[name]
            )
            for place, tracker in enumerate(trackers):
                if (tracker, name) in without:
                    continue
                boxes = truth + rng.normal(0, 1 + 4 * place, truth.shape)
                failures: tuple[Failure, ...] = ()
                if tracker in failing:
                    boxes[0, 2] = np.nan
                    boxes[1, 3:] = np.nan
                    message = "ValueError: <b>lost</b>"
                    failures = (Failure(1, 3, FailureKind.RAISED, message),)
                made.boxes[tracker, name] = boxes
                made.iou[tracker, name] = mask_iou(truth, boxes, FRAME)
                store_run(
                    made.path,
                    dataset,
                    TrackerSpec(id=tracker, factory="a:b", description="made <i>up</i>"),
                    boxes,
                    failures=failures,
                    seconds=seconds,
                    protocol=protocol,
                    edit=edit,
                )
        return made

    return make


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    named = os.environ.get("TRACKBENCH_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        missing = f"no Chromium: none of {', '.join(NAMES)} on PATH, no $TRACKBENCH_CHROMIUM"
        if os.environ.get("TRACKBENCH_REQUIRE_BROWSER") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=list(ARGUMENTS))
        yield opened
        opened.close()


@pytest.fixture
def store_small() -> Callable[[Path], None]:
    """Store a finished tracker and one that is half done, on data that nobody makes frames of."""

    def store(path: Path) -> None:
        truth = np.tile([10.0, 10, 20, 20], (4, 2, 1))
        made = MadeUp("d", "0" * 64, 0, truth, chunk=2)
        for tracker in ("a", "b"):
            spec = TrackerSpec(id=tracker, factory="a:b")
            store_run(path, made, spec, truth + 1, unfinished=tracker == "b")

    return store
