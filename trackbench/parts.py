"""One stored chunk: a Parquet file with a row per frame, its columns flat, and what it is of.

A part is read into memory once: what was hashed is what is decoded. A file that is not what the
record says, larger than its rows can be, or of columns that nobody wrote is refused unread.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trackbench import files
from trackbench.bounded import read_bytes
from trackbench.errors import DamagedFileError, TrackbenchError
from trackbench.records import SCHEMA
from trackbench.text import quoted

MOST_COLUMNS = 512
"""In one part; and with 8 bytes each, what a row of it can need."""

_SPARE = 2**20
"""Bytes that a part may have beside its values: names, pages' heads, the footer."""
_MOST_FOOTER = 2 * 2**20
_MAGIC = b"PAR1"
_PLACE = ("sequence", "frame")
_STAGED = re.compile(r"part-[0-9]{5,}(-[0-9a-f]{16})?\.parquet")


@dataclass(frozen=True)
class Label:
    """What a part is of, as it stands in the part itself.

    Attributes:
        data: fingerprint of the data set.
        chunk: number of the chunk.
        tracker: fingerprint of the tracker; empty in a part of the truth.
        protocol: of the run; empty in a part of the truth.
    """

    data: str
    chunk: int
    tracker: str = ""
    protocol: str = ""

    def metadata(self) -> dict[bytes, bytes]:
        """Return it as Parquet keeps it."""
        held = {
            "schema": str(SCHEMA),
            "data": self.data,
            "chunk": str(self.chunk),
            "tracker": self.tracker,
            "protocol": self.protocol,
        }
        return {f"trackbench.{key}".encode(): value.encode() for key, value in held.items()}


@dataclass(frozen=True)
class Expected:
    """What a record says of a part.

    Attributes:
        label: what it is of.
        start: number of its first sequence.
        sequences, length: that it has, and frames of each.
        sha256: of the file; None: stored before hashes were kept, and then it is of schema 1.
    """

    label: Label
    start: int
    sequences: int
    length: int
    sha256: str | None

    @property
    def rows(self) -> int:
        """How many frames."""
        return self.sequences * self.length


def encode_part(
    label: Label, start: int, boxes: NDArray[np.float64], columns: Mapping[str, NDArray[Any]]
) -> bytes:
    """Return a chunk as Parquet; equal chunks are equal bytes.

    Args:
        label: what it is of.
        start: number of its first sequence.
        boxes: (n, T, 4).
        columns: name -> (n, T), what else is known of each frame.

    Raises:
        TrackbenchError: there are too many columns.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    if len(columns) > MOST_COLUMNS - 6:
        raise TrackbenchError(f"{len(columns)} attributes of a frame are too many to be stored")
    count, length = boxes.shape[:2]
    rows = {
        "sequence": np.repeat(np.arange(start, start + count, dtype=np.int64), length),
        "frame": np.tile(np.arange(length, dtype=np.int32), count),
        **{name: boxes[..., axis].ravel() for axis, name in enumerate("xywh")},
        **{name: values.ravel() for name, values in columns.items()},
    }
    out = pa.BufferOutputStream()
    table = pa.table(rows).replace_schema_metadata(label.metadata())
    pq.write_table(table, out, compression="zstd")
    return bytes(out.getvalue())


def read_part(
    folder: Path, expected: Expected, columns: Sequence[str] | None, optional: Sequence[str] = ()
) -> dict[str, NDArray[Any]]:
    """Return columns of a stored chunk, each (n, T).

    Args:
        folder: that it is in.
        expected: what its record says of it.
        columns: names; None: all of them.
        optional: names of columns that need not be there.

    Raises:
        DamagedFileError: the file is missing, damaged, of something else, or of a newer schema.
    """
    path, content = _content(folder, expected)
    found = _decoded(path, content, expected, columns, optional)
    shape = (expected.sequences, expected.length)
    stop = expected.start + expected.sequences
    place = np.mgrid[expected.start : stop, : expected.length]
    if any((found.pop(name).reshape(shape) != place[i]).any() for i, name in enumerate(_PLACE)):
        raise DamagedFileError(f"{path} holds other sequences than it should, or in disorder")
    iou = found.get("iou", np.zeros(0))
    if not ((iou >= 0) & (iou <= 1)).all():
        raise DamagedFileError(f"{path} holds an IoU that is no number from 0 to 1")
    return {name: values.reshape(shape) for name, values in found.items()}


def hash_part(folder: Path, expected: Expected) -> str:
    """Return the SHA-256 of a part that no record names, after it was read.

    Raises:
        DamagedFileError: as :func:`read_part`.
    """
    path, content = _content(folder, expected)
    _decoded(path, content, expected, None, ())
    return sha256_of(content)


def check_hash(folder: Path, expected: Expected) -> None:
    """Make sure that a part is the one that its record names.

    Raises:
        DamagedFileError: it is not, or cannot be read.
    """
    _content(folder, expected)


def sha256_of(content: bytes) -> str:
    """Return the SHA-256 of a part, in hexadecimal."""
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
    files.write_bytes(folder / name, content)
    return sha256


def settle(folder: Path, named: Mapping[int, str | None]) -> None:
    """Give the parts that a record names their own names, and remove what no record names.

    What a killed run has left goes, too. Nobody else may be writing to the folder.

    Args:
        folder: which.
        named: chunk -> SHA-256, by the record as it is stored.
    """
    for chunk, sha256 in named.items():
        if sha256 is not None:
            staged = folder / _staged_name(chunk, sha256)
            if staged.exists():
                staged.replace(folder / part_name(chunk))
    kept = {part_name(chunk) for chunk in named}
    for path in list(folder.iterdir()):
        left = path.name.startswith((".part-", ".record.json."))
        if left or (_STAGED.fullmatch(path.name) and path.name not in kept):
            path.unlink()


def _staged_name(chunk: int, sha256: str) -> str:
    return f"part-{chunk:05d}-{sha256[:16]}.parquet"


def _content(folder: Path, expected: Expected) -> tuple[Path, bytes]:
    """Return the path of a part and what is in it, held to its hash."""
    path = part_path(folder, expected)
    most = _SPARE + 8 * MOST_COLUMNS * expected.rows
    try:
        content = read_bytes(path, most, "a part of results", links=False)
    except DamagedFileError as error:
        raise DamagedFileError(f"{error}; run it again with --fresh") from error
    if expected.sha256 is not None and sha256_of(content) != expected.sha256:
        raise DamagedFileError(
            f"{path} is not the part that its record names, it was changed or exchanged: run it "
            "again with --fresh"
        )
    return path, content


def _decoded(
    path: Path,
    content: bytes,
    expected: Expected,
    columns: Sequence[str] | None,
    optional: Sequence[str],
) -> dict[str, NDArray[Any]]:
    """Return columns of a Parquet file, each (rows,), with the place of each row."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    _check_frame_of_file(path, content)
    try:
        with pq.ParquetFile(pa.BufferReader(content)) as opened:
            _check_size(path, opened.metadata, expected)
            schema = opened.schema_arrow
            _check_label(path, schema.metadata or {}, expected)
            for field in schema:
                kinds = (pa.types.is_integer, pa.types.is_floating, pa.types.is_boolean)
                if not any(is_it(field.type) for is_it in kinds):
                    name = quoted(field.name)
                    raise DamagedFileError(f"{path}: its column {name} holds no numbers")
            wanted = schema.names if columns is None else [*columns]
            wanted = [*_PLACE, *wanted, *(name for name in optional if name in schema.names)]
            wanted = list(dict.fromkeys(wanted))
            # use_threads would start a pool for a few thousand rows
            table = opened.read(columns=wanted, use_threads=False)
            found = {name: table[name].to_numpy() for name in wanted}
    except (OSError, ValueError, KeyError, pa.ArrowException) as error:
        reason = str(error).partition("\n")[0][:200]
        raise DamagedFileError(f"{path} cannot be read: {reason}") from error
    for values in found.values():
        if values.size != expected.rows:
            raise DamagedFileError(f"{path} has {values.size} rows, not {expected.rows}")
    return found


def _check_frame_of_file(path: Path, content: bytes) -> None:
    """Refuse what is no Parquet, or has a footer that takes longer to read than all of ours."""
    whole = len(content) > 12 and content[:4] == content[-4:] == _MAGIC
    if not whole:
        raise DamagedFileError(f"{path} cannot be read: it is no whole Parquet file")
    if int.from_bytes(content[-8:-4], "little") > _MOST_FOOTER:
        raise DamagedFileError(f"{path} cannot be read: its footer is longer than any of ours")


def _check_size(path: Path, metadata: Any, expected: Expected) -> None:
    """Refuse what would become more than its rows can be, before any of it is unpacked."""
    if metadata.num_rows != expected.rows:
        raise DamagedFileError(f"{path} has {metadata.num_rows} rows, not {expected.rows}")
    if metadata.num_columns > MOST_COLUMNS:
        raise DamagedFileError(f"{path} has more than {MOST_COLUMNS} columns")
    groups = range(metadata.num_row_groups)
    unpacked = sum(
        metadata.row_group(group).column(column).total_uncompressed_size
        for group in groups
        for column in range(metadata.num_columns)
    )
    most = _SPARE + 2 * 8 * metadata.num_columns * expected.rows
    if not math.isfinite(unpacked) or not 0 <= unpacked <= most:
        raise DamagedFileError(f"{path} would unpack to more than its rows can be")


def _check_label(path: Path, metadata: Mapping[bytes, bytes], expected: Expected) -> None:
    """Refuse a part of something else, of a newer schema, or of a schema that it cannot have."""
    number = int(metadata[b"trackbench.schema"])
    if number > SCHEMA:
        raise DamagedFileError(
            f"{path} follows schema {number}, newer than this trackbench knows ({SCHEMA}): "
            "upgrade trackbench"
        )
    if number == 1:
        return  # it says nothing else
    if expected.sha256 is None:
        raise DamagedFileError(f"{path} is named by no record")
    for key, value in expected.label.metadata().items():
        if metadata.get(key) != value:
            what = key.decode().partition(".")[2]
            raise DamagedFileError(
                f"{path} is of another {what} than the folder and the record that it is in"
            )
