"""Cells that fell: which are followed, whether one has fallen at a commit, and by how much."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

import numpy as np

from trackbench.analysis.regression import cell_differences, held_to
from trackbench.analysis.verdict import CellCheck, Limits, Reason
from trackbench.bisection.bisection import CellName, Fall
from trackbench.bisection.tested import Tested
from trackbench.errors import TrackbenchError
from trackbench.ids import parse
from trackbench.statistics.bootstrap import mean_interval

_ANY = Limits(alpha=1.0)
_ORDER = (Reason.SCORE, Reason.FAILURES, Reason.INVALID)


def cell_of(cell: CellCheck) -> CellName:
    """Return a cell's name."""
    return CellName(cell.dataset, cell.length)


def chosen_cells(
    ends: tuple[Tested, Tested], asked: tuple[str, ...], limits: Limits | None
) -> list[CellCheck]:
    """Return the cells that fell from one end to the other, that of the most score first.

    Args:
        ends: good and bad.
        asked: only these, as ``"DATASET"`` or ``"DATASET,LENGTH"``; none: all.
        limits: what is no fall; None: cells that did not fall are returned, too.

    Raises:
        TrackbenchError: there is no such cell.
        IncompatibleResultsError: the ends were run on other data.
    """
    verdict = held_to(ends[1].results, ends[0].baseline, limits or _ANY)
    cells = [c for c in verdict.cells if not asked or any(_is(c, name) for name in asked)]
    for name in asked:
        if not any(_is(cell, name) for cell in verdict.cells):
            known = [f"{cell.dataset},{cell.length}" for cell in verdict.cells]
            near = get_close_matches(name, known, n=1, cutoff=0.3) or known[:1]
            raise TrackbenchError(f"there is no cell {name}: write DATASET,LENGTH, as {near[0]}")
    fallen = cells if limits is None else [cell for cell in cells if cell.regressed]
    return sorted(fallen, key=lambda cell: cell.difference)


def is_fallen(tested: Tested, ends: tuple[Tested, Tested], cell: CellCheck | None) -> bool:
    """Whether a cell at a commit is closer to the bad end than to the good one.

    Args:
        tested: at the commit.
        ends: good and bad.
        cell: as the bad end was held to the good one; None: only look whether it can be told.

    Raises:
        IncompatibleResultsError: it was run on other data than the good end.
    """
    cells = held_to(tested.results, ends[0].baseline, _ANY).cells
    if cell is None:
        return False
    (here,) = (each for each in cells if cell_of(each) == cell_of(cell))
    good, bad = _amounts(cell)
    now = _amounts(here, of=_reason(cell))[1]
    return abs(now - bad) < abs(now - good)


def mean_of(tested: Tested, cell: CellCheck) -> float:
    """Return the mean score of a cell at a commit."""
    cells = held_to(tested.results, tested.baseline, _ANY).cells
    return next(each.after for each in cells if cell_of(each) == cell_of(cell))


def fall(cell: CellCheck, before: Tested, after: Tested) -> Fall:
    """Return by how much a cell fell at a commit, with its statistics.

    Args:
        cell: as the bad end was held to the good one.
        before: the commit before.
        after: the commit.
    """
    cells = held_to(after.results, before.baseline, _ANY).cells
    (step,) = (each for each in cells if cell_of(each) == cell_of(cell))
    differences = cell_differences(after.results, before.baseline)[cell.dataset, cell.length]
    low, high = mean_interval(differences[np.newaxis])
    return Fall(
        cell=cell_of(cell),
        reason=_reason(cell),
        sequences=step.sequences,
        before=step.before,
        after=step.after,
        low=float(low[0]),
        high=float(high[0]),
        p=step.p,
        good=cell.before,
        bad=cell.after,
        p_of_ends=cell.p,
    )


def _is(cell: CellCheck, name: str) -> bool:
    dataset, comma, length = name.partition(",")
    known = {cell.dataset, parse(cell.dataset).name}
    return dataset in known and (not comma or length.strip() == str(cell.length))


def _reason(cell: CellCheck) -> Reason:
    """Return what of a cell is followed; the score, where nothing fell."""
    return next((reason for reason in _ORDER if reason in cell.reasons), Reason.SCORE)


def _amounts(cell: CellCheck, of: Reason | None = None) -> Sequence[float]:
    """Return the amounts before and after of what is followed."""
    match of or _reason(cell):
        case Reason.FAILURES:
            return cell.failures
        case Reason.INVALID:
            return cell.invalid
        case _:
            return cell.before, cell.after
