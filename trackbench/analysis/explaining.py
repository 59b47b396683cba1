"""Why two metrics differ on stored results: in which sequences, which frames, by which rule."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trackbench.analysis.causes import Share, causes, difference, number
from trackbench.analysis.formats import ComparisonFormat, chosen
from trackbench.metrics import Metric
from trackbench.metrics.evaluation_protocol import Length
from trackbench.printing.on_console import printed
from trackbench.results.directory import Results
from trackbench.results.run import Run

if TYPE_CHECKING:
    from rich.console import Console

_NOTHING = 1e-9


@dataclass(frozen=True)
class SequenceDifference:
    """A sequence on which two metrics differ.

    Attributes:
        sequence: its number.
        name: of it; where it has none, its number.
        first, second: the metrics' numbers; NaN where one has none.
        shares: causes, in the order in which their frames were made plain.
        left: of the difference, with all of them plain.
    """

    sequence: int
    name: str
    first: float
    second: float
    shares: tuple[Share, ...]
    left: float


@dataclass(frozen=True)
class RunDifference:
    """A tracker on a data set.

    Attributes:
        tracker, dataset, length: which.
        first, second: the tables' numbers; NaN where there is none.
        refusals: why there is none.
        means: of the two metrics over sequences, each alike.
        sequences: how many.
        differing: those that differ, the largest difference first.
        imported: its boxes are of another program's files.
    """

    tracker: str
    dataset: str
    length: Length
    first: float
    second: float
    refusals: tuple[str, ...]
    means: tuple[float, float]
    sequences: int
    differing: tuple[SequenceDifference, ...]
    imported: bool = False

    @property
    def by_averaging(self) -> bool:
        """The tables' numbers differ by how sequences are averaged, too."""
        return any(
            not math.isclose(number, mean, abs_tol=_NOTHING)
            for number, mean in zip((self.first, self.second), self.means, strict=True)
            if not (math.isnan(number) or math.isnan(mean))
        )


@dataclass(frozen=True)
class Explanation:
    """Why two metrics differ; it prints itself.

    Attributes:
        first, second: ids of the metrics.
        runs: each stored tracker on each data set.
    """

    first: str
    second: str
    runs: tuple[RunDifference, ...]

    def render(self, form: ComparisonFormat | str = ComparisonFormat.TABLE) -> str:
        """Return it as text: ``"table"`` (sentences), ``"markdown"`` (the same) or ``"json"``.

        Raises:
            TrackbenchError: there is no such format.
        """
        from trackbench.analysis import explaining_text

        if chosen(ComparisonFormat, form) is ComparisonFormat.JSON:
            return explaining_text.explanation_json(self)
        return printed(self.print_to)

    def print_to(self, console: Console) -> None:
        """Print it to a terminal of any width."""
        from trackbench.analysis.explaining_text import print_explanation

        print_explanation(self, console)

    def __str__(self) -> str:
        """Return the sentences."""
        return self.render()


def explain(results: Results, first: Metric, second: Metric) -> Explanation:
    """Compare two metrics on every stored run, at its longest length.

    Of several runs of a tracker the first is looked at.

    Raises:
        DamagedFileError: a stored file is missing or damaged.
    """
    return Explanation(first.id, second.id, tuple(_run(run, first, second) for run in results.runs))


def _run(run: Run, first: Metric, second: Metric) -> RunDifference:
    found = [measured for measured, _ in run.measured([first, second], run.dataset.lengths[-1:])]
    differing, sums = [], [0.0, 0.0]
    at = 0
    for tracked in run.trajectories():
        for row in range(len(tracked.iou)):
            one = tracked.only(row).until(min(run.dataset.lengths[-1], tracked.iou.shape[1]))
            values = number(one, first), number(one, second)
            sums = [total + value for total, value in zip(sums, values, strict=True)]
            apart = values[0] - values[1]
            if not (abs(apart) <= _NOTHING or (math.isnan(values[0]) and math.isnan(values[1]))):
                shares = tuple(causes(one, first, second))
                left = shares[-1].left if shares else difference(one, first, second)
                differing.append(
                    SequenceDifference(at, run.dataset.name_of(at), *values, shares, left)
                )
            at += 1
    differing.sort(key=_largest_first)
    return RunDifference(
        tracker=run.record.tracker,
        dataset=run.dataset.id,
        length=run.dataset.label(run.dataset.lengths[-1]),
        first=float(found[0].totals[-1]),
        second=float(found[1].totals[-1]),
        refusals=tuple(each.refusal for each in found if each.refusal),
        means=(sums[0] / at, sums[1] / at),
        sequences=at,
        differing=tuple(differing),
        imported=run.record.imported is not None,
    )


def _largest_first(found: SequenceDifference) -> float:
    apart = abs(found.first - found.second)
    return -math.inf if math.isnan(apart) else -apart
