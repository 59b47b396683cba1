"""A tracker that knows the truth: it recognises each video by its first frame."""

import numpy as np

import trackbench


@trackbench.register_tracker("oracle")
class Oracle:
    """Replays the true boxes that a file has: first frames (N, H, W), boxes (N, T, 4)."""

    def __init__(self, truth):
        with np.load(truth) as known:
            self.truth = {
                first.tobytes(): boxes
                for first, boxes in zip(known["first"], known["boxes"], strict=True)
            }

    def init(self, frame, box):
        self.boxes = iter(self.truth[frame.tobytes()])
        return next(self.boxes)

    def update(self, frame):
        return next(self.boxes)
