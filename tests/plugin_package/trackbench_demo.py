"""A tracker, a scheme, a data set and a report format of a third party."""

import numpy as np

from trackbench import DatasetSpec, ReportSpec, SchemeSpec, TrackerSpec, Video


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
    """A black square on white, moving one pixel to the right each frame."""

    def __init__(self, spec):
        self.spec = spec

    def sequence(self, index, length=None):
        length = self.spec.length if length is None else length
        frames = np.full((length, 40, 60), 255, np.uint8)
        boxes = np.empty((length, 4))
        for t in range(length):
            boxes[t] = (index + t, 10, 8, 8)
            frames[t, 10:18, index + t : index + t + 8] = 0
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
    description="a black square on white",
)
SHOUT = ReportSpec(id="shout", factory=shout, suffix=".txt", description="names in capitals")
