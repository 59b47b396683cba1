"""What stands in one cell of a table: a number, or an interval."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from trackbench.printing.amounts import DASH


@dataclass(frozen=True)
class Entry:
    """A mean and a standard deviation; NaN where there is none.

    Attributes:
        mean, std: the numbers.
        signed: print a plus, too: it is a difference.
        best: none that it is compared with is better.
    """

    mean: float
    std: float = math.nan
    signed: bool = False
    best: bool = False

    @property
    def there(self) -> bool:
        """Whether there is a number at all."""
        return not math.isnan(self.mean)

    def text(self, plus_minus: str = " ± ", minus: str = "-") -> str:
        """Return ``0.38 ± 0.28``, ``+0.01`` for a difference, a dash for nothing."""
        if not self.there:
            return DASH
        # z: what rounds to nothing has no sign of its own, so never -0.00
        shown = f"{self.mean:+z.2f}" if self.signed else f"{self.mean:z.2f}"
        shown = shown.replace("-", minus)
        return shown if math.isnan(self.std) else f"{shown}{plus_minus}{self.std:.2f}"


NOTHING = Entry(math.nan)


@dataclass(frozen=True)
class Interval:
    """The two ends of a confidence interval; NaN where there is none."""

    low: float
    high: float
    best: ClassVar[bool] = False

    @property
    def there(self) -> bool:
        """Whether there is an interval at all."""
        return not math.isnan(self.low)

    def text(self, plus_minus: str = " ± ", minus: str = "-") -> str:  # noqa: ARG002 - as Entry's
        """Return ``[0.36, 0.41]``, a dash for nothing."""
        if not self.there:
            return DASH
        return f"[{self.low:z.2f}, {self.high:z.2f}]".replace("-", minus)


@dataclass(frozen=True)
class Spread:
    """A standard deviation by itself; NaN where there is none."""

    std: float
    best: ClassVar[bool] = False

    @property
    def there(self) -> bool:
        """Whether there is a number at all."""
        return not math.isnan(self.std)

    def text(self, plus_minus: str = " ± ", minus: str = "-") -> str:  # noqa: ARG002 - as Entry's
        """Return ``± 0.012``, a dash for nothing."""
        return f"{plus_minus.lstrip()}{self.std:.3f}" if self.there else DASH


@dataclass(frozen=True)
class Count:
    """A number of sequences; None where there is none."""

    count: int | None
    best: ClassVar[bool] = False

    @property
    def there(self) -> bool:
        """Whether there is a number at all."""
        return self.count is not None

    def text(self, plus_minus: str = " ± ", minus: str = "-") -> str:  # noqa: ARG002 - as Entry's
        """Return ``1,120``, a dash for nothing."""
        return DASH if self.count is None else f"{self.count:,}"


def with_best(compared: Sequence[Entry]) -> list[Entry]:
    """Mark the highest of entries that are compared with each other.

    Those that read the same, at two decimals, are marked alike. Where fewer than two have a
    number, nothing is marked: there was no contest.
    """
    printed = [round(entry.mean, 2) for entry in compared if entry.there]
    if len(printed) < 2:
        return list(compared)
    return [
        replace(entry, best=entry.there and round(entry.mean, 2) == max(printed))
        for entry in compared
    ]
