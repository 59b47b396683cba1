"""A data set with names and image files, and trackers that answer with what they are told of it."""

import numpy as np

import trackbench


class Named:
    def __init__(self, spec):
        self.spec = spec

    def sequence(self, index, length=None):
        length = length or self.spec.length
        frames = np.full((length, 20, 20), 10 + index, np.uint8)
        images = tuple(f"/data/{self.spec.names[index]}/{n:04d}.png" for n in range(length))
        return trackbench.Video(frames, np.tile([4.0, 4, 8, 8], (length, 1)), images=images)


NAMED = trackbench.DatasetSpec(
    id="named-v1",
    factory=Named,
    seed=1,
    sequences=3,
    length=4,
    chunk=2,
    names=("car", "a dog", "bird"),
)


def told(context, number):
    """Return four numbers that say what a context says of a frame."""
    assert list(context.numbers) == list(range(context.frames))
    first = context.images[number] if context.images else "none"
    return [sum(map(ord, context.name)), context.sequence, sum(map(ord, first)), 1 + number]


class Asks:
    def init(self, frame, box, *, context):
        self.context, self.number = context, 0

    def update(self, frame):
        self.number += 1
        return told(self.context, self.number)


class AsksInBatches:
    batched = True

    def init(self, frames, boxes, context):
        self.contexts, self.number = context, 0

    def update(self, frames):
        self.number += 1
        return [told(each, self.number) for each in self.contexts]


@trackbench.register_tracker("askswhole")
class AsksWhole:
    def track(self, frames, box, *, context):
        return [told(context, number) for number in range(len(frames))]
