"""How many frames each tracked sequence has, and how the sequences are cut into parts.

Both are fixed by the data set, never by the number of workers. A part is a unit of work. Of
sequences that all have as many frames it is ``chunk`` sequences. Of others it ends earlier where
the next sequence would bring it above :data:`MOST_FRAMES` frames, so that no part is much longer
than the longest sequence.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

MOST_FRAMES = 4000
"""Of a part of several sequences that differ in their frames. Stored results are cut by it."""


@dataclass(frozen=True)
class Extent:
    """Sequences, their frames and their parts.

    Attributes:
        sequences: how many.
        length: frames of the longest.
        chunk: sequences of a part at most.
        frames_each: of each sequence; empty: all have ``length``.
    """

    sequences: int
    length: int
    chunk: int
    frames_each: tuple[int, ...] = ()

    @cached_property
    def starts(self) -> Sequence[int]:
        """The first sequence of each part."""
        if not self.frames_each:
            return range(0, self.sequences, self.chunk)
        starts, held = [0], 0
        for sequence, frames in enumerate(self.frames_each):
            full = sequence - starts[-1] == self.chunk
            if sequence > starts[-1] and (full or held + frames > MOST_FRAMES):
                starts.append(sequence)
                held = 0
            held += frames
        return starts

    @property
    def parts(self) -> int:
        """How many parts."""
        return len(self.starts)

    @property
    def total(self) -> int:
        """Frames of all sequences."""
        return sum(self.frames_each) if self.frames_each else self.sequences * self.length

    def part(self, number: int) -> range:
        """Return the sequences of a part."""
        after = self.starts[number + 1] if number + 1 < self.parts else self.sequences
        return range(self.starts[number], after)

    def rows(self, number: int) -> int:
        """Return how many frames a part has."""
        sequences = self.part(number)
        if not self.frames_each:
            return len(sequences) * self.length
        return sum(self.frames_in(sequences))

    def part_of(self, sequence: int) -> int:
        """Return the number of the part that a sequence is in."""
        return bisect_right(self.starts, sequence) - 1

    def frames_of(self, sequence: int) -> int:
        """Return how many frames a sequence has."""
        return self.frames_each[sequence] if self.frames_each else self.length

    def longest_in(self, sequences: range) -> int:
        """Return how many frames the longest of some sequences has."""
        return max(self.frames_in(sequences), default=self.length)

    def frames_in(self, sequences: range) -> tuple[int, ...]:
        """Return how many frames each of some sequences has; empty: all have ``length``."""
        return self.frames_each[sequences.start : sequences.stop]
