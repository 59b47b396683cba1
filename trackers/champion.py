"""The one to beat: a tracker that sees for itself which of two models of the video holds.

A drawn video, such as moving MNIST, is made of layers that move by whole pixels and repeat to the
level: there target, background and motion are modelled as layers (:mod:`.champion_layers`).
Anything else, such as a video with colours, a sensor's noise or parts that pass one another, is
followed by the target's looks alone, which may turn, grow and change (:mod:`.champion_follower`).
"""

from __future__ import annotations

from enum import Enum

import numpy as np
from numpy.typing import ArrayLike

from trackbench.contracts import Boxes, Frame
from trackbench.errors import TrackbenchError
from trackbench.trackers.champion_follower import Follower, Following
from trackbench.trackers.champion_layers import LayeredTracker, Layering, drawn
from trackbench.trackers.grey import grey
from trackbench.trackers.opencv import check_visible, load_opencv


class Model(Enum):
    """What a video is taken to be made of."""

    SEEN = "seen"
    """Whichever of the others the first frames speak for."""
    LAYERS = "layers"
    LOOKS = "looks"


class ChampionTracker:
    """Follows the target by its looks and motion. Building it loads OpenCV, set to one thread.

    Attributes:
        model: ``layers``, ``looks``, or ``seen``: decided by the first frames of each video.
        layering: parameters of the model of layers.
        following: parameters of the model of looks.

    Args:
        model: see above.
        camera_reach: pixels a frame that the background may move; 0: it stands still.
        background_tolerance: grey values by which background may differ from its picture.
        background_memory: frames that a pixel of the background is trusted for.
        target_memory: frames that the target's looks are averaged over; 0: the first one's.
        motion_weight: cost of a squared pixel off the expected place; 0: any place is as likely.
        bounce_cost: cost of turning round along an axis.
        edges: whether the box is tightened to the target's edges.
        rigid: the target that is followed by its looks does not turn, grow or bend.
        robust: what differs from its looks counts little.
        outline: how likely its colours are is registered, too.
        looks_rate: share of a frame in its looks; 0: the first frame's stay.
        mask_rate: share of a frame in its mask, after the first frames; 0: the first mask stays.
        light_rate: share of a change of light that is taken out at once; 0: none is.
        wide: the whole frame is searched for what was lost.
    """

    def __init__(
        self,
        model: str = "seen",
        camera_reach: int = 8,
        background_tolerance: int = 8,
        background_memory: int = 20,
        target_memory: float = 0.0,
        motion_weight: float = 1.0,
        bounce_cost: float = 4.0,
        edges: bool = True,
        rigid: bool = False,
        robust: bool = True,
        outline: bool = True,
        looks_rate: float = 0.05,
        mask_rate: float = 0.05,
        light_rate: float = 0.5,
        wide: bool = True,
    ) -> None:
        if model not in {each.value for each in Model}:
            known = ", ".join(each.value for each in Model)
            raise TrackbenchError(f"champion parameter model={model}: give one of {known}")
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
        for name, value in (
            ("looks_rate", looks_rate),
            ("mask_rate", mask_rate),
            ("light_rate", light_rate),
        ):
            if not 0 <= value <= 1:
                raise TrackbenchError(f"champion parameter {name}={value}: give a share, 0 to 1")
        load_opencv()
        self.model = Model(model)
        self.layering = Layering(
            camera_reach,
            background_tolerance,
            background_memory,
            target_memory,
            motion_weight,
            bounce_cost,
            edges,
        )
        self.following = Following(rigid, robust, outline, looks_rate, mask_rate, light_rate, wide)

    def init(self, frame: Frame, box: Boxes) -> None:
        """Start on ``frame`` (H, W[, 3]) with the true ``box`` (4,), pixels.

        Raises:
            ValueError: no whole pixel of the box is in the frame.
        """
        check_visible(box, frame)
        coloured = _coloured(frame)
        self._in_grey = not coloured
        frame = self._seen(frame)
        self._first, self._box = frame.copy(), np.array(box, np.float64)
        self._decided = self.model
        if self.model is Model.SEEN and coloured:
            self._decided = Model.LOOKS
        self._tracker: LayeredTracker | Follower
        if self._decided is Model.LOOKS:
            self._tracker = Follower(frame, self._box, self.following)
        else:
            self._tracker = LayeredTracker(frame, self._box, self.layering)

    def update(self, frame: Frame) -> ArrayLike:
        """Return the box (4,) in ``frame`` (H, W[, 3])."""
        frame = self._seen(frame)
        if self._decided is Model.SEEN and not np.array_equal(frame, self._first):
            # A first frame that comes again says nothing.
            self._decide(frame)
        return self._tracker.update(frame)

    @property
    def decided(self) -> Model:
        """The model this video is tracked with; ``SEEN`` as long as nothing moved in it."""
        return self._decided

    def _seen(self, frame: Frame) -> Frame:
        """Return ``frame`` as it is; in grey where there was no colour in the first one."""
        return grey(frame, axes=2) if self._in_grey else frame

    def _decide(self, frame: Frame) -> None:
        if drawn(self._first, frame, self._box, self.layering.camera_reach):
            self._decided = Model.LAYERS
        else:
            self._decided = Model.LOOKS
            self._tracker = Follower(self._first, self._box, self.following)


def _coloured(frame: Frame) -> bool:
    """Whether any pixel of ``frame`` (H, W[, 3]) is of another colour than grey."""
    return frame.ndim == 3 and bool((frame != frame[:, :, :1]).any())
