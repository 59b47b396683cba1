"""What a bisection finds: cells that fell, the commits where they did, and every score seen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from trackbench.analysis.formats import Tabled
from trackbench.analysis.verdict import Reason
from trackbench.arguments.checking import arguments_checked
from trackbench.bisection.repository import Commit
from trackbench.metrics.evaluation_protocol import Length

if TYPE_CHECKING:
    from rich.console import Console

LIKELY_NOISE = 0.05
"""A fall whose p-value is above it may be chance."""


class Standing(Enum):
    """What was found of a commit."""

    GOOD = "good"
    BAD = "bad"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class CellName:
    """A cell: the data set and the length."""

    dataset: str
    length: Length

    def __str__(self) -> str:
        return f"{self.dataset} at {self.length}"


@dataclass(frozen=True)
class Fall:
    """One cell, in the commit where it fell and before it.

    Attributes:
        cell: which.
        reason: what fell: the score, or there are more failures or invalid boxes.
        sequences: with a score.
        before, after: mean scores before the commit and in it.
        low, high: 95 % confidence interval of the mean difference (BCa bootstrap over sequences);
            NaN for one sequence.
        p: probability of such a fall by chance: Student's paired t-test, one-sided, adjusted by
            Hommel over all cells of the comparison.
        good, bad: mean scores at the two ends.
        p_of_ends: the same probability, of the fall from one end to the other.
    """

    cell: CellName
    reason: Reason
    sequences: int
    before: float
    after: float
    low: float
    high: float
    p: float
    good: float
    bad: float
    p_of_ends: float

    @property
    def difference(self) -> float:
        """After minus before."""
        return self.after - self.before

    @property
    def share(self) -> float:
        """Of the whole fall between the ends, what this commit has."""
        whole = self.bad - self.good
        return self.difference / whole if whole else 1.0


@dataclass(frozen=True)
class Culprit:
    """Where cells fell.

    Attributes:
        commits: one; several where commits that cannot be tested hide which it was. The last is
            the first that is known to be bad.
        before: the commit that it is compared with.
        falls: the cells, the one that fell most first.
    """

    commits: tuple[Commit, ...]
    before: Commit
    falls: tuple[Fall, ...]

    @property
    def commit(self) -> Commit:
        """The first that is known to be bad."""
        return self.commits[-1]


@dataclass(frozen=True)
class Logged:
    """A commit that was tested, or could not be.

    Attributes:
        commit: which.
        standing: of the cell that fell most; where none fell, all that could be run are good.
        scores: cell -> mean score, of the cells that were followed.
        fingerprint: of the tracker; two commits with the same one have the same tracker.
        reason: why it was skipped; empty: it was not.
    """

    commit: Commit
    standing: Standing
    scores: dict[CellName, float]
    fingerprint: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Bisection(Tabled):
    """What came of a bisection.

    Attributes:
        good, bad: its ends.
        commits: how many are between them, the bad end included.
        tracker: its id.
        results: the directory with the stored results.
        followed: the cells that fell between the ends, or that were asked for; where none fell,
            all.
        culprits: where they fell, the largest fall first; empty: none fell.
        log: what was tested, in the order of the history.
        notes: what a reader should know besides, a line each.
    """

    good: Commit
    bad: Commit
    commits: int
    tracker: str
    results: Path
    followed: tuple[CellName, ...]
    culprits: tuple[Culprit, ...]
    log: tuple[Logged, ...]
    notes: tuple[str, ...] = ()

    def print_to(self, console: Console) -> None:
        """Print verdict, log and a chart of the scores to a terminal of any width."""
        from trackbench.bisection.bisection_text import print_bisection

        print_bisection(self, console)

    @arguments_checked
    def chart(self, out: str | Path) -> None:
        """Write the scores by commit as a picture, ``.svg``, or as a page with the log, ``.html``.

        Raises:
            TrackbenchError: it is another ending, or cannot be written.
        """
        from trackbench.bisection.chart_file import write_chart

        write_chart(self, Path(out))

    def _markdown(self) -> str:
        from trackbench.bisection.bisection_text import bisection_markdown

        return bisection_markdown(self)

    def _json(self) -> str:
        from trackbench.bisection.bisection_text import bisection_json

        return bisection_json(self)


def largest_first(falls: Iterable[Fall]) -> tuple[Fall, ...]:
    """Return falls, that of the most score first."""
    return tuple(sorted(falls, key=lambda fall: fall.difference))
