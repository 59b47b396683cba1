"""Parts read back: into memory once, so what was hashed is what is decoded.

A file that is not what the record says, larger than its rows can be, or of columns that nobody
wrote is refused unread.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trackbench.errors import DamagedFileError, parameter
from trackbench.host.run_lengths import MaskRuns
from trackbench.printing.text import quoted
from trackbench.results.bounded import read_bytes
from trackbench.results.columns import from_arrow
from trackbench.results.mask_column import MASK, is_mask_column, masks_of
from trackbench.results.parquet import MOST_COLUMNS, Expected, frames_there, part_path, sha256_of
from trackbench.results.schemas import SCHEMA, refuse_newer

_SPARE = 2**20
"""Bytes that a part may have beside its values: names, pages' heads, the footer."""
_MOST_FOOTER = 2 * 2**20
_MAGIC = b"PAR1"
_PLACE = ("sequence", "frame")


def read_part(
    folder: Path, expected: Expected, columns: Sequence[str] | None, optional: Sequence[str] = ()
) -> dict[str, NDArray[Any]]:
    """Return columns of a stored chunk, each (n, T).

    Beyond the end of a sequence that is shorter than the others there is NaN in a column of
    floats, and 0 in others.

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
    stop = expected.start + expected.sequences
    place = np.mgrid[expected.start : stop, : expected.length]
    there = _frames_there(expected)
    if any((found.pop(name) != place[i][there]).any() for i, name in enumerate(_PLACE)):
        raise DamagedFileError(f"{path} holds other sequences than it should, or in disorder")
    iou = found.get("iou", np.zeros(0))
    scored = (iou >= 0) & (iou <= 1)
    if not (scored | np.isnan(iou)).all() or (iou.size and (~scored).sum() != expected.unscored):
        raise DamagedFileError(f"{path} holds an IoU that is no number from 0 to 1")
    return {name: _placed(values, there) for name, values in found.items()}


def read_masks(folder: Path, expected: Expected, sizes: NDArray[np.int64] | None) -> MaskRuns:
    """Return the masks of a stored chunk that has some.

    Args:
        folder: that it is in.
        expected: what its record says of it.
        sizes: (n, 2), height and width of each sequence's frames; None: they are not held to any.

    Raises:
        DamagedFileError: as :func:`read_part`, or one is no mask of a frame of its size.
    """
    path, content = _content(folder, expected)
    with _opened(path, content, expected) as opened:
        column = opened.read(columns=[MASK], use_threads=False)[MASK]
        try:
            return masks_of(column, _frames_there(expected), sizes, expected.mask_runs)
        except ValueError as error:
            raise DamagedFileError(f"{path} holds what are no masks: {error}") from error


def _frames_there(expected: Expected) -> NDArray[np.bool_]:
    if expected.frames_each:
        return frames_there(expected.frames_each, expected.length)
    return np.ones((expected.sequences, expected.length), bool)


def _placed(values: NDArray[Any], there: NDArray[np.bool_]) -> NDArray[Any]:
    """Return (n, T): the numbers of a column in the places of their frames."""
    if there.all():
        return values.reshape(there.shape)
    padded = np.full(there.shape, np.nan if values.dtype.kind == "f" else 0, values.dtype)
    padded[there] = values
    return padded


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


def checked_content(folder: Path, expected: Expected) -> bytes:
    """Return the bytes of a part, which is the one that its record names.

    Raises:
        DamagedFileError: it is not, or cannot be read.
    """
    return _content(folder, expected)[1]


def _content(folder: Path, expected: Expected) -> tuple[Path, bytes]:
    """Return the path of a part and what is in it, held to its hash."""
    path = part_path(folder, expected)
    most = _SPARE + 8 * (MOST_COLUMNS * expected.rows + expected.mask_runs)
    try:
        content = read_bytes(path, most, "a part of results", links=False)
    except DamagedFileError as error:
        raise DamagedFileError(f"{error}; run it again with {parameter('fresh', True)}") from error
    if expected.sha256 is not None and sha256_of(content) != expected.sha256:
        raise DamagedFileError(
            f"{path} is not the part that its record names, it was changed or exchanged: run it "
            f"again with {parameter('fresh', True)}"
        )
    return path, content


def _decoded(
    path: Path,
    content: bytes,
    expected: Expected,
    columns: Sequence[str] | None,
    optional: Sequence[str],
) -> dict[str, NDArray[Any]]:
    """Return columns of a Parquet file, each (rows,), with the place of each row; no masks."""
    with _opened(path, content, expected) as opened:
        names = [name for name in opened.schema_arrow.names if name != MASK]
        wanted = names if columns is None else [*columns]
        wanted = [*_PLACE, *wanted, *(name for name in optional if name in names)]
        wanted = list(dict.fromkeys(wanted))
        # use_threads would start a pool for a few thousand rows
        table = opened.read(columns=wanted, use_threads=False)
        found = {name: from_arrow(table[name]) for name in wanted}
    for values in found.values():
        if values.size != expected.rows:
            raise DamagedFileError(f"{path} has {values.size} rows, not {expected.rows}")
    return found


@contextmanager
def _opened(path: Path, content: bytes, expected: Expected) -> Iterator[Any]:
    """Yield a Parquet file that is what it should be; what its reading raises is its damage."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    _check_frame_of_file(path, content)
    try:
        with pq.ParquetFile(pa.BufferReader(content)) as opened:
            _check_size(path, opened.metadata, expected)
            _check_label(path, opened.schema_arrow.metadata or {}, expected)
            _check_columns(path, opened.schema_arrow, expected)
            yield opened
    except (OSError, ValueError, KeyError, pa.ArrowException) as error:
        reason = str(error).partition("\n")[0][:200]
        raise DamagedFileError(f"{path} cannot be read: {reason}") from error


def _check_columns(path: Path, schema: Any, expected: Expected) -> None:
    """Refuse columns of something else than numbers, and masks that the record does not name."""
    import pyarrow as pa

    kinds = (pa.types.is_integer, pa.types.is_floating, pa.types.is_boolean)
    for field in schema:
        if expected.mask_runs and field.name == MASK and is_mask_column(field.type):
            continue
        if not any(is_it(field.type) for is_it in kinds):
            raise DamagedFileError(f"{path}: its column {quoted(field.name)} holds no numbers")


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
    runs = sum(
        metadata.row_group(group).column(column).num_values
        for group in groups
        for column in range(metadata.num_columns)
        if metadata.row_group(group).column(column).path_in_schema.startswith(f"{MASK}.")
    )
    # Parquet counts an empty list, of a frame without a mask, as one value.
    if not 0 <= runs <= expected.rows + expected.mask_runs:
        raise DamagedFileError(f"{path} has more run lengths of masks than its record says")
    most = _SPARE + 2 * 8 * (metadata.num_columns * expected.rows + expected.mask_runs)
    if not 0 <= unpacked <= most:
        raise DamagedFileError(f"{path} would unpack to more than its rows can be")


def _check_label(path: Path, metadata: Mapping[bytes, bytes], expected: Expected) -> None:
    """Refuse a part of something else, of a newer schema, or of a schema that it cannot have."""
    number = int(metadata[b"trackbench.schema"])
    refuse_newer(number, SCHEMA, path)
    if number == 1:
        return  # parts of schema 1 do not say what they are of
    if expected.sha256 is None:
        raise DamagedFileError(f"{path} is named by no record")
    for key, value in expected.label.metadata().items():
        if metadata.get(key) != value:
            what = key.decode().partition(".")[2]
            raise DamagedFileError(
                f"{path} is of another {what} than the folder and the record that it is in"
            )
