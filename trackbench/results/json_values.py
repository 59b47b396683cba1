"""Values as JSON can hold them, and be read back."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from enum import Enum
from typing import Any

_DEEPEST = 40
"""Levels inside each other; what is nested deeper (or in itself) ends there in a text."""
_AS_THEY_ARE = frozenset({str, float, bool})
_MOST_BITS = 900
"""Of an integer: one of more digits is refused where JSON is read."""


def plain(value: Any, deepest: int = _DEEPEST) -> Any:
    """Return ``value`` as what JSON can hold: dataclasses as objects, enums as their values."""
    if value is None or type(value) in _AS_THEY_ARE:  # nearly all of a record's
        return value
    if deepest == 0:
        return f"a {type(value).__name__}, nested too deeply"
    inner = deepest - 1
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = dataclasses.fields(value)
        return {field.name: plain(getattr(value, field.name), inner) for field in fields}
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, Mapping):
        return {str(key): plain(item, inner) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item, inner) for item in value]
    return _leaf(value)


def number_or_null(value: float) -> float | None:
    """Return a number as JSON can hold it; None where it is not known, or infinite."""
    return value if math.isfinite(value) else None


def _leaf(value: Any) -> Any:
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        return hex(value)
    return value if isinstance(value, str | int | float | bool | None) else str(value)
