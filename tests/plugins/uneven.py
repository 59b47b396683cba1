"""Videos that differ in length and size, are read frame by frame, and have gaps in their truth.

What the frames' files would be is drawn; ``unreadable`` names frames whose file is damaged.
"""

import os
from dataclasses import dataclass

import numpy as np

from trackbench import DatasetSpec, Video

LENGTHS = (30, 7, 100, 55, 7, 64)
UNKNOWN, ABSENT = range(40, 50), range(40, 45)
"""Of sequence 2."""


@dataclass
class Files:
    """Frames that are drawn when they are asked for, and no two at once in memory."""

    boxes: np.ndarray
    height: int
    index: int
    unreadable: tuple = ()

    def __len__(self):
        return len(self.boxes)

    def __getitem__(self, t):
        if (self.index, t) in self.unreadable:
            raise OSError(f"{self.index:04d}/{t:08d}.jpg is truncated")
        rng = np.random.default_rng([self.index, t])
        frame = rng.integers(0, 60, (self.height, self.height + 20, 3), np.uint8)
        if not np.isnan(self.boxes[t, 0]):
            x, y, w, h = self.boxes[t].astype(int)
            frame[y : y + h, x : x + w] = np.random.default_rng(7).integers(90, 255, (h, w, 3))
        return frame


class Uneven:
    """Of several lengths and sizes."""

    def __init__(self, spec):
        self.spec = spec

    def sequence(self, index, length=None):
        length = self.spec.frames_of(index) if length is None else length
        t = np.arange(length)
        corners = 5 + t // 2 % 40, 8 + t // 3 % 30
        boxes = np.stack([*corners, 0 * t + 12, 0 * t + 10], axis=1).astype(float)
        absent = np.zeros(length, bool)
        if index == 2:
            boxes[[i for i in UNKNOWN if i < length]] = np.nan
            absent[[i for i in ABSENT if i < length]] = True
        height = self.spec.generator.get("height", 60 + 10 * index)
        files = Files(boxes, height, index, self.spec.generator["unreadable"])
        return Video(files, boxes, {"second": t / 25}, absent)


def _spec(name, **changes):
    return DatasetSpec(
        id=name,
        factory=Uneven,
        seed=0,
        sequences=len(LENGTHS),
        length=max(LENGTHS),
        frames_each=LENGTHS,
        chunk=3,
        generator={"unreadable": changes.pop("unreadable", ())},
        **changes,
    )


UNEVEN = _spec("uneven-v1")
LARGE = DatasetSpec(
    id="large-v1",
    factory=Uneven,
    seed=0,
    sequences=2,
    length=60,
    frames_each=(60, 30),
    generator={"unreadable": (), "height": 600},
)
DAMAGED = _spec("uneven-damaged-v1", unreadable=((2, 60), (4, 0)))


class Peeking:
    """Answers the box of the frames' sequence by the clock, to be checked against its truth."""

    def init(self, frame, box, *, context):
        self.box, self.t, self.frames = np.array(box), 0, context.frames

    def update(self, frame):
        self.t += 1
        assert self.t < self.frames
        return [5 + self.t // 2 % 40, 8 + self.t // 3 % 30, 12, 10]


class Hoarder(Peeking):
    """Keeps every frame, and looks whether one of them has changed."""

    def init(self, frame, box, *, context):
        super().init(frame, box, context=context)
        self.kept = [(frame, frame.tobytes())]

    def update(self, frame):
        self.kept.append((frame, frame.tobytes()))
        assert all(kept.tobytes() == before for kept, before in self.kept)
        return super().update(frame)


class Ending(Peeking):
    """Its process ends in frame 50 of any video."""

    def update(self, frame):
        if self.t == 50:
            os._exit(3)
        return super().update(frame)
