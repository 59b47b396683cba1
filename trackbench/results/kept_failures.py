"""What is kept of the failures of a run: a record must stay small, however much trackers print."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from trackbench.results.chunks import Failure

WHOLE = 20
"""Failures of a run whose output is kept as it came, at most :data:`_MOST` characters of it."""
_SOME = 1000
"""Failures of which some is kept; of the rest there is the message."""
_MOST = 64 * 1024
_END = 2 * 1024
_MESSAGE = 1000
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
"""Where an object lay, as Python says it of one that says nothing else: never twice the same."""


def shortened(failures: Sequence[Failure]) -> tuple[Failure, ...]:
    """Return failures with as much of what was printed as a record has room for.

    Addresses of objects are left out: equal runs have equal failures.
    """
    return tuple(_shortened(failure, place) for place, failure in enumerate(failures))


def _shortened(failure: Failure, place: int) -> Failure:
    most = _MOST if place < WHOLE else _END if place < _SOME else 0
    return replace(
        failure,
        message=_without_addresses(failure.message)[:_MESSAGE],
        traceback=_end(failure.traceback, most),
        output=_end(failure.output, most),
    )


def _end(text: str, most: int) -> str:
    """Return the last of a text: where it ends, there it failed."""
    text = _without_addresses(text)
    return text[len(text) - most :] if len(text) > most else text


def _without_addresses(text: str) -> str:
    return _ADDRESS.sub(" at 0x…", text)
