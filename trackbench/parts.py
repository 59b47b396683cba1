"""One stored chunk: a Parquet file with a row per frame, its columns flat."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trackbench.errors import DamagedFileError
from trackbench.files import replacing
from trackbench.records import SCHEMA

_SCHEMA_KEY = b"trackbench.schema"


def part_name(chunk: int) -> str:
    """Return the file name of a chunk."""
    return f"part-{chunk:05d}.parquet"


def read_part(path: Path, columns: list[str]) -> dict[str, NDArray[Any]]:
    """Return columns of a stored chunk, each (rows,).

    Raises:
        DamagedFileError: the file is missing, damaged, or follows a newer schema.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as opened:
            number = int((opened.schema_arrow.metadata or {})[_SCHEMA_KEY])
            if number > SCHEMA:
                raise DamagedFileError(
                    f"{path} follows schema {number}, newer than this trackbench knows "
                    f"({SCHEMA}): upgrade trackbench"
                )
            # use_threads would start a pool for a few thousand rows
            table = opened.read(columns=columns, use_threads=False)
            return {name: table[name].to_numpy() for name in columns}
    except (OSError, ValueError, KeyError, pa.ArrowException) as error:
        raise DamagedFileError(f"{path} cannot be read: {error}") from error


def columns_of(path: Path) -> set[str]:
    """Return the names of a chunk's columns, or raise :class:`DamagedFileError`."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return set(pq.read_schema(path).names)
    except (OSError, pa.ArrowException) as error:
        raise DamagedFileError(f"{path} cannot be read: {error}") from error


def write_part(
    path: Path, start: int, boxes: NDArray[np.float64], columns: Mapping[str, NDArray[Any]]
) -> None:
    """Write a chunk, atomically.

    Args:
        path: of the file.
        start: number of its first sequence.
        boxes: (n, T, 4).
        columns: name -> (n, T), what else is known of each frame.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    count, length = boxes.shape[:2]
    rows = {
        "sequence": np.repeat(np.arange(start, start + count, dtype=np.int64), length),
        "frame": np.tile(np.arange(length, dtype=np.int32), count),
        **{name: boxes[..., axis].ravel() for axis, name in enumerate("xywh")},
        **{name: values.ravel() for name, values in columns.items()},
    }
    table = pa.table(rows).replace_schema_metadata({_SCHEMA_KEY: str(SCHEMA).encode()})
    with replacing(path) as temporary:
        pq.write_table(table, temporary, compression="zstd")
