"""Trackers that follow well, and are wrong in one way each; the name of the point is ``point``."""

import os
import time

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from trackbench import Answer

REACH = 6


class Right:
    """Looks around its last place for what the first frame showed."""

    point = None

    def init(self, frame, box):
        self.box = np.array(box)
        x, y, w, h = np.rint(box).astype(int)
        self.template = self.seen(frame)[max(y, 0) : y + h, max(x, 0) : x + w].astype(np.int64)
        self.history = [self.box]

    def update(self, frame):
        image = self.seen(frame)
        h, w = self.template.shape[:2]
        x, y = np.rint(self.box[:2]).astype(int)
        left, top = (
            np.clip(x - REACH, 0, image.shape[1] - w),
            np.clip(y - REACH, 0, image.shape[0] - h),
        )
        # squared differences but for a constant; whole numbers, which float64 adds up exactly
        part = image[top : y + h + REACH, left : x + w + REACH].astype(np.float64)
        if part.shape[0] >= h and part.shape[1] >= w:
            windows = sliding_window_view(part, (h, w), axis=(0, 1))
            template = np.moveaxis(self.template, -1, 0) if part.ndim == 3 else self.template
            rows = windows.reshape(*windows.shape[:2], -1)
            likeness = np.einsum("ijk,k->ij", rows, template.reshape(-1).astype(np.float64))
            best = np.einsum("ijk,ijk->ij", rows, rows) - 2 * likeness
            row, column = np.unravel_index(best.argmin(), best.shape)
            self.box = np.array([left + column, top + row, *self.box[2:]], np.float64)
        self.history.append(self.box)
        return self.said(self.box)

    def seen(self, frame):
        return frame

    def said(self, box):
        return box


class Corners(Right):
    point = "corners"

    def said(self, box):
        return np.array([*box[:2], *(box[:2] + box[2:])])


class Swapped(Right):
    point = "swapped"

    def said(self, box):
        return box[[1, 0, 3, 2]]


class FromOne(Right):
    point = "shifted"

    def said(self, box):
        return box + [1, 1, 0, 0]


class Bgr(Right):
    """Weighs red as blue."""

    point = "bgr"

    def seen(self, frame):
        if frame.ndim == 2:
            return frame
        return np.rint(frame @ np.array([0.114, 0.587, 0.299])).astype(np.uint8)


class Late(Right):
    point = "lagging"

    def update(self, frame):
        super().update(frame)
        return self.history[-2]


class KeepsTemplate(Right):
    """Never forgets the first target that it has seen."""

    point = "keeps-state"

    def init(self, frame, box):
        template = getattr(self, "template", None)
        super().init(frame, box)
        if template is not None:
            self.template = template


class Draws(Right):
    point = "writes-into-frame"

    def update(self, frame):
        found = super().update(frame)
        frame[:2] = 0
        return found


class BatchMean:
    """Answers with the mean move of all its videos."""

    point = "batch"
    batched = True

    def init(self, frames, boxes):
        self.trackers = [Right() for _ in frames]
        for tracker, frame, box in zip(self.trackers, frames, boxes, strict=True):
            tracker.init(frame, box)
        self.first = np.array(boxes)

    def update(self, frames):
        found = np.array([t.update(f) for t, f in zip(self.trackers, frames, strict=True)])
        return self.first + (found - self.first).mean(axis=0)


class Entropy(Right):
    point = "not-deterministic"

    def init(self, frame, box):
        super().init(frame, box)
        self.rng = np.random.default_rng()

    def said(self, box):
        return box + self.rng.normal(0, 0.3, 4)


class Grows(Right):
    point = "grows"
    frames = []

    def update(self, frame):
        self.frames.append(frame)
        return super().update(frame)


class SlowFirst(Right):
    """Loads when it is first asked."""

    point = "slow-first-frame"
    loaded = False

    def update(self, frame):
        if not type(self).loaded:
            time.sleep(0.6)
            type(self).loaded = True
        return super().update(frame)


TWELVE = (
    Corners,
    Swapped,
    FromOne,
    Bgr,
    Late,
    KeepsTemplate,
    Draws,
    BatchMean,
    Entropy,
    Grows,
    SlowFirst,
)


class SlowThird(Right):
    """Compiles in its third update, as TorchScript may."""

    point = "slow-first-frame"
    calls = 0

    def update(self, frame):
        SlowThird.calls += 1
        if SlowThird.calls == 3:
            time.sleep(0.6)
        return super().update(frame)


class SlowEachVideo(Right):
    point = "slow-first-frame"

    def init(self, frame, box):
        time.sleep(0.27)
        super().init(frame, box)


class CornersInwards(Right):
    point = "corners"

    def said(self, box):
        return [box[0], box[0] + box[2], box[1], box[1] + box[3]]


class InclusiveSize(Right):
    point = "resized"

    def said(self, box):
        return box - [0, 0, 1, 1]


class Margin(Right):
    """Says a box that is two pixels larger on each side."""

    point = "resized"

    def said(self, box):
        return box + [-2, -2, 4, 4]


class InclusiveCorners(Right):
    point = "corners"

    def said(self, box):
        return (*box[:2], *(box[:2] + box[2:] - 1))


class SwappedCorners(Right):
    point = "swapped"

    def said(self, box):
        return np.array([box[1], box[0], box[1] + box[3], box[0] + box[2]])


class SwappedSize(Right):
    point = "swapped"

    def said(self, box):
        return box[[0, 1, 3, 2]]


class SwappedPlace(Right):
    point = "swapped"

    def said(self, box):
        return box[[1, 0, 2, 3]]


class Centre(Right):
    point = "centre"

    def said(self, box):
        return np.array([*(box[:2] + box[2:] / 2), *box[2:]])


class Mirrored(Right):
    point = "mirrored"

    def said(self, box):
        return np.array([100 - box[0] - box[2], *box[1:]])


class Normalised(Right):
    point = "scaled"

    def said(self, box):
        return box / 100


class NormalisedCentre(Right):
    point = "scaled"

    def said(self, box):
        return np.array([*(box[:2] + box[2:] / 2), *box[2:]]) / 100


class Half(Right):
    point = "scaled"

    def said(self, box):
        return box / 2


class AlmostScaled(Right):
    point = "scaled"

    def said(self, box):
        return box * 0.96


class HalfPixel(Right):
    point = "shifted"

    def said(self, box):
        return box + [0.5, 0.5, 0, 0]


class LateByTwo(Right):
    point = "lagging"

    def update(self, frame):
        super().update(frame)
        return self.history[max(len(self.history) - 3, 0)]


class LateEveryOtherTime(Right):
    point = "lagging"

    def update(self, frame):
        super().update(frame)
        return self.history[-1 - len(self.history) % 2]


class ClassState(Right):
    """The first template that any of its objects has seen."""

    point = "keeps-state"
    shared = None

    def init(self, frame, box):
        super().init(frame, box)
        if ClassState.shared is None:
            ClassState.shared = self.template
        self.template = ClassState.shared


class StateBySize(Right):
    """Begins where the first target of the same size began, in whatever video."""

    point = "keeps-state"
    starts = {}

    def init(self, frame, box):
        super().init(frame, box)
        self.box = StateBySize.starts.setdefault(self.template.shape, self.box)


class GeneratorOfConstructor(Right):
    point = "keeps-state"

    def __init__(self):
        self.rng = np.random.default_rng(3)

    def said(self, box):
        return box + self.rng.normal(0, 0.3, 4)


class CountsObjects(Right):
    point = "keeps-state"
    count = 0

    def __init__(self):
        CountsObjects.count += 1
        self.more = CountsObjects.count / 10

    def said(self, box):
        return box + [self.more, 0, 0, 0]


class ForcesWrite(Right):
    point = "writes-into-frame"

    def update(self, frame):
        found = super().update(frame)
        base = frame
        while base.base is not None and isinstance(base.base, np.ndarray):
            base = base.base
        frame.flags.writeable = True
        frame[0, 0] = 0
        return found


class WritesLater(Right):
    """Writes into the frame before, by way of memory that it has kept."""

    point = "writes-into-frame"
    before = None

    def update(self, frame):
        if self.before is not None:
            self.before.flags.writeable = True
            self.before[-1] = 255
        self.before = frame
        return super().update(frame)


class MixesBatch(BatchMean):
    def update(self, frames):
        return np.array([t.update(f) for t, f in zip(self.trackers, frames, strict=True)])[::-1]


class BatchNorm(BatchMean):
    """Is a little off, by how bright the frames beside are."""

    def update(self, frames):
        found = np.array([t.update(f) for t, f in zip(self.trackers, frames, strict=True)])
        return found + (frames.mean() - frames[:1].mean()) / 100


class ByTime(Right):
    point = "not-deterministic"

    def said(self, box):
        return box + [time.perf_counter() % 1, 0, 0, 0]


class ByEntropy(Right):
    point = "not-deterministic"

    def init(self, frame, box):
        super().init(frame, box)
        self.more = int.from_bytes(os.urandom(1), "little") / 300

    def said(self, box):
        return box + [self.more, 0, 0, 0]


class ByHash(Right):
    point = "hash-order"

    def said(self, box):
        return box + [hash(str(len(self.history))) % 7, 0, 0, 0]


class GrowsSlowly(Right):
    point = "grows"
    kept = []

    def said(self, box):
        self.kept.append(bytes(1000))
        return box


class GrowsByVideo(Right):
    point = "grows"
    kept = []

    def init(self, frame, box):
        super().init(frame, box)
        self.kept.append(frame.copy())


class Raises(Right):
    point = "raises"

    def update(self, frame):
        if len(self.history) == 23:
            raise KeyError("frame 23")
        return super().update(frame)


class RaisesLate(Right):
    point = "raises"

    def update(self, frame):
        if len(self.history) == 377:
            raise KeyError("frame 377")
        return super().update(frame)


class SaysNone(Right):
    point = "absent"

    def said(self, box):
        return None if len(self.history) == 9 else box


class SaysNan(Right):
    point = "not-finite"

    def said(self, box):
        return box * np.nan if len(self.history) == 9 else box


class NoArea(Right):
    point = "no-area"

    def said(self, box):
        return box * [1, 1, 0, 1] if len(self.history) == 9 else box


class WrongShape(Right):
    point = "no-box"

    def said(self, box):
        return box[None]


class StackedMask(Right):
    """Its mask has an axis too many."""

    point = "no-mask"

    def update(self, frame):
        return Answer(super().update(frame), mask=np.zeros((1, *frame.shape[:2]), bool))


class WeightsForMask(Right):
    """Its mask is of weights."""

    point = "no-mask"

    def update(self, frame):
        return Answer(super().update(frame), mask=np.zeros(frame.shape[:2], np.float32))


class Truncates(Right):
    """Knows where the target is between pixels, and says it in whole ones."""

    point = "truncated"

    def init(self, frame, box):
        super().init(frame, box)
        self.offset = self.box[:2] - self.centre(frame)

    def centre(self, frame):
        grey = frame if frame.ndim == 2 else frame.mean(axis=2)
        weight = (grey.astype(np.float64) - 40).clip(0)
        total = weight.sum() or 1
        columns, rows = np.arange(weight.shape[1]), np.arange(weight.shape[0])
        return np.array([weight.sum(axis=0) @ columns, weight.sum(axis=1) @ rows]) / total

    def update(self, frame):
        found = np.array([*(self.centre(frame) + self.offset), *self.box[2:]])
        return (found + 1e-9).astype(int)


class RefusesColour(Right):
    point = "refuses-colour"

    def update(self, frame):
        (_, _) = frame.shape
        return super().update(frame)


class Dies(Right):
    point = "dies"

    def update(self, frame):
        if len(self.history) == 5:
            os._exit(3)
        return super().update(frame)


class Hangs(Right):
    point = "hangs"

    def update(self, frame):
        if len(self.history) == 5:
            time.sleep(600)
        return super().update(frame)


class DiesWhenBuilt(Right):
    point = "dies"

    def __init__(self):
        os._exit(0)


class InitConvertsOnly(Right):
    """Takes its template from BGR, and looks for it in RGB."""

    point = "bgr"
    turn = False

    def init(self, frame, box):
        self.turn = True
        super().init(frame, box)
        self.turn = False

    def seen(self, frame):
        return frame[..., ::-1] if self.turn and frame.ndim == 3 else frame


class FindsRedAsBgr(Right):
    """Looks for what is red."""

    point = "bgr"

    def update(self, frame):
        if frame.ndim == 2:
            return super().update(frame)
        rows, columns = np.nonzero(frame[..., 2] > 110)
        if len(rows):
            x, y = columns.min(), rows.min()
            self.box = np.array([x, y, columns.max() + 1 - x, rows.max() + 1 - y], np.float64)
        return self.box
