"""The one to beat: a tracker that sees for itself which of two models of the video holds.

A drawn video, such as moving MNIST, shows things on a flat ground (:mod:`.champion_flat`): there
target, background and motion are modelled as layers (:mod:`.champion_layers`). Anything else, as a
video of the world is, is followed by the target's looks alone, which may turn, grow and change
(:mod:`.champion_follower`).
"""

from __future__ import annotations

from enum import Enum

import numpy as np
from numpy.typing import ArrayLike

from trackbench.arguments.bounds import Real, Whole
from trackbench.contracts import Boxes, Frame
from trackbench.errors import TrackbenchError
from trackbench.trackers.champion_flat import Ground
from trackbench.trackers.champion_follower import Follower, Following
from trackbench.trackers.champion_layers import LayeredTracker, Layering
from trackbench.trackers.grey import grey
from trackbench.trackers.opencv import check_visible, load_opencv

_REACH, _LEVELS, _MEMORY = Whole(0, 1000), Whole(0, 255), Whole(0, 10_000)
_WEIGHT = Real("from 0 to 1,000,000", lambda number: 0 <= number <= 1e6)
"""More than any video asks for, and far from where numbers overflow."""

_COST = Real("0 or more", lambda number: number >= 0)
_SHARE = Real("from 0 to 1", lambda number: 0 <= number <= 1)


class Model(Enum):
    """What a video is taken to be made of."""

    SEEN = "seen"
    """Whichever of the others the first frame speaks for."""
    LAYERS = "layers"
    LOOKS = "looks"


class ChampionTracker:
    """Follows the target by its looks and motion. Building it loads OpenCV, set to one thread.

    Attributes:
        model: ``layers``, ``looks``, or ``seen``: decided by the first frame of each video.
        layering: parameters of the model of layers.
        following: parameters of the model of looks.

    Args:
        model: see above.
        camera_reach: pixels a frame that the background may move; 0: it stands still.
        background_tolerance: levels by which background may differ from its picture; more if the
            video's noise is larger.
        background_memory: frames that a pixel of the background is trusted for.
        motion_weight: cost of a squared pixel off the expected place; 0: any place is as likely.
        bounce_cost: cost of turning round along an axis.
        edges: whether the box is tightened to the target's edges.
        background: what the background explains is not the target.
        grows: the target in a drawn video changes its size.
        rigid: the target that is followed by its looks does not turn, grow or bend.
        robust: what differs from its looks counts little.
        outline: how likely its colours are is registered, too.
        expects: it is looked for where its motion leads; or else where it was.
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
        motion_weight: float = 1.0,
        bounce_cost: float = 4.0,
        edges: bool = True,
        background: bool = True,
        grows: bool = True,
        rigid: bool = False,
        robust: bool = True,
        outline: bool = False,
        expects: bool = True,
        looks_rate: float = 0.05,
        mask_rate: float = 0.05,
        light_rate: float = 0.5,
        wide: bool = True,
    ) -> None:
        if model not in {each.value for each in Model}:
            known = ", ".join(each.value for each in Model)
            raise TrackbenchError(f"champion parameter model={model}: give one of {known}")
        _check("camera_reach", _REACH.fault(camera_reach))
        _check("background_tolerance", _LEVELS.fault(background_tolerance))
        _check("background_memory", _MEMORY.fault(background_memory))
        _check("motion_weight", _WEIGHT.fault(motion_weight))
        _check("bounce_cost", _COST.fault(bounce_cost))
        _check("looks_rate", _SHARE.fault(looks_rate))
        _check("mask_rate", _SHARE.fault(mask_rate))
        _check("light_rate", _SHARE.fault(light_rate))
        for name, value in (
            *(("edges", edges), ("background", background), ("grows", grows), ("rigid", rigid)),
            *(("robust", robust), ("outline", outline), ("expects", expects), ("wide", wide)),
        ):
            if not isinstance(value, bool | np.bool_):
                raise TrackbenchError(f"champion parameter {name}={value!r}: give True or False")
        load_opencv()
        self.model = Model(model)
        self.layering = Layering(
            camera_reach,
            background_tolerance,
            background_memory,
            motion_weight,
            bounce_cost,
            edges,
            background,
            grows,
        )
        self.following = Following(
            rigid, robust, outline, expects, looks_rate, mask_rate, light_rate, wide
        )

    def init(self, frame: Frame, box: Boxes) -> None:
        """Start on ``frame`` (H, W[, 3]) with the true ``box`` (4,), pixels.

        Raises:
            ValueError: no whole pixel of the box is in the frame.
        """
        check_visible(box, frame)
        self._in_grey = not _coloured(frame)
        frame, box = self._seen(frame), np.array(box, np.float64)
        self._decided = self.model
        if self.model is Model.SEEN:
            self._decided = Model.LAYERS if Ground.of(frame, box).flat else Model.LOOKS
        self._tracker: LayeredTracker | Follower
        if self._decided is Model.LAYERS:
            self._tracker = LayeredTracker(frame, box, self.layering)
        else:
            self._tracker = Follower(frame, box, self.following)

    def update(self, frame: Frame) -> ArrayLike:
        """Return the box (4,) in ``frame`` (H, W[, 3])."""
        return self._tracker.update(self._seen(frame))

    @property
    def decided(self) -> Model:
        """The model that this video is tracked with: ``LAYERS`` or ``LOOKS``."""
        return self._decided

    def _seen(self, frame: Frame) -> Frame:
        """Return ``frame`` as it is; in grey where there was no colour in the first one."""
        return grey(frame, axes=2) if self._in_grey else frame


def _coloured(frame: Frame) -> bool:
    """Whether any pixel of ``frame`` (H, W[, 3]) is of another colour than grey."""
    return frame.ndim == 3 and bool((frame != frame[:, :, :1]).any())


def _check(name: str, fault: str | None) -> None:
    if fault is not None:
        raise TrackbenchError(f"champion parameter {name} {fault}")
