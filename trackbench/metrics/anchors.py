"""VOT's anchors: the frames from which its short-term experiments start a tracker.

``anchor.value`` has a number a frame: above 0, a tracker is started there and runs to the end of
the sequence; below 0, it runs backward to the beginning; 0: no anchor. So reads it
``vot.experiment.multistart.find_anchors`` (vot-toolkit 0.9.0), and where a sequence has none, the
experiment refuses it: "Sequence does not contain any anchors". The stacks vot2020 to vot2022 have
such experiments.

The toolkit makes no anchors (nothing in its source does), and so says neither how far apart they
lie nor in which direction one runs; VOT's data come with them. The rule is that of the protocol
(Kristan et al., The Eighth Visual Object Tracking VOT2020 Challenge Results, ECCV Workshops 2020,
on the anchor-based evaluation): anchors lie 50 frames apart, the first and the last on the first
and the last frame; from each the tracker runs in the direction in which there are more frames.
There people looked at each anchor and moved it by some frames where the target was not to be seen.
Here it goes to the nearest frame, less than 25 away, in which there is a true box inside the frame
and, where it is known, something of the target is visible; of two as near, to the earlier. Without
such a frame it is left out. Should all be, frame 0 is one, from which a tracker begins in any case.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trackbench.contracts import Video

APART = 50
"""Frames between two anchors."""

ANCHOR = "anchor"
"""The attribute in which VOT's own data say where trackers are started."""


def starting_frames(video: Video, shown: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
    """Return (T,) 1 where a tracker starts forward, -1 backward, 0 elsewhere: the data set's own.

    Where it has none, they are those of :func:`anchors`, which see for the arguments.
    """
    own = video.attributes.get(ANCHOR)
    if own is None or own.dtype.kind == "b":
        return anchors(video, shown)
    found = (own > 0).astype(np.int64) - (own < 0)
    return found if found.any() else anchors(video, shown)


def anchors(video: Video, shown: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
    """Return (T,) 1 where a tracker starts forward, -1 backward, 0 elsewhere.

    Args:
        video: of T frames.
        shown: (T,), whether a frame's region has a pixel; None: each that has a box has.
    """
    frames = len(video)
    found = np.zeros(frames, np.int64)
    usable = np.flatnonzero(_can_begin(video) & (True if shown is None else shown))
    for place in (*range(0, frames - 1, APART), frames - 1):
        near = usable[abs(usable - place) < APART / 2]
        if near.size:
            at = near[abs(near - place).argmin()]  # the first of the nearest
            found[at] = 1 if frames - 1 - at >= at else -1
    if not found.any():
        found[0] = 1
    return found


def _can_begin(video: Video) -> NDArray[np.bool_]:
    """Return (T,): there is a box in the frame and something of the target to be seen."""
    height, width = video.frames.shape[1:3]
    x, y, w, h = video.boxes.T  # where it is NaN, nothing of this holds
    inside: NDArray[np.bool_] = (x < width) & (y < height) & (x + w > 0) & (y + h > 0)
    for flag in ("absence", "out_of_view", "full_occlusion"):
        values = video.attributes.get(flag)
        if values is not None and values.dtype.kind == "b":
            inside &= ~values
    if "visibility" in video.attributes:
        inside &= np.asarray(video.attributes["visibility"]) > 0
    return inside
