"""Stored results as every toolkit would score them, side by side."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trackbench.analysis.formats import Tabled
from trackbench.metrics import METRICS, TOOLKIT_METRICS, Metric
from trackbench.metrics.catalogue import PRESENCE, SHORT_TERM
from trackbench.metrics.evaluation_protocol import Length
from trackbench.results.directory import Results
from trackbench.results.marks import marks_of
from trackbench.results.run import Run

if TYPE_CHECKING:
    from rich.console import Console

RESCORED: tuple[Metric, ...] = (*METRICS, *TOOLKIT_METRICS, *PRESENCE)
"""Of one pass; of runs from anchors :data:`SHORT_TERM`."""


@dataclass(frozen=True)
class Score:
    """A number of a table, as the toolkit makes it.

    Attributes:
        metric: id.
        value: NaN where there is none.
        refusal: why there is none, where the toolkit stops; empty: it does not.
    """

    metric: str
    value: float
    refusal: str = ""


@dataclass(frozen=True)
class RescoredRun:
    """A tracker on a data set, its whole sequences or its longest length.

    Attributes:
        tracker, dataset, length: which.
        sequences: how many.
        kind: whose rule of absent frames a toolkit with several of them takes.
        scores: of every metric.
        marks: what its numbers are, if not as others' (:mod:`trackbench.results.marks`).
        imported: its boxes are of another program's files.
        missing: sequences of which there are none, or whose images cannot be read.
        spoiled: sequences in which the tracker failed.
    """

    tracker: str
    dataset: str
    length: Length
    sequences: int
    kind: str
    scores: tuple[Score, ...]
    marks: tuple[str, ...] = ()
    imported: bool = False
    missing: int = 0
    spoiled: int = 0


@dataclass(frozen=True)
class Rescored(Tabled):
    """All stored runs; it prints itself, quantities down and toolkits across."""

    runs: tuple[RescoredRun, ...]

    def print_to(self, console: Console) -> None:
        """Print the tables to a terminal of any width."""
        from trackbench.analysis.rescoring_text import print_rescored

        print_rescored(self, console)

    def _markdown(self) -> str:
        from trackbench.analysis.rescoring_text import rescored_markdown

        return rescored_markdown(self)

    def _json(self) -> str:
        from trackbench.analysis.rescoring_text import rescored_json

        return rescored_json(self)


def rescore(results: Results) -> Rescored:
    """Score stored runs by every metric, at the longest length of each data set.

    Raises:
        DamagedFileError: a stored file is missing or damaged.
    """
    return Rescored(tuple(_rescored(run) for run in results.runs))


def _rescored(run: Run) -> RescoredRun:
    from trackbench.metrics.toolkit_rules import kind_of

    metrics = SHORT_TERM if run.protocol.several_starts else RESCORED
    found = [measured for measured, _ in run.measured(metrics, run.dataset.lengths[-1:])]
    return RescoredRun(
        tracker=run.record.tracker,
        dataset=run.dataset.id,
        length=run.dataset.label(run.dataset.lengths[-1]),
        sequences=run.dataset.counted,
        kind=kind_of(run.dataset.layout).value,
        marks=marks_of([run]),
        scores=tuple(
            Score(metric.id, float(measured.totals[-1]), measured.refusal or "")
            for metric, measured in zip(metrics, found, strict=True)
            if measured.refusal or not math.isnan(measured.totals[-1]) or metric not in PRESENCE
        ),
        imported=run.record.imported is not None,
        missing=len({each.sequence for each in (*run.missing, *run.unreadable)}),
        spoiled=len({each.sequence for each in run.failures}),
    )
