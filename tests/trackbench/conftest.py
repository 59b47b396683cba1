"""Results made up score by score and stored by the real store, and the commands that read them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from stored import MadeUp, store_run
from terminal import seen_on_terminal

from trackbench.contracts import DatasetSpec, TrackerSpec
from trackbench.metrics import mask_iou
from trackbench.results.chunks import Failure, Outcome, Truth, Unit
from trackbench.results.dataset_record import DatasetRecord
from trackbench.results.run_record import RunRecord
from trackbench.results.writer import Store

StoreIou = Callable[..., Path]


@pytest.fixture(scope="session")
def store() -> StoreIou:
    """Return :func:`_store`."""
    return _store


@pytest.fixture
def store_iou(tmp_path: Path) -> StoreIou:
    """Return :func:`_store` into the directory of a name in ``tmp_path``."""

    def call(name: str, runs: Mapping[str, Mapping[str, Any]], **options: Any) -> Path:
        return _store(tmp_path / name, runs, **options)

    return call


def _store(
    path: Path,
    runs: Mapping[str, Mapping[str, Any]],
    *,
    lengths: tuple[int, ...] | None = None,
    protocol: str = "paper-v1",
    fingerprint: str = "",
    parameters: Mapping[str, Any] | None = None,
    failures: tuple[Failure, ...] = (),
    nan: tuple[tuple[int, int], ...] = (),
    seconds: float = 0.5,
    unfinished: bool = False,
    chunk: int = 50,
    edit: Mapping[str, Any] | None = None,
) -> Path:
    """Store runs, and return the directory.

    Args:
        path: the directory.
        runs: tracker -> data set -> (N, T) IoU.
        lengths: that are scored; None: T.
        protocol: of the runs.
        fingerprint: begins that of every data set.
        parameters: of the trackers.
        failures: of every run.
        nan: (sequence, frame) of predictions that are no box.
        seconds: that every chunk took.
        unfinished: leave the last chunk out.
        chunk: sequences of a chunk.
        edit: fields of the runs' records to be other than this machine's.
    """
    for tracker, by_dataset in runs.items():
        for position, (dataset, given) in enumerate(by_dataset.items()):
            iou = np.asarray(given, np.float64)
            truth = np.full((*iou.shape, 4), 10.0)
            boxes = truth.copy()
            for sequence, frame in nan:
                boxes[sequence, frame] = np.nan
            hashed = f"{fingerprint}{dataset.encode().hex():0<64}"[:64]
            store_run(
                path,
                MadeUp(dataset, hashed, position, truth, lengths or (), chunk),
                TrackerSpec(id=tracker, factory="a:b", parameters=parameters or {}),
                boxes,
                iou=iou,
                failures=failures,
                seconds=seconds,
                protocol=protocol,
                unfinished=unfinished,
                all_answered=True,
                edit=edit,
            )
    return path


OnTerminal = Callable[..., list[str]]


@pytest.fixture
def on_terminal() -> OnTerminal:
    """Return :func:`_on_terminal`."""
    return _on_terminal


def _on_terminal(columns: int, folder: Path, *arguments: object) -> list[str]:
    """Return the lines that trackbench prints on a real terminal of a width, without styles."""
    command = [sys.executable, "-m", "trackbench", *map(str, arguments)]
    return seen_on_terminal(command, columns, folder)[1]


@dataclass(frozen=True)
class Kit:
    """What is stored by tests of the store: a data set in memory, and trackers on it.

    Attributes:
        path: the results directory.
        sizes: (height, width) of each sequence's frames.
        length, chunk: frames of a sequence, sequences of a chunk.
    """

    path: Path
    sizes: tuple[tuple[int, int], ...] = ((100, 100),) * 5
    length: int = 4
    chunk: int = 2

    @property
    def store(self) -> Store:
        """Of a process of its own."""
        return Store(self.path)

    @property
    def chunks(self) -> range:
        return range(-(-len(self.sizes) // self.chunk))

    def dataset(self, name: str = "d-v1", **changes: Any) -> DatasetRecord:
        lengths = changes.pop("lengths", (self.length,))
        made = DatasetRecord.of(
            self._spec(name), "d" * 64, len(self.sizes), self.sizes[0], lengths, 0
        )
        return replace(made, **changes)

    def run(
        self, tracker: str = "a", version: int = 1, name: str = "d-v1", **changes: Any
    ) -> RunRecord:
        spec = TrackerSpec(id=tracker, factory="a:b", parameters={"version": version})
        dataset = self.dataset(name)
        return replace(RunRecord.of(spec, dataset, "paper-v1", self.chunk), **changes)

    def outcome(
        self, chunk: int, tracker: str = "a", name: str = "d-v1", shift: float = 1.0, **changes: Any
    ) -> Outcome:
        """Return a tracker that is so many pixels off; ``truth`` may be another than the true."""
        start = chunk * self.chunk
        stop = min(start + self.chunk, len(self.sizes))
        who = TrackerSpec(id=tracker, factory="a:b")
        unit = Unit(who, self._spec(name), chunk, start, stop, self.length)
        truth = changes.pop("truth", None) or self.truth(chunk)
        boxes = truth.boxes + np.array([shift, 0.0, 0.0, 0.0])
        scored = zip(truth.boxes, boxes, truth.sizes.tolist(), strict=True)
        iou = np.stack([mask_iou(true, box, tuple(size)) for true, box, size in scored])
        made = Outcome(boxes, iou, truth, 0.5, unit.frames, unit=unit, timeout=60.0)
        return replace(made, **changes)

    def truth(self, chunk: int) -> Truth:
        """Make the truth of a chunk: a target that covers the middle of its frames."""
        start = chunk * self.chunk
        sizes = np.array(self.sizes[start : start + self.chunk], np.int32)
        shape = (len(sizes), self.length)
        boxes = np.zeros((*shape, 4))
        boxes[..., :2] = sizes[:, None, ::-1] / 4
        boxes[..., 2:] = sizes[:, None, ::-1] / 2
        numbers = np.arange(shape[0] * shape[1]).reshape(shape) + 100 * chunk
        attributes = {"speed": np.where(numbers % 3, numbers / 7, np.nan), "bounce": numbers > 3}
        return Truth(boxes, numbers.astype(np.uint64), sizes, attributes)

    def put(
        self,
        run: RunRecord,
        chunks: Iterable[int] | None = None,
        shift: float = 1.0,
        *,
        fresh: bool = False,
    ) -> RunRecord:
        """Store chunks of a run, all of them by default."""
        store, dataset = self.store, self.dataset(run.dataset)
        with store.writing(run, dataset, fresh=fresh) as begun:
            stored = begun
            for chunk in self.chunks if chunks is None else chunks:
                outcome = self.outcome(chunk, run.tracker, run.dataset, shift)
                stored = store.add(stored, outcome)
        return stored

    def _spec(self, name: str) -> DatasetSpec:
        return DatasetSpec(
            id=name,
            factory=None,
            seed=1,
            sequences=len(self.sizes),
            length=self.length,
            chunk=self.chunk,
        )


@pytest.fixture
def kit(tmp_path: Path) -> Kit:
    return Kit(tmp_path / "r")
