"""Values read from JSON, held to what they should be: nothing is converted, nothing passed over.

A text is no number, ``true`` is no count, and a name that is not known may be a known one that was
damaged. Each function returns its value or raises a :class:`ValueError` with the reason.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from trackbench.printing.text import quoted


def members(value: Any, names: Sequence[str], what: str) -> dict[str, Any]:
    """Return an object that has just these names."""
    if not isinstance(value, dict):
        raise ValueError(f"{what} is {quoted(value)}, no object")  # noqa: TRY004 - one kind for all
    for name in names:
        if name not in value:
            raise ValueError(f"{what} lacks {quoted(name)}")
    for name in value:
        if name not in names:
            raise ValueError(f"{what} has {quoted(name)}, which is not known here")
    return value


def items(value: Any, what: str) -> list[Any]:
    """Return a list."""
    if not isinstance(value, list):
        raise ValueError(f"{what} are {quoted(value)}, no list")  # noqa: TRY004 - one kind for all
    return value


def text(value: Any, what: str) -> str:
    """Return a text."""
    if not isinstance(value, str):
        raise ValueError(f"{what} is {quoted(value)}, no text")  # noqa: TRY004 - one kind for all
    return value


def count(value: Any, most: int) -> int:
    """Return an integer from 0 to ``most``."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        raise ValueError(f"{quoted(value)} is no count up to {most}")
    return value


def count_of(found: dict[str, Any], name: str, most: int) -> int:
    """Return the integer from 0 to ``most`` that an object has under a name, which errors state."""
    try:
        return count(found[name], most)
    except ValueError as error:
        raise ValueError(f"its {name}: {error}") from error


def number(value: Any, most: float, what: str) -> float:
    """Return a number from 0 to ``most``, which may be infinite; the number itself may not."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        raise ValueError(f"{what} is {quoted(value)}, no number from 0 to {most:g}")
    if value == math.inf:
        raise ValueError(f"{what} is infinite")
    return float(value)
