"""What a move from the last frame to this one costs: near constant velocity, or a bounce.

Costs are negative log likelihoods, capped so that a place far off can win by its looks: nothing is
ever lost for good, as the whole frame is searched.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trackbench.trackers.champion_target import NATIVE

_CAP = 120.0
_SIZE_CAP = 100.0


@dataclass(frozen=True)
class Motion:
    """Where the target was and how it moved.

    Attributes:
        centre: (2,) x, y in pixels.
        velocity: (2,) pixels a frame; None before the second frame.
        size: of the target, in 28ths of the first box.
        weight: cost of a squared pixel off the expected place; 0: motion costs nothing.
        bounce: what turning round costs along an axis; infinity: it is not expected.
    """

    centre: NDArray[np.float64]
    velocity: NDArray[np.float64] | None
    size: int
    weight: float = 1.0
    bounce: float = 4.0

    def place_cost(self, x: NDArray[Any], y: NDArray[Any]) -> NDArray[np.float64]:
        """Cost (len(y), len(x)) of the centres ``x``, ``y`` in pixels."""
        along_x, along_y = (self._axis(centres, i) for i, centres in enumerate((x, y)))
        cost: NDArray[np.float64] = np.minimum(along_x[None] + along_y[:, None], _CAP)
        return cost

    def size_cost(self, size: int) -> float:
        """Cost of ``size``: a change by one step of the first size is free."""
        off = max(0.0, NATIVE * abs(math.log(size / self.size)) - 1)
        return min(2 * self.weight * off**2, _SIZE_CAP)

    def moved(self, centre: NDArray[np.float64], size: int) -> Motion:
        """Return the state after the target was found at ``centre`` (2,) with ``size``.

        The velocity is smoothed, but for a jump by more than 4 pixels, which is a bounce.
        """
        velocity = centre - self.centre
        if self.velocity is not None and (np.abs(velocity - self.velocity) <= 4).all():
            velocity = self.velocity + 0.6 * (velocity - self.velocity)
        return Motion(centre, velocity, size, self.weight, self.bounce)

    def _axis(self, centres: NDArray[Any], axis: int) -> NDArray[np.float64]:
        if self.velocity is None:
            around: NDArray[np.float64] = self.weight * 0.05 * (centres - self.centre[axis]) ** 2
            return around
        ahead = self.centre[axis] + self.velocity[axis]
        back = self.centre[axis] - self.velocity[axis]
        cost: NDArray[np.float64] = np.minimum(
            self.weight * (centres - ahead) ** 2, self.weight * (centres - back) ** 2 + self.bounce
        )
        return cost
