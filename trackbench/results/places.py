"""Where things are in a results directory, and whether what is there is what it should be.

::

    DIR/datasets/<data set>/record.json                       what was tracked
    DIR/datasets/<data set>/part-00000.parquet                the truth and the attributes
    DIR/runs/<tracker>/<data set>/<protocol>/<16 hexadecimal digits of the tracker's fingerprint>/
        record.json                                           who tracked it, how fast, failures
        part-00000.parquet                                    the predictions and their IoU
        run-001/                                              the same of a repeated run

Results of schema 1 have a run's files in the folder of the protocol itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from trackbench.errors import DamagedFileError, IncompatibleResultsError, parameter
from trackbench.printing.text import quoted
from trackbench.results.dataset_record import DatasetRecord
from trackbench.results.extent import Extent
from trackbench.results.folders import inside, is_there, subfolders
from trackbench.results.parquet import Expected, Label
from trackbench.results.record_file import RECORD, load
from trackbench.results.run_record import RunRecord

_DIGITS = 16
_REPEAT = "run-"


@dataclass(frozen=True)
class RunPlace:
    """A folder that holds a run, by the names on the way to it.

    Attributes:
        folder: that its record and its parts are in.
        tracker, dataset, protocol: names of folders.
        version: name of the folder of the tracker's fingerprint; None: schema 1, which had none.
        repeat: name of the folder of a repeated run; None: it is run 0.
    """

    folder: Path
    tracker: str
    dataset: str
    protocol: str
    version: str | None
    repeat: str | None = None

    @property
    def of_version(self) -> Path:
        """The folder of the version, which all its runs are in."""
        return self.folder if self.repeat is None else self.folder.parent

    @property
    def there(self) -> bool:
        """Whether there is a record."""
        return is_there(self.folder / RECORD)

    def load(self) -> RunRecord:
        """Read the record of the run.

        Raises:
            DamagedFileError: it is none, or not that of this folder.
        """
        record = load(RunRecord, self.folder / RECORD)
        held = (record.tracker, record.dataset, record.protocol)
        for name, folder in zip(held, (self.tracker, self.dataset, self.protocol), strict=True):
            if name != folder:
                raise DamagedFileError(
                    f"{self.folder / RECORD} is of {quoted(name)}, and stands in the folder of "
                    f"{quoted(folder)}: it was moved, copied or changed"
                )
        if self.version is None:
            if record.chunks and not record.legacy:
                raise DamagedFileError(f"{self.folder / RECORD} stands in a folder of schema 1")
        elif record.legacy or record.fingerprint[:_DIGITS] != self.version:
            raise DamagedFileError(
                f"{self.folder / RECORD} is of the tracker {record.fingerprint[:_DIGITS]}, and "
                f"stands in the folder of {quoted(self.version)}: it was moved, copied or changed"
            )
        if _repeat_name(record.run) != self.repeat:
            raise DamagedFileError(
                f"{self.folder / RECORD} is of run {record.run}, and stands in the folder "
                f"{quoted(self.folder.name)}: it was moved, copied or changed"
            )
        return record


def run_place(path: Path, run: RunRecord) -> RunPlace:
    """Return where a run is stored, or is to be."""
    version, repeat = run.fingerprint[:_DIGITS], _repeat_name(run.run)
    names = (run.tracker, run.dataset, run.protocol)
    folder = inside(path, "runs", *names, version, *([] if repeat is None else [repeat]))
    return RunPlace(folder, *names, version, repeat)


def legacy_place(path: Path, run: RunRecord) -> RunPlace:
    """Return where schema 1 stored a run."""
    folder = inside(path, "runs", run.tracker, run.dataset, run.protocol)
    return RunPlace(folder, run.tracker, run.dataset, run.protocol, None)


def run_places(
    path: Path, *, tracker: str | None = None, dataset: str | None = None
) -> Iterator[RunPlace]:
    """Yield where there is a record of a run, in order of the names, run 0 before its repetitions.

    Raises:
        DamagedFileError: one of the folders is a symbolic link.
    """
    for of_tracker in subfolders(inside(path, "runs"), only=tracker):
        for of_dataset in subfolders(of_tracker, only=dataset):
            for folder in subfolders(of_dataset):
                names = (of_tracker.name, of_dataset.name, folder.name)
                places = [RunPlace(folder, *names, None)]
                for version in subfolders(folder):
                    places.append(RunPlace(version, *names, version.name))
                    places += [
                        RunPlace(repeat, *names, version.name, repeat.name)
                        for repeat in repeats_in(version)
                    ]
                yield from (place for place in places if place.there)


def repeats_in(version: Path) -> list[Path]:
    """Return the folders of repeated runs in that of a version, in order of their names."""
    return subfolders(version, _REPEAT)


def dataset_folder(path: Path, dataset: str) -> Path:
    """Return where the truth of a data set is stored."""
    return inside(path, "datasets", dataset)


def load_dataset(path: Path, dataset: str) -> DatasetRecord:
    """Read the record of a data set.

    Raises:
        DamagedFileError: it is none, or not that of this folder.
    """
    file = dataset_folder(path, dataset) / RECORD
    record = load(DatasetRecord, file)
    if record.id != dataset:
        raise DamagedFileError(
            f"{file} is of {quoted(record.id)}, and stands in the folder of {quoted(dataset)}: "
            "it was moved, copied or changed"
        )
    return record


def part_of_run(run: RunRecord, chunk: int) -> Expected:
    """Return what a run's record says of a part."""
    extent, held = run.extent, run.chunks[chunk]
    label = Label(
        run.dataset_fingerprint,
        chunk,
        run.fingerprint,
        run.protocol,
        run.run,
        bool(extent.frames_each),
        bool(held.mask_runs),
    )
    found = _expected(label, extent, held.sha256)
    return replace(found, unscored=held.unscored, mask_runs=held.mask_runs)


def part_of_truth(dataset: DatasetRecord, chunk: int, size: int | None = None) -> Expected:
    """Return what a data set's record says of a part; where it does not, it has ``size``."""
    extent = dataset.extent
    if dataset.chunk is None and size is not None:
        extent = replace(extent, chunk=size)
    runs = dataset.mask_runs.get(chunk, 0)
    uneven = bool(extent.frames_each)
    label = Label(dataset.fingerprint, chunk, uneven=uneven, masks=bool(runs))
    return replace(_expected(label, extent, dataset.parts.get(chunk)), mask_runs=runs)


def check_scored_against(run: RunRecord, dataset: DatasetRecord, folder: Path) -> None:
    """Make sure that a run was scored against the truth that is stored.

    Raises:
        IncompatibleResultsError: the truth, the data or the choice was replaced since.
    """
    choice = run.sequences, run.length, run.frames_each
    if choice != (dataset.sequences, dataset.length, dataset.frames_each):
        raise IncompatibleResultsError(
            f"{folder} holds {run.sequences} sequences of {run.length} frames, and the record of "
            f"{dataset.id} beside it is of {dataset.sequences} of {dataset.length}: run it again "
            f"with {parameter('fresh', True)}"
        )
    if run.dataset_fingerprint != dataset.fingerprint:
        raise IncompatibleResultsError(
            f"{folder} holds results on other data than the record of {dataset.id} beside it is "
            f"of: run it again with {parameter('fresh', True)}"
        )
    if dataset.chunk not in {None, run.chunk}:
        raise IncompatibleResultsError(
            f"{folder} is in parts of {run.chunk} sequences, and the truth of {dataset.id} beside "
            f"it in parts of {dataset.chunk}: run it again with {parameter('fresh', True)}"
        )
    for number, chunk in sorted(run.chunks.items()):
        same = {dataset.parts.get(number), dataset.before_frames.get(number)}
        other = chunk.truth_sha256 not in same
        if dataset.replaced if chunk.truth_sha256 is None else other:
            raise IncompatibleResultsError(
                f"{run.tracker} on {dataset.id} was scored against other truth than is stored "
                f"(in part {number}), which was replaced since: run it again with "
                f"{parameter('fresh', True)}"
            )


def _expected(label: Label, extent: Extent, sha256: str | None) -> Expected:
    part = extent.part(label.chunk)
    longest, each = extent.longest_in(part), extent.frames_in(part)
    return Expected(label, part.start, len(part), longest, sha256, each)


def _repeat_name(run: int) -> str | None:
    """Return the name of the folder of a repeated run; run 0 lies in that of the version."""
    return f"{_REPEAT}{run:03d}" if run else None
