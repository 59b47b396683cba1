"""Noise in the start of any data set: the factor suites that stored results are by themselves.

``run --init-noise 0.8`` needs no suite: a data set and the same one with noise in its start, stored
side by side, are a base and a twin.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from trackbench.contracts import Boxes
from trackbench.factor_contract import FactorSuite
from trackbench.plugins.start_noise import first_box_factor
from trackbench.results.directory import Results
from trackbench.results.run import Run


def start_suites(results: Results, registered: Iterable[FactorSuite]) -> list[FactorSuite]:
    """Return a suite for each data set that was run with noise in its start, by the base's id.

    Args:
        results: what is stored.
        registered: suites; the data sets of these have their own factors.
    """
    theirs = {name for suite in registered for name in suite.datasets}
    noisy: dict[str, dict[float, str]] = {}
    for record in results.datasets.values():
        noise = record.start_noise
        if noise is not None and noise.base not in theirs:
            noisy.setdefault(noise.base, {})[noise.iou] = record.id
    return [
        FactorSuite(id=base, base=base, factors=(first_box_factor(base, levels),))
        for base, levels in noisy.items()
    ]


def other_videos(base: Run, noisy: Run) -> str | None:
    """Return how the videos of a data set with noise in its start are not the base's.

    None: they have the same names and the same truth, as far as both were tracked. Its fingerprint
    is not the base's, so that says nothing.
    """
    names = [run.dataset.names for run in (base, noisy)]
    together = min(len(each) for each in names)
    if names[0][:together] != names[1][:together]:
        return "its videos are called otherwise"
    for ours, theirs in zip(_truths(base), _truths(noisy), strict=False):
        frames = min(len(ours), len(theirs))
        if not np.array_equal(ours[:frames], theirs[:frames], equal_nan=True):
            return "the truth of its videos is not the base's"
    return None


def _truths(run: Run) -> Iterator[Boxes]:
    """Yield (T, 4), the true boxes of each sequence."""
    for part in run.trajectories():
        yield from part.truth
