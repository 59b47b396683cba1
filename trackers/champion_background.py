"""What moves behind and in front of the target as one picture, kept aligned and learned over time.

A running picture in the manner of approximate-median background subtraction (McFarlane and
Schofield, 1995): a pixel that agrees with the picture strengthens it, one that does not weakens it
and takes its place when nothing is left. The whole picture is moved with the camera first, by the
whole-pixel shift under which it differs least from the new frame.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
Mask = NDArray[np.bool_]
Shift = tuple[int, int]

_NEVER_SEEN = -1


class Background:
    """The picture without the target.

    Args:
        cv2: the OpenCV module.
        frame: (H, W) the first frame.
        box: x, y, width, height in whole pixels inside it: what lies there is not background.
        reach: how many pixels a frame the camera may move along each axis; 0: it stands still.
        tolerance: grey values by which a pixel may differ and still be background.
        memory: frames after which a pixel's agreement counts no more.
    """

    def __init__(
        self,
        cv2: Any,
        frame: Grey,
        box: tuple[int, int, int, int],
        reach: int,
        tolerance: int,
        memory: int,
    ) -> None:
        self._cv2 = cv2
        self._reach = min(reach, (min(frame.shape) - 1) // 2)
        self._tolerance = tolerance
        self._memory = memory
        self._picture = frame.copy()
        self._agreed = np.ones(frame.shape, np.int16)
        x, y, w, h = box
        self._picture[y : y + h, x : x + w] = 0
        self._agreed[y : y + h, x : x + w] = 0
        self._moved: Shift | None = None

    def separate(self, frame: Grey) -> tuple[Mask, Mask]:
        """Align the picture with ``frame`` (H, W), and return what differs from it.

        Returns:
            Two (H, W) masks: pixels in front of the background (they differ from it), and pixels
            of the background that can hide something (they agree and are not black).
        """
        self._align(frame)
        differs = self._cv2.absdiff(frame, self._picture) > self._tolerance
        return differs, ~differs & (self._picture > self._tolerance)

    def learn(self, frame: Grey, differs: Mask, box: tuple[int, int, int, int] | None) -> None:
        """Take ``frame`` in, but for what differs inside the target's ``box``, if that is known."""
        self._agreed[~differs] += 1
        np.minimum(self._agreed, self._memory, out=self._agreed)
        outside = differs.copy()
        if box is not None:
            x, y, w, h = box
            outside[y : y + h, x : x + w] = False
        self._agreed[outside] -= 1
        replaced = outside & (self._agreed <= 0)
        self._picture[replaced] = frame[replaced]
        self._agreed[replaced] = 1
        if box is not None:
            # What entered the picture only just now, below the target, may be the target itself.
            agreed, picture = (a[y : y + h, x : x + w] for a in (self._agreed, self._picture))
            young = (agreed <= 2) & ~differs[y : y + h, x : x + w] & (picture > self._tolerance)
            picture[young] = 0
            agreed[young] = 0

    def _align(self, frame: Grey) -> None:
        """Descend from the shifts that constant velocity and bounces at walls propose."""
        costs: dict[Shift, float] = {}

        def cost(shift: Shift) -> float:
            if shift not in costs:
                now, before = frame[_to(shift, frame)], self._picture[_from(shift, frame)]
                costs[shift] = self._cv2.norm(now, before, self._cv2.NORM_L1) / now.size
            return costs[shift]

        best = min(self._proposals(), key=cost)
        while True:
            nearby = min(self._around(best), key=cost)
            if cost(nearby) >= cost(best):
                break
            best = nearby
        self._moved = best
        self._picture = _shifted(self._picture, best, 0)
        self._agreed = _shifted(self._agreed, best, _NEVER_SEEN)
        new = self._agreed == _NEVER_SEEN
        self._picture[new] = frame[new]
        self._agreed[new] = 1

    def _proposals(self) -> list[Shift]:
        if self._moved is None:
            first = min(4, self._reach)
            steps = range(-first, first + 1)
            return [(i, j) for i in steps for j in steps]
        y, x = self._moved
        return [(y, x), (-y, x), (y, -x), (-y, -x), (0, 0)]

    def _around(self, shift: Shift) -> list[Shift]:
        y, x = shift
        return [
            (i, j)
            for i in range(y - 1, y + 2)
            for j in range(x - 1, x + 2)
            if abs(i) <= self._reach and abs(j) <= self._reach
        ]


def _to(shift: Shift, image: NDArray[Any]) -> tuple[slice, slice]:
    """Return where the part that stays in view lies after ``shift`` (down, right)."""
    (dy, dx), (height, width) = shift, image.shape
    return slice(max(dy, 0), height + min(dy, 0)), slice(max(dx, 0), width + min(dx, 0))


def _from(shift: Shift, image: NDArray[Any]) -> tuple[slice, slice]:
    """Return where that part lay before."""
    return _to((-shift[0], -shift[1]), image)


def _shifted(image: NDArray[Any], shift: Shift, fill: int) -> NDArray[Any]:
    if shift == (0, 0):
        return image
    moved = np.full_like(image, fill)
    moved[_to(shift, image)] = image[_from(shift, image)]
    return moved
