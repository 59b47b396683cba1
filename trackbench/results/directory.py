"""A results directory, read back: its complete runs, and the cells of their tables."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from trackbench.errors import TrackbenchError, UnknownIdError, parameter
from trackbench.ids import unversioned
from trackbench.metrics.evaluation_protocol import EvaluationProtocol
from trackbench.printing.notebook import ShowsItself
from trackbench.printing.text import visible
from trackbench.report_contract import ChartKind
from trackbench.results import presenting
from trackbench.results.bounded import read_bytes
from trackbench.results.cell import Cell
from trackbench.results.compared import Compared
from trackbench.results.dataset_record import DatasetRecord
from trackbench.results.folders import is_there
from trackbench.results.picture import DrawOptions, Picture
from trackbench.results.places import (
    check_scored_against,
    dataset_folder,
    load_dataset,
    run_places,
)
from trackbench.results.run import Run
from trackbench.results.run_record import RunRecord
from trackbench.results.shard_file import alone, check_whole, read_shard
from trackbench.results.shards import Shard
from trackbench.results.single_run import SingleRun
from trackbench.results.spoiled import Spoiled
from trackbench.results.versions import Older, Stored, chosen_versions, said_of

if TYPE_CHECKING:
    import pandas as pd


RUN_FILE = "bench.toml"
"""Name of the file that was run into a directory last, where one was."""

_LARGEST_RUN_FILE = 2**21


@dataclass(frozen=True, repr=False)
class Results(ShowsItself):
    """The complete runs of a results directory, each tracker's of one version.

    Attributes:
        path: the directory.
        runs: trackers in order of their names, each on its data sets, with all its repetitions.
        incomplete: runs that were begun and not finished.
        older: versions of trackers that are stored beside those of ``runs``, and are not shown.
        shard: the directory holds this one alone: ``runs`` is empty, and ``incomplete`` is what it
            has of each run. None: it holds the whole.
    """

    path: Path
    runs: tuple[Run, ...]
    incomplete: tuple[RunRecord, ...] = ()
    older: tuple[Older, ...] = ()
    shard: Shard | None = None

    @classmethod
    def of_shard(cls, path: Path) -> Results:
        """Read a directory that holds one shard of a plan, for what was done in it.

        Raises:
            TrackbenchError: it holds none.
            DamagedFileError: as :meth:`load`.
        """
        held = read_shard(path)
        if held is None:
            raise TrackbenchError(
                f"{path} holds no shard: see {parameter('shard')} of trackbench run"
            )
        records = tuple(place.load() for place in run_places(path))
        return cls(path, (), records, shard=held.shard)

    @classmethod
    def load(
        cls,
        path: Path | str,
        protocol: EvaluationProtocol | None = None,
        fingerprints: Mapping[str, str] | None = None,
        trackers: Collection[str] | None = None,
    ) -> Results:
        """Read a results directory; of one protocol, or of the only one there is.

        Args:
            path: of the directory.
            protocol: which; None: there is only one.
            fingerprints: of the versions to be read, by tracker; of those that are not in it the
                version that a run asked for last.
            trackers: only these; None: all. What is stored of others is not looked at.

        Raises:
            TrackbenchError: there are no results, none of them is complete, of two protocols, or
                of one shard alone.
            DamagedFileError: a file is damaged, was moved, or is from a newer schema.
            IncompatibleResultsError: the data that a run was scored against was replaced.
        """
        path = Path(path)
        if not path.is_dir():
            there = _others(path.parent)
            raise TrackbenchError(
                f"there is no results directory {path}: see trackbench run{there}"
            )
        check_whole(path)
        found = [
            Stored(place, place.load())
            for place in run_places(path)
            if (trackers is None or place.tracker in trackers)
            and (protocol is None or place.protocol == protocol.value)
        ]
        _check_one_protocol(path, found)
        chosen, older = chosen_versions(found, fingerprints or {})
        runs = _runs(path, [each for each in chosen if each.record.complete])
        incomplete = tuple(each.record for each in chosen if not each.record.complete)
        if not runs:
            if incomplete:
                raise TrackbenchError(
                    f"{path} holds only unfinished runs: the same trackbench run as before goes on"
                )
            raise TrackbenchError(
                f"{path} holds no results: run trackers with {parameter('out', str(path))} first"
                f"{_others(path)}"
            )
        runs.sort(key=lambda run: (run.record.tracker, run.dataset.position, run.dataset.id))
        return cls(path, tuple(runs), incomplete, older)

    @cached_property
    def trackers(self) -> list[str]:
        """Ids of the trackers."""
        return list(self._of_trackers)

    def sees_future(self, tracker: str) -> bool:
        """Whether a tracker was handed whole videos."""
        return any(run.record.sees_future for run in self._of_trackers.get(tracker, ()))

    def imported(self, tracker: str) -> bool:
        """Whether a tracker's boxes are, on some data set, of another program's files."""
        return any(run.record.imported for run in self._of_trackers.get(tracker, ()))

    def compared(self, tracker: str) -> Compared:
        """Return what IoU of a tracker is of, on all its data sets together."""
        return Compared.of_all(run.compared for run in self._of_trackers.get(tracker, ()))

    # Asked for again for each cell: to go through all runs each time would cost their square.
    @cached_property
    def datasets(self) -> dict[str, DatasetRecord]:
        """The data sets by id."""
        return {run.dataset.id: run.dataset for run in self.runs}

    @cached_property
    def _of_trackers(self) -> dict[str, list[Run]]:
        found: dict[str, list[Run]] = {}
        for run in self.runs:
            found.setdefault(run.record.tracker, []).append(run)
        return found

    @property
    def run_file_sha256(self) -> str | None:
        """SHA-256 of the ``bench.toml`` that was run into the directory last; None: none was.

        Raises:
            DamagedFileError: it cannot be read.
        """
        path = self.path / RUN_FILE
        if not is_there(path):
            return None
        content = read_bytes(path, _LARGEST_RUN_FILE, "a run in a file", links=False)
        return hashlib.sha256(content).hexdigest()

    @property
    def protocol(self) -> EvaluationProtocol:
        """What counts."""
        return self.runs[0].protocol

    @property
    def left_out(self) -> list[str]:
        """What is stored and not shown, a line each: unfinished runs, older versions."""
        unfinished = [f"left out: {record.name} is not finished" for record in self.incomplete]
        return [visible(line) for line in (*unfinished, *said_of(self.older))]

    @property
    def spoiled(self) -> Spoiled:
        """What trackers failed, and what data could not be read; of a shard, too."""
        whole = [record for run in self.runs for record in run.records]
        return Spoiled.of(self.path, whole if self.shard is None else self.incomplete)

    def only(self, trackers: list[str], datasets: list[str]) -> Results:
        """Return these trackers on these data sets, in the order given."""
        runs = {(run.record.tracker, run.record.dataset): run for run in self.runs}
        wanted = dict.fromkeys(product(trackers, datasets))
        kept = tuple(runs[key] for key in wanted if key in runs)
        older = tuple(each for each in self.older if each.tracker in trackers)
        return Results(self.path, kept, self.incomplete, older)

    def in_order_of(self, trackers: Sequence[str]) -> Results:
        """Return the same with the runs of these trackers first, in this order."""
        place = {tracker: at for at, tracker in enumerate(trackers)}
        runs = sorted(self.runs, key=lambda run: place.get(run.record.tracker, len(place)))
        return replace(self, runs=tuple(runs))

    def cells(self) -> list[Cell]:
        """Return every cell: a row per tracker, data set and length.

        Raises:
            TrackbenchError: a shard alone has none.
        """
        if self.shard is not None:
            raise TrackbenchError(alone(self.path, self.shard))
        return [cell for run in self.runs for cell in run.cells()]

    def __str__(self) -> str:
        """Return what ``trackbench.report(results, "text")`` does: tables, a row a tracker."""
        return presenting.as_text(self)

    def __repr__(self) -> str:
        """Return a line; notebooks show the tables, and ``print`` does."""
        return presenting.in_a_line(self)

    def _repr_html_(self) -> str:
        """Return the tables for a notebook."""
        return presenting.as_html(self)

    def table(self, *, every: bool = False) -> pd.DataFrame:
        """Return the cells as a pandas DataFrame, one row each.

        Args:
            every: all columns that there are; else those that hardly ever say anything (runs,
                masks, absent targets, limits, ...) only where they do.

        Raises:
            TrackbenchError: a shard alone has none.
        """
        return presenting.as_frame(self.cells(), every=every)

    def plot(self, kind: ChartKind | str = "time", *, dataset: str | None = None) -> Picture:
        """Return charts, one a data set or attribute; a notebook shows them.

        Args:
            kind: ``"time"`` (IoU of each frame), ``"success"``, ``"attributes"`` (where it fails)
                or ``"speed"`` (against accuracy).
            dataset: of this alone; None: of all.

        Raises:
            TrackbenchError: there is no such kind or data set, or no chart of it.
        """
        chosen = self if dataset is None else self.only(self.trackers, [self._dataset(dataset)])
        return presenting.plotted(chosen, ChartKind.named(kind))

    def show(self, sequence: int | str = 0, **options: Unpack[DrawOptions]) -> Picture:
        """Draw what is stored of a sequence: its frames with the true and the trackers' boxes.

        Args:
            sequence: its number, or its name.
            options: as :func:`trackbench.draw` has them: ``dataset``, ``trackers``, ``clip``, ...

        Raises:
            TrackbenchError: as :func:`trackbench.draw`.
        """
        import trackbench  # by its public name: the core may not import what draws

        return trackbench.draw(self, sequence, **options)

    def _dataset(self, wanted: str) -> str:
        """Return the data set of these that an id means; without a version, the newest.

        Raises:
            UnknownIdError: there is none.
        """
        found = [name for name in self.datasets if wanted in {name, unversioned(name)}]
        if not found:
            kind = f"data set in {self.path}"
            raise UnknownIdError(kind, wanted, self.datasets, listed=self.datasets)
        return max(found, key=lambda name: (name == wanted, len(name), name))


def stored_protocols(path: Path) -> list[str]:
    """Return the protocols that a results directory has runs of, finished or not."""
    return sorted({place.protocol for place in run_places(path)}) if path.is_dir() else []


def _runs(path: Path, stored: list[Stored]) -> list[Run]:
    """Return finished runs, the repetitions of a tracker on a data set together."""
    repeats: dict[tuple[str, str, str], list[SingleRun]] = {}
    for each in stored:
        record = each.record
        key = record.tracker, record.dataset, record.protocol
        repeats.setdefault(key, []).append(_single(path, each))
    return [
        Run(tuple(sorted(of_one, key=lambda run: run.record.run))) for of_one in repeats.values()
    ]


def _single(path: Path, stored: Stored) -> SingleRun:
    place, record = stored.place, stored.record
    dataset = load_dataset(path, record.dataset)
    check_scored_against(record, dataset, place.folder)
    return SingleRun(place.folder, record, dataset, dataset_folder(path, record.dataset))


def _check_one_protocol(path: Path, found: list[Stored]) -> None:
    held = sorted({each.record.protocol for each in found if each.record.complete})
    for protocol in held:
        EvaluationProtocol.of(protocol)
    if len(held) > 1:
        raise TrackbenchError(
            f"{path} holds {' and '.join(held)}: choose with {parameter('protocol')}"
        )


def _others(folder: Path) -> str:
    """Return which results directories a folder has, to end a message; empty: none."""
    found = sorted(path.parent for path in folder.glob("*/runs") if path.is_dir())
    return f" (there are {', '.join(map(str, found))})" if found else ""
