"""What a user may ask of a report, whatever its format."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ReportOptions:
    """Options of every format.

    Attributes:
        with_published: print the paper's numbers, and the difference, beside ours.
    """

    with_published: bool = False
