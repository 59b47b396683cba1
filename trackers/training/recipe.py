"""How to train: optimiser, schedule, curriculum, loss; everything but the network and the data."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from trackbench.errors import TrackbenchError


class Rule(StrEnum):
    """How gradients become steps."""

    ADAM = "adam"
    RMSPROP = "rmsprop"
    """Centred, with momentum, as in Graves (2013), Eqs. 38 to 45."""


class Fall(StrEnum):
    """How the learning rate falls to zero at the end."""

    NONE = "none"
    LINEAR = "linear"
    COSINE = "cosine"


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A part of the curriculum.

    Attributes:
        until: where it ends, as a share of all steps; the last stage's is 1.
        frames: frames of a video.
        batch: videos of a batch.
        mixture: each training set's share of a batch, in their order; sets beyond it have none.
            Empty: equal shares.
        latest_start: a video begins at a frame drawn from 0 to this one (later in a sequence the
            targets of the built-in data sets are faster, and not of their first size).
    """

    until: float = 1.0
    frames: int = 20
    batch: int = 32
    mixture: tuple[float, ...] = ()
    latest_start: int = 0

    @property
    def reach(self) -> int:
        """Frames of a sequence that must be generated."""
        return self.latest_start + self.frames


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """What determines a training run together with network, data sets and seed.

    Attributes:
        name: for the log and the weights' metadata.
        steps: batches, if the caller does not say.
        rule: the optimiser.
        learning_rate: after the warm-up and before the fall.
        warm_up: share of the steps in which the learning rate rises linearly from zero.
        fall: the shape of its fall to zero.
        fall_from: the share of the steps after which it falls.
        clip_norm: the gradient is scaled down to this Euclidean norm; infinity: never.
        last_frame_weight: of Eq. 8 beside Eq. 9.
        iou_weight: of 1 - IoU (continuous) beside the squared errors; 0: not at all.
        stages: the curriculum.
        replay: share of a batch's videos that were used before.
        buffer: sequences kept for replay from each training set.
        mirror: each use of a video is mirrored in one of the eight ways of a square.
        reverse: each use of a video is run backwards with probability 1/2.
        feature_period: gradients go down into convolution and mask every so many batches.
        validate_every: batches between two validations.
        patience: validations without a better score before training ends; 0: never.
    """

    name: str
    steps: int = 100_000
    rule: Rule = Rule.ADAM
    learning_rate: float = 5e-4
    warm_up: float = 0.0
    fall: Fall = Fall.LINEAR
    fall_from: float = 0.5
    clip_norm: float = 1.0
    last_frame_weight: float = 1.0
    iou_weight: float = 0.0
    stages: tuple[Stage, ...] = (Stage(),)
    replay: float = 0.0
    buffer: int = 1024
    mirror: bool = False
    reverse: bool = False
    feature_period: int = 1
    validate_every: int = 500
    patience: int = 0

    def __post_init__(self) -> None:
        ends = [0.0, *(stage.until for stage in self.stages)]
        if ends[-1] != 1 or any(a >= b for a, b in pairwise(ends)):
            raise TrackbenchError(
                f"recipe {self.name}: stages must end in rising order, the last at 1"
            )
        if not 0 <= self.replay < 1 or self.buffer < 1 or self.feature_period < 1:
            raise TrackbenchError(f"recipe {self.name}: replay in [0, 1), buffer and periods >= 1")

    def learning_rate_at(self, step: int, steps: int) -> float:
        """The learning rate of batch ``step`` (from 0) of ``steps``."""
        done = (step + 1) / steps
        rate = self.learning_rate * min(1.0, done / self.warm_up if self.warm_up else 1.0)
        if self.fall is Fall.NONE or done <= self.fall_from:
            return rate
        # The very last batch still moves: its rate is half a batch above zero.
        left = (1 - done + 0.5 / steps) / (1 - self.fall_from)
        return rate * (left if self.fall is Fall.LINEAR else (1 - math.cos(math.pi * left)) / 2)

    def stage_ends(self, steps: int) -> Sequence[int]:
        """The first batch after each stage."""
        return [round(stage.until * steps) for stage in self.stages]


PAPER = Recipe(
    name="paper",
    rule=Rule.RMSPROP,
    learning_rate=1e-4,
    fall=Fall.NONE,
    clip_norm=math.inf,
)
"""Sec. 3.2 and App. B: 3.2 million examples in batches of 32, 20 frames each.

Eq. 9 is a sum over the frames; here it is their mean, so Eq. 8's term weighs more beside it than in
a plain sum of the two, and the gradient is smaller by the number of frames.
"""

DEFAULT = Recipe(
    name="default",
    steps=30_000,
    learning_rate=5e-4,
    warm_up=0.01,
    fall_from=0.4,
    iou_weight=0.1,
    stages=(
        Stage(until=0.5, mixture=(1.0,)),
        Stage(until=1.0, mixture=(1.0,), latest_start=60),
    ),
    replay=0.3,
    feature_period=2,
    patience=40,
)
"""Adam, one object only: two in half of the videos made it worse on both (docs/training.md)."""

CONTINUED = replace(
    DEFAULT,
    name="continued",
    fall_from=0.3,
    stages=(Stage(mixture=(1.0,), latest_start=80),),
    replay=0.5,
)
"""For a network that tracks already (``--start``): clips of every age from the first batch on."""

RECIPES = {recipe.name: recipe for recipe in (PAPER, DEFAULT, CONTINUED)}
