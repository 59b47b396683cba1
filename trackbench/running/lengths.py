"""The lengths at which a caller wants sequences scored."""

from __future__ import annotations

from collections.abc import Iterable
from typing import overload

from trackbench.arguments.bounds import COUNT
from trackbench.errors import TrackbenchError, parameter
from trackbench.metrics.evaluation_protocol import FULL
from trackbench.printing.text import quoted


@overload
def checked_lengths(lengths: None) -> None: ...


@overload
def checked_lengths(lengths: Iterable[int | str]) -> tuple[int | str, ...]: ...


def checked_lengths(lengths: Iterable[int | str] | None) -> tuple[int | str, ...] | None:
    """Return lengths as they were given, numbers of frames and ``"full"``; None: none are.

    Raises:
        TrackbenchError: they are something else.
    """
    if lengths is None:
        return None
    if isinstance(lengths, str) or not isinstance(lengths, Iterable):
        raise TrackbenchError(
            f"{parameter('lengths')} must be numbers and {FULL!r}, such as [20, 40, {FULL!r}], not "
            f"{quoted(lengths)}"
        )
    found = tuple(_checked(each) for each in lengths)
    if not found:
        raise TrackbenchError(f"{parameter('lengths')} must not be empty")
    return found


def _checked(length: int | str) -> int | str:
    if not isinstance(length, str):
        return COUNT.of("lengths", length)
    if length != FULL:
        raise TrackbenchError(f"{parameter('lengths')} {quoted(length)} is no number, nor {FULL!r}")
    return length
