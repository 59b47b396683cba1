"""What a tracker may take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What a tracker may take.

    Attributes:
        timeout: seconds of one call.
        memory: bytes; None: any.
    """

    timeout: float
    memory: int | None = None
