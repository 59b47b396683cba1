"""A data set and a tracker that cost next to nothing, for scripts that measure what is around them.

In a file of their own: every process of a run imports it, and it imports little.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from trackbench.contracts import DatasetSpec, TrackerSpec, Video


class Walks:
    """A square that walks."""

    def __init__(self, spec: DatasetSpec) -> None:
        self.spec = spec

    def sequence(self, index: int, length: int | None = None) -> Video:
        """Make a sequence."""
        rng, longest = np.random.default_rng([self.spec.seed, index]), self.spec.length
        corners = rng.integers(0, 20, (longest, 2))[:length]
        frames = rng.integers(0, 255, (longest, 32, 32), np.uint8)[:length]
        return Video(frames, np.concatenate([corners, np.full_like(corners, 8)], axis=1) * 1.0)


class Follows:
    """Never asked: its answers are made up."""

    def __init__(self, number: int = 0) -> None:
        self.number = number

    def init(self, frame: Any, box: Any) -> None:
        """Begin."""

    def update(self, frame: Any) -> None:
        """Answer nothing."""


def dataset(number: int, sequences: int, length: int, chunk: int) -> DatasetSpec:
    """Return one of the data sets, of units of ``chunk`` sequences."""
    return DatasetSpec(
        id=f"walks{number}-v1",
        factory=Walks,
        seed=number,
        sequences=sequences,
        length=length,
        chunk=chunk,
    )


def trackers(count: int) -> list[TrackerSpec]:
    """Return so many trackers that nobody asks."""
    return [
        TrackerSpec(id=f"follows{number}-v1", factory=Follows, parameters={"number": number})
        for number in range(count)
    ]
