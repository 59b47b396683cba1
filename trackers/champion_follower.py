"""A target followed by looks that change: registered, with a mask that is learned on the way.

Where the background is not a picture that moves by whole pixels, nothing can be taken off it. What
is left is the target itself: its colours and outline (:mod:`.champion_looks`) are registered with
each frame from where they should be (:mod:`.champion_fit`, :mod:`.champion_pose`). Where too little
agrees, the whole frame is searched (:mod:`.champion_wide`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from trackbench.contracts import Boxes, Frame
from trackbench.trackers.champion_colours import Colours
from trackbench.trackers.champion_fit import Fit, Registration
from trackbench.trackers.champion_looks import LIKELY_LEVELS, SIDE, Glimpse, Looks
from trackbench.trackers.champion_pose import Course, Pose
from trackbench.trackers.champion_view import Images, View
from trackbench.trackers.champion_wide import places
from trackbench.trackers.opencv import load_opencv

_GOOD = 0.55
"""Share of the target that agrees where nothing else needs to be looked for."""
_LEARNED_FROM = 0.44
"""The same for a frame that is learned from."""
_LOST = 0.25
"""The same below which the target is not taken to be there at all."""
_BETTER = 0.05
"""By so much more has to agree at another place."""
_AFAR = 0.03
"""What a squared length of the target's side off the expected place costs, up to four of them."""
_EVERY = 4
"""Frames from one look at the colours to the next."""


@dataclass(frozen=True)
class Following:
    """What may be changed or taken away.

    Attributes:
        rigid: the target does not turn, grow or bend.
        robust: what differs from the looks counts little.
        outline: the likelihood of the target's colours is registered, too.
        expects: it is looked for where its motion leads; or else where it was.
        looks_rate: share of a frame in the looks; 0: the first frame's stay.
        mask_rate: share of a frame in the mask, after the first frames; 0: the first mask stays.
        light_rate: share of a change of light that is taken out at once; 0: none is.
        wide: the whole frame is searched for what was lost.
    """

    rigid: bool
    robust: bool
    outline: bool
    expects: bool
    looks_rate: float
    mask_rate: float
    light_rate: float
    wide: bool


class Follower:
    """The tracker, from a first ``frame`` (H, W[, 3]) and its true box (4,) on."""

    def __init__(self, frame: Frame, box: Boxes, following: Following) -> None:
        frame = _channels(frame)
        self._cv2 = load_opencv()
        self._following = following
        self._first = np.asarray(box, np.float64)
        self._side = math.sqrt(self._first[2] * self._first[3])
        self._scale = min(1.0, SIDE / self._side)
        self._light = np.ones(frame.shape[2])
        view, self._colours = _known_at_first(self._cv2, frame, self._first, self._scale)
        self._looks = Looks(
            view,
            self._first,
            self._colours,
            following.looks_rate,
            following.mask_rate,
            following.outline,
        )
        self._course = Course.begun(self._looks.pose)
        self._registration = self._register()
        self._frames = 0

    def update(self, frame: Frame) -> ArrayLike:
        """Return the box (4,) in ``frame`` (H, W[, 3])."""
        frame = _channels(frame)
        self._frames += 1
        expected = self._course.expected() if self._following.expects else self._course.pose
        reach = 1.2 * expected.reach(self._looks.grid.middle) + 0.25 * self._side
        view = View.of(self._cv2, frame, self._scale, self._light, (expected.centre, reach))
        fit = self._registration.fit(view, self._seen(view), expected)
        if fit.agreement < _GOOD and self._following.wide:
            view = View.of(self._cv2, frame, self._scale, self._light, None)
            fit = self._anywhere(view, fit, expected)
        if fit.agreement > _LOST:
            self._course = self._course.found(fit.pose, sure=fit.agreement > _GOOD)
        else:
            self._course = self._course.hidden(frame.shape[1::-1])
        if fit.agreement > _LEARNED_FROM:
            self._learn(view, fit)
        return self._reported()

    def _anywhere(self, view: View, fit: Fit, expected: Pose) -> Fit:
        """Return ``fit``, or what agrees more elsewhere in the whole frame."""
        channels = self._seen(view)
        usual = Pose(self._course.usual(), expected.centre)
        best, best_value = fit, fit.agreement
        for start in places(self._looks, view, channels, usual, self._side):
            found = self._registration.fit(view, channels, start)
            away = ((found.pose.centre - expected.centre) ** 2).sum() / self._side**2
            value = found.agreement - _AFAR * min(float(away), 4)
            if value > best_value + _BETTER:
                best, best_value = found, value
        return best

    def _seen(self, view: View) -> Images:
        """Return (h, w, C + 1) float32: colours, and how likely they are the target's."""
        likely = LIKELY_LEVELS * self._colours.likely(self._colours.bins(view.image))
        return np.concatenate([view.image.astype(np.float32), likely[:, :, None]], axis=2)

    def _learn(self, view: View, fit: Fit) -> None:
        if fit.agreement > _GOOD:
            self._learn_light(fit.glimpse)
        self._looks.learn(fit.glimpse)
        if self._frames % _EVERY == 0:
            bins = self._colours.bins(view.image)
            here = view.through(bins, fit.pose, self._looks.grid, nearest=True)
            self._colours.learn_target(here, self._looks.mask * fit.glimpse.agreement)
            self._learn_others(view, fit)
        self._registration = self._register()

    def _learn_light(self, glimpse: Glimpse) -> None:
        """See by how much each channel of what agrees is brighter than the looks."""
        weights = (glimpse.agreement * self._looks.mask)[:, :, None]
        seen, known = glimpse.channels[:, :, :-1], self._looks.channels[:, :, :-1]
        # A black target says nothing.
        brighter = ((weights * seen * known).sum(axis=(0, 1)) + 1e3) / (
            (weights * known * known).sum(axis=(0, 1)) + 1e3
        )
        self._light = np.clip(self._light * brighter**self._following.light_rate, 0.05, 4)

    def _learn_others(self, view: View, fit: Fit) -> None:
        """Learn the colours of what is far from the target and of what is close to it."""
        bins, grid = self._colours.bins(view.image), self._looks.grid
        reach = fit.pose.reach(grid.middle)
        far = view.beyond(fit.pose.centre - reach, fit.pose.centre + reach)
        close = view.through(bins, fit.pose, grid, nearest=True)
        mask = self._looks.mask
        self._colours.learn_others([(bins, far), (close, np.clip(1 - 2 * mask, 0, 1))])

    def _register(self) -> Registration:
        return Registration(self._looks, self._following.rigid, self._following.robust)

    def _reported(self) -> Boxes:
        """Return the box around the mask, or, if that is empty, the first one moved."""
        box = self._looks.box(self._course.pose)
        if box is None:
            w, h = self._first[2:]
            box = np.array([*(self._course.pose.centre + 0.5 - (w / 2, h / 2)), w, h])
        return box


def _channels(frame: Frame) -> Frame:
    """Return ``frame`` (H, W[, 3]) as (H, W, 1) or (H, W, 3)."""
    return frame[:, :, None] if frame.ndim == 2 else frame


def _known_at_first(cv2: Any, frame: Frame, box: Boxes, scale: float) -> tuple[View, Colours]:
    """Return a view of the first frame, and the colours outside the box, far from it and close."""
    view = View.of(cv2, frame, scale, np.ones(frame.shape[2]), None)
    colours = Colours(frame.shape[2])
    bins = colours.bins(view.image)
    low, high, margin = box[:2], box[:2] + box[2:], 0.25 * math.sqrt(box[2] * box[3])
    far = view.beyond(low, high)
    close = far * (1 - view.beyond(low - margin, high + margin))
    colours.learn_others([(bins, far), (bins, close)], rate=1.0)
    return view, colours
