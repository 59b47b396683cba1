"""Amounts of memory, as people write them."""

from __future__ import annotations

import re

from trackbench.arguments.bounds import COUNT, LARGEST
from trackbench.errors import TrackbenchError, parameter
from trackbench.printing.text import quoted

_UNITS = {
    "": 1,
    **{name: 1000**power for power, name in enumerate(("kb", "mb", "gb", "tb"), 1)},
    **{name: 1024**power for power, name in enumerate(("kib", "mib", "gib", "tib"), 1)},
}
_SIZE = re.compile(
    r"\s*(?P<number>[0-9]{1,30}(?:\.[0-9]{1,30})?)\s*(?P<unit>[A-Za-z]*)\s*", re.ASCII
)


def amount_of_memory(name: str, value: int | str) -> int:
    """Return the bytes that are given for a parameter, as a number or as people write them.

    Raises:
        TrackbenchError: it is no amount, or nothing.
    """
    if isinstance(value, str):
        try:
            value = min(parse_size(value), LARGEST)  # more than that is no limit either
        except ValueError as error:
            raise TrackbenchError(f"{parameter(name)}: {error}") from None
    return COUNT.of(name, value)


def parse_size(text: str) -> int:
    """Return the bytes that ``"4GiB"``, ``"500 MB"`` or ``"1073741824"`` say.

    Raises:
        ValueError: it is none, or nothing; the message is for the user.
    """
    found = _SIZE.fullmatch(text)
    factor = _UNITS.get(found["unit"].lower().removesuffix("b") + "b") if found else None
    if found is not None and not found["unit"].lower().removesuffix("b"):
        factor = 1
    size = int(float(found["number"]) * factor) if found and factor else 0
    if size < 1:
        raise ValueError(f"{quoted(text)} is no amount of memory: write 4GiB or 500MB")
    return size
