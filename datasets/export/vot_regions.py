"""The lines of VOT's ``groundtruth.txt``: masks where a data set has them, else rectangles.

A mask is ``mX,Y,W,H,RUNS`` (``vot.region.io.encode_mask``): the smallest box around its pixels, and
run lengths, zeros first, row by row through that box. One without a pixel is ``m0,0,0,0,0``, which
the toolkit takes for an empty region.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trackbench.datasets.export.layout import NamedVideo, box_lines
from trackbench.host import run_lengths
from trackbench.plugins.true_masks import true_runs

_EMPTY = "m0,0,0,0,0"


def region_lines(named: NamedVideo) -> str:
    """Return a line a frame.

    Frames without a true box have no region, whatever their mask. Frame 0, where a tracker begins,
    is the box if its mask is empty.

    Raises:
        TrackbenchError: a mask cannot be read, or is none.
    """
    rectangles = box_lines(named.video.boxes, decimals=1)
    if named.video.masks is None:
        return rectangles
    height, width = named.video.frames.shape[1:3]
    found = rectangles.splitlines()
    for frame in np.flatnonzero(~np.isnan(named.video.boxes).any(axis=1)).tolist():
        (runs,) = true_runs(named.name, named.video, [frame])
        line = mask_line(run_lengths.decoded(runs, (height, width)))
        if frame or line != _EMPTY:
            found[frame] = line
    return "".join(f"{line}\n" for line in found)


def mask_line(mask: NDArray[np.bool_]) -> str:
    """Return the line of a mask (H, W)."""
    box = run_lengths.tight_box(mask)
    if box is None:
        return _EMPTY
    left, top, width, height = box.astype(int).tolist()
    runs = run_lengths.encoded(mask[top : top + height, left : left + width])
    return f"m{left},{top},{width},{height},{','.join(map(str, runs.tolist()))}"


def is_shown(lines: str) -> NDArray[np.bool_]:
    """Return (T,): a frame's line is of a region that is not empty."""
    return np.array([not line.startswith(("nan", _EMPTY)) for line in lines.splitlines()])
