"""Trackers whose answers say more than a box."""

import numpy as np

from trackbench import Answer


class Unsure:
    """Stays where it was; says how sure it is, and every third frame that the target is absent."""

    def init(self, frame, box):
        self.box, self.frame = box, 0

    def update(self, frame):
        self.frame += 1
        if self.frame % 3 == 0:
            return None
        if self.frame % 3 == 1:
            return Answer(self.box, confidence=1 / self.frame)
        return self.box


class Lockstep:
    """The same for several videos at once."""

    batched = True

    def init(self, frames, boxes):
        self.boxes, self.frame = boxes, 0

    def update(self, frames):
        self.frame += 1
        if self.frame % 3 == 0:
            return [None] * len(frames)
        if self.frame % 3 == 1:
            return Answer(self.boxes, np.full(len(frames), 1 / self.frame))
        return self.boxes


class Plain:
    """Stays where it was, and says no more."""

    def init(self, frame, box):
        self.box = box

    def update(self, frame):
        return self.box


class Crashes(Unsure):
    """Says so until frame 5, in which it raises."""

    def update(self, frame):
        answer = super().update(frame)
        if self.frame == 5:
            raise ValueError("frame 5")
        return answer


class LastVideo:
    """Says nothing but in the last unit: absent there from frame 2 on."""

    def init(self, frame, box):
        self.box, self.late, self.frame = box, frame.max() >= 206, 0

    def update(self, frame):
        self.frame += 1
        return None if self.late and self.frame >= 2 else self.box
