"""A Bayesian tracker that models target, background and motion: the one to beat on moving MNIST.

Each frame is first separated into what the aligned background explains and what it does not
(:mod:`.champion_background`). Every place of the frame is then scored at the expected size with the
log likelihood ratio of the target's looks (:mod:`.champion_target`), less the cost of moving there
(:mod:`.champion_motion`). The best is refined over size and place (:mod:`.champion_search`), the
background learns from it, and the box's sides are moved to the target's edges
(:mod:`.champion_edges`). Layered models of this kind go back to Jojic and Frey (2001), Learning
Flexible Sprites in Video Layers.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from trackbench.contracts import Boxes, Frame
from trackbench.errors import TrackbenchError
from trackbench.trackers.champion_background import Background, Grey, Mask
from trackbench.trackers.champion_edges import tightened
from trackbench.trackers.champion_motion import Motion
from trackbench.trackers.champion_search import Match, Search
from trackbench.trackers.champion_target import NATIVE, Evidence, TargetModel
from trackbench.trackers.grey import grey
from trackbench.trackers.opencv import check_visible, load_opencv

_UNSURE = 0.2
"""Below this share of a perfect score the next frame is searched at more sizes."""


class ChampionTracker:
    """Follows the target by its looks and motion. Building it loads OpenCV, set to one thread.

    Attributes:
        camera_reach: pixels a frame that the background may move; 0: it stands still.
        background_tolerance: grey values by which background may differ from its picture.
        background_memory: frames that a pixel of the background is trusted for.
        target_memory: frames that the target's looks are averaged over; 0: the first one's.
        motion_weight: cost of a squared pixel off the expected place; 0: any place is as likely.
        bounce_cost: cost of turning round along an axis.
        edges: whether the box is tightened to the target's edges.
    """

    def __init__(
        self,
        camera_reach: int = 8,
        background_tolerance: int = 8,
        background_memory: int = 20,
        target_memory: float = 0.0,
        motion_weight: float = 1.0,
        bounce_cost: float = 4.0,
        edges: bool = True,
    ) -> None:
        for name, value in (
            ("camera_reach", camera_reach),
            ("background_tolerance", background_tolerance),
            ("background_memory", background_memory),
            ("target_memory", target_memory),
            ("motion_weight", motion_weight),
            ("bounce_cost", bounce_cost),
        ):
            if not value >= 0:
                raise TrackbenchError(
                    f"champion parameter {name}={value}: give a number, 0 or more"
                )
        self._cv2 = load_opencv()
        self.camera_reach = camera_reach
        self.background_tolerance = background_tolerance
        self.background_memory = background_memory
        self.target_memory = target_memory
        self.motion_weight = motion_weight
        self.bounce_cost = bounce_cost
        self.edges = edges

    def init(self, frame: Frame, box: Boxes) -> None:
        """Start on ``frame`` (H, W[, 3]) with the true ``box`` (4,), pixels.

        Raises:
            ValueError: no whole pixel of the box is in the frame.
        """
        check_visible(box, frame)
        image = _image(frame)
        limit = np.array(image.shape[::-1])
        start = np.clip(np.rint(box[:2]), 0, limit - 1).astype(int)
        stop = np.maximum(np.clip(np.rint(box[:2] + box[2:]), 0, limit).astype(int), start + 1)
        x, y = (int(value) for value in start)
        w, h = (int(value) for value in stop - start)
        # What the box has beyond the whole pixels in the frame grows and shrinks with it.
        self._before, self._after = start - box[:2], box[:2] + box[2:] - stop
        self._background = Background(
            self._cv2,
            image,
            (x, y, w, h),
            self.camera_reach,
            self.background_tolerance,
            self.background_memory,
        )
        self._target = TargetModel(self._cv2, image[y : y + h, x : x + w], self.target_memory)
        self._motion = Motion(
            np.array([x + w / 2, y + h / 2]), None, NATIVE, self.motion_weight, self.bounce_cost
        )
        self._sure = 1.0

    def update(self, frame: Frame) -> ArrayLike:
        """Return the box (4,) in ``frame`` (H, W[, 3])."""
        image = _image(frame)
        differs, hiding = self._background.separate(image)
        evidence = Evidence.of(image, differs, hiding)
        match = Search(self._target, self._motion, evidence).best(unsure=self._sure < _UNSURE)
        self._sure = match.score / max(self._target.perfect(match.size), 1)
        if self._sure > 0:
            return self._found(image, differs, hiding, match)
        return self._hidden(image, differs)

    def _found(self, image: Grey, differs: Mask, hiding: Mask, match: Match) -> Boxes:
        x, y, (w, h) = match.x, match.y, self._target.shape(match.size)
        self._motion = self._motion.moved(np.array([x + w / 2, y + h / 2]), match.size)
        rate = float(np.clip((self._sure - 0.1) / 0.4, 0.1, 1))
        self._target.learn(image, differs, hiding, (x, y, match.size), rate)
        box = (x, y, w, h)
        if self.edges:
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
            self.motion_weight,
            self.bounce_cost,
        )
        return self._reported((int(corner[0]), int(corner[1]), w, h), size)

    def _reported(self, box: tuple[int, int, int, int], size: int) -> Boxes:
        before, after = self._before * size / NATIVE, self._after * size / NATIVE
        corner = np.array(box[:2]) - before
        sides = np.maximum(np.array(box[2:]) + before + after, 1)
        reported: Boxes = np.concatenate([corner, sides])
        return reported


def _image(frame: Frame) -> Grey:
    return np.ascontiguousarray(grey(frame, axes=2))
