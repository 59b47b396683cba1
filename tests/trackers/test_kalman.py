from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.linalg import block_diag, solve_discrete_are

from trackbench.errors import TrackbenchError
from trackbench.trackers.kalman import ConstantVelocityFilter, KalmanTracker
from trackbench.trackers.ncc import NccTracker


def run(state: ConstantVelocityFilter, measurements: NDArray[np.float64]) -> NDArray[np.float64]:
    means = []
    for measured in measurements:
        state.predict()
        state.correct(measured)
        means.append(state.mean)
    return np.array(means)


def test_posterior_is_that_of_the_whole_gaussian_at_once() -> None:
    """The joint Gaussian of all states, conditioned on all measurements in one step."""
    steps, acceleration, measurement, speed = 6, 1.7, 0.8, 3.0
    rng = np.random.default_rng(0)
    measurements = rng.normal(0, 10, (steps, 2))
    start = np.array([5.0, -2.0])

    # x_t = sum of what velocity and each acceleration have contributed, written out per axis.
    noise = np.diag([speed**2, *[acceleration**2] * steps])
    effect = np.zeros((2 * steps, 1 + steps))
    for t in range(1, steps + 1):
        effect[2 * t - 2, 0], effect[2 * t - 1, 0] = t, 1
        for k in range(1, t + 1):
            effect[2 * t - 2, k], effect[2 * t - 1, k] = t - k + 0.5, 1
    joint = effect @ noise @ effect.T
    seen = np.arange(0, 2 * steps, 2)
    covariance = joint[np.ix_(seen, seen)] + measurement**2 * np.eye(steps)
    gain = np.linalg.solve(covariance, joint[seen]).T[-2:]

    state = ConstantVelocityFilter(start, acceleration, measurement, speed)
    run(state, measurements)
    for axis in (0, 1):
        position, velocity = gain @ (measurements[:, axis] - start[axis])
        np.testing.assert_allclose(state.mean[axis], start[axis] + position, rtol=1e-10)
        np.testing.assert_allclose(state.mean[axis + 2], velocity, rtol=1e-10)
    expected = joint[-2:, -2:] - gain @ joint[seen][:, -2:]
    order = np.ix_([0, 2, 1, 3], [0, 2, 1, 3])
    np.testing.assert_allclose(
        state.covariance[order], block_diag(expected, expected), rtol=1e-9, atol=1e-12
    )


@pytest.mark.parametrize(("acceleration", "measurement"), [(6.0, 1.0), (0.1, 2.0), (1.0, 1.0)])
def test_prior_covariance_settles_at_the_riccati_equations_solution(
    acceleration: float, measurement: float
) -> None:
    state = ConstantVelocityFilter(np.zeros(2), acceleration, measurement, speed=5.0)
    run(state, np.zeros((300, 2)))
    state.predict()
    # One axis, with matrices of its own: a = F', b = H'.
    prior = solve_discrete_are(
        np.array([[1, 0], [1, 1]]),
        np.array([[1], [0]]),
        acceleration**2 * np.array([[0.25, 0.5], [0.5, 1]]),
        np.array([[measurement**2]]),
    )
    order = np.ix_([0, 2, 1, 3], [0, 2, 1, 3])
    np.testing.assert_allclose(
        state.covariance[order], block_diag(prior, prior), rtol=1e-7, atol=1e-12
    )


def test_constant_velocity_is_learned_without_error() -> None:
    state = ConstantVelocityFilter(np.array([10.0, 20.0]), 1e-6, 1.0, speed=100.0)
    truth = np.array([10.0, 20.0]) + np.arange(1, 200)[:, None] * [1.5, -0.25]
    means = run(state, truth)
    np.testing.assert_allclose(means[-1], [*truth[-1], 1.5, -0.25], atol=1e-4)


def test_goes_on_at_the_same_speed_while_the_target_is_hidden(
    moving_square: Callable[..., Any],
) -> None:
    video = moving_square(length=12)
    tracker = KalmanTracker()
    for_ten = video.follow(tracker)[-1]
    hidden = np.zeros((100, 100), np.uint8)
    boxes = np.array([tracker.update(hidden) for _ in range(3)])
    np.testing.assert_allclose(boxes[:, :2], for_ten[:2] + np.outer([1, 2, 3], [2, 1]), atol=0.01)
    np.testing.assert_array_equal(boxes[:, 2:], np.full((3, 2), 28))


def test_the_gate_keeps_it_from_a_second_target_that_ncc_jumps_to(
    moving_square: Callable[..., Any],
) -> None:
    video = moving_square(length=7, step=(0, 0))
    frames = video.frames.copy()
    target = frames[0, 30:58, 20:48].copy()
    frames[5:, 30:58, 20:48] = target // 2 + 60  # the target fades
    frames[5:, 30:58, 20:34] = frames[5:, 0:28, 0:14]  # and is half hidden,
    frames[5:, 70:98, 70:98] = target  # and its double appears far off
    video = type(video)(frames, video.boxes)
    assert video.mean_iou(video.follow(NccTracker())) < 0.7
    assert video.mean_iou(video.follow(KalmanTracker())) > 0.99


def test_finds_the_target_again_after_it_was_hidden_and_turned(
    moving_square: Callable[..., Any],
) -> None:
    video = moving_square(length=12)
    hidden = np.zeros((9, 100, 100), np.uint8)
    frames = np.concatenate([video.frames, hidden, video.frames[::-1]])
    boxes = np.concatenate([video.boxes, np.tile(video.boxes[-1], (9, 1)), video.boxes[::-1]])
    followed = type(video)(frames, boxes).follow(KalmanTracker())
    np.testing.assert_allclose(followed[-1], boxes[-1], atol=0.2)


@pytest.mark.parametrize("name", ["acceleration", "measurement", "speed", "gate"])
@pytest.mark.parametrize("value", [0, -1.0, float("nan")])
def test_a_parameter_that_makes_no_gaussian_is_refused(name: str, value: float) -> None:
    with pytest.raises(TrackbenchError, match=f"{name}="):
        KalmanTracker(**{name: value})
