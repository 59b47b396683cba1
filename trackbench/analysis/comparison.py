"""Trackers compared on the sequences that all of them tracked: is the difference noise?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trackbench.analysis.differences import Difference, TooFew, differences, too_few
from trackbench.analysis.formats import Tabled
from trackbench.analysis.paired import paired_cells, stored_tracker
from trackbench.analysis.rankings import Ranking, rankings
from trackbench.errors import TrackbenchError, parameter
from trackbench.metrics import Metric
from trackbench.metrics.evaluation_protocol import Length
from trackbench.printing.notebook import ShowsItself
from trackbench.results.compared import Compared
from trackbench.results.directory import Results

if TYPE_CHECKING:
    from rich.console import Console


@dataclass(frozen=True)
class Unscored:
    """A data set at a length at which the metric has no score for any sequence."""

    dataset: str
    length: Length


@dataclass(frozen=True)
class Repeated:
    """A tracker on a data set: a sequence's score is its mean over several runs.

    Attributes:
        tracker, dataset: which.
        runs: how many.
        deterministic: three or more, and all have identical boxes.
        run_std: standard deviation of the runs' mean IoU at the longest length.
    """

    tracker: str
    dataset: str
    runs: int
    deterministic: bool
    run_std: float


@dataclass(frozen=True)
class ByMasks:
    """A tracker on a data set whose IoU is not, or not only, of boxes.

    Attributes:
        tracker, dataset: which.
        compared: ``"masks"``, or ``"masks in part"``.
    """

    tracker: str
    dataset: str
    compared: str


@dataclass(frozen=True)
class Comparison(ShowsItself, Tabled):
    """Every pair in every cell, and a ranking a length where there are three trackers or more.

    Attributes:
        metric: id of what a score is.
        definition: the same in words.
        differences: pair by pair, cell by cell.
        rankings: by length, ascending.
        unscored: the cells that could not be compared.
        sees_future: those of the trackers that were handed whole videos.
        repeated: trackers that were run more than once on a data set.
        imported: those whose boxes are of another program's files.
        by_masks: whose IoU is of masks; it is not comparable with that of boxes.
        too_few: why no difference can be significant; None: one can be.
    """

    metric: str
    definition: str
    differences: tuple[Difference, ...]
    rankings: tuple[Ranking, ...]
    unscored: tuple[Unscored, ...] = ()
    sees_future: tuple[str, ...] = ()
    repeated: tuple[Repeated, ...] = ()
    imported: tuple[str, ...] = ()
    by_masks: tuple[ByMasks, ...] = ()
    too_few: TooFew | None = None

    def print_to(self, console: Console) -> None:
        """Print the tables to a terminal of any width."""
        from trackbench.analysis.comparison_text import print_comparison

        print_comparison(self, console)

    def _markdown(self) -> str:
        from trackbench.analysis.comparison_text import comparison_markdown

        return comparison_markdown(self)

    def _json(self) -> str:
        from trackbench.analysis.comparison_text import comparison_json

        return comparison_json(self)


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
        definition=_definition(metric)
        if metric
        else f"mean mask IoU over frames; protocol {protocol.value}: {protocol.description}",
        differences=differences(cells, ids),
        too_few=too_few(cells, ids),
        rankings=rankings(cells, ids) if len(ids) > 2 else (),
        sees_future=tuple(tracker for tracker in ids if results.sees_future(tracker)),
        unscored=tuple(Unscored(c.dataset, c.length) for c in every if not len(c.scores)),
        imported=tuple(tracker for tracker in ids if results.imported(tracker)),
        repeated=tuple(_repeated(results, ids, {cell.dataset for cell in every})),
        by_masks=tuple(_by_masks(results, ids, {cell.dataset for cell in every})),
    )


def _definition(metric: Metric) -> str:
    """Return what a score is; here every sequence counts alike, whatever a table does."""
    if metric.weights is None and metric.pooled is None:
        return metric.definition
    return f"{metric.definition}; here sequences are pairs, and count alike"


def _by_masks(results: Results, trackers: list[str], datasets: set[str]) -> Iterator[ByMasks]:
    for run in results.runs:
        tracker, dataset = run.record.tracker, run.record.dataset
        if run.compared is not Compared.BOXES and tracker in trackers and dataset in datasets:
            yield ByMasks(tracker, dataset, run.compared.value)


def _repeated(results: Results, trackers: list[str], datasets: set[str]) -> Iterator[Repeated]:
    for run in results.runs:
        tracker, dataset, count = run.record.tracker, run.record.dataset, len(run.repeats)
        if count > 1 and tracker in trackers and dataset in datasets:
            spread = float(run.run_stds(run.dataset.lengths)[-1])
            yield Repeated(tracker, dataset, count, run.deterministic, spread)
