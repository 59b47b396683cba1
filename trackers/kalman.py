"""Filtering-based tracking: a Kalman filter over template matches (the paper's Sec. 2).

Broida and Chellappa (1986) estimate an object's motion from noisy positions in a sequence of
pictures. Here the noisy positions are those of :mod:`trackbench.trackers.ncc`, and the motion is
nearly constant velocity. A Kalman filter (Kalman, 1960) then is the exact answer for

    p(x_t | x_t-1) = N(F x_t-1, Q)      p(z_t | x_t) = N(H x_t, R)

with time in frames and lengths in pixels. What was measured is sought only where the filter expects
it: the validation gate of Bar-Shalom and Fortmann (1988). While the target is hidden the gate grows
until it has the whole frame.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trackbench.contracts import Boxes, Frame
from trackbench.errors import TrackbenchError
from trackbench.trackers.ncc import Template

Matrix = NDArray[np.float64]


class KalmanTracker:
    """Template matching near the predicted place, smoothed. The box keeps its size.

    The default numbers did best of a dozen on 30 videos of the validation sets: targets that bounce
    off walls need a large acceleration, and a match below 0.5 is more often clutter than target.

    Attributes:
        acceleration: standard deviation of the target's acceleration, px / frame^2.
        measurement: standard deviation of a match's error, px.
        speed: standard deviation of the first, unknown velocity along each axis, px / frame.
        gate: matches are sought at most this many standard deviations from the prediction.
        min_score: a best match with a correlation at or below this, in [0, 1], is no measurement.
    """

    def __init__(
        self,
        acceleration: float = 6.0,
        measurement: float = 1.0,
        speed: float = 6.0,
        gate: float = 4.0,
        min_score: float = 0.5,
    ) -> None:
        for name, value in (
            ("acceleration", acceleration),
            ("measurement", measurement),
            ("speed", speed),
            ("gate", gate),
        ):
            if not value > 0:
                raise TrackbenchError(f"kalman parameter {name}={value}: give a number above 0")
        self.acceleration = acceleration
        self.measurement = measurement
        self.speed = speed
        self.gate = gate
        self.min_score = min_score

    def init(self, frame: Frame, box: Boxes) -> None:
        """Take the template from ``frame`` (H, W[, 3]) inside the true ``box`` (4,), pixels.

        Raises:
            ValueError: no pixel of the frame lies in the box.
        """
        self._size = np.array(box[2:], dtype=np.float64)
        self._template = Template.cut(frame, box)
        self._filter = ConstantVelocityFilter(
            box[:2], self.acceleration, self.measurement, self.speed
        )

    def update(self, frame: Frame) -> ArrayLike:
        """Return the box (4,) in ``frame`` (H, W[, 3]): the filter's posterior mean."""
        state = self._filter
        state.predict()
        spread_x, spread_y = self.gate * np.sqrt(np.diag(state.innovation_covariance))
        predicted = np.concatenate([state.position, self._size])
        found = self._template.find(frame, predicted, (spread_x, spread_y))
        if found is not None and found.score > self.min_score:
            state.correct(found.box[:2])
        return np.concatenate([state.position, self._size])


class ConstantVelocityFilter:
    """Kalman filter with the state x, y, v_x, v_y and measurements of x, y.

    One frame is one unit of time. An acceleration a ~ N(0, acceleration^2), constant within a frame
    and independent between frames and axes, moves the state by G a, G = (1/2, 1) along each axis::

            1 0 1 0         1 0 0 0                       1/4  0  1/2  0
        F = 0 1 0 1     H = 0 1 0 0     Q = acceleration^2  0 1/4   0 1/2     R = measurement^2 I
            0 0 1 0                                       1/2  0   1   0
            0 0 0 1                                        0  1/2  0   1

    Attributes:
        mean: (4,) posterior mean; after :meth:`predict` the prior one.
        covariance: (4, 4) of the same.
    """

    F: Matrix = np.array([[1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 0], [0, 0, 0, 1]], np.float64)
    H: Matrix = np.array([[1, 0, 0, 0], [0, 1, 0, 0]], np.float64)
    G: Matrix = np.array([[0.5, 0], [0, 0.5], [1, 0], [0, 1]], np.float64)

    def __init__(
        self, position: NDArray[np.float64], acceleration: float, measurement: float, speed: float
    ) -> None:
        """Start at ``position`` (2,), known without error, with an unknown velocity around 0."""
        self.Q = acceleration**2 * self.G @ self.G.T
        self.R = measurement**2 * np.eye(2)
        self.mean: NDArray[np.float64] = np.array([*position, 0, 0], np.float64)
        self.covariance: Matrix = np.diag([0.0, 0.0, speed**2, speed**2])

    @property
    def position(self) -> NDArray[np.float64]:
        """Mean of x, y: (2,)."""
        return self.mean[:2]

    @property
    def innovation_covariance(self) -> Matrix:
        """Covariance (2, 2) of the next measurement around :attr:`position`: H P H' + R."""
        return self.H @ self.covariance @ self.H.T + self.R

    def predict(self) -> None:
        """Go one frame on: x <- F x, P <- F P F' + Q."""
        self.mean = self.F @ self.mean
        self.covariance = self.F @ self.covariance @ self.F.T + self.Q

    def correct(self, measured: NDArray[np.float64]) -> None:
        """Take in ``measured`` (2,): K = P H' S^-1, x <- x + K (z - H x), P <- (I - K H) P."""
        gain = np.linalg.solve(self.innovation_covariance, self.H @ self.covariance).T
        self.mean = self.mean + gain @ (measured - self.H @ self.mean)
        self.covariance = (np.eye(4) - gain @ self.H) @ self.covariance
