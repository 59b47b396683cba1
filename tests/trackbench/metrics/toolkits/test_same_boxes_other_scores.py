"""The same boxes and other scores: one example for each rule in which toolkits differ."""

from typing import Any

import numpy as np
import pytest

from trackbench.metrics.toolkits import got10k, ostrack, pysot, pysot_toolkit, pytracking
from trackbench.metrics.toolkits.polygon_box import box_of_extent, box_of_same_area
from trackbench.metrics.toolkits.pytracking import Family
from trackbench.metrics.toolkits.refusal import ToolkitRefusesError
from trackbench.metrics.toolkits.speed import frames_over_sum, mean_of_rates
from trackbench.metrics.toolkits.vot_accuracy import accuracy, mean_accuracy
from trackbench.metrics.toolkits.vot_overlap import overlaps

FRAME = (240, 320)


def still(box: list[float], frames: int = 10) -> np.ndarray:
    return np.tile(np.array(box, float), (frames, 1))


def every_toolkit(answers: np.ndarray, truth: np.ndarray, family: Family) -> dict[str, Any]:
    return {
        "got10k": got10k.evaluate_uav123(answers, truth),
        "pysot": pysot.evaluate(answers, truth),
        "pysot-toolkit": pysot_toolkit.evaluate(answers, truth),
        "pytracking": pytracking.evaluate(answers, truth, family),
        "ostrack": ostrack.evaluate(answers, truth, family),
    }


def test_1_a_perfect_tracker_gets_20_of_21() -> None:
    boxes = still([20, 30, 40, 50])
    for scores in every_toolkit(boxes, boxes, Family.OTB).values():
        assert scores.auc == pytest.approx(20 / 21, abs=1e-12)


def test_2_unknown_truth_is_dropped_or_a_failure_and_a_hit_in_precision() -> None:
    truth = still([20, 30, 40, 50])
    answers = truth.copy()
    truth[3:7] = np.nan
    scores = every_toolkit(answers, truth, Family.UAV)
    assert scores["got10k"].auc == pytest.approx(20 / 21)
    for name in ("pysot", "pysot-toolkit", "pytracking", "ostrack"):
        assert scores[name].auc == pytest.approx(0.5714, abs=1e-4)
    assert {each.precision20 for each in scores.values()} == {1.0}


def test_3_a_truth_at_the_edge_is_none_to_two_of_them() -> None:
    boxes = still([0, 30, 40, 50])
    auc = {name: each.auc for name, each in every_toolkit(boxes, boxes, Family.OTB).items()}
    assert auc == {
        "got10k": pytest.approx(20 / 21),
        "pysot": pytest.approx(20 / 21),
        "ostrack": pytest.approx(20 / 21),
        "pysot-toolkit": 0.0,
        "pytracking": 0.0,
    }


def test_4_rows_of_zeros_are_misses_or_hits() -> None:
    truth = still([120, 130, 40, 50])
    answers = truth.copy()
    truth[3:7] = 0
    scores = every_toolkit(answers, truth, Family.OTB)
    precision = {name: each.precision20 for name, each in scores.items()}
    assert precision == {
        "got10k": 0.6,
        "pytracking": 0.6,
        "ostrack": 0.6,
        "pysot": 1.0,
        "pysot-toolkit": 1.0,
    }


def test_5_whole_numbers_cost_overlap() -> None:
    truth = still([50.9, 50.9, 10.9, 10.9], 2)
    iou = got10k.rectangle_iou(np.trunc(truth), truth)
    assert iou == pytest.approx([0.609, 0.609], abs=5e-4)


def test_6_an_answer_without_a_size_is_the_one_before_or_a_miss() -> None:
    truth = still([20, 30, 40, 50])
    answers = truth.copy()
    answers[5] = 0
    scores = every_toolkit(answers, truth, Family.OTB)
    assert scores["pytracking"].op50 == scores["ostrack"].op50 == 1.0
    assert scores["got10k"].op50 == scores["pysot"].op50 == 0.9
    answers[5] = [20, 30, -1, 50]
    for module in (pytracking, ostrack):
        with pytest.raises(ToolkitRefusesError, match="frame 5: the tracker's box has a negative"):
            module.evaluate(answers, truth)
    assert pysot.evaluate(answers, truth).op50 == 0.9


def test_7_only_got10k_moves_boxes_into_the_frame() -> None:
    truth, answer = still([90, 40, 20, 20], 1), still([90, 40, 60, 20], 1)
    assert got10k.rectangle_iou(answer, truth) == pytest.approx(1 / 3)
    assert got10k.rectangle_iou(answer, truth, (100, 100)) == pytest.approx(1.0)


def test_8_frames_or_sequences_are_averaged() -> None:
    good, bad = still([20, 30, 40, 50], 901), still([20, 30, 40, 50], 101)
    found = [
        got10k.evaluate_got10k(good, good, np.ones(901, bool), FRAME),
        got10k.evaluate_got10k(bad + np.array([200, 100, 0, 0]), bad, np.ones(101, bool), FRAME),
    ]
    assert got10k.all_frames(found).ao == pytest.approx(0.9)
    assert np.mean([each.ao for each in found]) == pytest.approx(0.5)
    assert mean_accuracy([1.0, 0.0], [900, 100]) == pytest.approx(0.9)


def test_9_the_first_frame_counts_or_not() -> None:
    truth = still([20, 30, 40, 50])
    answers = truth + np.array([0, 0, 40, 0])  # half of each is the truth
    overlap = pytracking.evaluate(answers, truth).overlap
    assert overlap == pytest.approx(0.55)  # frame 0 is the truth there
    assert got10k.evaluate_got10k(answers, truth, np.ones(10, bool), FRAME).ao == pytest.approx(0.5)
    assert accuracy(answers, truth, FRAME) == 0.0  # the burn-in of ten frames hides all of them
    assert accuracy(answers, truth, FRAME, burn_in=1) == pytest.approx(0.5)


def test_10_normalised_precision_is_a_mean_or_a_value() -> None:
    truth = still([100, 100, 100, 100], 4)
    answers = truth + np.array([[0, 0, 0, 0], [5, 0, 0, 0], [15, 0, 0, 0], [30, 0, 0, 0]])
    # The first frame is given in got10k's; it is left out here by its share.
    curve = got10k.evaluate_lasot(answers, truth).normalised
    assert curve is not None
    of_three = (4 * curve - 1) / 3
    assert of_three.mean() == pytest.approx(0.673, abs=5e-4)
    assert of_three[20] == pytest.approx(2 / 3)
    assert (4 * pysot.evaluate(answers, truth).normalised20 - 1) / 3 == pytest.approx(2 / 3)


def test_11_vot_counts_pixels_of_rounded_boxes() -> None:
    truth, answer = still([10.4, 10, 20, 20], 1), still([10, 10, 20, 20], 1)
    assert overlaps(answer, truth, FRAME).tolist() == [1.0]
    assert got10k.rectangle_iou(answer, truth) == pytest.approx(0.961, abs=5e-4)
    for side, expected in ((10, 0.681), (20, 0.822), (50, 0.924)):
        truth, answer = still([10, 10, side, side], 1), still([11, 11, side, side], 1)
        assert overlaps(answer, truth, FRAME) == pytest.approx(expected, abs=5e-4)


def test_12_a_polygon_becomes_a_box_of_its_area_or_of_its_extent() -> None:
    square = np.array([[10, 10], [30, 10], [30, 30], [10, 30]], float)
    diamond = np.array([[20, 10], [30, 20], [20, 30], [10, 20]], float)
    assert box_of_same_area(square) == pytest.approx([9.5, 9.5, 21, 21])
    assert box_of_same_area(diamond)[2:] == pytest.approx([15.14, 15.14], abs=5e-3)
    assert box_of_extent(diamond).tolist() == box_of_extent(square).tolist() == [10, 10, 20, 20]


def test_13_hidden_frames_are_left_out_and_yet_divided_by() -> None:
    boxes = still([20, 30, 40, 50])
    visible = np.ones(10, bool)
    visible[3:7] = False
    assert pysot.evaluate(boxes, boxes, visible).auc == pytest.approx(0.6 * 20 / 21)
    every = pytracking.evaluate(boxes, boxes, Family.LASOT, visible)
    valid = pytracking.evaluate(boxes, boxes, Family.LASOT, visible, only_valid=True)
    assert (every.op50, valid.op50) == (0.6, 1.0)


def test_14_speed_is_a_mean_of_rates_or_a_rate() -> None:
    seconds = np.array([0.5, *[0.01] * 99])
    assert mean_of_rates(seconds) == pytest.approx(99.02)
    assert frames_over_sum(seconds) == pytest.approx(67.1, abs=0.05)
