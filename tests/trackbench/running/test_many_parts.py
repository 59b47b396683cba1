"""A plan of very many trackers and data sets: what is said of it costs little, and fits."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from trackbench.running.bars import MOST_BARS, Bars
from trackbench.running.progress import Part, Progress, TimeLeft

TRACKERS, DATASETS = 20, 10


class Counted(tuple[Part, ...]):
    """Parts that count how often all of them are gone through."""

    __slots__ = ()
    times: list[int] = []  # noqa: RUF012 - of the class, for a tuple has no place for it

    def __iter__(self) -> Iterator[Part]:
        self.times.append(1)
        return super().__iter__()


def plan(at_work: int, begun: int = 0) -> Progress:
    """Return a plan of which so many parts are at work, after so many that are done."""
    parts = []
    for number in range(TRACKERS * DATASETS):
        name = f"t{number // DATASETS}", f"d{number % DATASETS}"
        if number < begun:
            parts.append(Part(*name, total=100, frames=100, seconds=1.0))
        else:
            parts.append(Part(*name, total=100, processes=int(number < begun + at_work)))
    return Progress(100 * begun, 100 * len(parts), tuple(parts), jobs=1)


def test_the_time_left_is_found_by_going_once_or_twice_through_all_parts() -> None:
    state = plan(1, begun=15)
    parts = Counted(state.parts)
    Counted.times.clear()
    left = Progress(state.frames, state.total, parts).time_left
    unknown = tuple(f"t{n}" for n in range(2, TRACKERS))
    assert left == TimeLeft(5.0, unknown)  # five parts of the second tracker, as quick as the rest
    assert len(Counted.times) <= 2


def test_of_many_parts_those_at_work_have_bars_as_far_as_there_is_room(tmp_path: Path) -> None:
    from terminal import seen_on_terminal  # not in the process that draws

    command = [sys.executable, __file__]
    code, lines = seen_on_terminal(command, 100, tmp_path)
    assert code == 0
    seen = [re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", line).strip() for line in lines]
    bars = {line.partition("━")[0].strip() for line in seen if "━" in line}
    # First two of the first tracker, then more at once than there is room for.
    assert bars == {"all", *(f"t{n // 10} d{n % 10}" for n in (0, 1, *range(50, 50 + MOST_BARS)))}


def show() -> None:
    """Draw a plan twice."""
    bars = Bars(plan(0))
    for state in (plan(2), plan(40, begun=50)):
        bars.show(state, waited=True)
        bars._shown.refresh()  # else it is drawn ten times a second
    bars.close()


if __name__ == "__main__":
    show()
