"""Template matching by normalised cross-correlation with the first frame's template.

The score is the one of Lewis (1995) and of Briechle and Hanebeck (2001, Eq. 1): both the template
and the part of the frame below it have their mean taken off, so it is Pearson's correlation of the
two and blind to brightness and contrast::

    score(u, v) = sum (f - mean f)(t - mean t) / sqrt( sum (f - mean f)^2  sum (t - mean t)^2 )

Pixels are whole numbers, so numerator and both variances are computed as whole numbers too, without
rounding: the scores are the same bits everywhere, and a flat part of the frame is known to be flat.
``cv2.matchTemplate`` (``TM_CCOEFF_NORMED``) is three to seven times as fast, but its single
precision is off by up to 0.1 where contrast is low, which is enough to move the maximum.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trackbench.contracts import Boxes, Frame
from trackbench.errors import TrackbenchError
from trackbench.trackers.grey import grey


class NccTracker:
    """Puts the first box where the first frame's template correlates best. It keeps its size.

    Where nothing correlates (see :meth:`Template.find`) it stays where it was.

    Attributes:
        search: how far the box may move between two frames along x and along y, whole pixels;
            None: anywhere in the frame.
        min_score: a best score at or below this, in [0, 1], is no detection.
    """

    def __init__(self, search: int | None = None, min_score: float = 0.0) -> None:
        if search is not None and search < 0:
            raise TrackbenchError(
                f"ncc parameter search={search}: give pixels, 0 or more, or None for everywhere"
            )
        self.search = search
        self.min_score = min_score

    def init(self, frame: Frame, box: Boxes) -> None:
        """Take the template from ``frame`` (H, W[, 3]) inside ``box`` (4,), pixels.

        Raises:
            ValueError: no pixel of the frame lies in the box.
        """
        self._box = np.array(box, dtype=np.float64)
        self._template = Template.cut(frame, self._box)

    def update(self, frame: Frame) -> ArrayLike:
        """Return the box (4,) in ``frame`` (H, W[, 3])."""
        reach = np.inf if self.search is None else float(self.search)
        found = self._template.find(frame, self._box, (reach, reach))
        if found is not None and found.score > self.min_score:
            self._box = found.box
        return self._box.copy()


@dataclass(frozen=True)
class Detection:
    """Where a template was found: the ``box`` (4,) in pixels and the ``score`` in (0, 1]."""

    box: Boxes
    score: float


@dataclass(frozen=True)
class Template:
    """What the target looked like.

    Attributes:
        pixels: (h, w) uint8, grey: the part of the box that lay inside the frame.
        offset: (2,) x and y from the box's corner to the corner of ``pixels``.
        size: (2,) width and height of the box.
    """

    pixels: NDArray[np.uint8]
    offset: NDArray[np.float64]
    size: NDArray[np.float64]

    @classmethod
    def cut(cls, frame: Frame, box: Boxes) -> Template:
        """Cut the pixels of ``box`` (4,), rounded to whole ones, out of ``frame`` (H, W[, 3]).

        Raises:
            ValueError: no pixel of the frame lies in the box.
        """
        image = grey(frame, axes=2)
        limit = np.array(image.shape[::-1])
        start = np.clip(np.rint(box[:2]), 0, limit).astype(int)
        stop = np.clip(np.rint(box[:2] + box[2:]), 0, limit).astype(int)
        if not (start < stop).all():
            raise ValueError(f"no pixel of the {limit[0]} x {limit[1]} frame lies in {list(box)}")
        pixels = image[start[1] : stop[1], start[0] : stop[0]].copy()
        return cls(pixels, start - box[:2], box[2:].copy())

    def find(self, frame: Frame, near: Boxes, reach: tuple[float, float]) -> Detection | None:
        """Find the best place at most ``reach`` = (along x, along y) pixels from the box ``near``.

        None if there is no evidence: the template is flat, or no place in reach lies inside the
        frame, or none has a score above 0. Of equal scores the topmost, then leftmost, wins.

        Args:
            frame: (H, W[, 3]) uint8.
            near: (4,) box; only its corner counts.
            reach: pixels, infinity allowed.
        """
        image = grey(frame, axes=2)
        size = np.array(self.pixels.shape[::-1])
        last = np.array(image.shape[::-1]) - size
        corner = near[:2] + self.offset
        low = np.clip(np.ceil(corner - reach), 0, last + 1).astype(int)
        high = np.clip(np.floor(corner + reach), -1, last).astype(int)
        if (low > high).any():
            return None
        end = high + size
        scores = correlation(image[low[1] : end[1], low[0] : end[0]], self.pixels)
        row, column = np.unravel_index(int(scores.argmax()), scores.shape)
        if scores[row, column] <= 0:
            return None
        position = low + np.array([column, row]) - self.offset
        return Detection(np.concatenate([position, self.size]), float(scores[row, column]))


def correlation(image: NDArray[np.uint8], template: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Compute the score of every place where ``template`` lies wholly inside ``image``.

    With n pixels in the template, everything below the fraction line is multiplied by n, which
    makes it whole: n sum(ft) - sum(f) sum(t), and n sum(f^2) - sum(f)^2.

    Args:
        image: (H, W) uint8.
        template: (h, w) uint8, h <= H, w <= W.

    Returns:
        (H-h+1, W-w+1) float64 in [-1, 1]. Where image or template is flat, the score, 0 / 0 by the
        definition, is 0: nothing speaks for that place.
    """
    f = image.astype(np.int64)
    t = template.astype(np.int64)
    n = t.size
    sum_f = _window_sums(f, t.shape)
    covariance = n * _products(f, t) - sum_f * t.sum()
    variance_f = n * _window_sums(f * f, t.shape) - sum_f**2
    variance_t = n * (t * t).sum() - t.sum() ** 2
    # In floating point, as the product can pass 2**63. The root of a square is exact, so a window
    # equal to the template scores 1.
    scale = np.sqrt(variance_f.astype(np.float64) * float(variance_t))
    scores = np.zeros(covariance.shape)
    np.divide(covariance, scale, out=scores, where=scale > 0)
    return np.clip(scores, -1, 1)


def _products(f: NDArray[np.int64], t: NDArray[np.int64]) -> NDArray[np.int64]:
    """Sum f * t over every window. Double precision is exact enough to round to the whole sum."""
    spectrum = np.fft.rfft2(f) * np.fft.rfft2(t, f.shape).conj()
    rows, columns = f.shape[0] - t.shape[0] + 1, f.shape[1] - t.shape[1] + 1
    return np.rint(np.fft.irfft2(spectrum, f.shape)[:rows, :columns]).astype(np.int64)


def _window_sums(f: NDArray[np.int64], shape: tuple[int, ...]) -> NDArray[np.int64]:
    """Sum every window of ``shape`` (h, w) of ``f``, from its integral image."""
    h, w = shape
    integral = np.zeros((f.shape[0] + 1, f.shape[1] + 1), np.int64)
    integral[1:, 1:] = f.cumsum(axis=0).cumsum(axis=1)
    rows = integral[h:] - integral[:-h]
    sums: NDArray[np.int64] = rows[:, w:] - rows[:, :-w]
    return sums
