"""Stored results, read back: a score per sequence and length, a row per table cell."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from trackbench import records, store
from trackbench.errors import DamagedFileError, IncompatibleResultsError, TrackbenchError
from trackbench.making import RESERVED
from trackbench.metrics import Metric, Trajectories
from trackbench.protocols import Protocol
from trackbench.records import DatasetRecord, RunRecord

if TYPE_CHECKING:
    import pandas as pd

_BOX = ("x", "y", "w", "h")
_VISIBILITY = "visibility"


@dataclass(frozen=True)
class Cell:
    """One cell of a table.

    Attributes:
        tracker, dataset, length: which.
        mean, std: of the sequences' scores; std is the sample's (N - 1), NaN for one sequence.
        sequences: how many.
        fps: frames/s inside the tracker, over the whole run.
        failures: spoiled sequences of the whole run.
        invalid: predictions that are no box, failures aside, of the whole run.
    """

    tracker: str
    dataset: str
    length: int
    mean: float
    std: float
    sequences: int
    fps: float
    failures: int
    invalid: int


@dataclass(frozen=True)
class Run:
    """One tracker on one data set, stored."""

    folder: Path
    record: RunRecord
    dataset: DatasetRecord

    @property
    def protocol(self) -> Protocol:
        """What counts."""
        return Protocol.of(self.record.protocol)

    @cached_property
    def iou(self) -> NDArray[np.float64]:
        """(N, T) IoU of every frame."""
        return np.concatenate(list(self._chunks("iou")))

    @cached_property
    def invalid(self) -> int:
        """Number of predictions that are no box, failures aside."""
        return sum(int(flags.sum()) for flags in self._chunks("invalid"))

    @cached_property
    def scores(self) -> NDArray[np.float64]:
        """(N, L) score of each sequence at each of the data set's lengths."""
        return self.scores_at(self.dataset.lengths)

    @property
    def _truth_folder(self) -> Path:
        directory = self.folder.parents[3]  # DIR/runs/<tracker>/<data set>/<protocol>
        return store.Store(directory).dataset_folder(self.record.dataset)

    def trajectories(self) -> Iterator[Trajectories]:
        """Yield predictions and truth, chunk by chunk: memory must not grow with the sequences.

        Raises:
            DamagedFileError: a file is missing or damaged.
        """
        for chunk in sorted(self.record.chunks):
            yield self._trajectories_of(chunk)

    def trajectory(self, sequence: int) -> Trajectories:
        """Return predictions and truth of one sequence, N = 1; only its chunk is read."""
        chunk, row = divmod(sequence, self.record.chunk)
        return self._trajectories_of(chunk).only(row)

    @cached_property
    def attribute_names(self) -> tuple[str, ...]:
        """What the data set says of every frame, in alphabetical order; often nothing."""
        first = self._truth_folder / store.part_name(min(self.record.chunks))
        return tuple(sorted(_columns(first) - RESERVED))

    def attributes(self, names: Sequence[str]) -> Iterator[dict[str, NDArray[Any]]]:
        """Yield attributes of every frame, (n, T) each, in the chunks of :meth:`trajectories`."""
        for chunk in sorted(self.record.chunks):
            yield self._read(self._truth_folder / store.part_name(chunk), chunk, list(names))

    def _trajectories_of(self, chunk: int) -> Trajectories:
        name = store.part_name(chunk)
        predicted = self._read(self.folder / name, chunk, ["iou", *_BOX])
        # Not every data set says what is hidden.
        said = sorted(_columns(self._truth_folder / name) & {_VISIBILITY})
        truth = self._read(self._truth_folder / name, chunk, [*_BOX, *said])
        return Trajectories(
            predicted=np.stack([predicted[name] for name in _BOX], axis=-1),
            truth=np.stack([truth[name] for name in _BOX], axis=-1),
            iou=predicted["iou"],
            visibility=truth.get(_VISIBILITY),
            frame=self.dataset.frame,
        )

    def metric(self, metric: Metric) -> NDArray[np.float64]:
        """Return (N, L): a metric of each sequence at each of the data set's lengths."""
        (scores,) = self.metrics([metric])
        return scores

    def metrics(self, metrics: Sequence[Metric]) -> list[NDArray[np.float64]]:
        """Return (N, L) for each of several metrics; the files are read once."""
        lengths = self.dataset.lengths
        chunks = [
            [metric.scores(tracked, lengths) for metric in metrics]
            for tracked in self.trajectories()
        ]
        return [np.concatenate(scores) for scores in zip(*chunks, strict=True)]

    def scores_at(self, lengths: tuple[int, ...]) -> NDArray[np.float64]:
        """Return (N, L): scores of the protocol at lengths of one's own choice."""
        return np.concatenate([self.protocol.scores(iou, lengths) for iou in self._chunks("iou")])

    def invalid_at(self, lengths: tuple[int, ...]) -> tuple[int, ...]:
        """Return how many predictions are no box, failures aside, within each length."""
        per_frame = np.zeros(self.record.length, np.int64)
        for flags in self._chunks("invalid"):
            per_frame += flags.sum(axis=0)
        return tuple(int(per_frame[:length].sum()) for length in lengths)

    def failures_at(self, lengths: tuple[int, ...]) -> tuple[int, ...]:
        """Return how many sequences are spoiled within each length."""
        frames = [failure.frame for failure in self.record.failures]
        return tuple(sum(frame < length for frame in frames) for length in lengths)

    def cells(self) -> list[Cell]:
        """Return a cell for each length."""
        return [
            Cell(
                tracker=self.record.tracker,
                dataset=self.record.dataset,
                length=length,
                mean=float(scores.mean()),
                std=float(scores.std(ddof=1)) if len(scores) > 1 else math.nan,
                sequences=len(scores),
                fps=self.record.fps,
                failures=len(self.record.failures),
                invalid=self.invalid,
            )
            for length, scores in zip(self.dataset.lengths, self.scores.T, strict=True)
        ]

    def _chunks(self, column: str) -> Iterator[NDArray[Any]]:
        """Yield a column, (n, T) for each chunk: memory must not grow with the frames."""
        for chunk in sorted(self.record.chunks):
            path = self.folder / store.part_name(chunk)
            yield self._read(path, chunk, [column])[column]

    def _read(self, path: Path, chunk: int, columns: list[str]) -> dict[str, NDArray[Any]]:
        """Return columns of a chunk, (n, T) each."""
        start = chunk * self.record.chunk
        count = min(self.record.chunk, self.record.sequences - start)
        found = store.read_part(path, columns)
        for values in found.values():
            if values.size != count * self.record.length:
                raise DamagedFileError(
                    f"{path} has {values.size} rows, not {count * self.record.length}"
                )
        return {name: values.reshape(count, self.record.length) for name, values in found.items()}


@dataclass(frozen=True)
class Results:
    """The complete runs of a results directory.

    Attributes:
        path: the directory.
        runs: trackers in order of their names, each on its data sets.
        incomplete: runs that were begun and not finished.
    """

    path: Path
    runs: tuple[Run, ...]
    incomplete: tuple[RunRecord, ...] = ()

    @classmethod
    def load(cls, path: Path | str, protocol: Protocol | None = None) -> Results:
        """Read a results directory; of one protocol, or of the only one there is.

        Raises:
            TrackbenchError: there are no results, none of them is complete, or of two protocols.
            DamagedFileError: a file is damaged or from a newer schema.
        """
        path = Path(path)
        if not path.is_dir():
            raise TrackbenchError(f"there is no results directory {path}: see trackbench run --out")
        runs, incomplete = [], []
        for file in sorted(path.glob(f"runs/*/*/*/{store.RECORD}")):
            record = records.load(RunRecord, file)
            if protocol is not None and record.protocol != protocol.value:
                continue
            if record.complete:
                truth = store.Store(path).dataset_folder(record.dataset) / store.RECORD
                runs.append(Run(file.parent, record, records.load(DatasetRecord, truth)))
            else:
                incomplete.append(record)
        if not runs:
            why = "only unfinished runs" if incomplete else "no results"
            raise TrackbenchError(f"{path} holds {why}: run trackbench run --out {path} first")
        found = sorted({run.record.protocol for run in runs})
        if len(found) > 1:
            raise TrackbenchError(f"{path} holds {' and '.join(found)}: choose with --protocol")
        for run in runs:
            _check_belongs(run)
        _check_one_tracker_a_name(path, runs)
        _check_each_once(runs)
        runs.sort(key=lambda run: (run.record.tracker, run.dataset.position, run.dataset.id))
        return cls(path, tuple(runs), tuple(incomplete))

    @property
    def trackers(self) -> list[str]:
        """Ids of the trackers."""
        return list(dict.fromkeys(run.record.tracker for run in self.runs))

    @property
    def datasets(self) -> dict[str, DatasetRecord]:
        """The data sets by id."""
        return {run.dataset.id: run.dataset for run in self.runs}

    @property
    def protocol(self) -> Protocol:
        """What counts."""
        return self.runs[0].protocol

    def only(self, trackers: list[str], datasets: list[str]) -> Results:
        """Return these trackers on these data sets, in the order given."""
        order = {(t, d): (i, j) for i, t in enumerate(trackers) for j, d in enumerate(datasets)}
        key = {id(run): order.get((run.record.tracker, run.record.dataset)) for run in self.runs}
        kept = sorted(
            (run for run in self.runs if key[id(run)]), key=lambda run: key[id(run)] or ()
        )
        return Results(self.path, tuple(kept), self.incomplete)

    def cells(self) -> list[Cell]:
        """Return every cell: a row per tracker, data set and length."""
        return [cell for run in self.runs for cell in run.cells()]

    def table(self) -> pd.DataFrame:
        """Return the cells as a pandas DataFrame, one row each."""
        import pandas as pd

        return pd.DataFrame(self.cells())


def _check_belongs(run: Run) -> None:
    """A run whose data set's record was replaced must not be read as what that one says."""
    tracked = (run.record.dataset_fingerprint, run.record.sequences, run.record.length)
    if tracked != (run.dataset.fingerprint, run.dataset.sequences, run.dataset.length):
        raise IncompatibleResultsError(
            f"{run.folder} holds {run.record.sequences} sequences of {run.record.length} frames, "
            f"and the record of {run.dataset.id} beside it is of {run.dataset.sequences} of "
            f"{run.dataset.length}, or of other data: run it again with --fresh"
        )


def _check_one_tracker_a_name(path: Path, runs: list[Run]) -> None:
    seen: dict[str, RunRecord] = {}
    for run in runs:
        other = seen.setdefault(run.record.tracker, run.record)
        if other.fingerprint != run.record.fingerprint:
            raise IncompatibleResultsError(
                f"{path} holds two trackers of the name {other.tracker}: {other.fingerprint[:12]} "
                f"on {other.dataset} and {run.record.fingerprint[:12]} on {run.record.dataset}; "
                "run one of them again with --fresh"
            )


def _check_each_once(runs: list[Run]) -> None:
    """A folder that was copied inside the directory says the same again, or something else."""
    seen: dict[tuple[str, str], Run] = {}
    for run in runs:
        other = seen.setdefault((run.record.tracker, run.record.dataset), run)
        if other is not run:
            raise IncompatibleResultsError(
                f"{other.folder} and {run.folder} both hold {run.record.tracker} on "
                f"{run.record.dataset}: remove one of them"
            )


def stored_protocols(path: Path) -> list[str]:
    """Return the protocols that a results directory has runs of, finished or not."""
    return sorted({file.parent.name for file in path.glob(f"runs/*/*/*/{store.RECORD}")})


def _columns(path: Path) -> set[str]:
    """Return the names of a chunk's columns, or raise :class:`DamagedFileError`."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return set(pq.read_schema(path).names)
    except (OSError, pa.ArrowException) as error:
        raise DamagedFileError(f"{path} cannot be read: {error}") from error
