"""Videos that a process of their own makes from the last one backwards, for comparison.

A data set's object, class or module may keep something of the sequence that it made first, or of
another data set. In that process it keeps something else, and its videos differ. Nobody could see
that from the numbers: which sequence a maker makes first depends on ``--jobs``, and on how quick
its hosts are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from trackbench.plugins.factories import is_ours
from trackbench.results.chunks import Truth, Unit
from trackbench.results.truth_comparison import difference
from trackbench.running.maker_process import RefusedError
from trackbench.running.messages import made
from trackbench.running.orders import Orders
from trackbench.running.pool import Pool

Truths = Mapping[tuple[str, int], Truth]
"""What is true of single sequences, by id of the data set and index."""


def made_in_other_order(
    units: Iterable[Unit], orders: Orders, tell: Callable[[str], None]
) -> Truths:
    """Make two sequences of each data set that is not built in, the last data set first.

    They are the last of its first unit and of its last one, of those that are to be run: what is
    stored already is compared with nothing.

    Args:
        units: what is to be run.
        orders: to make videos.
        tell: called with a line for each data set that could not be made so.
    """
    left: dict[str, list[Unit]] = {}
    for unit in units:
        if not is_ours(unit.dataset.factory):
            left.setdefault(unit.dataset.id, []).append(unit)
    found: dict[tuple[str, int], Truth] = {}
    while left:
        found.update(_made_backwards(left, orders, tell))
    return found


def sequences_to_make(units: Iterable[tuple[int, int]]) -> list[int]:
    """Return the last sequence of the last unit (start, stop), and that of the first one."""
    lasts = sorted({stop - 1 for _, stop in units}, reverse=True)
    return list(dict.fromkeys((lasts[0], lasts[-1])))


def _made_backwards(
    left: dict[str, list[Unit]], orders: Orders, tell: Callable[[str], None]
) -> Truths:
    """Make what is ``left`` and take it away, up to the first that cannot be made."""
    found: dict[tuple[str, int], Truth] = {}
    with Pool(1) as alone:
        while left:
            name, units = left.popitem()
            lasts = {unit.stop - 1: unit.frames_of(unit.stop - 1) for unit in units}
            wanted = {
                orders.make_one(units[0].dataset, index, lasts[index]): index
                for index in sequences_to_make((unit.start, unit.stop) for unit in units)
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
        what = difference(other, truth.of(index - unit.start, unit.frames_of(index)))
        if what is not None:
            return (
                f"{unit.dataset.id} sequence {index} is another when others are made before it "
                f"({what})"
            )
    return None
