"""Values of which plain JSON says all."""

from __future__ import annotations

import json
from typing import Any

from trackbench.plugins.hashing.file_hash import named_path
from trackbench.plugins.hashing.tokens import is_said_by_text

LEAVES = frozenset({str, int, float, bool, type(None)})
"""Types whose values hold no others, and cannot be changed."""


def is_plain(value: Any, *, words: bool) -> bool:
    """Whether JSON says all of a value: numbers, words, lists and dictionaries, but no files.

    Args:
        value: anything.
        words: a string is a word even where a file is called so.
    """
    left, seen = [value], set[int]()
    while left:
        item = left.pop()
        kind = type(item)
        if kind is str and not words and named_path(item) is not None:
            return False
        if kind in {list, dict}:
            if id(item) in seen:  # who changes one changes both: JSON does not say that
                return False
            seen.add(id(item))
            left += [*item, *item.values()] if kind is dict else item
            if kind is dict and not _is_said_by_json(item):
                return False
        elif kind not in LEAVES or (kind is float and not is_said_by_text(item)):
            return False
    try:
        json.dumps(value)
    except (ValueError, RecursionError):  # a circle, an endless number, or too deep
        return False
    return True


def _is_said_by_json(item: dict[Any, Any]) -> bool:
    """Whether nothing is lost where names are sorted: a pipeline may depend on their order."""
    return all(type(key) is str for key in item) and list(item) == sorted(item)
