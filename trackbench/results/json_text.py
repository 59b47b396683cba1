"""JSON as ``json.dumps(value, indent=1, sort_keys=True)`` lays it out, and many times as quick.

Python's own encoder in C does not indent, and the other one takes a microsecond a character of a
record that is written anew with each chunk. What holds no further lists or objects is written in
C: an indentation is a separator.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any


def indented(value: Any, level: int = 0) -> str:
    """Return plain JSON as text.

    Args:
        value: made of dictionaries with texts for keys, lists, texts, numbers, booleans and None.
        level: of what holds it.
    """
    if not value or not isinstance(value, dict | list):
        return json.dumps(value)
    begin = "\n" + " " * (level + 1)
    between = "," + begin
    if _is_flat(value.values() if isinstance(value, dict) else value):
        text = json.dumps(value, sort_keys=True, separators=(between, ": "))
        inner = text[1:-1]
    elif isinstance(value, dict):
        pairs = (f"{json.dumps(key)}: {indented(value[key], level + 1)}" for key in sorted(value))
        inner = between.join(pairs)
    else:
        inner = between.join(indented(each, level + 1) for each in value)
    first, last = "{}" if isinstance(value, dict) else "[]"
    return f"{first}{begin}{inner}{begin[:-1]}{last}"


def _is_flat(values: Iterable[Any]) -> bool:
    return not any(isinstance(each, dict | list) for each in values)
