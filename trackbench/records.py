"""The JSON beside stored results: what was run on what, by what, and what went wrong.

Every file carries the number of the schema it follows. A newer one is refused; an older one is
brought up to date by the functions in ``MIGRATIONS``.
"""

from __future__ import annotations

import dataclasses
import json
import math
import platform
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from importlib import metadata
from pathlib import Path
from typing import Any, TypeVar

from trackbench import files
from trackbench.contracts import DatasetSpec, TrackerSpec
from trackbench.errors import DamagedFileError
from trackbench.fingerprint import tracker_fingerprint
from trackbench.work import Failure, FailureKind

SCHEMA = 1

MIGRATIONS: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""Schema number -> the function that makes its JSON into that of the next number."""

_LIBRARIES = (
    "trackbench",
    "numpy",
    "opencv-contrib-python",
    "opencv-contrib-python-headless",
    "torch",
    "pyarrow",
)


@dataclass(frozen=True)
class DatasetRecord:
    """Which sequences of which data set a results directory is about.

    Attributes:
        id, fingerprint, seed, source, source_sha256, generator: of the data set.
        sequences, length: what was tracked: the first sequences, so many frames of each.
        frame: (height, width) of the frames of the first sequence, pixels.
        lengths: lengths that are scored.
        position: place in the suite, by which tables are ordered.
    """

    id: str
    fingerprint: str
    seed: int
    source: str
    source_sha256: str
    generator: Any
    sequences: int
    length: int
    frame: tuple[int, int]
    lengths: tuple[int, ...]
    position: int = 0
    schema: int = SCHEMA

    @classmethod
    def of(
        cls,
        spec: DatasetSpec,
        fingerprint: str,
        sequences: int,
        frame: tuple[int, int],
        lengths: tuple[int, ...],
        position: int,
    ) -> DatasetRecord:
        """Describe the first ``sequences`` of a data set at ``lengths``."""
        return cls(
            id=spec.id,
            fingerprint=fingerprint,
            seed=spec.seed,
            source=spec.source,
            source_sha256=spec.source_sha256,
            generator=plain(spec.generator),
            sequences=sequences,
            length=max(lengths),
            frame=frame,
            lengths=lengths,
            position=position,
        )


@dataclass(frozen=True)
class ChunkRecord:
    """One chunk that is stored: seconds inside the tracker, and frames it answered."""

    seconds: float
    frames: int


@dataclass(frozen=True)
class RunRecord:
    """One tracker on one data set under one protocol.

    Attributes:
        tracker, fingerprint: id and hash of everything that determines the tracker.
        parameters, weights_sha256, source_sha256, description, reference: of the tracker.
        dataset, dataset_fingerprint, protocol, sequences, length: what it was run on.
        chunks: chunk number -> what it took; those missing are still to be done.
        failures: the spoiled sequences.
        versions: library -> version; python and platform included.
        processor: the machine's processor.
    """

    tracker: str
    fingerprint: str
    parameters: dict[str, Any]
    weights_sha256: str | None
    source_sha256: str | None
    description: str
    reference: str
    dataset: str
    dataset_fingerprint: str
    protocol: str
    sequences: int
    length: int
    chunk: int
    versions: dict[str, str]
    processor: str
    chunks: dict[int, ChunkRecord] = field(default_factory=dict)
    failures: tuple[Failure, ...] = ()
    schema: int = SCHEMA

    @classmethod
    def of(
        cls, tracker: TrackerSpec, dataset: DatasetRecord, protocol: str, chunk: int
    ) -> RunRecord:
        """Describe a run that is about to begin."""
        return cls(
            tracker=tracker.id,
            fingerprint=tracker_fingerprint(tracker),
            parameters=plain(dict(tracker.parameters)),
            weights_sha256=tracker.weights_sha256,
            source_sha256=tracker.source_sha256,
            description=tracker.description,
            reference=tracker.reference,
            dataset=dataset.id,
            dataset_fingerprint=dataset.fingerprint,
            protocol=protocol,
            sequences=dataset.sequences,
            length=dataset.length,
            chunk=chunk,
            versions=_versions(),
            processor=_processor(),
        )

    @property
    def complete(self) -> bool:
        """Every chunk is stored."""
        return len(self.chunks) == -(-self.sequences // self.chunk)

    @property
    def seconds(self) -> float:
        """Seconds spent inside the tracker."""
        return sum(chunk.seconds for chunk in self.chunks.values())

    @property
    def frames(self) -> int:
        """Frames that the tracker answered."""
        return sum(chunk.frames for chunk in self.chunks.values())

    @property
    def fps(self) -> float:
        """Frames per second of one worker, inside the tracker alone; NaN before any frame."""
        return self.frames / self.seconds if self.seconds else float("nan")


RecordT = TypeVar("RecordT", DatasetRecord, RunRecord)


def save(record: DatasetRecord | RunRecord, path: Path) -> None:
    """Write a record as JSON, atomically."""
    files.write_text(path, json.dumps(plain(record), indent=1, sort_keys=True) + "\n")


def load(kind: type[RecordT], path: Path) -> RecordT:
    """Read a record.

    Raises:
        DamagedFileError: it is no JSON of the kind, or follows a newer schema.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        number = found["schema"]
        if number > SCHEMA:
            raise DamagedFileError(
                f"{path} follows schema {number}, newer than this trackbench knows ({SCHEMA}): "
                "upgrade trackbench"
            )
        while number < SCHEMA:
            found = MIGRATIONS[number](found)
            number = found["schema"]
        return _decode(kind, found)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedFileError(f"{path} is not a record of results: {error}") from error


def plain(value: Any) -> Any:
    """Return ``value`` as what JSON can hold: dataclasses as objects, enums as their values."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _decode(kind: type[RecordT], found: dict[str, Any]) -> RecordT:
    if kind is RunRecord:
        found["chunks"] = {int(k): ChunkRecord(**v) for k, v in found["chunks"].items()}
        found["failures"] = tuple(
            Failure(**{**f, "kind": FailureKind(f["kind"])}) for f in found["failures"]
        )
    else:
        found["lengths"] = tuple(found["lengths"])
        found["frame"] = tuple(found["frame"])
    record = kind(**found)
    _check(record)
    return record


def _check(record: DatasetRecord | RunRecord) -> None:
    """Raise an error if a record would make a table wrong, or nothing of it could be read."""
    names: list[Any]  # whatever the file holds, not what it should
    counts: list[Any]
    if isinstance(record, RunRecord):
        names = [record.tracker, record.fingerprint, record.dataset, record.protocol]
        counts = [record.sequences, record.length, record.chunk]
    else:
        names = [record.id, record.fingerprint]
        counts = [record.sequences, record.length, *record.frame, *record.lengths]
    if not all(isinstance(name, str) for name in names):
        raise TypeError("a name is no text")
    if not all(isinstance(count, int) and count >= 1 for count in counts):
        raise ValueError("a count is no positive integer")
    if isinstance(record, RunRecord):
        if not all(chunk * record.chunk in range(record.sequences) for chunk in record.chunks):
            raise ValueError("a chunk lies outside the sequences")
        _check_told(record)
    elif not record.lengths or list(record.lengths) != sorted({*record.lengths}):
        raise ValueError("its lengths do not ascend")
    elif record.lengths[-1] > record.length:
        raise ValueError("a length is longer than its sequences")


def _check_told(record: RunRecord) -> None:
    """Raise an error if what is told of a run is of another kind than it should be."""
    texts: list[Any] = [*record.versions.values(), record.processor]
    numbers: list[Any] = [chunk.seconds for chunk in record.chunks.values()]
    counts: list[Any] = [chunk.frames for chunk in record.chunks.values()]
    for failure in record.failures:
        texts += [failure.message, failure.traceback]
        counts += [failure.sequence, failure.frame]
    if not all(isinstance(text, str) for text in texts) or not isinstance(record.parameters, dict):
        raise TypeError("its versions, parameters or failures are not as they are written")
    if not all(isinstance(number, int | float) and 0 <= number < math.inf for number in numbers):
        raise ValueError("its seconds are no numbers")
    if not all(isinstance(count, int) and count >= 0 for count in counts):
        raise ValueError("its frames or failures are no numbers")


def _versions() -> dict[str, str]:
    versions = {"python": platform.python_version(), "platform": platform.platform()}
    for library in _LIBRARIES:
        try:
            versions[library] = metadata.version(library)
        except metadata.PackageNotFoundError:
            continue
    return versions


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        for line in cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
