"""The column of a part that holds masks: for each frame a list of run lengths, uint32.

What the numbers are says :mod:`trackbench.host.run_lengths`; a frame without a mask has an empty
list.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from trackbench.host import run_lengths
from trackbench.host.run_lengths import MaskRuns
from trackbench.results.columns import to_arrow

MASK = "mask_runs"
"""Its name."""


def mask_column(masks: MaskRuns, there: NDArray[np.bool_]) -> Any:
    """Return an Arrow array of lists.

    Args:
        masks: of (n, T) frames.
        there: (n, T), the frames that are stored; the others have no mask.
    """
    import pyarrow as pa

    ends = np.concatenate([[0], masks.ends[there]]).astype(np.int32)
    return pa.ListArray.from_arrays(to_arrow(ends), to_arrow(masks.counts))


def is_mask_column(kind: Any) -> bool:
    """Whether a column of this type can be that of masks."""
    import pyarrow as pa

    return bool(pa.types.is_list(kind) and kind.value_type == pa.uint32())


def masks_of(
    column: Any, there: NDArray[np.bool_], sizes: NDArray[np.int64] | None, runs: int
) -> MaskRuns:
    """Return the masks of a column that was read.

    Args:
        column: of a table.
        there: (n, T), the frames that are stored.
        sizes: (n, 2), height and width of each sequence's frames; None: they are not held to any.
        runs: how many run lengths there are to be.

    Raises:
        ValueError: they are not those of masks of these frames; the message is the reason.
    """
    whole = column.combine_chunks()
    if whole.null_count or whole.values.null_count:
        raise ValueError("a mask is missing")
    flat = whole.flatten()
    counts = np.asarray(flat.to_numpy())
    if len(counts) != runs:
        raise ValueError(f"its masks are {len(counts)} run lengths, not {runs}")
    lengths = np.zeros(there.shape, np.int64)
    lengths[there] = np.asarray(whole.value_lengths().to_numpy())
    masks = MaskRuns.joined(lengths, counts)
    if sizes is not None:
        for video, frame in np.argwhere(lengths > 0).tolist():
            height, width = sizes[video].tolist()
            run_lengths.check(masks.of(video, frame), (height, width))
    return masks
