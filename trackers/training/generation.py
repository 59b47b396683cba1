"""Sequences of the training sets, made here or ahead of time in worker processes.

No torch here: the workers import this module.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Sequence as Several
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing.connection import wait

import numpy as np

from trackbench.contracts import Boxes, Dataset, Frame
from trackbench.plugins.checked_sequence import make_sequence
from trackbench.running.recipe import Recipe, follow, recipe_of
from trackbench.running.spawning import forget_safe_path, safe_path
from trackbench.trackers.grey import grey

Video = tuple[Frame, Boxes]
"""Grey frames (T, H, W) uint8 and true boxes (T, 4) float64."""


class Generator:
    """Makes sequences and keeps them until they cannot be asked for any more."""

    def __init__(self, datasets: Several[Dataset], workers: int) -> None:
        self._datasets = datasets
        self._kept: dict[tuple[int, int, int], Video | Future[Video]] = {}
        self._pool = _pool(datasets, workers) if workers else None

    def prepare(self, dataset: int, index: int, length: int) -> None:
        """Have a sequence made in the background, if there are workers."""
        key = (dataset, index, length)
        if self._pool and key not in self._kept:
            with safe_path():  # the first call starts the workers
                self._kept[key] = self._pool.submit(_make_in_worker, *key)

    def video(self, dataset: int, index: int, length: int) -> Video:
        """The first ``length`` frames of a sequence."""
        key = (dataset, index, length)
        self.prepare(*key)
        found = self._kept.get(key)
        if found is None:
            found = _make(self._datasets, *key)
        elif isinstance(found, Future):
            found = found.result()
        self._kept[key] = found
        return found

    def forget(self, oldest: Several[int]) -> None:
        """Drop all sequences before ``oldest``, one index a data set."""
        for key in [key for key in self._kept if key[1] < oldest[key[0]]]:
            del self._kept[key]

    def close(self) -> None:
        """End the workers."""
        if self._pool:
            self._pool.shutdown(wait=True, cancel_futures=True)


def _make(datasets: Several[Dataset], dataset: int, index: int, length: int) -> Video:
    source = datasets[dataset]
    # A finite data set is gone through again and again.
    sequence = make_sequence(source, index % source.spec.sequences, length)
    return grey(sequence.frames, axes=3), np.asarray(sequence.boxes, np.float64)


def _pool(datasets: Several[Dataset], workers: int) -> ProcessPoolExecutor:
    # spawn: a fork of a process in which torch has started threads may hang. A recipe: a data set
    # may be defined in a script or a plugin's file.
    with safe_path():  # it starts a process that cleans up after it
        return ProcessPoolExecutor(
            workers,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_start_worker,
            initargs=(recipe_of(tuple(datasets), "a training set"),),
        )


_DATASETS: tuple[Dataset, ...] = ()
"""In a worker: the training sets."""


def _start_worker(recipe: Recipe) -> None:
    global _DATASETS  # noqa: PLW0603 - a pool's initializer can leave its result nowhere else
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # the parent answers Ctrl-C and ends us
    forget_safe_path()
    threading.Thread(target=_die_with_parent, daemon=True).start()
    _DATASETS = follow(recipe)


def _die_with_parent() -> None:
    """End this worker when its parent has been killed, which the pool itself does not notice."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _make_in_worker(dataset: int, index: int, length: int) -> Video:
    return _make(_DATASETS, dataset, index, length)
