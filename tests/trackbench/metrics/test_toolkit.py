"""The metrics under another toolkit's name are that toolkit's own numbers, to 1e-9."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from got10k.experiments import ExperimentGOT10k, ExperimentOTB
from got10k.utils.metrics import center_error, rect_iou
from numpy.typing import NDArray

from trackbench.metrics import Metric, Trajectories, box_iou, success_curve
from trackbench.metrics.precision import centre_error

N, T = 40, 60
FRAME = (100, 120)
EXACT = {"rtol": 0, "atol": 1e-9}


@pytest.fixture(scope="module")
def tracked() -> Trajectories:
    """Random boxes around a truth inside the frame; a third of the predictions hang out of it."""
    rng = np.random.default_rng(5)
    size = rng.uniform(8, 30, (N, T, 2))
    corner = rng.uniform(0, 1, (N, T, 2)) * ([FRAME[1], FRAME[0]] - size)
    truth = np.concatenate([corner, size], axis=-1)
    drift = rng.uniform(0, 40, (N, 1, 1))
    predicted = truth + rng.normal(0, 1, truth.shape) * drift
    predicted[..., 2:] = np.maximum(predicted[..., 2:], 1.0)
    outside = (predicted[..., :2] < 0) | (predicted[..., :2] + predicted[..., 2:] > FRAME[::-1])
    assert 0.2 < outside.any(axis=-1).mean() < 0.6
    visibility = rng.choice([0.0, 0.3, 1.0], (N, T), p=[0.1, 0.3, 0.6])
    return Trajectories(predicted, truth, np.zeros((N, T)), visibility, FRAME)


def with_given_start(tracked: Trajectories, sequence: int) -> NDArray[np.float64]:
    """Do what ExperimentOTB.report does: ``boxes[0] = anno[0]``."""
    boxes = tracked.predicted[sequence].copy()
    boxes[0] = tracked.truth[sequence, 0]
    return boxes


def test_box_iou_is_rect_iou(tracked: Trajectories) -> None:
    for predicted, truth in zip(tracked.predicted, tracked.truth, strict=True):
        np.testing.assert_allclose(box_iou(predicted, truth), rect_iou(predicted, truth), **EXACT)


def test_centre_error_is_center_error(tracked: Trajectories) -> None:
    expected = center_error(tracked.predicted, tracked.truth)
    np.testing.assert_allclose(centre_error(tracked.predicted, tracked.truth), expected, **EXACT)


def test_auc_and_precision_are_those_of_its_otb_experiment(tracked: Trajectories) -> None:
    otb = SimpleNamespace(nbins_iou=21, nbins_ce=51)
    auc = Metric.named("auc@otb").of(tracked)
    precision = Metric.named("precision20@otb").of(tracked)
    for sequence in range(N):
        boxes, truth = with_given_start(tracked, sequence), tracked.truth[sequence]
        curves = ExperimentOTB._calc_curves(otb, rect_iou(boxes, truth), center_error(boxes, truth))
        np.testing.assert_allclose(success_curve(box_iou(boxes, truth)), curves[0], **EXACT)
        np.testing.assert_allclose(auc[sequence], curves[0].mean(), **EXACT)
        np.testing.assert_allclose(precision[sequence], curves[1][20], **EXACT)


@pytest.mark.parametrize("bounded", [True, False])
def test_ao_and_sr_are_those_of_its_got10k_experiment(tracked: Trajectories, bounded: bool) -> None:
    if not bounded:
        tracked = Trajectories(
            tracked.predicted, tracked.truth, tracked.iou, tracked.visibility, None
        )
    found = [Metric.named(name).of(tracked) for name in ("ao@got10k", "sr50@got10k", "sr75@got10k")]
    assert tracked.visibility is not None
    for sequence in range(N):
        # rect_iou moves the boxes it is given, so it is given copies, as report() gives it slices.
        ious = rect_iou(
            tracked.predicted[sequence, 1:].copy(),
            tracked.truth[sequence, 1:].copy(),
            bound=(FRAME[1], FRAME[0]) if bounded else None,
        )
        ious = ious[tracked.visibility[sequence, 1:] > 0]
        ao, sr50, _, curve = ExperimentGOT10k._evaluate(None, ious, np.array([]))
        expected = [ao, sr50, curve[75]]
        np.testing.assert_allclose([values[sequence] for values in found], expected, **EXACT)


def test_the_bound_matters_so_that_ignoring_it_would_be_seen(tracked: Trajectories) -> None:
    loose = Trajectories(tracked.predicted, tracked.truth, tracked.iou, tracked.visibility, None)
    ao = Metric.named("ao@got10k")
    assert np.abs(ao.of(tracked) - ao.of(loose)).max() > 0.01


def test_each_sequence_is_bounded_by_its_own_frame(tracked: Trajectories) -> None:
    """Frames of several sizes: the toolkit is given each sequence's own."""
    rng = np.random.default_rng(6)
    sizes = rng.integers(40, 160, (N, 2))
    mixed = replace(tracked, frame=sizes)
    found = {name: Metric.named(name).of(mixed) for name in ("ao@got10k", "sr50@got10k")}
    assert tracked.visibility is not None
    for sequence in range(N):
        height, width = sizes[sequence].tolist()
        ious = rect_iou(
            tracked.predicted[sequence, 1:].copy(),
            tracked.truth[sequence, 1:].copy(),
            bound=(width, height),
        )
        # Moved out of a smaller frame, a box may have no area left, and that has an IoU of NaN.
        ious = np.nan_to_num(ious[tracked.visibility[sequence, 1:] > 0])
        ao, sr50, _, _ = ExperimentGOT10k._evaluate(None, ious, np.array([]))
        np.testing.assert_allclose(found["ao@got10k"][sequence], ao, **EXACT)
        np.testing.assert_allclose(found["sr50@got10k"][sequence], sr50, **EXACT)
        alone = Metric.named("ao@got10k").of(mixed.only(sequence))
        np.testing.assert_array_equal(alone, found["ao@got10k"][[sequence]])
    one_for_all = replace(tracked, frame=np.tile(FRAME, (N, 1)))
    ao_of = Metric.named("ao@got10k").of
    np.testing.assert_array_equal(ao_of(one_for_all), ao_of(tracked))
