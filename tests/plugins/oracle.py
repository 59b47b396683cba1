"""A tracker that knows the truth: it recognises each video by its first frame."""

import trackbench
from trackbench import registry


@trackbench.register_tracker("oracle")
class Oracle:
    """Replays the true boxes of the four test sets."""

    def __init__(self, sequences):
        self.truth = {}
        for name in ("single-same", "single-diff", "multi-same", "multi-diff"):
            dataset = registry.build_dataset(registry.datasets().get(f"mnist-{name}-v1"))
            for index in range(sequences):
                sequence = dataset.sequence(index)
                self.truth[sequence.frames[0].tobytes()] = sequence.boxes

    def init(self, frame, box):
        self.boxes = iter(self.truth[frame.tobytes()])
        return next(self.boxes)

    def update(self, frame):
        return next(self.boxes)
