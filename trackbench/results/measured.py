"""A metric of a stored run, sequence by sequence, and as a table has it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np

from trackbench.metrics import Metric, Trajectories
from trackbench.metrics.toolkits.refusal import ToolkitRefusesError
from trackbench.results.dataset_record import DatasetRecord
from trackbench.results.over_runs import Floats, mean_over_runs


@dataclass(frozen=True)
class Measured:
    """A metric of one run.

    Attributes:
        scores: (N, L) of each sequence at each length, NaN where it has none.
        weights: (N, L) what each weighs in a table's number; 0 where it is too short.
        totals: (L,) the tables' numbers; NaN where there is none.
        refusal: why the toolkit has no number at all; the arrays are NaN then.
    """

    scores: Floats
    weights: Floats
    totals: Floats
    refusal: str | None = None


@dataclass
class Gathering:
    """The scores of a metric, chunk by chunk.

    Attributes:
        metric, tracker, dataset, lengths: which, of whom, on what, at which of its lengths.
    """

    metric: Metric
    tracker: str
    dataset: DatasetRecord
    lengths: tuple[int, ...]
    refusal: str | None = None
    _scores: list[Floats] = field(default_factory=list)
    _weights: list[Floats] = field(default_factory=list)
    _needed: list[list[Any]] = field(default_factory=list)
    _sequences: int = 0

    def __post_init__(self) -> None:
        """Refuse what is of another kind of evaluation, before any of it is scored."""
        why = self.metric.refusal(several_starts=self.dataset.anchored is not None)
        if why is not None:
            self.refusal = f"{self.metric.id} of {self.tracker} on {self.dataset.id}: {why}"

    def add(self, tracked: Trajectories) -> None:
        """Score the sequences of a chunk; nothing more once the toolkit has refused one."""
        if self.refusal is None:
            try:
                self._add(tracked)
            except ToolkitRefusesError as refusal:
                self.refusal = self._said(refusal)
        self._sequences += len(tracked.iou)

    def measured(self) -> Measured:
        """Return all of them."""
        lengths = len(self.lengths)
        if self.refusal is not None:
            none = np.full((self._sequences, lengths), np.nan)
            return Measured(none, np.zeros(none.shape), np.full(lengths, np.nan), self.refusal)
        scores, weights = np.concatenate(self._scores), np.concatenate(self._weights)
        return Measured(scores, weights, self._totals(scores, weights))

    def _add(self, tracked: Trajectories) -> None:
        lengths = self.lengths
        for found, of in (
            (self._scores, self.metric.scores),
            (self._weights, self.metric.weighed),
        ):
            found.append(at_lengths(partial(of, tracked), tracked.iou, self.dataset, lengths))
        if self.metric.pooled is not None:
            self._needed = self._needed or [[] for _ in lengths]
            frames = tracked.iou.shape[1]
            for column, length in enumerate(lengths):
                at = frames if self.dataset.is_full(length) else length
                if at <= frames:
                    self._needed[column] += self.metric.needed(tracked, at)

    def _totals(self, scores: Floats, weights: Floats) -> Floats:
        if self.metric.pooled is not None:
            totals = [self.metric.pooled.number(needed) for needed in self._needed]
        else:
            columns = zip(scores.T, np.nan_to_num(weights).T, strict=True)
            totals = [self.metric.total(*column) for column in columns]
        return np.array(totals)

    def _said(self, refusal: ToolkitRefusesError) -> str:
        where = ""
        if refusal.row is not None:
            where = f", sequence {self.dataset.name_of(self._sequences + refusal.row)}"
        return f"{self.metric.id} of {self.tracker} on {self.dataset.id}{where}: {refusal}"


def at_lengths(
    score: Callable[[tuple[int, ...]], Floats],
    iou: Floats,
    dataset: DatasetRecord,
    lengths: tuple[int, ...],
) -> Floats:
    """Return (n, L) numbers of sequences of one length; NaN where they are too short.

    Args:
        score: from lengths to (n, K).
        iou: (n, T) of the sequences.
        dataset: says which length stands for the whole.
        lengths: L of them.
    """
    frames = iou.shape[1]
    at = [frames if dataset.is_full(length) else length for length in lengths]
    reached = [column for column, length in enumerate(at) if length <= frames]
    scores = np.full((len(iou), len(lengths)), np.nan)
    if reached:
        scores[:, reached] = score(tuple(at[column] for column in reached))
    return scores


def mean_of_runs(runs: list[Measured]) -> Measured:
    """Return what several runs come to: the mean of their numbers, and of one exactly these."""
    first = runs[0]
    for refused in (run for run in runs if run.refusal is not None):
        return refused
    return replace(
        first,
        scores=mean_over_runs([run.scores for run in runs]),
        totals=mean_over_runs([run.totals for run in runs]),
    )
