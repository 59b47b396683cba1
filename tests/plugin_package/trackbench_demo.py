"""A tracker, a scheme, data sets, a factor suite and a report format of a third party."""

from dataclasses import replace

import numpy as np

from trackbench import (
    DatasetSpec,
    Factor,
    FactorLevel,
    FactorSuite,
    ReportSpec,
    SchemeSpec,
    TrackerSpec,
    Video,
    noisy_spec,
)


class Drifter:
    """Moves one pixel to the right each frame."""

    def __init__(self, step=1.0):
        self.step = step

    def init(self, frame, box):
        self.box = np.array(box)

    def update(self, frame):
        self.box[0] += self.step
        return self.box


class BlackSquare:
    """A black square on white, moving as many pixels to the right each frame as the spec says."""

    def __init__(self, spec):
        self.spec = spec

    def sequence(self, index, length=None):
        length = self.spec.length if length is None else length
        frames = np.full((length, 40, 60), 255, np.uint8)
        boxes = np.empty((length, 4))
        for t in range(length):
            left = index + self.spec.generator * t
            boxes[t] = (left, 10, 8, 8)
            frames[t, 10:18, left : left + 8] = 0
        return Video(frames, boxes)


def drifter_of(named):
    """Return a drifter that moves as many pixels a frame as its name says."""
    return TrackerSpec(
        id=f"drifts-{named.rest}",
        factory="trackbench_demo:Drifter",
        parameters={"step": float(named.rest)},
    )


def shout(results, options):
    """Return the trackers' names in capitals."""
    return "\n".join(results.trackers).upper() + "\n"


DRIFTER = TrackerSpec(
    id="drifter-v1",
    factory="trackbench_demo:Drifter",
    description="moves one pixel a frame",
)
DRIFT = SchemeSpec(
    id="drift", factory=drifter_of, form="drift:PIXELS", description="moves so many pixels a frame"
)
BLACK_SQUARE = DatasetSpec(
    id="black-square-v1",
    factory="trackbench_demo:BlackSquare",
    seed=0,
    sequences=3,
    length=6,
    generator=1,
    description="a black square on white",
)
FAST = replace(BLACK_SQUARE, id="black-square-speed-4-v1", generator=4)
UNSURE = noisy_spec(BLACK_SQUARE, 0.8)
BLACK_SQUARES = (BLACK_SQUARE, FAST, UNSURE)
FACTORS = FactorSuite(
    id="black-square-v1",
    base=BLACK_SQUARE.id,
    factors=(
        Factor(
            name="speed",
            unit="pixels a frame",
            levels=(
                FactorLevel(value=1, dataset=BLACK_SQUARE.id),
                FactorLevel(value=4, dataset=FAST.id),
            ),
        ),
        Factor(
            name="first box",
            unit="IoU with the true one",
            levels=(
                FactorLevel(value=0.8, dataset=UNSURE.id),
                FactorLevel(value=1, dataset=BLACK_SQUARE.id),
            ),
        ),
    ),
    description="a black square, at two speeds and from two first boxes",
)
SHOUT = ReportSpec(id="shout", factory=shout, suffix=".txt", description="names in capitals")
