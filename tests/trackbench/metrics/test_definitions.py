"""Each metric on cases small enough to work out by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from trackbench.errors import UnknownIdError
from trackbench.metrics import METRICS, Metric, Trajectories, success_curve, survival_curve
from trackbench.metrics.catalogue import PRESENCE, TOOLKIT_METRICS, VARIANTS
from trackbench.metrics.target_loss import begin_of_run

FRAME = (100, 100)
TARGET = [40.0, 40.0, 20.0, 10.0]


def trajectories(
    predicted: list[list[float]] | NDArray[np.float64],
    iou: list[float] | None = None,
    visibility: list[float] | None = None,
) -> Trajectories:
    """Return one sequence whose target stands still at TARGET."""
    boxes = np.array([predicted], float)
    frames = boxes.shape[1]
    return Trajectories(
        predicted=boxes,
        truth=np.tile(TARGET, (1, frames, 1)),
        iou=np.array([iou if iou is not None else [1.0] * frames]),
        visibility=None if visibility is None else np.array([visibility]),
        frame=FRAME,
    )


def shifted(dx: float, dy: float = 0.0) -> list[float]:
    return [TARGET[0] + dx, TARGET[1] + dy, TARGET[2], TARGET[3]]


def value(name: str, tracked: Trajectories) -> float:
    (found,) = Metric.named(name).of(tracked)
    return float(found)


def test_the_truth_is_perfect_in_each() -> None:
    tracked = trajectories([TARGET] * 30)
    values = {metric.id: value(metric.id, tracked) for metric in METRICS}
    assert values.pop("auc@otb") == pytest.approx(20 / 21)
    assert set(values.values()) == {1.0}


def test_what_is_lost_at_once_scores_what_frame_0_gives() -> None:
    frames = 20
    tracked = trajectories([TARGET] + [shifted(500)] * (frames - 1), [1.0] + [0.0] * (frames - 1))
    assert value("auc@otb", tracked) == pytest.approx(20 / 21 / frames)
    assert value("precision20@otb", tracked) == pytest.approx(1 / frames)
    assert value("normalised-precision@trackingnet", tracked) == pytest.approx(1 / frames)
    assert value("robustness", tracked) == pytest.approx(1 / frames)
    assert value("ao@got10k", tracked) == 0  # frame 0 is left out
    assert value("sr50@got10k", tracked) == 0
    assert value("survival", tracked) == 0


def test_success_is_above_the_threshold_and_not_at_it() -> None:
    assert success_curve(np.array([0.5, 1.0]), np.array([0.0, 0.5, 0.75, 1.0])).tolist() == [
        1.0,
        0.5,
        0.5,
        0.0,
    ]


def test_success_rate_is_above_a_half() -> None:
    # Moved by a third of its width, a box has an IoU of exactly (2/3) / (4/3) = 1/2.
    truth = np.tile([30.0, 30.0, 3.0, 3.0], (1, 3, 1))
    predicted = truth + np.array([[0, 0, 0, 0], [1, 0, 0, 0], [0.9, 0, 0, 0]])
    tracked = Trajectories(predicted, truth, np.zeros((1, 3)))
    assert value("sr50@got10k", tracked) == 0.5


def test_precision_is_within_20_pixels_inclusive() -> None:
    tracked = trajectories([TARGET, shifted(12, 16), shifted(20.001), shifted(-20)])
    assert value("precision20@otb", tracked) == 0.75


def test_normalised_precision_is_relative_to_the_true_size() -> None:
    # 2 of 20 pixels across are 0.1, 2 of 10 down are 0.2: 17 and 13 of 21 thresholds pass, and the
    # trapezium rule takes half of the last one's.
    across, down = trajectories([TARGET, shifted(2)]), trajectories([TARGET, shifted(0, 2)])
    name = "normalised-precision@trackingnet"
    assert value(name, across) == pytest.approx((1 + 16.5 / 20) / 2)
    assert value(name, down) == pytest.approx((1 + 12.5 / 20) / 2)


def test_normalised_precision_rounds_to_whole_pixels() -> None:
    name = "normalised-precision@trackingnet"
    assert value(name, trajectories([TARGET, shifted(0.4)])) == 1.0
    assert value(name, trajectories([TARGET, shifted(0.6)])) < 1.0


def test_invalid_predictions_are_neither_precise_nor_overlap() -> None:
    nowhere = [[np.nan] * 4, [40.0, 40.0, 0.0, 10.0], [40.0, 40.0, np.inf, 10.0]]
    tracked = trajectories([TARGET, *nowhere], [1.0, 0.0, 0.0, 0.0])
    assert value("precision20@otb", tracked) == 0.25
    # Its devkit measures from a box without a width as from any other: half a width is the last
    # of 21 thresholds, of which the trapezium rule takes a half.
    found = value("normalised-precision@trackingnet", tracked)
    assert found == pytest.approx((1 + 0.5 / 20) / 4)
    assert value("auc@otb", tracked) == pytest.approx(20 / 21 / 4)
    assert value("ao@got10k", tracked) == 0


def test_got10k_leaves_out_frames_in_which_the_target_is_hidden() -> None:
    boxes = [TARGET, TARGET, shifted(500), TARGET]
    assert value("ao@got10k", trajectories(boxes)) == pytest.approx(2 / 3)
    assert value("ao@got10k", trajectories(boxes, visibility=[1, 0.1, 0, 1])) == 1.0


def test_a_frame_of_which_nothing_is_said_counts_as_visible() -> None:
    boxes = [TARGET, TARGET, shifted(500), TARGET]
    unsaid = trajectories(boxes, visibility=[1, 1, np.nan, 1])
    assert value("ao@got10k", unsaid) == pytest.approx(2 / 3)


def test_got10k_has_no_value_without_a_frame_that_counts() -> None:
    assert np.isnan(value("ao@got10k", trajectories([TARGET])))
    assert np.isnan(value("sr50@got10k", trajectories([TARGET] * 3, visibility=[1, 0, 0])))


def test_presence_and_absence_are_of_what_a_tracker_says_beyond_frame_0() -> None:
    nothing = [np.nan] * 4
    tracked = trajectories([TARGET, nothing, TARGET, TARGET, nothing, nothing])
    truth = tracked.truth.copy()
    truth[0, 3:] = np.nan
    said = np.array([[False, True, False, False, True, False]])
    gone = np.array([[False, False, False, True, True, False]])  # of the last frame nobody knows
    knowing = replace(tracked, truth=truth, absent=said, nowhere=gone)
    assert value("presence", knowing) == 0.5
    assert value("absence", knowing) == 0.5
    silent = replace(knowing, absent=None)
    assert (value("presence", silent), value("absence", silent)) == (1.0, 0.0)
    assert np.isnan(value("absence", replace(knowing, nowhere=None)))


@pytest.mark.parametrize(("strict", "expected"), [(True, np.nan), (False, 0.5)])
def test_a_sequence_without_a_number_spoils_a_toolkits_total_alone(
    strict: bool, expected: float
) -> None:
    metric = replace(METRICS[0], strict=strict)
    scores, alike = np.array([0.25, np.nan, 0.75, np.nan]), np.array([1.0, 1.0, 1.0, 0.0])
    assert metric.total(scores, alike) == pytest.approx(expected, nan_ok=True)
    assert np.isnan(metric.total(scores, np.zeros(4)))


def test_a_weighted_total_is_over_frames() -> None:
    metric = Metric.named("ao@got10k")
    assert metric.total(np.array([1.0, 0.0]), np.array([900.0, 100.0])) == pytest.approx(0.9)


def test_robustness_ends_where_ten_bad_frames_begin() -> None:
    boxes = [TARGET] * 40
    good, bad = [0.5], [0.1]
    assert value("robustness", trajectories(boxes, good * 20 + bad * 10 + good * 10)) == 0.5
    assert value("robustness", trajectories(boxes, good * 20 + bad * 9 + good * 11)) == 1.0
    assert value("robustness", trajectories(boxes, good * 31 + bad * 9)) == 1.0
    assert value("robustness", trajectories(boxes, good * 30 + bad * 10)) == 0.75
    assert value("robustness", trajectories(boxes, good * 20 + [0.11] * 20)) == 1.0


def test_survival_falls_at_the_tenth_frame_without_overlap_and_never_rises() -> None:
    lost_for_good = [1.0] * 5 + [0.0] * 25
    met_again = [1.0] * 10 + [0.0] * 10 + [1.0] * 10
    nearly = [1.0] * 10 + [0.0] * 9 + [1.0] * 11
    curve = survival_curve(np.array([lost_for_good, met_again, nearly]))
    assert curve[:14].tolist() == [1.0] * 14
    assert curve[14:19] == pytest.approx([2 / 3] * 5)
    assert curve[19:] == pytest.approx([1 / 3] * 11)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_survival_of_one_length_is_the_end_of_the_curve(iou: list[float]) -> None:
    tracked = trajectories([TARGET] * len(iou), iou)
    assert value("survival", tracked) == survival_curve(np.array([iou]))[-1]


@given(st.lists(st.booleans(), max_size=30), st.integers(1, 12))
def test_a_run_begins_where_one_looks_for_it(flags: list[bool], frames: int) -> None:
    text = "".join("x" if flag else "." for flag in flags)
    expected = text.find("x" * frames)
    found = begin_of_run(np.array([flags], bool).reshape(1, -1), frames)
    assert found.tolist() == [expected if expected >= 0 else len(flags)]


def test_a_shorter_length_is_a_prefix() -> None:
    tracked = trajectories([TARGET] * 6 + [shifted(500)] * 6, [1.0] * 6 + [0.0] * 6, [1.0] * 12)
    for metric in METRICS:
        scores = metric.scores(tracked, (6, 12))
        assert scores.shape == (1, 2)
        assert scores[0, 0] == value(metric.id, trajectories([TARGET] * 6))


def test_ids_are_unique_and_an_unknown_one_names_the_nearest() -> None:
    assert len({metric.id for metric in METRICS}) == len(METRICS)
    assert all(metric.definition for metric in METRICS)
    every = [*METRICS, *PRESENCE, *TOOLKIT_METRICS, *VARIANTS]
    assert len({metric.id for metric in every}) == len(every)
    assert all(Metric.named(metric.id) is metric for metric in every)
    with pytest.raises(UnknownIdError, match="did you mean ao@got10k"):
        Metric.named("ao@got")
