"""The target as one layer of a drawn picture, before and behind layers that move as one.

Each frame is taken as its distance from the ground (:mod:`.champion_flat`), and separated into what
the aligned background explains and what it does not (:mod:`.champion_background`). Every place is
then scored at the expected size with the log likelihood ratio of the target's looks
(:mod:`.champion_target`), less the cost of moving there (:mod:`.champion_motion`). The best is
refined over size and place (:mod:`.champion_search`), the background learns from it, and the box's
sides are moved to the target's edges (:mod:`.champion_edges`).

Layered models of this kind go back to Jojic and Frey (2001), Learning Flexible Sprites in Video
Layers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from trackbench.contracts import Boxes, Frame
from trackbench.trackers.champion_background import Background, Grey, Mask
from trackbench.trackers.champion_edges import tightened
from trackbench.trackers.champion_flat import Ground, Relief, noise_between
from trackbench.trackers.champion_motion import Motion
from trackbench.trackers.champion_search import Match, Search
from trackbench.trackers.champion_target import NATIVE, Evidence, TargetModel
from trackbench.trackers.opencv import load_opencv

_UNSURE = 0.2
"""Below this share of a perfect score the next frame is searched at more sizes."""


@dataclass(frozen=True)
class Layering:
    """What may be changed or taken away; ``ChampionTracker`` says what each is."""

    camera_reach: int
    background_tolerance: int
    background_memory: int
    motion_weight: float
    bounce_cost: float
    edges: bool
    background: bool
    grows: bool


class LayeredTracker:
    """The tracker, from a first ``frame`` (H, W[, 3]) and its true box (4,) on."""

    def __init__(self, frame: Frame, box: Boxes, layering: Layering) -> None:
        self._cv2 = load_opencv()
        self._layering = layering
        self._first: tuple[Frame, Boxes] | None = (frame.copy(), box)
        self._begin(frame, box, noise=0.0)

    def _begin(self, frame: Frame, box: Boxes, noise: float) -> None:
        """Begin with the first frame, in a video of so much noise."""
        self._relief = Relief(self._cv2, frame, noise)
        image = self._relief.of(frame)
        x, y, w, h = _whole(image, box)
        start, stop = np.array([x, y]), np.array([x + w, y + h])
        # What the box has beyond the whole pixels in the frame grows and shrinks with it.
        self._before, self._after = start - box[:2], box[:2] + box[2:] - stop
        self._background = Background(
            self._cv2,
            image,
            (x, y, w, h),
            self._layering.camera_reach,
            max(self._layering.background_tolerance, self._relief.tolerance),
            self._layering.background_memory,
        )
        self._target = TargetModel(self._cv2, image[y : y + h, x : x + w])
        self._motion = Motion(
            np.array([x + w / 2, y + h / 2]),
            None,
            NATIVE,
            self._layering.motion_weight,
            self._layering.bounce_cost,
        )
        self._sure = 1.0

    def update(self, frame: Frame) -> ArrayLike:
        """Return the box (4,) in ``frame`` (H, W[, 3])."""
        if self._first is not None and not np.array_equal(frame, self._first[0]):
            # A first frame that comes again says nothing of the noise.
            first, box = self._first
            self._first = None
            # What changes from frame to frame, as far as it looks like noise in one, too.
            noise = min(noise_between(first, frame), Ground.of(first, box).noise)
            self._begin(first, box, noise)
        image = self._relief.of(frame)
        differs, hiding = self._background.separate(image)
        if self._layering.background:
            evidence = Evidence.of(image, differs, hiding)
        else:
            evidence = Evidence.of(image, np.ones_like(differs), np.zeros_like(hiding))
        search = Search(self._target, self._motion, evidence, self._layering.grows)
        match = search.best(unsure=self._sure < _UNSURE)
        self._sure = match.score / max(self._target.perfect(match.size), 1)
        if self._sure > 0:
            return self._found(image, differs, hiding, match)
        return self._hidden(image, differs)

    def _found(self, image: Grey, differs: Mask, hiding: Mask, match: Match) -> Boxes:
        x, y, (w, h) = match.x, match.y, self._target.shape(match.size)
        self._motion = self._motion.moved(np.array([x + w / 2, y + h / 2]), match.size)
        box = (x, y, w, h)
        if self._layering.edges:
            bright = differs & (image > 0.2 * self._target.brightest)
            box = tightened(box, bright, hiding)
        self._background.learn(image, differs, (x, y, w, h))
        return self._reported(box, match.size)

    def _hidden(self, image: Grey, differs: Mask) -> Boxes:
        """Go on as before: nothing in the frame looks more like the target than not."""
        self._background.learn(image, differs, None)
        size = self._motion.size
        w, h = self._target.shape(size)
        velocity = np.zeros(2) if self._motion.velocity is None else self._motion.velocity
        last = np.array([image.shape[1] - w, image.shape[0] - h])
        corner = np.clip(self._motion.centre - (w / 2, h / 2) + velocity, 0, last).astype(int)
        self._motion = Motion(
            corner + np.array([w / 2, h / 2]),
            self._motion.velocity,
            size,
            self._layering.motion_weight,
            self._layering.bounce_cost,
        )
        return self._reported((int(corner[0]), int(corner[1]), w, h), size)

    def _reported(self, box: tuple[int, int, int, int], size: int) -> Boxes:
        before, after = self._before * size / NATIVE, self._after * size / NATIVE
        corner = np.array(box[:2]) - before
        sides = np.maximum(np.array(box[2:]) + before + after, 1)
        reported: Boxes = np.concatenate([corner, sides])
        return reported


def _whole(image: Grey, box: Boxes) -> tuple[int, int, int, int]:
    """Return x, y, width, height of the whole pixels of ``box`` (4,) in ``image`` (H, W)."""
    limit = np.array(image.shape[::-1])
    start = np.clip(np.rint(box[:2]), 0, limit - 1).astype(int)
    stop = np.maximum(np.clip(np.rint(box[:2] + box[2:]), 0, limit).astype(int), start + 1)
    return int(start[0]), int(start[1]), int(stop[0] - start[0]), int(stop[1] - start[1])
