"""Sequences of the training sets, made here or ahead of time in worker processes.

No torch here: the workers import this module.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence as Several
from concurrent.futures import Future
from functools import partial

import numpy as np

from trackbench.contracts import Boxes, Dataset, Frame
from trackbench.errors import TrackbenchError, parameter
from trackbench.plugins.checked_sequence import make_sequence
from trackbench.running.messages import Refusal
from trackbench.running.spawned_pool import LostError, SpawnedPool
from trackbench.trackers.grey import grey

Video = tuple[Frame, Boxes]
"""Grey frames (T, H, W) uint8 and true boxes (T, 4) float64."""


Key = tuple[int, int, int]
"""Data set, index, length."""


class Generator:
    """Makes sequences and keeps them until they cannot be asked for any more."""

    def __init__(self, datasets: Several[Dataset], workers: int) -> None:
        self._datasets = datasets
        self._kept: dict[Key, Video] = {}
        self._coming: dict[Key, Callable[[], Video]] = {}
        # By a recipe: a data set may be defined in a script or a plugin's file.
        self._pool = (
            SpawnedPool(tuple(datasets), "a training set", tuple, workers) if workers else None
        )

    def prepare(self, dataset: int, index: int, length: int) -> None:
        """Have a sequence made in the background, if there are workers."""
        key = (dataset, index, length)
        if self._pool and key not in self._kept and key not in self._coming:
            self._coming[key] = partial(_awaited, self._pool, self._pool.submit(_make, *key))

    def video(self, dataset: int, index: int, length: int) -> Video:
        """The first ``length`` frames of a sequence."""
        key = (dataset, index, length)
        self.prepare(*key)
        if key not in self._kept:
            made_here = partial(_make, self._datasets, *key)
            self._kept[key] = self._coming.pop(key, made_here)()
        return self._kept[key]

    def forget(self, oldest: Several[int]) -> None:
        """Drop all sequences before ``oldest``, one index a data set."""
        for known in (self._kept, self._coming):
            for key in [key for key in known if key[1] < oldest[key[0]]]:
                del known[key]

    def close(self) -> None:
        """End the workers."""
        if self._pool:
            self._pool.close()


def _awaited(pool: SpawnedPool, future: Future[Video | Refusal]) -> Video:
    try:
        return pool.result(future)
    except LostError as error:
        raise TrackbenchError(
            f"a process that makes videos ended with {error.ending}: go on from the last "
            f"checkpoint with {parameter('resume', True)}"
        ) from error


def _make(datasets: Several[Dataset], dataset: int, index: int, length: int) -> Video:
    source = datasets[dataset]
    # A finite data set is gone through again and again.
    sequence = make_sequence(source, index % source.spec.sequences, length)
    return grey(sequence.frames, axes=3), np.asarray(sequence.boxes, np.float64)
