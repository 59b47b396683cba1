"""A part of a frame at the scale the target's looks are kept at, looked at through poses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trackbench.contracts import Frame
from trackbench.trackers.champion_pose import Floats, Pose

Images = NDArray[np.float32]


@dataclass(frozen=True)
class Grid:
    """The samples that the target's looks are kept at.

    Attributes:
        columns: of samples.
        rows: of samples.
    """

    columns: int
    rows: int

    @property
    def middle(self) -> Floats:
        """(2,) x, y of the middle, in samples from the first."""
        return np.array([(self.columns - 1) / 2, (self.rows - 1) / 2])

    def offsets(self) -> tuple[Images, Images]:
        """Return x and y of each sample from the middle, (rows, columns) each."""
        x, y = self.middle
        across, down = np.meshgrid(np.arange(self.columns) - x, np.arange(self.rows) - y)
        return across.astype(np.float32), down.astype(np.float32)


@dataclass(frozen=True)
class View:
    """A part of a frame, made smaller.

    Attributes:
        cv2: the OpenCV module.
        image: (h, w, C) uint8.
        corner: (2,) x, y in the frame of its upper left corner, in pixels.
        scale: (2,) pixels of the view a pixel of the frame, along x and y; at most 1.
    """

    cv2: Any
    image: Frame
    corner: Floats
    scale: Floats

    @classmethod
    def of(
        cls,
        cv2: Any,
        frame: Frame,
        scale: float,
        light: Floats,
        around: tuple[Floats, Floats] | None,
    ) -> View:
        """Take the part of ``frame`` (H, W, C) ``around`` a centre by a reach, or all of it.

        Args:
            cv2: the OpenCV module.
            frame: uint8.
            scale: wanted pixels of the view a pixel of the frame, at most 1.
            light: (C,) by which the frame is brighter than the first one; it is taken out.
            around: x, y and how far to each side, in pixels.
        """
        size = np.array(frame.shape[1::-1])
        start, stop = np.zeros(2, int), size
        if around is not None:
            centre, reach = around
            start = np.clip(np.floor(centre - reach), 0, size - 1).astype(int)
            stop = np.maximum(np.clip(np.ceil(centre + reach), 1, size).astype(int), start + 1)
        part = frame[start[1] : stop[1], start[0] : stop[0]]
        small = np.maximum(np.rint((stop - start) * scale), 1).astype(int)
        if scale < 1:
            part = cv2.resize(part, tuple(small.tolist()), interpolation=cv2.INTER_AREA)
        if (light != 1).any():
            part = np.clip(part.reshape(*part.shape[:2], -1) / light + 0.5, 0, 255).astype(np.uint8)
        image = np.ascontiguousarray(part).reshape(*part.shape[:2], frame.shape[2])
        return cls(cv2, image, start.astype(float), np.array(image.shape[1::-1]) / (stop - start))

    def through(self, values: NDArray[Any], pose: Pose, grid: Grid, nearest: bool = False) -> Any:
        """Return ``values`` (h, w[, C]) of this view at the samples of ``grid`` in a pose.

        Beyond the border the nearest values are repeated; :meth:`holds` tells where that is.
        """
        linear, centre = self._seen(pose)
        moving = np.hstack([linear, (centre - linear @ grid.middle)[:, None]])
        how = self.cv2.INTER_NEAREST if nearest else self.cv2.INTER_LINEAR
        return self.cv2.warpAffine(
            values,
            moving,
            (grid.columns, grid.rows),
            flags=how | self.cv2.WARP_INVERSE_MAP,
            borderMode=self.cv2.BORDER_REPLICATE,
        )

    def holds(self, pose: Pose, grid: Grid) -> NDArray[np.bool_] | None:
        """Return (rows, columns), which samples lie in the view; None: all of them."""
        linear, centre = self._seen(pose)
        last = np.array(self.image.shape[1::-1]) - 1.0
        reach = np.abs(linear) @ grid.middle
        if (centre >= reach).all() and (centre + reach <= last).all():
            return None
        x, y = grid.offsets()
        across = linear[0, 0] * x + linear[0, 1] * y + centre[0]
        down = linear[1, 0] * x + linear[1, 1] * y + centre[1]
        held: NDArray[np.bool_] = (
            (across >= 0) & (down >= 0) & (across <= last[0]) & (down <= last[1])
        )
        return held

    def beyond(self, low: Floats, high: Floats) -> Images:
        """Return (h, w) 1 where the view is outside a rectangle of the frame, in it 0."""
        weights = np.ones(self.image.shape[:2], np.float32)
        start = np.maximum(np.floor((low - self.corner) * self.scale), 0).astype(int)
        stop = np.maximum(np.ceil((high - self.corner) * self.scale), 0).astype(int)
        weights[start[1] : stop[1], start[0] : stop[0]] = 0
        return weights

    def _seen(self, pose: Pose) -> tuple[Floats, Floats]:
        """Return a pose's linear part and centre in pixels of the view."""
        return self.scale[:, None] * pose.linear, (
            pose.centre + 0.5 - self.corner
        ) * self.scale - 0.5
