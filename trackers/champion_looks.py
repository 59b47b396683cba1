"""What a target with a mask looks like: the colours of each sample, and whether it is the target's.

The mask is found from the first box alone, from colours and from what moves with the target: a
sample whose colour stays while the target moves is the target's, one whose colour changes is what
is behind it. So mask and registration learn from each other, as in pixel-wise posteriors (Bibby and
Reid, 2008, Robust Real-Time Visual Tracking using Pixel-Wise Posteriors).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trackbench.trackers.champion_colours import Colours
from trackbench.trackers.champion_pose import Floats, Pose
from trackbench.trackers.champion_view import Grid, Images, View

SIDE = 40.0
"""Samples along the side of a square of the target's first area."""
LIKELY_LEVELS = 60.0
"""Levels that the likelihood of the target's colours counts as, beside the colours themselves."""
_MARGIN = 0.25
"""Share of that side by which samples reach beyond the box."""
_SAME = 20.0
"""Levels by which a colour may differ and still be the same."""
_STAYS_IN_FRONT, _STAYS_BEHIND = 0.9, 0.3
"""How often the colour of a sample stays, on the target and behind it."""
_FIRST_FRAME = 3
"""Frames that the first one counts as in the mask."""


@dataclass(frozen=True)
class Glimpse:
    """A frame through a pose.

    Attributes:
        channels: (rows, columns, C + 1) float32, colours and their likelihood in levels.
        agreement: (rows, columns) in [0, 1], how much each sample is as the looks have it.
    """

    channels: Images
    agreement: Images


class Looks:
    """The looks, and what they are compared by.

    Attributes:
        grid: the samples.
        channels: (rows, columns, C + 1) float32, colours in levels, and the mask times
            ``LIKELY_LEVELS``.
        mask: (rows, columns) float32, how likely each sample is the target's.
    """

    def __init__(
        self,
        view: View,
        box: Floats,
        colours: Colours,
        rate: float,
        mask_rate: float,
        outline: bool,
    ) -> None:
        self._cv2 = view.cv2
        self._rate, self._mask_rate, self._outline = rate, mask_rate, outline
        w, h = box[2:] * view.scale
        margin = max(_MARGIN * math.sqrt(w * h), 3.0)
        self.grid = Grid(round(w + 2 * margin), round(h + 2 * margin))
        self.pose = Pose(np.diag(1 / view.scale), box[:2] + box[2:] / 2 - 0.5)
        x, y = self.grid.offsets()
        inside = (np.abs(x) <= w / 2) & (np.abs(y) <= h / 2)
        bins = view.through(colours.bins(view.image), self.pose, self.grid, nearest=True)
        self.mask = self._first_mask(bins, inside, (2 * x / w) ** 2 + (2 * y / h) ** 2, colours)
        seen = view.through(view.image, self.pose, self.grid).astype(np.float32)
        seen = seen.reshape(*inside.shape, -1)
        self.channels = np.concatenate([seen, LIKELY_LEVELS * self.mask[:, :, None]], axis=2)
        self._outside = (~inside).astype(np.float32)
        self._odds = np.log((self.mask + 0.02) / (1.02 - self.mask))
        self._frames = _FIRST_FRAME
        self.counts = self._counts()

    def _first_mask(
        self, bins: NDArray[np.uint16], inside: NDArray[np.bool_], ellipse: Images, colours: Colours
    ) -> Images:
        """Tell the target from the rest of its box: colours and mask by turns, from an ellipse."""
        mask = (ellipse < 0.7).astype(np.float32)
        prior = np.where(inside, np.float32(0.6), np.float32(0.02))
        for _ in range(6):
            colours.learn_target(bins, mask * inside, rate=1.0)
            likely = self._cv2.GaussianBlur(colours.likely(bins), (0, 0), 1.0)
            mask = likely * prior / (likely * prior + (1 - likely) * (1 - prior) + 1e-9)
        return mask.astype(np.float32)

    def learn(self, glimpse: Glimpse) -> None:
        """Average a frame in, by how much it agrees."""
        seen, likely = glimpse.channels[:, :, :-1], glimpse.channels[:, :, -1] / LIKELY_LEVELS
        off = seen - self.channels[:, :, :-1]
        differ = np.einsum("rcn,rcn->rc", off, off) / np.float32(off.shape[2] * _SAME**2)
        same = 1 / (1 + differ / 4) ** 2
        share = (self._rate * glimpse.agreement)[:, :, None]
        self.channels[:, :, :-1] += share * off
        self._learn_mask(np.clip(likely, 0.05, 0.95), same)
        self.channels[:, :, -1] = LIKELY_LEVELS * self.mask
        self.counts = self._counts()

    def _learn_mask(self, likely: Images, same: Images) -> None:
        if self._mask_rate == 0:
            return
        front = _STAYS_IN_FRONT * same + (1 - _STAYS_IN_FRONT) * (1 - same)
        behind = _STAYS_BEHIND * same + (1 - _STAYS_BEHIND) * (1 - same)
        new = np.log(likely / (1 - likely)) + np.log(front / behind)
        self._frames += 1
        self._odds += max(1 / self._frames, self._mask_rate) * (new - self._odds)
        mask = 1 / (1 + np.exp(-1.5 * (self._odds - self._outside)))
        self.mask = self._cv2.GaussianBlur(mask.astype(np.float32), (0, 0), 0.7)

    def _counts(self) -> Images:
        """Return (rows, columns, C + 1), how much each channel of each sample counts.

        Of colours it is the mask's; the likelihood counts everywhere, as it shows the outline.
        """
        counts = np.empty_like(self.channels)
        counts[:, :, :-1] = (self.mask**2)[:, :, None] / (self.channels.shape[2] - 1)
        counts[:, :, -1] = self._outline
        return counts

    def box(self, pose: Pose) -> Floats | None:
        """Return the box (4,) around the mask in a pose, in whole pixels; None: it is empty."""
        reach = pose.reach(self.grid.middle + 1)
        low = np.floor(pose.centre - reach)
        columns, rows = (2 * np.ceil(reach) + 2).astype(int).tolist()
        back = np.linalg.inv(pose.linear)
        moving = np.hstack([back, (back @ (low - pose.centre) + self.grid.middle)[:, None]])
        how: Any = self._cv2.INTER_LINEAR | self._cv2.WARP_INVERSE_MAP
        mask = self._cv2.warpAffine(self.mask, moving, (columns, rows), flags=how) > 0.5
        across, down = np.flatnonzero(mask.any(axis=0)), np.flatnonzero(mask.any(axis=1))
        if not len(across):
            return None
        x, y = low[0] + across[0], low[1] + down[0]
        return np.array([x, y, across[-1] - across[0] + 1, down[-1] - down[0] + 1], np.float64)
