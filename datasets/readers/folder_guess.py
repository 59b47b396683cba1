"""How the boxes of one's own videos may be meant, where nobody has said it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trackbench.datasets.readers.box_rows import BoxFormat
from trackbench.datasets.readers.folder_settings import FolderSettings
from trackbench.printing.amounts import counted


@dataclass(frozen=True)
class Guess:
    """What the numbers look like.

    Attributes:
        settings: that fit best.
        reasons: why, a line each.
    """

    settings: FolderSettings
    reasons: tuple[str, ...]


def guess(rows: NDArray[np.float64], sizes: NDArray[np.int64]) -> Guess:
    """Return what rows of four numbers look like.

    Args:
        rows: (N, 4), of all files.
        sizes: (N, 2), width and height of the frames that the rows are of.
    """
    stands = ~np.isnan(rows).any(axis=1) & (rows != -1).any(axis=1) & (rows[:, 2:] > 0).all(axis=1)
    rows, sizes = rows[stands], sizes[stands]
    form, why = _form(rows, sizes)
    origin, because = _origin(rows, sizes, form)
    return Guess(FolderSettings(form, origin), (why, because))


def _form(rows: NDArray[np.float64], sizes: NDArray[np.int64]) -> tuple[BoxFormat, str]:
    of = f"of {counted(len(rows), 'row')}"
    backwards = int((rows[:, 2:] <= rows[:, :2]).any(axis=1).sum())
    outside = int((rows[:, :2] + rows[:, 2:] > sizes + 1).any(axis=1).sum())
    if backwards > outside:
        return BoxFormat.XYWH, f"xywh: as corners, {backwards} {of} would end before they begin"
    if outside > backwards:
        return BoxFormat.XYXY, f"xyxy: as sizes, {outside} {of} would leave the frame"
    # corners move together, a size stays much the same
    moved = np.abs(np.diff(rows, axis=0))
    apart = np.abs(np.diff(rows[:, 2:] - rows[:, :2], axis=0))
    if moved.size and apart.sum() < moved[:, 2:].sum():
        return BoxFormat.XYXY, "xyxy: so taken, sizes change less from frame to frame"
    return BoxFormat.XYWH, "xywh: nothing speaks against it"


def _origin(
    rows: NDArray[np.float64], sizes: NDArray[np.int64], form: BoxFormat
) -> tuple[int, str]:
    zeros = int((rows[:, :2] < 1).any(axis=1).sum())
    if zeros:
        return 0, f"origin 0: {counted(zeros, 'row')} of {len(rows):,} begin before pixel 1"
    ends = rows[:, 2:] if form is BoxFormat.XYXY else rows[:, :2] + rows[:, 2:]
    beyond = int((ends == sizes + 1).any(axis=1).sum())
    if beyond:
        return 1, f"origin 1: {counted(beyond, 'row')} of {len(rows):,} end a pixel outside"
    return 0, "origin 0: nothing speaks for 1"
