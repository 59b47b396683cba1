"""Places of a whole frame where a target that was lost may be.

As in :mod:`.champion_target`, colours are compared by cosine and sine, so that each channel costs
two correlations and no pixel costs much; here at a quarter of the scale, at one size and turn.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from trackbench.trackers.champion_looks import LIKELY_LEVELS, Looks
from trackbench.trackers.champion_pose import Floats, Pose
from trackbench.trackers.champion_view import Images, View

_COARSER = 4
_THETA = np.float32(math.pi / 170)
"""Levels 170 apart disagree altogether."""
_AFAR = 0.05
"""What a squared length of the target's side off the expected place costs, up to four of them."""
_PLACES = 3


def places(looks: Looks, view: View, channels: Images, expected: Pose, side: float) -> list[Pose]:
    """Return the best places, with the turn and size of ``expected``; none where it has no room.

    Args:
        looks: of the target.
        view: of a whole frame.
        channels: (h, w, C + 1) of the view.
        expected: where the target should be.
        side: of the target, in pixels.
    """
    cv2 = view.cv2
    height, width = (max(1, length // _COARSER) for length in channels.shape[:2])
    small = cv2.resize(channels, (width, height), interpolation=cv2.INTER_AREA)
    scale = view.scale * (width, height) / np.array(channels.shape[1::-1])
    columns, rows = np.maximum(2 * scale * expected.reach(looks.grid.middle) + 1, 3).astype(int)
    if columns > width or rows > height:
        return []
    target, mask = _reduced(cv2, looks, scale[:, None] * expected.linear, (columns, rows))
    score = _score(cv2, small, target, mask)
    x = (np.arange(width - columns + 1) + columns / 2) / scale[0] - 0.5
    y = (np.arange(height - rows + 1) + rows / 2) / scale[1] - 0.5
    away = (x - expected.centre[0])[None] ** 2 + (y - expected.centre[1])[:, None] ** 2
    score -= _AFAR * np.minimum(away / side**2, 4)
    found = []
    for _ in range(_PLACES):
        row, column = divmod(int(score.argmax()), score.shape[1])
        found.append(Pose(expected.linear, np.array([x[column], y[row]])))
        score[max(0, row - 3) : row + 4, max(0, column - 3) : column + 4] = -np.inf
    return found


def _reduced(
    cv2: Any, looks: Looks, linear: Floats, size: tuple[int, int]
) -> tuple[Images, Images]:
    """Return the looks' channels and mask as they appear at a coarse scale."""
    back = np.linalg.inv(linear)
    centre = (np.array(size) - 1) / 2
    moving = np.hstack([back, (looks.grid.middle - back @ centre)[:, None]])
    how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    channels, mask = (
        cv2.warpAffine(
            cv2.GaussianBlur(values, (0, 0), 1.5), moving, (int(size[0]), int(size[1])), flags=how
        )
        for values in (looks.channels, looks.mask)
    )
    return channels, mask


def _score(cv2: Any, small: Images, target: Images, mask: Images) -> Images:
    """Return the likeness of every place, at most about 1: of colours, and of the outline."""
    total: Any = 0
    colours = target.shape[2] - 1
    for channel in range(colours):
        for wave in (np.cos, np.sin):
            pattern = mask * wave(target[:, :, channel] * _THETA)
            image = wave(small[:, :, channel] * _THETA)
            total = total + cv2.matchTemplate(image, pattern, cv2.TM_CCORR) / colours
    likely = small[:, :, -1] / np.float32(LIKELY_LEVELS) - np.float32(0.5)
    outline = cv2.matchTemplate(likely, mask - np.float32(0.5), cv2.TM_CCORR)
    score: Images = (total + 2 * outline) / np.float32(mask.sum() + 0.5 * mask.size)
    return score
