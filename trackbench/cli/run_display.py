"""What a run says on standard error: its plan, bars or plain lines meanwhile, the commands next."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import Enum
from time import monotonic

from trackbench.cli.console import PLAIN_LINE_SECONDS, say
from trackbench.cli.printed_above import PrintedAbove
from trackbench.running.bars import QUIET_SECONDS, Bars
from trackbench.running.progress import Progress
from trackbench.running.progress_words import first_chunk_line, plain_lines, plan_lines


class Speech(Enum):
    """How much a run says besides its table."""

    QUIET = "quiet"
    """Nothing but what nobody may miss."""
    USUAL = "usual"
    """On a terminal everything; elsewhere progress alone, of what takes long."""
    VERBOSE = "verbose"
    """Everything, wherever it goes."""

    @property
    def plan_at_once(self) -> bool:
        """The plan is told before the first frame, and the next commands at the end."""
        return self is Speech.VERBOSE or (self is Speech.USUAL and sys.stderr.isatty())


class Display:
    """Tells the plan, and then how far it is."""

    def __init__(self, speech: Speech) -> None:
        self._speech = speech
        self._begun = self._said = monotonic()
        self._bars: Bars | None = None
        self._above: PrintedAbove | None = None
        self._untold: Progress | None = None
        self._estimate: str | None = None
        self._estimated = False

    def __call__(self, state: Progress) -> None:
        """Take note of how far a run is."""
        if self._speech is Speech.QUIET:
            return
        if state.plan:
            self._begin(state)
            return
        self._estimate_by_first_chunk(state)
        if self._above is not None:
            self._above.print_due()
        if self._bars is not None:
            self._bars.show(state, waited=monotonic() - self._begun > QUIET_SECONDS)
        elif monotonic() - self._said >= PLAIN_LINE_SECONDS and state.total:
            self._said = monotonic()
            self._tell_plan()
            for line in plain_lines(state, monotonic() - self._begun):
                say(line)

    def _estimate_by_first_chunk(self, state: Progress) -> None:
        """Say once how long the rest takes: at once where the plan was told, else after it."""
        if not self._estimated and state.chunks:
            self._estimated = True
            if state.time_left.seconds >= QUIET_SECONDS:
                self._estimate = first_chunk_line(state)
        if self._untold is None and self._estimate is not None:
            say(self._estimate)
            self._estimate = None

    def _begin(self, state: Progress) -> None:
        self._untold = state
        if self._speech.plan_at_once:
            self._tell_plan()
        self._begun = self._said = monotonic()
        if sys.stderr.isatty() and state.total:
            self._bars = Bars(state)
            self._above = PrintedAbove(self._bars.console)

    def _tell_plan(self) -> None:
        if self._untold is not None:
            for line in plan_lines(self._untold):
                say(line)
        self._untold = None

    def hand_on(self, tracker: str, printed: bytes) -> None:
        """Show what a tracker prints: above the bars, and where there are none, as it is.

        Whether anybody reads it is not the run's concern.
        """
        if self._above is not None:
            self._above(tracker, printed)
            return
        with suppress(OSError):
            os.write(2, printed)

    def close(self) -> None:
        """Take the bars away."""
        if self._above is not None:
            self._above.finish()
        if self._bars is not None:
            self._bars.close()


@contextmanager
def displayed(speech: Speech) -> Iterator[Display]:
    """Yield what is told how far a run is; at the end its bars are gone."""
    display = Display(speech)
    try:
        yield display
    finally:
        display.close()
