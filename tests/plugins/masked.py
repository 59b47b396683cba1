"""A small data set with true masks, and trackers that answer masks of it."""

from typing import Any, NamedTuple

import numpy as np

import trackbench
from trackbench import Answer, DatasetSpec, Video


class Said(NamedTuple):
    """An answer of a class of its own."""

    box: Any
    confidence: Any
    mask: Any


class Discs:
    """A bright disc that walks; in frame 5 it is hidden, in frame 6 it is out of the picture."""

    def __init__(self, spec):
        self.spec = spec

    def sequence(self, index, length=None):
        length = length or self.spec.length
        rng = np.random.default_rng([self.spec.seed, index])
        steps = rng.integers(-2, 3, (self.spec.length, 2)).cumsum(axis=0)[:length]
        centres = np.clip(rng.integers(12, 28, 2) + steps, 7, 33)
        frames = rng.integers(0, 40, (self.spec.length, 40, 44), np.uint8)[:length]
        rows, columns = np.mgrid[:40, :44]
        masks = np.zeros((length, 40, 44), bool)
        for t, (row, column) in enumerate(centres):
            masks[t] = (rows - row) ** 2 + (columns - column) ** 2 <= 36
        boxes = np.concatenate([centres[:, ::-1] - 6, np.full((length, 2), 13)], axis=1)
        boxes = boxes.astype(float)
        if length > 5:
            masks[5] = False
        if length > 6:
            masks[6], boxes[6] = False, np.nan
        frames[masks] = 200 + index
        absent = np.isnan(boxes[:, 0])
        return Video(frames, boxes, absent=absent, masks=self.given(masks, index))

    def given(self, masks, index):
        return masks


class ReadDiscs(Discs):
    """The same, read one by one."""

    def given(self, masks, index):
        return OneByOne(masks)


class OneByOne:
    def __init__(self, masks):
        self._masks = masks

    def __len__(self):
        return len(self._masks)

    def __getitem__(self, index):
        return self._masks[index].copy()


class WrongMasks(Discs):
    """Masks of another size than the frames."""

    def given(self, masks, index):
        return masks[:, 1:]


class Integers(Discs):
    """Masks that are no booleans."""

    def given(self, masks, index):
        return masks.astype(np.uint8)


class ReadWrongly(Discs):
    """The second mask is of another size than the frames."""

    def given(self, masks, index):
        return OneByOne([masks[0], *masks[1:, 1:]])


class InPart(Discs):
    """No masks in the first sequence."""

    def given(self, masks, index):
        return masks if index else None


class Without(Discs):
    """No masks."""

    def given(self, masks, index):
        return None


DISCS = DatasetSpec(id="discs-v1", factory=Discs, seed=1, sequences=5, length=8, chunk=2)
READ = DatasetSpec(id="discs-read-v1", factory=ReadDiscs, seed=1, sequences=5, length=8, chunk=2)
WRONG = DatasetSpec(id="discs-wrong-v1", factory=WrongMasks, seed=1, sequences=1, length=2)
INTEGERS = DatasetSpec(id="discs-integers-v1", factory=Integers, seed=1, sequences=1, length=2)
READ_WRONGLY = DatasetSpec(
    id="discs-read-wrong-v1", factory=ReadWrongly, seed=1, sequences=1, length=2
)
IN_PART = DatasetSpec(id="discs-in-part-v1", factory=InPart, seed=1, sequences=2, length=2)
WITHOUT = DatasetSpec(
    id="discs-without-v1", factory=Without, seed=1, sequences=5, length=8, chunk=2
)


class Bright:
    """Answers the bright pixels, which are the target exactly."""

    def init(self, frame, box):
        pass

    def update(self, frame):
        return Answer(None, mask=frame > 150)


class UpperHalf(Bright):
    """Answers the upper half of the true box, and is sure of it; a box of its own."""

    def update(self, frame):
        mask = (frame > 150).astype(np.uint8)
        rows = np.flatnonzero(mask.any(axis=1))
        if rows.size:
            mask[rows[rows.size // 2] :] = 0
        return Said((0, 0, 5, 5), 0.5, mask)


class BoxAlone(Bright):
    """Answers the same as :class:`Bright`, but for the masks."""

    def update(self, frame):
        found = np.argwhere(frame > 150)
        if not len(found):
            return None
        (top, left), (bottom, right) = found.min(axis=0), found.max(axis=0)
        return left, top, right + 1 - left, bottom + 1 - top


class Lockstep:
    """As :class:`Bright`, of several videos at once."""

    batched = True

    def init(self, frames, boxes):
        pass

    def update(self, frames):
        return Answer(None, mask=frames > 150)


class LockstepEach(Lockstep):
    """As :class:`Lockstep`, an answer for each."""

    def update(self, frames):
        return [Said(None, None, frame > 150) for frame in frames]


@trackbench.register_tracker("all-at-once")
class Whole:
    """As :class:`Bright`, of whole videos."""

    def track(self, frames, box, *, mask):
        masks = frames > 150
        masks[0] = mask
        return [Answer(None, mask=each) for each in masks]


class Given:
    """Is handed the mask of frame 0, and answers it for ever."""

    def init(self, frame, box, *, mask):
        self.mask = mask
        return Answer(None if mask is not None else box, mask=mask)

    def update(self, frame):
        return Answer(None if self.mask is not None else (1, 1, 5, 5), mask=self.mask)


class GivenLockstep:
    """The same of several."""

    batched = True

    def init(self, frames, boxes, *, mask):
        assert mask.shape == frames.shape[:3]
        self.mask = mask
        return Answer(None, mask=mask)

    def update(self, frames):
        return Answer(None, mask=self.mask)


class SometimesBox(Bright):
    """A box without a mask in frame 3 of a dim video: some units have it, others not."""

    def init(self, frame, box):
        self.frame, self.dim = 0, frame.max() <= 201

    def update(self, frame):
        self.frame += 1
        if self.frame == 3 and self.dim:
            return (10, 10, 13, 13)
        return super().update(frame)


class WrongShape(Bright):
    """A mask that is the other way round."""

    def update(self, frame):
        return Answer((1, 1, 5, 5), mask=(frame > 150).T)


class Weights(Bright):
    """No mask, but weights."""

    def update(self, frame):
        return Answer((1, 1, 5, 5), mask=frame / 255)


class Bytes(Bright):
    """A mask of 0 and 255."""

    def update(self, frame):
        return Answer((1, 1, 5, 5), mask=np.where(frame > 150, 255, 0))
