"""A data set with true masks, and trackers that answer masks of it.

    trackbench run --plugin examples/masks/bright_pixels.py -d ellipses -t threshold -t first-mask

It takes a few seconds. The table marks both: their IoU is that of masks.
"""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

import trackbench

SIDE = 64
Mask = NDArray[np.bool_]


class Ellipses:
    """A bright ellipse that turns and walks over noise; a second, darker one crosses its way."""

    def __init__(self, spec: trackbench.DatasetSpec) -> None:
        self.spec = spec

    def sequence(self, index: int, length: int | None = None) -> trackbench.Video:
        """Make a video: the same for the same index, and a prefix of the longer one."""
        rng = np.random.default_rng([self.spec.seed, index])
        place, step = rng.uniform(20, 44, 2), rng.uniform(-0.6, 0.6, 2)
        noise = rng.integers(0, 60, (self.spec.length, SIDE, SIDE), np.uint8)
        count = self.spec.length if length is None else length
        frames, masks = noise[:count].copy(), np.zeros((count, SIDE, SIDE), bool)
        for t in range(count):
            other = ellipse((SIDE - 1.5 * t, SIDE / 2), (6, 6), 0)
            masks[t] = ellipse(place + t * step, (11, 6), 5 * t)
            frames[t][other] = 150
            frames[t][masks[t]] = 230
        boxes = np.array([[*around(mask)] for mask in masks], np.float64)
        return trackbench.Video(frames, boxes, masks=masks)


ELLIPSES = trackbench.DatasetSpec(
    id="ellipses-v1", factory=Ellipses, seed=1, sequences=4, length=20, description="with masks"
)


@trackbench.register_tracker("threshold")
class Threshold:
    """Of what is about as bright as the target was, the piece nearest to where it was."""

    def init(
        self, frame: NDArray[np.uint8], box: NDArray[np.float64], *, mask: Mask | None
    ) -> None:
        """Learn how bright it is: from the true mask where there is one, else from the box."""
        x, y, w, h = np.rint(box).astype(int)
        seen = frame[y : y + h, x : x + w] if mask is None else frame[mask]
        self.level = float(np.median(seen)) - 40
        self.centre = np.array([x + w / 2, y + h / 2])

    def update(self, frame: NDArray[np.uint8]) -> trackbench.Answer | None:
        """Answer a mask; the box is the smallest around it."""
        bright = (frame > self.level).astype(np.uint8)
        count, pieces, facts, centres = cv2.connectedComponentsWithStats(bright)
        found = [n for n in range(1, count) if facts[n, cv2.CC_STAT_AREA] >= 20]
        if not found:
            return None
        nearest = min(found, key=lambda n: float(np.hypot(*(centres[n] - self.centre))))
        self.centre = centres[nearest]
        return trackbench.Answer(None, mask=pieces == nearest)


@trackbench.register_tracker("first-mask")
class FirstMask:
    """The mask of frame 0 for ever: the floor."""

    def init(self, frame: NDArray[np.uint8], box: NDArray[np.float64], *, mask: Mask) -> None:
        """Keep it."""
        del frame, box
        self.mask = mask

    def update(self, frame: NDArray[np.uint8]) -> trackbench.Answer:
        """Answer it."""
        del frame
        return trackbench.Answer(None, mask=self.mask)


def ellipse(
    centre: NDArray[np.float64] | tuple[float, float], axes: tuple[int, int], turn: float
) -> Mask:
    """Return the pixels (H, W) whose centres lie in an ellipse; ``turn`` in degrees."""
    rows, columns = np.mgrid[:SIDE, :SIDE] + 0.5
    x, y = columns - centre[0], rows - centre[1]
    c, s = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    inside: Mask = ((x * c + y * s) / axes[0]) ** 2 + ((y * c - x * s) / axes[1]) ** 2 <= 1
    return inside


def around(mask: Mask) -> Iterator[int]:
    """Yield x, y, w, h of the smallest box around a mask."""
    rows, columns = np.nonzero(mask)
    yield from (columns.min(), rows.min(), np.ptp(columns) + 1, np.ptp(rows) + 1)
