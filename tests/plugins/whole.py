"""Trackers that are handed whole videos."""

import numpy as np

import trackbench
from trackbench.trackers.ncc import NccTracker


@trackbench.register_tracker("ncc-whole")
class Whole:
    """Normalised cross-correlation, all frames at once."""

    def track(self, frames, box):
        assert not frames.flags.writeable
        ncc = NccTracker()
        ncc.init(frames[0], box)
        return np.array([box, *(ncc.update(frame) for frame in frames[1:])])


class _Says:
    def track(self, frames, box, *, context):
        assert context.frames == len(frames)
        answers = [box, trackbench.Answer(box, 0.5), None]
        return answers + [trackbench.Answer(None, 0.25)] * (len(frames) - 3)


@trackbench.register_tracker("says", sees_future=True)
def says():
    """Build one that says more than boxes."""
    return _Says()


@trackbench.register_tracker("too-few")
class TooFew:
    """Forgets the last frame."""

    def track(self, frames, box):
        return [box] * (len(frames) - 1)


@trackbench.register_tracker("raises")
class Raises:
    """Raises."""

    def track(self, frames, box):
        raise ValueError("no target")
