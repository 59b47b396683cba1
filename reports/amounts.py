"""Amounts as people read them."""

from __future__ import annotations

_UNITS = (("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10))


def memory(count: int) -> str:
    """Return bytes as ``1.4 GiB`` or ``312 MiB``: three digits at most."""
    for unit, factor in _UNITS:
        if count >= factor:
            value = count / factor
            return f"{value:,.0f} {unit}" if value >= 100 else f"{value:.3g} {unit}"
    return f"{count} bytes"
