"""What a network is: its architecture and every size, enough to build it without its weights."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from trackbench.errors import TrackbenchError, UnknownIdError
from trackbench.ids import parse
from trackbench.printing.text import quoted

Size = Annotated[int, Meta(ge=0, le=10_000)]
"""Of anything in a network; of videos of this size nobody trains one."""


class Architecture(StrEnum):
    """The two families of the paper's Sec. 5."""

    RECTRACKER = "rectracker"
    CONVTRACKER = "convtracker"


@dataclass(frozen=True, kw_only=True)
class NetworkSpec:
    """Architecture and sizes; the defaults are those of the paper's App. A.

    Attributes:
        architecture: RecTracker or ConvTracker.
        n: RecTracker only: 0 sees the whole frame (ID), N >= 1 through N x N Gaussians (Att-N).
        frame: height and width of a frame, K in the paper, pixels.
        filters: filters of the convolution.
        kernel: height and width of a filter, pixels; a multiple of ``stride``.
        stride: pixels between two places of a filter; a divisor of ``frame``.
        hidden: gated recurrent units (RecTracker) or tanh units (ConvTracker).
        history: ConvTracker only: frames seen at a time, and preceding boxes.
    """

    architecture: Architecture = Architecture.RECTRACKER
    n: Size = 0
    frame: Size = 100
    filters: Size = 32
    kernel: Size = 10
    stride: Size = 5
    hidden: Size = 200
    history: Size = 4

    def __post_init__(self) -> None:
        if self.n < 0 or (self.n and self.architecture is not Architecture.RECTRACKER):
            raise TrackbenchError(f"n={self.n}: N >= 0 Gaussians a side, and for a RecTracker only")
        sizes = (self.frame, self.filters, self.kernel, self.stride, self.hidden, self.history)
        if min(sizes) < 1 or self.kernel > self.frame or self.history < 2:
            raise TrackbenchError(f"a network of impossible size: {self}")
        if self.kernel % self.stride or self.frame % self.stride:
            raise TrackbenchError(
                f"kernel {self.kernel} and frame {self.frame} must be multiples of the stride "
                f"{self.stride}"
            )

    @property
    def places(self) -> int:
        """Places of a filter along one side of the frame (19)."""
        return (self.frame - self.kernel) // self.stride + 1

    @property
    def features(self) -> int:
        """Values the convolution gives for a frame (11,552)."""
        return self.filters * self.places**2


MOST_POINTS = 1000
"""Of an attention grid, along a side."""


def spec_of(tracker: str) -> NetworkSpec:
    """The network of a tracker id: one of ``NAMED`` or ``rectracker-attN`` for N of 1 to 1,000.

    Raises:
        TrackbenchError: N is greater: no frame here has so many pixels along a side.
        UnknownIdError: it is none of the learned trackers.
    """
    name = parse(tracker).name
    attentive = re.fullmatch(r"rectracker-att([1-9]\d*)", name)
    if attentive:
        if len(attentive[1]) > len(str(MOST_POINTS)) or int(attentive[1]) > MOST_POINTS:
            raise TrackbenchError(
                f"{quoted(name)} has too large a grid: N is {MOST_POINTS} at most"
            )
        return NetworkSpec(n=int(attentive[1]))
    if name not in NAMED:
        raise UnknownIdError("learned tracker", tracker, NAMED)
    return NAMED[name]


NAMED = {
    "rectracker-id": NetworkSpec(),
    "rectracker-att1": NetworkSpec(n=1),
    "rectracker-att3": NetworkSpec(n=3),
    "convtracker": NetworkSpec(architecture=Architecture.CONVTRACKER),
}
"""The paper's four learned trackers by tracker id."""
