"""What was spoiled in stored runs: sequences that trackers failed, and data that was not read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from trackbench.printing.notebook import ShowsItself
from trackbench.printing.own_code import with_place
from trackbench.printing.text import visible
from trackbench.results.chunks import FailureKind
from trackbench.results.run_record import RunRecord

MOST_TOLD = 5
"""Failures that are told one by one."""


@dataclass(frozen=True)
class FailedSequence:
    """A sequence that a tracker failed.

    Attributes:
        tracker, dataset: ids.
        sequence: index in the data set.
        frame: the first frame without an answer.
        message: one line.
        traceback: where there is one.
    """

    tracker: str
    dataset: str
    sequence: int
    frame: int
    message: str
    traceback: str = field(default="", repr=False)

    def __str__(self) -> str:
        """Return it in a line, with the place in the author's code that raised."""
        where = f"{self.tracker} on {self.dataset} sequence {self.sequence}, frame {self.frame}"
        return visible(f"failed: {where}: {with_place(self.message, self.traceback)}")


@dataclass(frozen=True)
class Spoiled(ShowsItself):
    """What was spoiled; it is true where something was.

    Attributes:
        path: of the results directory.
        failures: of trackers, which score 0 there.
        unreadable: why data could not be read, each reason once; such sequences have no score.

    Sequences of which no file was imported are none of these: nothing went wrong with them, and
    reports say how many they are.
    """

    path: Path
    failures: tuple[FailedSequence, ...]
    unreadable: tuple[str, ...]

    @classmethod
    def of(cls, path: Path, records: Iterable[RunRecord]) -> Spoiled:
        """Return what was spoiled in runs of a directory."""
        pairs = [(record, failure) for record in records for failure in record.failures]
        failures = tuple(
            FailedSequence(
                record.tracker,
                record.dataset,
                failure.sequence,
                failure.frame,
                failure.message,
                failure.traceback,
            )
            for record, failure in pairs
            if failure.kind.of_tracker
        )
        unreadable = [failure.message for _, failure in pairs if failure.kind is FailureKind.DATA]
        return cls(path, failures, tuple(dict.fromkeys(unreadable)))

    def __bool__(self) -> bool:
        """Return whether anything was."""
        return bool(self.failures or self.unreadable)

    def __str__(self) -> str:
        """Return the first failures and what was not read, a line each."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield from map(str, self.failures[:MOST_TOLD])
        if len(self.failures) > MOST_TOLD:
            more = len(self.failures) - MOST_TOLD
            yield visible(f"... and {more} more: see the records in {self.path}")
        yield from (visible(f"not scored: {message}") for message in self.unreadable)
