"""A unit whose tracker answers masks, on a data set that has true ones: they are compared."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trackbench.contracts import Boxes
from trackbench.errors import TrackbenchError
from trackbench.host.kept_masks import KeptMasks
from trackbench.host.run_lengths import MaskRuns, check
from trackbench.metrics import valid
from trackbench.metrics.run_iou import run_iou


def kept_masks(kept: KeptMasks | None, sizes: NDArray[np.int32]) -> MaskRuns | None:
    """Return the masks that a host has left in memory; None: there are none.

    Args:
        kept: what is in the memory, of (N, T) frames.
        sizes: (N, 2), height and width of each sequence's frames.

    Raises:
        TrackbenchError: what is there is no mask of ours: the tracker has written there.
    """
    if kept is None or not kept.lengths.any():
        return None
    lengths, starts = kept.lengths.copy(), kept.starts.copy()
    counts = []
    for video, frame in np.argwhere(lengths != 0).tolist():
        start, length = int(starts[video, frame]), int(lengths[video, frame])
        found = kept.counts[max(start, 0) : max(start + length, 0)].copy()
        try:
            if len(found) != length:
                raise ValueError("it is elsewhere")
            check(found, (int(sizes[video, 0]), int(sizes[video, 1])))
        except ValueError as error:
            raise TrackbenchError(
                "the tracker has changed the memory in which its masks are kept: it writes where "
                "nothing of its own is"
            ) from error
        counts.append(found)
    return MaskRuns.joined(lengths, np.concatenate(counts))


def scored(
    by_boxes: NDArray[np.float64], answered: MaskRuns | None, true: MaskRuns | None, boxes: Boxes
) -> tuple[NDArray[np.float64], bool]:
    """Return (N, T) IoU, and whether it is of masks, and not of boxes: never both in one unit.

    Masks are compared where the data set has true ones and every box that the tracker answered has
    one. Frame 0 may be without, for which ``init`` need not return anything: its box is compared.

    Args:
        by_boxes: (N, T) IoU of the boxes; NaN where there is no score.
        answered: masks of the tracker; None: none.
        true: of the data set; None: none.
        boxes: (N, T, 4), NaN where the tracker gave none. Where one is invalid the IoU stays 0.
    """
    if answered is None or true is None or not _all_have_masks(answered.there, boxes):
        return by_boxes, False
    scores = by_boxes.copy()
    compared = answered.there & true.there & ~np.isnan(by_boxes) & valid(boxes)
    for video, frame in np.argwhere(compared).tolist():
        scores[video, frame] = run_iou(answered.of(video, frame), true.of(video, frame))
    return scores, True


def _all_have_masks(there: NDArray[np.bool_], boxes: Boxes) -> bool:
    alone = ~np.isnan(boxes).all(axis=-1) & ~there
    return bool(there.any()) and not bool(alone[:, 1:].any())
