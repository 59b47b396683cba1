"""The pose in which a frame is most like the looks: robust registration from an expected pose.

The inverse compositional form of Lucas and Kanade (Baker and Matthews, 2004), over six affine
parameters, with weights by which what differs, such as an occluder, counts little (Geman and
McClure, 1987), and a Gaussian prior around the expected pose, which decides when little is seen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from trackbench.trackers.champion_looks import Glimpse, Looks
from trackbench.trackers.champion_pose import Floats, Pose
from trackbench.trackers.champion_view import Images, View

_ARM = 20.0
"""Samples from the middle at which the linear parameters are measured."""
_NOISE = 12.0
"""Levels by which a sample of the target usually differs from its looks."""
_PRIOR = np.array([120.0, 120.0, 120.0, 120.0, 2.0, 2.0])
"""One over the squared samples by which a pose departs from what is expected."""
_STEPS = 8
_ENOUGH = 0.03
"""Samples of a step that ends the search."""


@dataclass(frozen=True)
class Fit:
    """A pose, the frame through it, and the share of the target that agrees, in [0, 1]."""

    pose: Pose
    glimpse: Glimpse
    agreement: float


class Registration:
    """The search around expected poses, for one state of the looks.

    Args:
        looks: of the target.
        rigid: only places are searched, no turns or sizes.
        robust: what differs counts little; or else as much as anything.
    """

    def __init__(self, looks: Looks, rigid: bool, robust: bool) -> None:
        self._looks, self._rigid, self._robust = looks, rigid, robust
        self._unit = float(looks.pose.linear[0, 0])
        self._slopes = _slopes(looks)

    def fit(self, view: View, channels: Images, start: Pose) -> Fit:
        """Register ``channels`` (h, w, C + 1) of a view, from ``start`` on, which is expected."""
        pose, back = start, np.linalg.inv(start.linear)
        for _ in range(_STEPS):
            off, weights, _ = self._compared(view, channels, pose)
            weighted = self._slopes * weights.reshape(-1, 1)
            curvature = (weighted.T @ self._slopes).astype(np.float64) / _NOISE**2
            force = (weighted.T @ off.reshape(-1)).astype(np.float64) / _NOISE**2
            departed = np.append(
                (back @ pose.linear - np.eye(2)).ravel() * _ARM, back @ (pose.centre - start.centre)
            )
            curvature[np.diag_indices(6)] += _PRIOR
            force += _PRIOR * departed
            free = slice(4 if self._rigid else 0, 6)
            step = np.zeros(6)
            step[free] = np.linalg.solve(curvature[free, free], force[free])
            moved = _composed(pose, step)
            if not moved.sane(self._unit):
                break
            pose = moved
            if np.abs(step).max() < _ENOUGH:
                break
        _, _, glimpse = self._compared(view, channels, pose)
        mask = self._looks.mask
        agreement = float((glimpse.agreement * mask).sum() / max(float(mask.sum()), 1e-6))
        return Fit(pose, glimpse, agreement)

    def _compared(self, view: View, channels: Images, pose: Pose) -> tuple[Images, Images, Glimpse]:
        """Return (rows, columns, C + 1) differences and weights, and the glimpse itself."""
        looks = self._looks
        seen = view.through(channels, pose, looks.grid)
        off = seen - looks.channels
        squared = np.einsum("rcn,rcn,rcn->rc", off, off, looks.counts) / np.float32(_NOISE**2)
        agreement = 1 / (1 + squared / 4) ** 2
        held = view.holds(pose, looks.grid)
        if held is not None:
            agreement *= held
        trust = agreement if self._robust else np.ones_like(agreement)
        return off, looks.counts * trust[:, :, None], Glimpse(seen, agreement)


def _slopes(looks: Looks) -> Images:
    """Return (samples, 6) how each channel of each sample changes with the parameters of a step."""
    down, across = np.gradient(looks.channels, axis=(0, 1))
    x, y = (offsets[:, :, None] / np.float32(_ARM) for offsets in looks.grid.offsets())
    slopes = np.stack([across * x, across * y, down * x, down * y, across, down], axis=-1)
    return np.ascontiguousarray(slopes.reshape(-1, 6), np.float32)


def _composed(pose: Pose, step: Floats) -> Pose:
    """Return ``pose`` after the inverse of the small move ``step`` of the looks."""
    linear = pose.linear @ np.linalg.inv(np.eye(2) + step[:4].reshape(2, 2) / _ARM)
    return Pose(linear, pose.centre - linear @ step[4:])
