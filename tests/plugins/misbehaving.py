"""A tracker that goes wrong in a different way in each sequence, and one that only stands still."""

import os
import time

import trackbench


class Still:
    """The first box for ever."""

    def init(self, frame, box):
        self.box = box

    def update(self, frame):
        return self.box


@trackbench.register_tracker("misbehaving", description="fails in every way there is")
class Misbehaving:
    """Fails in frame 5, in a way that depends on the brightness of the first frame."""

    ways = ("raise", "die", "hang", "nonsense", "nan", "exit", "behave", "fail-in-init")

    def __init__(self, way=None):
        self.way = way

    def init(self, frame, box):
        self.box, self.t = box, 0
        self.now = self.way or self.ways[int(frame.sum()) % len(self.ways)]
        if self.now == "fail-in-init":
            raise RuntimeError("cannot begin")

    def update(self, frame):
        self.t += 1
        if self.t < 5:
            return self.box
        if self.now == "raise":
            raise ValueError("lost | in\nthe clutter")
        if self.now == "die":
            os.kill(os.getpid(), 9)
        if self.now == "hang":
            time.sleep(600)
        if self.now == "nonsense":
            return "somewhere"
        if self.now == "nan":
            return [float("nan")] * 4
        if self.now == "exit":
            raise SystemExit(7)
        return self.box


@trackbench.register_tracker("bad-batch", batched=True)
class BadBatch:
    """Raises in frame 5 if one of its videos has an even sum in its first frame."""

    def init(self, frames, boxes):
        self.boxes, self.t = boxes, 0
        self.even = [int(frame.sum()) % 2 == 0 for frame in frames]

    def update(self, frames):
        self.t += 1
        if self.t == 5 and any(self.even):
            raise ValueError("an even one")
        return self.boxes


@trackbench.register_tracker("dying-batch", batched=True)
class DyingBatch(BadBatch):
    """Dies where BadBatch raises."""

    def update(self, frames):
        if self.t == 4 and any(self.even):
            os.kill(os.getpid(), 9)
        return super().update(frames)
