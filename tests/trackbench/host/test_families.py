"""What wrappers of other toolkits' trackers hand on, in both directions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from trackbench.host.answers import read_answer
from trackbench.host.context import Context, asked_for, known_of
from trackbench.host.families import FAMILIES

FRAME, BOX = np.zeros((6, 8), np.uint8), np.array([1.0, 2.0, 3.0, 2.0])
MASK = np.zeros((6, 8), bool)
MASK[2:4, 1:3] = True


class Segments:
    """Answers both a box and what it holds for the target's pixels, as RTS and LWL do."""

    def initialize(self, image: Any, info: dict[str, Any]) -> Any:
        self.info = info
        return {"segmentation_raw": "its own"}

    def track(self, image: Any, info: dict[str, Any]) -> Any:
        before = info["previous_output"]
        if "target_bbox" in before:
            return {"target_bbox": [-1, -1, -1, -1], "segmentation": MASK * 0.9}
        assert before == {"segmentation_raw": "its own"}
        return {"target_bbox": [0, 0, 5, 5], "segmentation": MASK * 0.9, "best_score": 0.25}


@pytest.mark.parametrize("mask", [None, MASK])
def test_pytrackings_are_handed_a_mask_and_answer_one_beside_a_box(mask: Any) -> None:
    made: list[Segments] = []
    tracker = FAMILIES["pytracking"](lambda: made.append(Segments()) or made[-1])
    known = known_of(Context("some", 0, 3), mask)
    tracker.init(FRAME, BOX, **asked_for(tracker, known))
    info = made[0].info
    assert info["init_bbox"] == BOX.tolist()
    assert set(info) - {"init_bbox"} == (set() if mask is None else {"init_mask"})
    if mask is not None:
        assert info["init_mask"].dtype == np.uint8
        assert np.array_equal(info["init_mask"], MASK)
    both = read_answer(tracker.update(FRAME), (4,), FRAME.shape)
    assert both.boxes.tolist() == [0, 0, 5, 5]
    assert both.confidence == 0.25
    assert np.array_equal(both.masks, MASK)
    gone = read_answer(tracker.update(FRAME), (4,), FRAME.shape)
    assert gone.absent is not None
    assert gone.masks is None


def test_got10ks_answer_a_row_of_a_table() -> None:
    class Rows:
        def init(self, image: Any, box: Any) -> None:
            self.box = box

        def update(self, image: Any) -> Any:
            return self.box[None]

    tracker = FAMILIES["got10k"](Rows)
    tracker.init(FRAME, BOX)
    assert read_answer(tracker.update(FRAME), (4,), FRAME.shape).boxes.tolist() == BOX.tolist()
