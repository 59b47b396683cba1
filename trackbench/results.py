"""A results directory, read back: its complete runs, and the cells of their tables."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from trackbench import records, store
from trackbench.errors import IncompatibleResultsError, TrackbenchError
from trackbench.protocols import Protocol
from trackbench.records import DatasetRecord, RunRecord
from trackbench.stored_run import Cell, Run

if TYPE_CHECKING:
    import pandas as pd


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
