"""How many frames of each sequence an export holds."""

from __future__ import annotations

from collections.abc import Sequence

from trackbench.arguments.bounds import Whole
from trackbench.contracts import DatasetSpec
from trackbench.datasets.export.layout import Layout
from trackbench.errors import TrackbenchError, parameter

SHORTEST = 2
"""Frames: readers take a table of one row for a vector, and there is nothing to track in it."""


def checked_frames(
    spec: DatasetSpec, layout: Layout, names: Sequence[str], length: int | None
) -> tuple[int, ...]:
    """Return the frames of each of the first sequences.

    Args:
        spec: the data set.
        layout: numbers so many frames at most.
        names: of the sequences.
        length: the first so many frames of each, or all that it has; None: all.

    Raises:
        TrackbenchError: there are not so many, too few, or too many for the layout.
    """
    length = Whole(SHORTEST).or_none("length", length)
    if length is not None and length > spec.length:
        each = " at most" if spec.frames_each else ""
        raise TrackbenchError(
            f"{spec.id} has {spec.length} frames a sequence{each}, not {length}: see "
            f"{parameter('length')}"
        )
    limit = spec.length if length is None else length
    frames = tuple(min(limit, spec.frames_of(index)) for index in range(len(names)))
    for name, count in zip(names, frames, strict=True):
        if count < SHORTEST:
            raise TrackbenchError(
                f"{spec.id}: the sequence {name} has {count} frame, and an export needs at least "
                f"{SHORTEST}"
            )
        if count > layout.longest:
            raise TrackbenchError(
                f"the layout {layout.id} numbers {layout.longest:,} frames at most, not {count:,}: "
                f"see {parameter('length')}"
            )
    return frames
