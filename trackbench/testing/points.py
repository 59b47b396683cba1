"""What a check found: points in plain words, how much each weighs, and facts beside them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Self

from trackbench.printing.text import visible


class Severity(Enum):
    """How much a point weighs."""

    ERROR = "wrong"
    """It makes numbers wrong or unrepeatable, or breaks the contract: the check fails."""
    WARNING = "warning"
    """It costs time or memory, or is wrong only if it was not meant: the check does not fail."""
    NOTE = "note"
    """Harmless here, and worth knowing; or something that could not be judged."""


@dataclass(frozen=True)
class Point:
    """One thing that a check has found.

    Attributes:
        name: a short name that stays, such as ``"corners"``.
        what: what is wrong, in a sentence with the evidence.
        remedy: what to do about it.
        severity: how much it weighs.
    """

    name: str
    what: str
    remedy: str = ""
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        remedy = f"\n    {self.remedy}" if self.remedy else ""
        return visible(f"{self.severity.value}: {self.name}: {self.what}") + visible_lines(remedy)


class ContractError(AssertionError):
    """A check failed; its text is what the check prints."""


@dataclass(frozen=True)
class Checked:
    """What a check has found; ``print`` it.

    Attributes:
        subject: what was checked, such as ``"tracker kcf-v1"``.
        points: what was found, the worst first.
        facts: what was measured, a line each.
    """

    subject: str
    points: tuple[Point, ...] = ()
    facts: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Nothing was found that makes numbers wrong; there may be warnings and notes."""
        return not any(point.severity is Severity.ERROR for point in self.points)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the errors and warnings."""
        return tuple(p.name for p in self.points if p.severity is not Severity.NOTE)

    def raise_if_wrong(self) -> Self:
        """Return this, so that a test is one line.

        Raises:
            ContractError: something is wrong; warnings and notes do not raise.
        """
        if not self.ok:
            raise ContractError(f"\n{self}")
        return self

    def __str__(self) -> str:
        lines = [visible(f"{self.subject}: {self._verdict()}")]
        lines += [f"  {point}" for point in self.points]
        lines += [visible(f"  {fact}") for fact in self.facts]
        return "\n".join(lines)

    def _verdict(self) -> str:
        count = {kind: sum(p.severity is kind for p in self.points) for kind in Severity}
        wrong, warnings = count[Severity.ERROR], count[Severity.WARNING]
        said = f"{wrong} thing{'s' * (wrong != 1)} wrong" if wrong else "nothing is wrong"
        return said + (f", {warnings} warning{'s' * (warnings != 1)}" if warnings else "")


def visible_lines(text: str) -> str:
    """Return a text of several lines, each of them fit to be printed."""
    return "\n".join(visible(line) for line in text.split("\n"))


def ordered(points: list[Point]) -> tuple[Point, ...]:
    """Return points with the worst first, in their order otherwise."""
    weights = list(Severity)
    return tuple(sorted(points, key=lambda point: weights.index(point.severity)))
