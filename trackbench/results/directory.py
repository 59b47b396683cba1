"""A results directory, read back: its complete runs, and the cells of their tables."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from trackbench.arguments.checking import arguments_checked
from trackbench.errors import TrackbenchError, UnknownIdError, parameter
from trackbench.ids import unversioned
from trackbench.metrics.evaluation_protocol import EvaluationProtocol
from trackbench.printing.notebook import ShowsItself
from trackbench.printing.text import visible
from trackbench.report_contract import ChartKind
from trackbench.results import presenting
from trackbench.results.cell import Cell
from trackbench.results.compared import Compared
from trackbench.results.dataset_record import DatasetRecord
from trackbench.results.picture import DrawOptions, Picture
from trackbench.results.places import (
    run_places,
)
from trackbench.results.reading_back import read_directory
from trackbench.results.run import Run
from trackbench.results.run_file import run_file_sha256
from trackbench.results.run_record import RunRecord
from trackbench.results.shard_file import alone, read_shard
from trackbench.results.shards import Shard
from trackbench.results.spoiled import Spoiled
from trackbench.results.versions import Older, said_of

if TYPE_CHECKING:
    import pandas as pd


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
    @arguments_checked
    def load(
        cls,
        path: Path | str,
        protocol: EvaluationProtocol | str | None = None,
        fingerprints: Mapping[str, str] | None = None,
        trackers: Collection[str] | None = None,
    ) -> Results:
        """Read a results directory; of one protocol, or of the only one there is.

        Args:
            path: of the directory.
            protocol: which, or its id; None: there is only one.
            fingerprints: of the versions to be read, by tracker; of those that are not in it the
                version that a run asked for last.
            trackers: only these; None: all. What is stored of others is not looked at.

        Raises:
            TrackbenchError: there are no results, none of them is complete, of two protocols, or
                of one shard alone.
            UnknownIdError: there is no such protocol.
            DamagedFileError: a file is damaged, was moved, or is from a newer schema.
            IncompatibleResultsError: the data that a run was scored against was replaced.
        """
        if isinstance(protocol, str):
            protocol = EvaluationProtocol.of(protocol)
        held = read_directory(Path(path), protocol, fingerprints or {}, trackers)
        return cls(Path(path), held.runs, held.incomplete, held.older)

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
        return run_file_sha256(self.path)

    @property
    def protocol(self) -> EvaluationProtocol:
        """What counts."""
        return self.runs[0].protocol

    @property
    def left_out(self) -> list[str]:
        """What is stored and not shown, a line each: unfinished runs, older versions."""
        return self._left_out(self.incomplete, self.older)

    def left_out_of(self, trackers: Collection[str]) -> list[str]:
        """Return what is stored of these trackers and not shown, as :attr:`left_out`."""
        incomplete = [record for record in self.incomplete if record.tracker in trackers]
        return self._left_out(incomplete, [each for each in self.older if each.tracker in trackers])

    @staticmethod
    def _left_out(incomplete: Iterable[RunRecord], older: Sequence[Older]) -> list[str]:
        unfinished = [f"left out: {record.name} is not finished" for record in incomplete]
        return [visible(line) for line in (*unfinished, *said_of(older))]

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

    @arguments_checked
    def table(self, *, every: bool = False) -> pd.DataFrame:
        """Return the cells as a pandas DataFrame, one row each.

        Args:
            every: all columns that there are; else those that hardly ever say anything (runs,
                masks, absent targets, limits, ...) only where they do.

        Raises:
            TrackbenchError: a shard alone has none.
        """
        return presenting.as_frame(self.cells(), every=every)

    @arguments_checked
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

    @arguments_checked
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
