"""Trackers compared on the sequences that all of them tracked: is the difference noise?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from trackbench.analysis.formats import ComparisonFormat, chosen
from trackbench.analysis.paired import PairedCell, paired_cells, stored_tracker
from trackbench.analysis.rankings import ALPHA, Ranking, rankings
from trackbench.errors import TrackbenchError, parameter
from trackbench.metrics import Metric
from trackbench.printing.on_console import printed
from trackbench.results.directory import Results
from trackbench.statistics.bootstrap import mean_interval
from trackbench.statistics.families import holm
from trackbench.statistics.signed_rank import rank_biserial, signed_rank_p

if TYPE_CHECKING:
    from rich.console import Console


@dataclass(frozen=True)
class Difference:
    """Two trackers in one cell: ``first`` minus ``second``, so positive is better for the first.

    Attributes:
        first, second: the trackers.
        dataset, length: the cell.
        sequences: how many pairs of scores.
        left_out: sequences for which the metric has no score.
        first_mean, second_mean: the cells' means.
        mean: mean difference.
        low, high: ends of its 95 % confidence interval (BCa bootstrap over sequences); NaN for one
            sequence.
        p: of Wilcoxon's signed-rank test, two-sided.
        p_adjusted: the same, by Holm over every difference of the comparison.
        effect: matched-pairs rank-biserial correlation, in [-1, 1].
    """

    first: str
    second: str
    dataset: str
    length: int
    sequences: int
    left_out: int
    first_mean: float
    second_mean: float
    mean: float
    low: float
    high: float
    p: float
    p_adjusted: float
    effect: float

    @property
    def told_apart(self) -> bool:
        """The trackers differ by more than chance would often give."""
        return self.p_adjusted <= ALPHA


@dataclass(frozen=True)
class Unscored:
    """A data set at a length at which the metric has no score for any sequence."""

    dataset: str
    length: int


@dataclass(frozen=True)
class Comparison:
    """Every pair in every cell, and a ranking a length where there are three trackers or more.

    Attributes:
        metric: id of what a score is.
        definition: the same in words.
        differences: pair by pair, cell by cell.
        rankings: by length, ascending.
        unscored: the cells that could not be compared.
    """

    metric: str
    definition: str
    differences: tuple[Difference, ...]
    rankings: tuple[Ranking, ...]
    unscored: tuple[Unscored, ...] = ()

    def render(self, form: ComparisonFormat | str = ComparisonFormat.TABLE) -> str:
        """Return the comparison as text.

        Args:
            form: ``"table"``, ``"markdown"`` or ``"json"``.

        Raises:
            TrackbenchError: there is no such format.
        """
        from trackbench.analysis import comparison_text

        match chosen(ComparisonFormat, form):
            case ComparisonFormat.TABLE:
                return printed(self.print_to)
            case ComparisonFormat.MARKDOWN:
                return comparison_text.comparison_markdown(self)
            case ComparisonFormat.JSON:
                return comparison_text.comparison_json(self)

    def print_to(self, console: Console) -> None:
        """Print the tables to a terminal of any width."""
        from trackbench.analysis.comparison_text import print_comparison

        print_comparison(self, console)

    def __str__(self) -> str:
        """Return the tables."""
        return self.render()


def compare(results: Results, trackers: list[str], metric: Metric | None = None) -> Comparison:
    """Compare trackers of one results directory, paired by sequence.

    The cells are those of the data sets that all the trackers have.

    Args:
        results: of one protocol.
        trackers: two ids or more; one without a version means the newest there is.
        metric: what a score is; None: mean IoU by the protocol of the results.

    Raises:
        TrackbenchError: fewer than two, one twice, an unknown one, no data set in common, or no
            score of the metric in any cell.
        DamagedFileError: a score is no number.
    """
    ids = [stored_tracker(results, wanted) for wanted in trackers]
    if len(ids) < 2:
        raise TrackbenchError("compare needs two trackers or more")
    if len(set(ids)) < len(ids):
        raise TrackbenchError(f"a tracker is given twice: {', '.join(ids)}")
    every = paired_cells(results, ids, metric)
    cells = [cell for cell in every if len(cell.scores)]
    if not cells:
        raise TrackbenchError(
            f"{metric.id if metric else 'IoU'} has no score for any sequence of {results.path}: "
            f"choose another {parameter('metric')}"
        )
    protocol = results.protocol
    return Comparison(
        metric=metric.id if metric else "iou",
        definition=metric.definition
        if metric
        else f"mean mask IoU over frames; protocol {protocol.value}: {protocol.description}",
        differences=_differences(cells, ids),
        rankings=rankings(cells, ids) if len(ids) > 2 else (),
        unscored=tuple(Unscored(c.dataset, c.length) for c in every if not len(c.scores)),
    )


def _differences(cells: list[PairedCell], trackers: list[str]) -> tuple[Difference, ...]:
    """Return every pair in every cell, with p-values adjusted over all of them."""
    pairs = list(combinations(range(len(trackers)), 2))
    paired = [np.stack([cell.scores[:, i] - cell.scores[:, j] for i, j in pairs]) for cell in cells]
    intervals = _intervals(paired)
    found = [
        _difference(cell, (trackers[i], trackers[j]), (i, j), differences[n], ends[:, n])
        for n, (i, j) in enumerate(pairs)
        for cell, differences, ends in zip(cells, paired, intervals, strict=True)
    ]
    adjusted = holm(np.array([difference.p for difference in found]))
    return tuple(
        replace(difference, p_adjusted=float(p))
        for difference, p in zip(found, adjusted, strict=True)
    )


def _intervals(cells: list[NDArray[np.float64]]) -> list[NDArray[np.float64]]:
    """Return (2, P) lower and upper ends for each cell's (P, N) differences.

    Cells of as many sequences share their draws, which take longest.
    """
    found: dict[int, NDArray[np.float64]] = {}
    for count in {cell.shape[1] for cell in cells}:
        alike = [n for n, cell in enumerate(cells) if cell.shape[1] == count]
        ends = np.stack(mean_interval(np.stack([cells[n] for n in alike])), axis=1)  # (C, 2, P)
        found |= dict(zip(alike, ends, strict=True))
    return [found[n] for n in range(len(cells))]


def _difference(
    cell: PairedCell,
    trackers: tuple[str, str],
    columns: tuple[int, int],
    differences: NDArray[np.float64],
    interval: NDArray[np.float64],
) -> Difference:
    """Return one pair in one cell, not yet adjusted."""
    p = signed_rank_p(differences)
    first, second = (float(cell.scores[:, column].mean()) for column in columns)
    return Difference(
        first=trackers[0],
        second=trackers[1],
        dataset=cell.dataset,
        length=cell.length,
        sequences=len(differences),
        left_out=cell.left_out,
        first_mean=first,
        second_mean=second,
        mean=float(differences.mean()),
        low=float(interval[0]),
        high=float(interval[1]),
        p=p,
        p_adjusted=p,
        effect=rank_biserial(differences),
    )
