"""Bars of a run, on a terminal and in a notebook."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from trackbench.printing.amounts import counted, duration, frame_rate
from trackbench.printing.text import visible
from trackbench.running.progress import Part, Progress
from trackbench.running.progress_words import rate_words, time_left_words

if TYPE_CHECKING:
    import rich.progress

MOST_BARS = 12
"""Of more trackers and data sets only those that are being tracked have a bar."""


class Bars:
    """A bar for each tracker and data set, with its own speed and time left, and one for all.

    The bar of a cluster's worker is its share of all frames.
    """

    def __init__(self, plan: Progress, *, stay: bool = False) -> None:
        """Begin with a plan; bars that ``stay`` are seen when it is done, too."""
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
            console=Console() if stay else Console(stderr=True),
            transient=not stay,
        )
        self._many = sum(part.total > 0 for part in plan.parts) > MOST_BARS
        self._tasks = {
            (part.tracker, part.dataset): self._task(_short(part), part.total)
            for part in plan.parts
            if part.total
        }
        self._workers: dict[str, rich.progress.TaskID] = {}
        self._all = self._task("all", plan.total)
        self._begun = monotonic()
        self._shown.start()

    def _task(self, what: str, total: int) -> rich.progress.TaskID:
        what = visible(what)
        return self._shown.add_task(what, total=total, visible=False, rate="", left="")

    def show(self, state: Progress, *, waited: bool) -> None:
        """Draw how far it is; nothing of what takes less than two seconds."""
        for part in state.parts:
            task = self._tasks.get((part.tracker, part.dataset))
            if task is None:
                continue
            left = part.seconds_left if part.processes else None
            self._shown.update(
                task,
                completed=part.frames,
                total=part.total,
                visible=waited and (part.processes > 0 or not self._many),
                rate=rate_words(part) if part.processes or part.frames else "waiting",
                left=f"{duration(left)} left" if left else "" if part.left else "done",
            )
        for worker in state.workers[:MOST_BARS]:
            if worker.name not in self._workers:
                self._workers[worker.name] = self._task(f"worker {worker.name}", state.total)
            self._shown.update(
                self._workers[worker.name],
                completed=worker.frames,
                total=state.total,
                visible=waited,
                rate="" if worker.rate is None else f"{frame_rate(worker.rate)} frames/s",
                left=f"{counted(worker.units, 'unit')} under way",
            )
        elapsed = monotonic() - self._begun
        self._shown.update(
            self._all,
            completed=state.frames,
            total=state.total,
            visible=waited,
            rate=f"{frame_rate(state.frames / elapsed)} frames/s",
            left=time_left_words(state) if state.time_left.seconds else "",
        )

    def close(self) -> None:
        """Take them away."""
        self._shown.stop()


def _short(part: Part) -> str:
    """Return a tracker and a data set, so that both are seen in the column's width."""
    tracker, dataset = part.tracker, part.dataset
    return f"{tracker if len(tracker) <= 13 else f'{tracker[:12]}…'} {dataset}"
