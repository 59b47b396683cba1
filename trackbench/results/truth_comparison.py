"""The truth of a chunk as columns of a part, and whether what is made now is what is stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trackbench.host.run_lengths import MaskRuns
from trackbench.plugins.checked_sequence import RESERVED
from trackbench.printing.text import visible
from trackbench.results.chunks import Truth

FRAME_HASH, HEIGHT, WIDTH, ABSENT = "frame_hash", "height", "width", "target_absent"
_BOX = ("x", "y", "w", "h")
ABSENT_ROW = ("absent_x", "absent_y", "absent_w", "absent_h")
"""What a file says where the target is absent; results from before have no such columns."""


def truth_columns(truth: Truth) -> dict[str, NDArray[Any]]:
    """Return (n, T) columns of a part: what is stored beside the boxes."""
    shape = truth.boxes.shape[:2]
    return {
        **({} if truth.frame_hashes is None else {FRAME_HASH: truth.frame_hashes}),
        HEIGHT: np.broadcast_to(truth.sizes[:, :1], shape).astype(np.int32),
        WIDTH: np.broadcast_to(truth.sizes[:, 1:], shape).astype(np.int32),
        **({} if truth.absent is None else {ABSENT: truth.absent}),
        **_absent_columns(truth),
        **{name: _native(values) for name, values in truth.attributes.items()},
    }


def _absent_columns(truth: Truth) -> dict[str, NDArray[Any]]:
    rows = truth.absent_rows
    return {} if rows is None else {name: rows[..., at] for at, name in enumerate(ABSENT_ROW)}


def absent_rows_of(stored: Mapping[str, NDArray[Any]]) -> NDArray[np.float64] | None:
    """Return (n, T, 4): what a file says where the target is absent; None: it is not stored."""
    if not all(name in stored for name in ABSENT_ROW):
        return None
    return np.stack([stored[name] for name in ABSENT_ROW], axis=-1)


def sizes_of(stored: Mapping[str, NDArray[Any]]) -> NDArray[np.int64]:
    """Return (n, 2): height and width of each sequence's frames, of a part that says them."""
    return np.stack([stored[HEIGHT][:, 0], stored[WIDTH][:, 0]], axis=1).astype(np.int64)


def first_difference(
    stored: Mapping[str, NDArray[Any]], truth: Truth, masks: MaskRuns | None = None
) -> tuple[int, str] | None:
    """Say in which sequence the truth is another than the stored first, and what of it differs.

    What schema 1 did not store is not compared, nor frames that were not looked at because results
    were imported. A NaN is equal to a NaN.

    Args:
        stored: columns (n, T) of a part.
        truth: of the same sequences, as it was made just now.
        masks: of the part; None: it has none.

    Returns:
        The number of the sequence within the part and ``"frames"``, ``"boxes"``, ``"masks"`` or
        ``"attribute speed"``; None if all is equal.
    """
    found = [
        (int(np.flatnonzero(differs)[0]), what)
        for differs, what in (*_differences(stored, truth), _of_masks(masks, truth))
        if differs.any()
    ]
    return min(found, key=lambda each: each[0], default=None)


def difference(one: Truth, other: Truth) -> str | None:
    """Say what differs between the truths of the same sequences; None: nothing."""
    boxes = {name: one.boxes[..., number] for number, name in enumerate(_BOX)}
    found = first_difference({**truth_columns(one), **boxes}, other, one.masks)
    return None if found is None else found[1]


def _differences(
    stored: Mapping[str, NDArray[Any]], truth: Truth
) -> Iterator[tuple[NDArray[np.bool_], str]]:
    """Yield for each thing that is compared: (n,) whether a sequence differs, and its name."""
    if FRAME_HASH in stored and truth.frame_hashes is not None:
        yield np.any(stored[FRAME_HASH] != truth.frame_hashes, axis=1), "frames"
    if HEIGHT in stored:
        yield np.any(sizes_of(stored) != truth.sizes, axis=1), "frames"
    boxes = np.stack([stored[name] for name in _BOX], axis=-1)
    yield np.any(~_same(boxes, truth.boxes), axis=(1, 2)), "boxes"
    nowhere = np.zeros(boxes.shape[:2], bool)
    made_absent = nowhere if truth.absent is None else truth.absent
    yield np.any(stored.get(ABSENT, nowhere) != made_absent, axis=1), "absence of the target"
    rows = absent_rows_of(stored)
    if rows is not None and truth.absent_rows is not None:
        yield np.any(~_same(rows, truth.absent_rows), axis=(1, 2)), "rows of the absent target"
    known = stored.keys() - RESERVED
    for name in sorted(known | truth.attributes.keys()):
        what = f"attribute {visible(name)}"
        if name not in known or name not in truth.attributes:
            yield np.ones(len(boxes), bool), what
            continue
        made = _native(truth.attributes[name])
        if made.dtype != stored[name].dtype:
            yield np.ones(len(boxes), bool), f"{what} ({made.dtype}, not {stored[name].dtype})"
        else:
            yield np.any(~_same(stored[name], made), axis=1), what


def _of_masks(stored: MaskRuns | None, truth: Truth) -> tuple[NDArray[np.bool_], str]:
    """Return (n,) whether a sequence has other masks."""
    made, what = truth.masks, "masks"
    if stored is None or made is None:
        return np.full(len(truth.boxes), stored is not made), what
    lengths = stored.lengths
    differs = np.any(lengths != made.lengths, axis=1)
    for number in np.flatnonzero(~differs).tolist():
        frames = lengths.shape[1]
        one, other = stored.only(number, frames), made.only(number, frames)
        differs[number] = not np.array_equal(one.counts, other.counts)
    return differs, what


def _same(a: NDArray[Any], b: NDArray[Any]) -> NDArray[np.bool_]:
    """Return where two arrays of one dtype hold the same bits, or both NaN."""
    if a.dtype.kind != "f":
        equal: NDArray[np.bool_] = np.equal(a, b)
        return equal
    bits = np.equal(a, b) & np.equal(np.signbit(a), np.signbit(b))
    same: NDArray[np.bool_] = bits | (np.isnan(a) & np.isnan(b))
    return same


def _native(values: NDArray[Any]) -> NDArray[Any]:
    return values.astype(values.dtype.newbyteorder("="), copy=False)
