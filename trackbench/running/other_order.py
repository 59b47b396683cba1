"""Videos that a process of their own makes from the last one backwards, for comparison.

What a data set's object, class or module keeps of the sequence that it was asked for first, or of
another data set, is another thing there. Nobody could tell from the numbers: which sequence a maker
is asked for first is decided by ``--jobs``, and by how quick its hosts are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from trackbench.plugins.factories import is_ours
from trackbench.results.chunks import Truth, Unit
from trackbench.results.truth_comparison import difference
from trackbench.running.messages import made
from trackbench.running.orders import Orders
from trackbench.running.pool import Pool, RefusedError
from trackbench.running.tracker_run import TrackerRun

Truths = Mapping[tuple[str, int], Truth]
"""What is true of single sequences, by id of the data set and index."""


def made_in_other_order(
    runs: Iterable[TrackerRun], orders: Orders, tell: Callable[[str], None]
) -> Truths:
    """Make two sequences of each data set that is not built in, the last data set first.

    They are the last of the data set and the last of its first unit.

    Args:
        runs: what is to be run.
        orders: to make videos.
        tell: called with a line for each data set that could not be made so.
    """
    left = {run.dataset.id: run for run in runs if not is_ours(run.dataset.factory)}
    found: dict[tuple[str, int], Truth] = {}
    while left:
        found.update(_made_backwards(left, orders, tell))
    return found


def _made_backwards(
    left: dict[str, TrackerRun], orders: Orders, tell: Callable[[str], None]
) -> Truths:
    """Make what is ``left`` and take it away, up to the first that cannot be made."""
    found: dict[tuple[str, int], Truth] = {}
    with Pool(1, lambda _: None) as alone:
        while left:
            name, run = left.popitem()
            count, chunk = run.record.sequences, run.record.chunk
            wanted = {
                orders.make_one(run.dataset, index, run.record.length): index
                for index in sorted({count - 1, min(chunk, count) - 1}, reverse=True)
            }
            try:
                for order, answer in alone.work(wanted):
                    found[name, wanted[order]] = made(answer).truth
            except RefusedError as error:
                tell(
                    f"{name} could not be made in another order, so whether its videos depend on "
                    f"the order was not looked at: {error}"
                )
                break
    return found


def difference_from(others: Truths, unit: Unit, truth: Truth) -> str | None:
    """Say which sequence of a unit is another than the one made in another order; None: none is.

    Args:
        others: what was made so.
        unit: of any data set.
        truth: of the unit's sequences.
    """
    for index in range(unit.start, unit.stop):
        other = others.get((unit.dataset.id, index))
        if other is None:
            continue
        what = difference(other, truth.of(index - unit.start))
        if what is not None:
            return (
                f"{unit.dataset.id} sequence {index} is another when others are made before it "
                f"({what})"
            )
    return None
