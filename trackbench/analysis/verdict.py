"""What a regression check allows, and what it finds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from trackbench.analysis.formats import VerdictFormat, chosen
from trackbench.arguments.bounds import Real
from trackbench.metrics.evaluation_protocol import Length
from trackbench.printing.amounts import counted, frame_rate, frame_rate_number
from trackbench.printing.notebook import ShowsItself
from trackbench.printing.on_console import printed

if TYPE_CHECKING:
    from rich.console import Console

TOLERANCE = 0.01
ALPHA = 0.01

_TOLERANCE = Real("in [0, 1)", lambda value: 0 <= value < 1)
_ALPHA = Real("in (0, 1]", lambda value: 0 < value <= 1)
_SPEED = Real("in (0, 1)", lambda value: 0 < value < 1)


@dataclass(frozen=True)
class Limits:
    """What is still allowed.

    Attributes:
        tolerance: a mean score may fall by so much.
        alpha: probability that the check fails although nothing has changed; 1 leaves it to the
            tolerance alone.
        speed: share of the frames/s that may be lost; None: speed does not matter.

    Raises:
        TrackbenchError: a number that makes no sense.
    """

    tolerance: float = TOLERANCE
    alpha: float = ALPHA
    speed: float | None = None

    def __post_init__(self) -> None:
        _TOLERANCE.of("tolerance", self.tolerance)
        _ALPHA.of("alpha", self.alpha)
        _SPEED.or_none("speed_tolerance", self.speed)


class Reason(Enum):
    """Why a cell has regressed."""

    SCORE = "lower score"
    FAILURES = "more failures"
    INVALID = "more invalid boxes"
    SPEED = "slower"


@dataclass(frozen=True)
class CellCheck:
    """One cell, before (the baseline) and after (the new results).

    Attributes:
        tracker, dataset, length, sequences: the cell.
        before, after: mean scores.
        p: probability of such a fall of the mean by chance, adjusted over all cells.
        failures: spoiled sequences of all runs within the length, before and after.
        invalid: predictions that are no box of all runs within the length, before and after.
        fps: frames/s of the whole run, before and after.
        reasons: why it has regressed; empty if it has not.
        runs: how many, before and after; a sequence's score is its mean over them.
        run_stds: standard deviation of the runs' mean scores, before and after; NaN for one run.
    """

    tracker: str
    dataset: str
    length: Length
    sequences: int
    before: float
    after: float
    p: float
    failures: tuple[int, int]
    invalid: tuple[int, int]
    fps: tuple[float, float]
    reasons: tuple[Reason, ...]
    runs: tuple[int, int] = (1, 1)
    run_stds: tuple[float, float] = (math.nan, math.nan)

    @property
    def difference(self) -> float:
        """After minus before: negative is worse."""
        return self.after - self.before

    @property
    def regressed(self) -> bool:
        """It is worse than is allowed."""
        return bool(self.reasons)

    @property
    def said(self) -> list[str]:
        """Each reason in words, with what the columns of a table do not show."""
        numbers = {
            Reason.SCORE: "",
            Reason.FAILURES: f" ({_from_to(self.failures, self.runs)})",
            Reason.INVALID: f" ({_from_to(self.invalid, self.runs)})",
            Reason.SPEED: f" ({_speeds(*self.fps)})",
        }
        return [f"{reason.value}{numbers[reason]}" for reason in self.reasons]


def _speeds(before: float, after: float) -> str:
    return f"{frame_rate_number(before, digits=4)} to {frame_rate(after, digits=4)}"


def _from_to(counts: tuple[int, int], runs: tuple[int, int]) -> str:
    """Return two counts, with the runs that they are of where these are not one and one."""
    if runs == (1, 1):
        return f"{counts[0]} to {counts[1]}"
    before, after = (f"{n} in {counted(of, 'run')}" for n, of in zip(counts, runs, strict=True))
    return f"{before} to {after}"


@dataclass(frozen=True)
class Verdict(ShowsItself):
    """What came of a check.

    Attributes:
        cells: every cell of the baseline.
        limits: what was allowed.
        notes: what a reader should know besides, a line each.
    """

    cells: tuple[CellCheck, ...]
    limits: Limits
    notes: tuple[str, ...] = ()

    @property
    def regressed(self) -> tuple[CellCheck, ...]:
        """The cells that have regressed."""
        return tuple(cell for cell in self.cells if cell.regressed)

    def render(self, form: VerdictFormat | str = VerdictFormat.TABLE) -> str:
        """Return the verdict as text.

        Args:
            form: ``"table"`` (of what regressed), ``"markdown"`` (for a pull request),
                ``"junit"`` (XML, for CI servers) or ``"json"``.

        Raises:
            TrackbenchError: there is no such format.
        """
        from trackbench.analysis import verdict_text

        match chosen(VerdictFormat, form):
            case VerdictFormat.TABLE:
                return printed(self.print_to)
            case VerdictFormat.MARKDOWN:
                return verdict_text.verdict_markdown(self)
            case VerdictFormat.JUNIT:
                return verdict_text.verdict_junit(self)
            case VerdictFormat.JSON:
                return verdict_text.verdict_json(self)

    def print_to(self, console: Console, *, every: bool = False) -> None:
        """Print the table to a terminal of any width: of what regressed, or of ``every`` cell."""
        from trackbench.analysis.verdict_text import print_verdict

        print_verdict(self, console, every=every)

    def __str__(self) -> str:
        """Return the table."""
        return self.render()
