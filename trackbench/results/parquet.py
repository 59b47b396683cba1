"""One stored chunk: a Parquet file with a row per frame, its columns flat, and what it is of."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trackbench.errors import TrackbenchError
from trackbench.host.run_lengths import MaskRuns
from trackbench.results import atomic_files
from trackbench.results.columns import to_arrow
from trackbench.results.mask_column import MASK, mask_column
from trackbench.results.schemas import BEFORE_RUNS, WITH_LENGTHS, WITH_RUNS, WITH_STARTS

MOST_COLUMNS = 512
"""In one part; and with 8 bytes each, what a row of it can need."""

_STAGED = re.compile(r"part-[0-9]{5,}(-[0-9a-f]{16})?\.parquet")


@dataclass(frozen=True)
class Label:
    """What a part is of, as it stands in the part itself.

    Attributes:
        data: fingerprint of the data set.
        chunk: number of the chunk.
        tracker: fingerprint of the tracker; empty in a part of the truth.
        protocol: of the run; empty in a part of the truth.
        run: number of the run.
        uneven: sequences of the data set differ in their frames.
        masks: there are masks in it.
    """

    data: str
    chunk: int
    tracker: str = ""
    protocol: str = ""
    run: int = 0
    uneven: bool = False
    masks: bool = False

    def metadata(self) -> dict[bytes, bytes]:
        """Return it as Parquet keeps it, in the oldest schema that says all of it."""
        schema = WITH_LENGTHS if self.uneven else WITH_RUNS if self.run else BEFORE_RUNS
        schema = WITH_STARTS if self.masks else schema
        held = {
            "schema": str(schema),
            "data": self.data,
            "chunk": str(self.chunk),
            "tracker": self.tracker,
            "protocol": self.protocol,
            **({"run": str(self.run)} if self.run else {}),
        }
        return {f"trackbench.{key}".encode(): value.encode() for key, value in held.items()}


@dataclass(frozen=True)
class Expected:
    """What a record says of a part.

    Attributes:
        label: what it is of.
        start: number of its first sequence.
        sequences, length: that it has, and frames of the longest.
        frames_each: of each; empty: all have ``length``.
        sha256: of the file; None: stored before hashes were kept, and then it is of schema 1.
        unscored: frames without an IoU.
        mask_runs: run lengths of masks; 0: there are no masks.
    """

    label: Label
    start: int
    sequences: int
    length: int
    sha256: str | None
    frames_each: tuple[int, ...] = ()
    unscored: int = 0
    mask_runs: int = 0

    @property
    def rows(self) -> int:
        """How many frames."""
        return sum(self.frames_each) if self.frames_each else self.sequences * self.length


def encode_part(
    label: Label,
    start: int,
    boxes: NDArray[np.float64],
    columns: Mapping[str, NDArray[Any]],
    frames_each: tuple[int, ...] = (),
    masks: MaskRuns | None = None,
) -> bytes:
    """Return a chunk as Parquet; equal chunks are equal bytes.

    Args:
        label: what it is of.
        start: number of its first sequence.
        boxes: (n, T, 4).
        columns: name -> (n, T), what else is known of each frame.
        frames_each: of each sequence, T at most; empty: all have T.
        masks: of (n, T) frames, a column of lists of run lengths; None: no such column.

    Raises:
        TrackbenchError: there are too many columns.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    if len(columns) > MOST_COLUMNS - 6:
        raise TrackbenchError(f"{len(columns)} attributes of a frame are too many to be stored")
    count, length = boxes.shape[:2]
    numbers = np.arange(start, start + count, dtype=np.int64)
    padded = {
        "sequence": np.broadcast_to(numbers[:, None], (count, length)),
        "frame": np.broadcast_to(np.arange(length, dtype=np.int32), (count, length)),
        **{name: boxes[..., axis] for axis, name in enumerate("xywh")},
        **columns,
    }
    if frames_each:
        there = frames_there(frames_each, length)
        rows = {name: values[there] for name, values in padded.items()}
    else:
        rows = {name: values.ravel() for name, values in padded.items()}
    out = pa.BufferOutputStream()
    held = {name: to_arrow(values) for name, values in rows.items()}
    if masks is not None:
        there = frames_there(frames_each or (length,) * count, length)
        held[MASK] = mask_column(masks, there)
    table = pa.table(held).replace_schema_metadata(label.metadata())
    pq.write_table(table, out, compression="zstd")
    return bytes(out.getvalue())


def frames_there(frames_each: Sequence[int], length: int) -> NDArray[np.bool_]:
    """Return (n, T): whether a sequence has a frame; beyond its end nothing is stored."""
    there: NDArray[np.bool_] = np.arange(length) < np.asarray(frames_each)[:, None]
    return there


def sha256_of(content: bytes) -> str:
    """Return the SHA-256 of bytes, such as a part's, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def part_name(chunk: int) -> str:
    """Return the file name of a chunk."""
    return f"part-{chunk:05d}.parquet"


def part_path(folder: Path, expected: Expected) -> Path:
    """Return where a part is: under its own name, or staged to take another's place."""
    if expected.sha256 is not None:
        staged = folder / _staged_name(expected.label.chunk, expected.sha256)
        if staged.exists():
            return staged
    return folder / part_name(expected.label.chunk)


def write_part(folder: Path, chunk: int, content: bytes, *, replaces: bool) -> str:
    """Write a part, atomically, and return its SHA-256.

    One that ``replaces`` another stands beside it until :func:`settle` is told that it is named:
    whenever a run is killed, the part that its record names is there.
    """
    sha256 = sha256_of(content)
    name = _staged_name(chunk, sha256) if replaces else part_name(chunk)
    atomic_files.write_bytes(folder / name, content)
    return sha256


def settle(folder: Path, named: Mapping[int, str | None]) -> None:
    """Give the parts that a record names their own names, and remove what no record names.

    What a killed run has left goes, too. Nobody else may be writing to the folder.

    Args:
        folder: which.
        named: chunk -> SHA-256, by the record as it is stored.
    """
    there = {path.name for path in folder.iterdir()}
    for chunk, sha256 in named.items():
        if sha256 is not None and (staged := _staged_name(chunk, sha256)) in there:
            (folder / staged).replace(folder / part_name(chunk))
            there.discard(staged)
    kept = {part_name(chunk) for chunk in named}
    for name in there:
        left = name.startswith((".part-", ".record.json."))
        if left or (_STAGED.fullmatch(name) and name not in kept):
            (folder / name).unlink()


def _staged_name(chunk: int, sha256: str) -> str:
    return f"part-{chunk:05d}-{sha256[:16]}.parquet"
