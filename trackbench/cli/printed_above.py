"""What trackers print, line by line above the bars, which it would else be mixed with."""

from __future__ import annotations

from codecs import IncrementalDecoder, getincrementaldecoder
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

EVERY_SECONDS = 0.1
"""The bars are drawn anew for all lines that came meanwhile, not for each: that takes longer than
many trackers do for a frame, and the run would wait for it."""

LONGEST_LINE = 10_000
"""Characters: one that goes on is shown in pieces."""


class PrintedAbove:
    """Puts the bytes of each tracker together to lines, and prints those that are finished.

    Of a line that is written over and over, as a bar of the tracker's own, the last state is shown;
    colours are kept, and what moves the cursor is left out.
    """

    def __init__(self, console: Console) -> None:
        """Print to the console that has the bars."""
        self._console = console
        self._decoders: dict[str, IncrementalDecoder] = {}
        self._begun: dict[str, str] = {}
        self._lines: list[str] = []
        self._printed = -EVERY_SECONDS

    def __call__(self, tracker: str, printed: bytes) -> None:
        """Take what a tracker prints."""
        if tracker not in self._decoders:
            self._decoders[tracker] = getincrementaldecoder("utf-8")("backslashreplace")
        text = self._begun.get(tracker, "") + self._decoders[tracker].decode(printed)
        *lines, begun = text.replace("\r\n", "\n").split("\n")
        self._lines += lines
        while len(begun) > LONGEST_LINE:
            self._lines.append(begun[:LONGEST_LINE])
            begun = begun[LONGEST_LINE:]
        over, back, last = begun.rpartition("\r")
        # a return at the very end may be half of a line's end
        self._begun[tracker] = last or over.rpartition("\r")[2] + back

        self.print_due()

    def print_due(self) -> None:
        """Print the lines that are finished, if the last time is a while ago."""
        if self._lines and monotonic() - self._printed >= EVERY_SECONDS:
            self._print()

    def finish(self) -> None:
        """Print what is left, and what was begun and not ended."""
        self._lines += [begun for begun in self._begun.values() if begun]
        self._begun.clear()
        if self._lines:
            self._print()

    def _print(self) -> None:
        from rich.text import Text

        shown = [line.rstrip("\r").rpartition("\r")[2] for line in self._lines]
        self._lines.clear()
        self._console.print(Text("\n").join(map(Text.from_ansi, shown)), soft_wrap=True)
        self._printed = monotonic()
