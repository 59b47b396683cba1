"""Parts with truth that schema 1 has left: no record names them, until the next run adopts them."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from trackbench.errors import DamagedFileError
from trackbench.results.dataset_record import DatasetRecord
from trackbench.results.parquet_reading import hash_part
from trackbench.results.places import part_of_truth

_PART = re.compile(r"part-([0-9]{5})\.parquet")


def adopted(
    folder: Path, stored: DatasetRecord, record: DatasetRecord, *, fresh: bool
) -> DatasetRecord:
    """Return the stored record with the hashes of the parts that schema 1 left, which named none.

    With ``fresh`` one that cannot be read is left out, and so goes.
    """
    if stored.chunk is not None:
        return stored
    stored = replace(stored, chunk=record.chunk)
    for chunk in unnamed_parts(folder, stored):
        try:
            sha256 = hash_part(folder, part_of_truth(stored, chunk))
        except DamagedFileError:
            if not fresh:
                raise
        else:
            stored = stored.with_part(chunk, sha256, None)
    return stored


def unnamed_parts(folder: Path, stored: DatasetRecord) -> list[int]:
    """Return the chunks of which there is a part, in a folder of schema 1."""
    found = [_PART.fullmatch(path.name) for path in folder.iterdir()] if folder.is_dir() else []
    chunks = sorted(int(match[1]) for match in found if match)
    return [n for n in chunks if n * (stored.chunk or 1) < stored.sequences]
