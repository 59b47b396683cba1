"""Amounts as people read them: bytes, counts and rates, each in one form everywhere."""

from __future__ import annotations

import math

DASH = "–"
"""Where there is no number."""

_UNITS = (("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10))


def memory(count: int) -> str:
    """Return bytes as ``1.4 GiB`` or ``312 MiB``: three digits at most."""
    for unit, factor in _UNITS:
        if count >= factor:
            value = count / factor
            return f"{value:,.0f} {unit}" if value >= 100 else f"{value:.3g} {unit}"
    return f"{count} bytes"


def counted(number: int | str, noun: str) -> str:
    """Return ``1 box``, ``3 boxes`` or ``1,200 sequences``: a number and its noun.

    Args:
        number: how many; a text is printed as it is.
        noun: of one of them; its plural is regular.
    """
    shown = number if isinstance(number, str) else f"{number:,}"
    return f"{shown} {noun if shown == '1' else plural(noun)}"


def plural(noun: str, number: int = 2) -> str:
    """Return a noun as it stands beside so many of them; its plural is regular."""
    if number == 1:
        return noun
    return f"{noun}es" if noun.endswith(("x", "s", "sh", "ch")) else f"{noun}s"


def duration(seconds: float) -> str:
    """Return ``8 s``, ``3 min 20 s`` or ``2 h 5 min``; of less than a second ``1 s``."""
    whole = max(1, math.ceil(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def frame_rate(fps: float, digits: int | None = None) -> str:
    """Return ``480 frames/s`` or ``2.1 frames/s``; of NaN a dash.

    Args:
        fps: frames per second.
        digits: significant ones, but never less than whole numbers; None: no more than anybody
            needs.
    """
    return f"{frame_rate_number(fps, digits)} frames/s"


def frame_rate_number(fps: float, digits: int | None = None) -> str:
    """Return :func:`frame_rate` without its unit, for columns that have it in their head."""
    if math.isnan(fps):
        return DASH
    if digits is not None and round(fps) < 10**digits:  # more would be printed as 5.1e+04
        return f"{fps:,.{digits}g}"
    return f"{fps:,.0f}" if fps >= 10 else f"{fps:.2g}"
