"""Where the command line writes: tables to standard output, progress to standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

from trackbench.printing.amounts import frame_rate
from trackbench.printing.text import visible
from trackbench.running.bars import QUIET_SECONDS

if TYPE_CHECKING:
    from rich.console import Console

PLAIN_LINE_SECONDS = 10.0


def output() -> Console:
    """Return the console of standard output; not cut to 80 columns where it is a file or a pipe."""
    from rich.console import Console

    return Console(highlight=False, width=None if sys.stdout.isatty() else 200)


def say(line: str) -> None:
    """Write a line to standard error, above the bars where there are any."""
    import typer

    # With err=True alone it would find the terminal behind what Rich has put in its place, and the
    # line would be taken away with the bars that it was written over.
    typer.echo(visible(line), err=True, file=sys.stderr)


def say_left_out(line: str) -> None:
    """Say on standard error what is stored and not shown."""
    say(f"trackbench: {line}")


@contextmanager
def frames_progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """Yield ``show(done, total)``: a bar with frames/s, or plain lines where there is no terminal.

    Nothing is shown of what takes less than two seconds.
    """
    if sys.stderr.isatty():
        with _bar(what) as show:
            yield show
    else:
        yield _plain_lines(what)


@contextmanager
def _bar(what: str) -> Iterator[Callable[[int, int], None]]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.table import Column

    begun = monotonic()
    # 80 columns hold all of it: of many trackers' names, only the beginning.
    name = Column(max_width=26, no_wrap=True, overflow="ellipsis")
    columns = (
        TextColumn("{task.description}", markup=False, table_column=name),
        BarColumn(bar_width=20),
        TaskProgressColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None, visible=False, rate="")

        def show(done: int, total: int) -> None:
            elapsed = monotonic() - begun
            bar.update(
                task,
                completed=done,
                total=total,
                visible=elapsed > QUIET_SECONDS,
                rate=frame_rate(round(done / elapsed)),
            )

        yield show


def _plain_lines(what: str) -> Callable[[int, int], None]:
    begun = said = monotonic()

    def show(done: int, total: int) -> None:
        nonlocal said
        now = monotonic()
        if now - said >= PLAIN_LINE_SECONDS:
            said = now
            rate = frame_rate(round(done / (now - begun)))
            line = f"{what}: {done:,} of {total:,} frames, {rate}"
            sys.stderr.write(f"{line}\n")
            sys.stderr.flush()

    return show
