"""Bars of a run, on a terminal and in a notebook."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from time import monotonic
from typing import TYPE_CHECKING, Any

from trackbench.printing.amounts import counted, duration, frame_rate
from trackbench.printing.text import visible
from trackbench.running.progress import Part, Progress
from trackbench.running.progress_words import rate_words, time_left_words

if TYPE_CHECKING:
    import rich.progress
    from rich.console import Console

QUIET_SECONDS = 2.0
"""Of what takes less, nothing is shown."""
MOST_BARS = 12
"""Of more trackers and data sets only those that are being tracked have a bar."""


class Bars:
    """A bar for each tracker and data set, with its own speed and time left, and one for all.

    The bar of a cluster's worker is its share of all frames.
    """

    def __init__(self, plan: Progress) -> None:
        """Begin with a plan."""
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn
        from rich.table import Column

        # 80 columns hold all of it: of long names, the beginning.
        name = Column(max_width=30, no_wrap=True, overflow="ellipsis")
        self._shown = Progress(
            TextColumn("{task.description}", markup=False, table_column=name),
            BarColumn(bar_width=10),
            TaskProgressColumn(),
            TextColumn("{task.fields[rate]}", table_column=Column(no_wrap=True, justify="right")),
            TextColumn("{task.fields[left]}", table_column=Column(no_wrap=True)),
            console=Console(stderr=True),
            transient=True,
        )
        self._bars = {_key(p): self._task(_short(p), p.total) for p in _few(plan.parts)}
        # Of many parts: for as many as have room, whichever are being tracked.
        self._free = [] if self._bars else [self._task("", 0) for _ in range(MOST_BARS)]
        self._workers: dict[str, rich.progress.TaskID] = {}
        self._all = self._task("all", plan.total)
        self._begun = monotonic()
        self._start()

    @property
    def console(self) -> Console:
        """What prints above them."""
        return self._shown.console

    def _start(self) -> None:
        self._shown.start()

    def _task(self, what: str, total: int) -> rich.progress.TaskID:
        what = visible(what)
        return self._shown.add_task(what, total=total, visible=False, rate="", left="")

    def show(self, state: Progress, *, waited: bool) -> None:
        """Draw how far it is; nothing of what takes less than two seconds."""
        if self._bars:
            for part in state.parts:
                if _key(part) in self._bars:
                    self._draw(self._bars[_key(part)], part, visible=waited)
        else:
            at_work = [part for part in state.parts if part.processes]
            for bar, part in zip(self._free, at_work, strict=False):
                self._draw(bar, part, visible=waited)
            for bar in self._free[len(at_work) :]:
                self._shown.update(bar, visible=False)
        for worker in state.workers[:MOST_BARS]:
            if worker.name not in self._workers:
                self._workers[worker.name] = self._task(f"worker {worker.name}", state.total)
            self._shown.update(
                self._workers[worker.name],
                completed=worker.frames,
                total=state.total,
                visible=waited,
                rate="" if worker.rate is None else frame_rate(worker.rate),
                left=f"{counted(worker.units, 'unit')} under way",
            )
        elapsed = monotonic() - self._begun
        self._shown.update(
            self._all,
            completed=state.frames,
            total=state.total,
            visible=waited,
            rate=frame_rate(state.frames / elapsed),
            left=time_left_words(state) if state.time_left.seconds else "",
        )

    def _draw(self, bar: rich.progress.TaskID, part: Part, *, visible: bool) -> None:
        left = part.seconds_left if part.processes else None
        self._shown.update(
            bar,
            description=_short(part),
            completed=part.frames,
            total=part.total,
            visible=visible,
            rate=rate_words(part) if part.processes or part.frames else "waiting",
            left=f"{duration(left)} left" if left else "" if part.left else "done",
        )

    def close(self) -> None:
        """Take them away."""
        self._shown.stop()


class NotebookBars(Bars):
    """The same under a notebook's cell, in which they stay.

    Rich makes HTML of them, and the notebook's own messages renew it: no widgets are needed.
    """

    def _start(self) -> None:
        self._display: Any = None

    def show(self, state: Progress, *, waited: bool) -> None:
        """Draw how far it is; nothing of what takes less than two seconds."""
        super().show(state, waited=waited)
        if not waited:
            return
        if self._display is None:
            # a notebook runs in it, and it is no requirement of ours
            shown: Any = import_module("IPython.display")
            self._display = shown.display(self._shown, display_id=True)
        else:
            self._display.update(self._shown)

    def close(self) -> None:
        """Leave them as they are."""


@contextmanager
def bars_in_a_notebook() -> Iterator[Callable[[Progress], None] | None]:
    """Yield what shows bars in a notebook; None where this is none."""
    from rich.console import Console

    if "IPython" not in sys.modules or not Console().is_jupyter:
        yield None
        return
    follower = _Follower()
    yield follower
    follower.finish()


class _Follower:
    """Shows bars of the plan that it is told, once it has taken a while."""

    def __init__(self) -> None:
        self._bars: NotebookBars | None = None
        self._begun = monotonic()
        self._last: Progress | None = None

    def __call__(self, state: Progress) -> None:
        if state.plan:
            self._bars = NotebookBars(state) if state.total else None
            self._begun = monotonic()
        elif self._bars is not None:
            self._last = state
            self._bars.show(state, waited=self._waited)

    @property
    def _waited(self) -> bool:
        return monotonic() - self._begun > QUIET_SECONDS

    def finish(self) -> None:
        """Show all as done: nobody is told of the last frames."""
        if self._bars is not None and self._last is not None:
            parts = tuple(replace(p, frames=p.total, processes=0) for p in self._last.parts)
            done = replace(self._last, frames=self._last.total, parts=parts)
            self._bars.show(done, waited=self._waited)


def _few(parts: tuple[Part, ...]) -> list[Part]:
    """Return the parts with something to do, if each can have a bar; else none."""
    found = [part for part in parts if part.total]
    return found if len(found) <= MOST_BARS else []


def _key(part: Part) -> tuple[str, str]:
    return part.tracker, part.dataset


def _short(part: Part) -> str:
    """Return a tracker and a data set, so that both are seen in the column's width."""
    tracker, dataset = part.tracker, part.dataset
    return visible(f"{tracker if len(tracker) <= 13 else f'{tracker[:12]}…'} {dataset}")
