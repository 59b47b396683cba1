from typing import Any, NamedTuple

import numpy as np
import pytest
from numpy.typing import ArrayLike

from trackbench.contracts import Answer, Boxes, Frame
from trackbench.host.answers import AnswerError
from trackbench.host.tracking import Remarks, track

FRAMES = np.arange(5 * 4 * 6, dtype=np.uint8).reshape(5, 4, 6)
FIRST = np.array([1.0, 1.0, 2.0, 2.0])


class Log:
    """A watch that remembers."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, int]] = []

    def enter(self, frame: int) -> None:
        self.calls.append(("enter", frame))

    def leave(self, frame: int) -> None:
        self.calls.append(("leave", frame))


class Echo:
    """Answers the frame's number; optionally something else in frame 3."""

    def __init__(self, at_init: ArrayLike | None = None, at_3: object = None) -> None:
        self.at_init, self.at_3 = at_init, at_3
        self.seen: list[Frame] = []

    def init(self, frame: Frame, box: Boxes) -> ArrayLike | None:
        box += 100  # the harness' truth must not change with it
        self.seen.append(frame)
        return self.at_init

    def update(self, frame: Frame) -> ArrayLike:
        self.seen.append(frame)
        t = len(self.seen) - 1
        if t == 3 and self.at_3 is not None:
            if isinstance(self.at_3, Exception):
                raise self.at_3
            return self.at_3  # type: ignore[return-value]
        return (t, t, 1, 1)


def test_one_frame_at_a_time_and_the_truth_only_in_init() -> None:
    tracker, log, boxes = Echo(), Log(), np.full((5, 4), np.nan)
    track(tracker, FRAMES, FIRST, boxes, log)
    assert boxes[0].tolist() == [1, 1, 2, 2]
    assert boxes[1:, 0].tolist() == [1, 2, 3, 4]
    assert [frame.tolist() for frame in tracker.seen] == FRAMES.tolist()
    assert log.calls == [(what, t) for t in range(5) for what in ("enter", "leave")]
    assert FIRST.tolist() == [1, 1, 2, 2]


def test_init_may_return_its_own_box() -> None:
    boxes = np.empty((5, 4))
    track(Echo(at_init=[9, 9, 9, 9]), FRAMES, FIRST, boxes, Log())
    assert boxes[0].tolist() == [9, 9, 9, 9]


def test_frames_are_read_only_for_the_tracker_and_not_for_the_owner() -> None:
    tracker = Echo()
    track(tracker, FRAMES, FIRST, np.empty((5, 4)), Log())
    with pytest.raises(ValueError, match="read-only"):
        tracker.seen[0][0, 0] = 1
    assert FRAMES.flags.writeable


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ([1, 2, 3], r"shape \(3,\) where boxes of shape \(4,\)"),
        ([[1, 2, 3, 4]], r"shape \(1, 4\)"),
        ("a box", "'a box', not a box"),
        ([1, 2, [3], 4], "not a box"),
        ({}, "not a box"),
        (np.array([1, 2, 3, 4 + 0j]), "not a box"),
        (np.array(["1", 2, 3, 4], object), "not a box"),
        (np.ma.masked_array([1, 2, 3, 4], mask=[0, 0, 1, 0]), "not a box"),
    ],
)
def test_what_is_no_box_is_an_error_and_earlier_boxes_stay(answer: object, message: str) -> None:
    boxes = np.full((5, 4), np.nan)
    with pytest.raises(AnswerError, match=message):
        track(Echo(at_3=answer), FRAMES, FIRST, boxes, Log())
    assert np.isfinite(boxes).all(axis=1).tolist() == [True, True, True, False, False]


def remarks(*shape: int) -> Remarks:
    return Remarks(np.full(shape, np.nan), np.zeros(shape, bool))


def test_none_from_update_says_that_the_target_is_absent() -> None:
    class Silent(Echo):
        def update(self, frame: Frame) -> None:  # type: ignore[override]  # None among others
            return None

    boxes, said = np.zeros((5, 4)), remarks(5)
    track(Silent(), FRAMES, FIRST, boxes, Log(), said)
    assert boxes[0].tolist() == FIRST.tolist()
    assert np.isnan(boxes[1:]).all()
    assert said.absent.tolist() == [False, True, True, True, True]
    assert np.isnan(said.confidence).all()


class OfAnotherToolkit:
    """Has what an Answer has, and is none of ours."""

    def __init__(self, box: object, confidence: object) -> None:
        self.box, self.confidence = box, confidence


class Named(NamedTuple):
    """Is a tuple, too."""

    box: object
    confidence: object


@pytest.mark.parametrize("kind", [Answer, OfAnotherToolkit, Named])
@pytest.mark.parametrize(
    ("confidence", "stored"), [(0.5, 0.5), (np.float32(0.25), 0.25), ([7], 7.0), (True, 1.0)]
)
def test_an_answer_may_say_how_sure_it_is(kind: Any, confidence: object, stored: float) -> None:
    boxes, said = np.zeros((5, 4)), remarks(5)
    track(Echo(at_3=kind([1, 2, 3, 4], confidence)), FRAMES, FIRST, boxes, Log(), said)
    assert boxes[3].tolist() == [1, 2, 3, 4]
    assert said.confidence[3] == stored
    assert np.isnan(said.confidence[[0, 1, 2, 4]]).all()
    assert not said.absent.any()


def test_an_absent_target_may_be_said_with_a_confidence() -> None:
    boxes, said = np.zeros((5, 4)), remarks(5)
    track(Echo(at_3=Answer(None, 0.9)), FRAMES, FIRST, boxes, Log(), said)
    assert np.isnan(boxes[3]).all()
    assert (said.confidence[3], said.absent.tolist()) == (0.9, [False] * 3 + [True, False])


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (Answer([1, 2, 3]), r"shape \(3,\) where boxes"),
        (Answer("a box"), "'a box', not a box"),
        (Answer([1, 2, 3, 4], "sure"), "the confidence 'sure', not a number"),
        (Answer(np.ma.masked_array([1, 2, 3, 4], mask=True)), "not a box"),
        (Answer([1, 2, 3, 4], np.ma.masked), "not a number"),
        (Answer([1, 2, 3, 4], 1j), "the confidence 1j, not a number"),
        (Answer([1, 2, 3, 4], [0.1, 0.2]), r"confidences of shape \(2,\)"),
    ],
)
def test_an_answer_that_is_none_is_an_error(answer: Answer, message: str) -> None:
    boxes = np.full((5, 4), np.nan)
    with pytest.raises(AnswerError, match=message):
        track(Echo(at_3=answer), FRAMES, FIRST, boxes, Log())
    assert np.isfinite(boxes).all(axis=1).tolist() == [True, True, True, False, False]


@pytest.mark.parametrize(
    "answer",
    [
        [None, Answer([1, 2, 3, 4], 0.5)],
        (Answer(None), Answer([1, 2, 3, 4], 0.5)),
    ],
)
def test_of_a_batch_each_video_has_its_own_answer(answer: Any) -> None:
    class Batch:
        def init(self, frames: Frame, boxes: Boxes) -> None: ...

        def update(self, frames: Frame) -> Any:
            return answer

    boxes, said = np.zeros((5, 2, 4)), remarks(5, 2)
    frames, first = np.stack([FRAMES, FRAMES], axis=1), np.stack([FIRST, FIRST])
    track(Batch(), frames, first, boxes, Log(), said)
    assert np.isnan(boxes[1:, 0]).all()
    assert boxes[4, 1].tolist() == [1, 2, 3, 4]
    assert said.absent[4].tolist() == [True, False]
    assert said.confidence[4, 1] == 0.5
    assert np.isnan(said.confidence[4, 0])


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (None, "returned None, not a box"),
        ([None], "1 answers where 2 are due"),
        ([None, [1, 2, 3]], r"shape \(3,\)"),
        (Answer(np.ones((2, 4)), 0.5), r"confidences of shape \(\) where \(2,\)"),
    ],
)
def test_a_batch_that_answers_for_other_videos_is_an_error(answer: Any, message: str) -> None:
    class Batch:
        def init(self, frames: Frame, boxes: Boxes) -> None: ...

        def update(self, frames: Frame) -> Any:
            return answer

    frames, first = np.stack([FRAMES, FRAMES], axis=1), np.stack([FIRST, FIRST])
    with pytest.raises(AnswerError, match=message):
        track(Batch(), frames, first, np.zeros((5, 2, 4)), Log())


def test_batches_go_in_lockstep() -> None:
    class Batch:
        def init(self, frames: Frame, boxes: Boxes) -> None:
            self.boxes = boxes

        def update(self, frames: Frame) -> Boxes:
            assert frames.shape == (2, 4, 6)
            self.boxes = self.boxes + 1
            return self.boxes

    boxes = np.empty((5, 2, 4))
    track(Batch(), np.stack([FRAMES, FRAMES], axis=1), np.stack([FIRST, FIRST * 2]), boxes, Log())
    assert boxes[4].tolist() == [[5, 5, 6, 6], [6, 6, 8, 8]]
