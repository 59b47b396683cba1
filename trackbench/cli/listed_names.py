"""Several names in one word, as ``kcf,mine.py:Mine``: where one ends and the next begins."""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate
from pathlib import Path

from trackbench.errors import TrackbenchError


def separated(words: list[str] | None) -> list[str] | None:
    """Return names, each by itself: several may be given at once, as ``kcf,ncc``.

    Every comma separates but that of a path, where there is such a path.

    Raises:
        TrackbenchError: there is nothing before a comma, or behind it.
    """
    return None if words is None else [name for word in words for name in _names(word)]


def separated_trackers(words: list[str] | None) -> list[str] | None:
    """Return trackers' names, each by itself, as :func:`separated` does.

    The commas of a command do not separate; it goes to the end of its word (``trax:COMMAND``).

    Raises:
        TrackbenchError: there is nothing before a comma, or behind it.
    """
    if words is None:
        return None
    return [name for word in words for name in _names(word, free=_is_command)]


def _names(word: str, free: Callable[[str], bool] = lambda _: False) -> list[str]:
    if "," not in word:
        return [word.strip()]
    found = []
    parts = word.split(",")
    while parts:
        taken = len(parts) if free(parts[0]) else _parts_of_path(parts)
        found.append(",".join(parts[:taken]).strip())
        parts = parts[taken:]
    if "" in found:
        raise TrackbenchError(
            f"a name is missing beside a comma of {word!r}: write a,b, and quote it where there "
            "are spaces"
        )
    return found


def _is_command(part: str) -> bool:
    """Whether a scheme begins here behind whose colon commas may stand, as in a command."""
    scheme, colon, _ = part.strip().partition(":")
    if not colon:
        return False
    from trackbench.plugins import registry

    return any(known.id == scheme and known.takes_commas for known in registry.schemes())


def _parts_of_path(parts: list[str]) -> int:
    """Return how many of the parts, from the first, name something with a path that is there."""
    joined = list(accumulate(parts, lambda before, part: f"{before},{part}"))
    return max((n for n, name in enumerate(joined, 1) if n > 1 and _on_disk(name)), default=1)


def _on_disk(name: str) -> bool:
    """Whether every comma of a name is in a path, between colons, that is there."""
    with_commas = [piece.strip() for piece in name.split(":") if "," in piece]
    try:
        return all(Path(piece).exists() for piece in with_commas)
    except (OSError, ValueError):  # no path at all: too long, or with a zero byte
        return False
