"""Numbers that a caller gives: each function says what it takes, and everything else is refused.

Everything is refused in one line that names the parameter, before anything is read or run: a number
beyond its bounds, NaN, a text, and ``True``, which Python takes for 1.
"""

from __future__ import annotations

import numbers
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from trackbench.errors import TrackbenchError, parameter
from trackbench.printing.text import quoted

LARGEST = 2**63 - 1
"""Of a whole number without a bound of its own: what PyTorch, NumPy and Parquet can hold."""


@dataclass(frozen=True)
class Whole:
    """A whole number within bounds.

    Attributes:
        least, most: the bounds, both allowed.
    """

    least: int
    most: int = LARGEST

    def of(self, name: str, value: int) -> int:
        """Return a number that was given for a parameter, as a plain integer.

        Raises:
            TrackbenchError: it is none, or beyond the bounds.
        """
        _refuse(name, self.fault(value))
        return int(value)

    def fault(self, value: object) -> str | None:
        """Return what a message says of a value that is not within, behind its name; else None."""
        if isinstance(value, bool) or not isinstance(value, numbers.Integral):
            return _must_be(f"a whole number, {self._words}", value)
        whole = int(value)
        if whole > self.most == LARGEST:
            return _must_be(f"at most {LARGEST}", whole)
        return None if self.least <= whole <= self.most else _must_be(self._words, whole)

    def or_none(self, name: str, value: int | None) -> int | None:
        """Return a number that may be left out: as :meth:`of`, or None."""
        return None if value is None else self.of(name, value)

    @property
    def _words(self) -> str:
        if self.most == LARGEST:
            return f"at least {self.least}"
        if self.most == self.least + 1:
            return f"{self.least} or {self.most}"
        return f"from {self.least} to {self.most}"


@dataclass(frozen=True)
class Real:
    """A number of which something holds.

    Attributes:
        words: what holds, as it stands behind "must be".
        holds: whether it does; of NaN it must not.
    """

    words: str
    holds: Callable[[float], bool]

    def of(self, name: str, value: float) -> float:
        """Return a number that was given for a parameter; one of NumPy's as a plain float.

        Raises:
            TrackbenchError: it is none, or the condition does not hold.
        """
        _refuse(name, self.fault(value))
        number = _as_float(value)
        # An integer stays one: what is stored of it is not to change.
        return value if type(value) is int and number == value else number

    def fault(self, value: object) -> str | None:
        """Return what a message says of a value that is none, behind its name; else None."""
        if isinstance(value, bool) or not isinstance(value, numbers.Real):
            return _must_be(f"a number, {self.words}", value)
        number = _as_float(value)
        return None if self.holds(number) else f"must be {self.words}, not {number:g}"

    def or_none(self, name: str, value: float | None) -> float | None:
        """Return a number that may be left out: as :meth:`of`, or None."""
        return None if value is None else self.of(name, value)


COUNT = Whole(1)
"""How many there are of something that there must be."""

INDEX = Whole(0)
"""Which one of several, from 0."""

SECONDS = Real("positive", lambda value: value > 0)
"""How long something may take; infinity: for ever."""

ZOOM = Whole(1, 20)
"""How much a picture is enlarged: one of more fills the memory."""

PORTS = Whole(0, 65535)
"""Where a server listens; 0: anywhere."""

SEED = Whole(0, 2**64 - 1)
"""What PyTorch takes."""

THREADS = Whole(1, 1024)
"""No machine has more."""

HELPERS = Whole(0, 1024)
"""Processes beside the one that asks for them; 0: it does the work itself."""

LONG_RUN = Whole(0)
"""Frames of a run that may be left out; 0: it is."""


def _as_float(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:  # an integer beyond all floats
        return float("inf") if value > 0 else float("-inf")


def _must_be(wanted: str, given: object) -> str:
    return f"must be {wanted}, not {quoted(given)}"


def _refuse(name: str, fault: str | None) -> None:
    if fault is not None:
        raise TrackbenchError(f"{parameter(name)} {fault}")
