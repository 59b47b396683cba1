"""Whether the runs of a tracker on a data set are the same, box for box and mask for mask."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from trackbench.results.parquet_reading import read_masks, read_part
from trackbench.results.places import part_of_run
from trackbench.results.run_record import RunRecord

ENOUGH_ALIKE = 3
"""Runs with identical boxes after which a tracker is called deterministic on a data set."""

_BOX = ("x", "y", "w", "h")


def identical(runs: Sequence[tuple[Path, RunRecord]]) -> bool:
    """Whether finished runs, each with its folder, have the same boxes to the last bit, and masks.

    Raises:
        DamagedFileError: a part is missing or damaged.
    """
    (folder, first), *others = runs
    for chunk in sorted(first.chunks):
        boxes, masks = _boxes(folder, first, chunk), _masks(folder, first, chunk)
        for other in others:
            if _boxes(*other, chunk) != boxes or _masks(*other, chunk) != masks:
                return False
    return True


def _masks(folder: Path, run: RunRecord, chunk: int) -> tuple[bytes, ...]:
    """Return the masks of a chunk as bytes; none, if there are none."""
    part = part_of_run(run, chunk)
    found = read_masks(folder, part, None) if part.mask_runs else ()
    return tuple(values.tobytes() for values in found)


def _boxes(folder: Path, run: RunRecord, chunk: int) -> bytes:
    """Return the boxes of a chunk as bytes: no answer equals no answer."""
    found = read_part(folder, part_of_run(run, chunk), _BOX)
    boxes = np.stack([found[name] for name in _BOX])
    boxes[np.isnan(boxes)] = np.nan
    return boxes.tobytes()
