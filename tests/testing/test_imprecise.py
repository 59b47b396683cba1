"""A tracker that drifts is told that it counts from 1 by a target that stands still."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from trackbench.running.chosen_trackers import tracker_named
from trackbench.testing import check_tracker
from trackbench.testing.probes.pairs import Pair
from trackbench.testing.probes.shift import shifted

TRUTH = np.tile([30.0, 40.0, 16.0, 12.0], (20, 1))
OF_OPENCV = """
import cv2
import numpy as np

class Drifting:
    FIRST = 0

    def init(self, image, box):
        self.kcf = cv2.TrackerKCF_create()
        self.kcf.init(self.bgr(image), tuple(int(value) for value in box))
        self.box = box

    def update(self, image):
        found, box = self.kcf.update(self.bgr(image))
        self.box = box if found else self.box
        return (self.box[0] + self.FIRST, self.box[1] + self.FIRST, *self.box[2:])

    def bgr(self, image):
        return np.ascontiguousarray(np.asarray(image.convert("RGB"))[..., ::-1])

class FromOne(Drifting):
    FIRST = 1
"""


def pairs(still: tuple[float, float], noise: float = 0.0) -> list[Pair]:
    """Return answers that drift in each video, and are off by ``still`` where nothing moves."""
    drift = np.random.default_rng(3).normal(0, 3, (3, *TRUTH.shape)) * [1, 1, 0, 0]
    moving = [Pair(str(number), TRUTH + off, TRUTH) for number, off in enumerate(drift)]
    off = np.array([*still, 0, 0]) + np.linspace(0, noise, len(TRUTH))[:, None] * [1, 1, 0, 0]
    return [*moving, Pair("still", TRUTH + off, TRUTH)]


def test_a_pixel_off_where_nothing_moves_counts_from_one() -> None:
    for sign in (1.0, -1.0):
        point = shifted(pairs((sign, sign)))
        assert point is not None
        assert f"({sign:+.2f}, {sign:+.2f}) pixels" in point.what
        assert "It seems to count pixels from 1" in point.what


@pytest.mark.parametrize("still", [(0.0, 0.0), (2.0, 2.0), (1.0, 0.0), (1.0, -1.0), (np.nan, 1.0)])
def test_anything_else_is_no_accusation(still: tuple[float, float]) -> None:
    assert shifted(pairs(still)) is None


def test_one_that_creeps_where_nothing_moves_is_not_accused() -> None:
    assert shifted(pairs((0.5, 0.5), noise=1.0)) is None


@pytest.mark.thorough
def test_a_kcf_that_counts_from_one_is_caught_through_the_adapter(tmp_path: Path) -> None:
    (tmp_path / "drifting.py").write_text(OF_OPENCV)
    right, wrong = (
        check_tracker(tracker_named(f"got10k:{tmp_path / 'drifting.py'}:{name}", None))
        for name in ("Drifting", "FromOne")
    )
    assert right.ok, right
    assert wrong.names == ("shifted",), wrong
