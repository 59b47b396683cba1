"""Amounts of memory, as people write them."""

from __future__ import annotations

import re

from trackbench.errors import TrackbenchError

_UNITS = {
    "": 1,
    **{name: 1000**power for power, name in enumerate(("kb", "mb", "gb", "tb"), 1)},
    **{name: 1024**power for power, name in enumerate(("kib", "mib", "gib", "tib"), 1)},
}
_SIZE = re.compile(r"\s*(?P<number>[0-9]+(?:\.[0-9]+)?)\s*(?P<unit>[A-Za-z]*)\s*")


def parse_size(text: str) -> int:
    """Return the bytes that ``"4GiB"``, ``"500 MB"`` or ``"1073741824"`` say.

    Raises:
        TrackbenchError: it is none, or nothing.
    """
    found = _SIZE.fullmatch(text)
    factor = _UNITS.get(found["unit"].lower().removesuffix("b") + "b") if found else None
    if found is not None and not found["unit"].lower().removesuffix("b"):
        factor = 1
    size = int(float(found["number"]) * factor) if found and factor else 0
    if size < 1:
        raise TrackbenchError(f"{text!r} is no amount of memory: write 4GiB or 500MB")
    return size
