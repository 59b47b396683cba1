"""The sequence of results that is worth looking at first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from trackbench.plugins import registry
from trackbench.results.directory import Results


@dataclass(frozen=True)
class WorstSequence:
    """A sequence with a tracker's lowest score.

    Attributes:
        tracker, dataset: ids.
        sequence: index in the data set.
        score: at the longest length.
    """

    tracker: str
    dataset: str
    sequence: int
    score: float


def worst_sequence(results: Results) -> WorstSequence | None:
    """Return the sequence with the lowest score of the first tracker that can be drawn here.

    Of a data set that is not registered by its id there are no frames to be drawn. None: there is
    no such sequence.
    """
    known = {spec.id for spec in registry.datasets()}
    for run in results.runs:
        scores = run.scores[:, -1]
        if run.dataset.id in known and not np.isnan(scores).all():
            worst = int(np.nanargmin(scores))
            return WorstSequence(run.record.tracker, run.dataset.id, worst, float(scores[worst]))
    return None
