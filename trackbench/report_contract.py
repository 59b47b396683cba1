"""What a report format is, and what a user may ask of one, whichever it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from trackbench.errors import UnknownIdError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from trackbench.contracts import Factory

FramesOf: TypeAlias = "Callable[[str, int, int], NDArray[np.uint8]]"
"""(data set id, sequence, T) -> its first T frames, (T, H, W[, 3]) uint8.

Raises a TrackbenchError if they cannot be made: the data set is not installed, or no longer the one
that was tracked.
"""


class Layout(StrEnum):
    """How tables are arranged."""

    SUMMARY = "summary"
    """A row per tracker, a column per data set and length."""
    PAPER = "paper"
    """Two trackers side by side, a row per data set; Tables 1 to 4 of arXiv 1511.06425."""


class ChartKind(StrEnum):
    """What charts are of."""

    TIME = "time"
    """Mean IoU of each frame, for each data set."""
    SUCCESS = "success"
    """The share of frames above each IoU, for each data set."""
    ATTRIBUTES = "attributes"
    """Mean IoU by what the data sets say of every frame."""
    SPEED = "speed"
    """Accuracy against frames a second."""

    @property
    def heading(self) -> str:
        """What such charts are called."""
        return {
            "time": "IoU over time",
            "success": "Success curves",
            "attributes": "IoU by attribute",
            "speed": "Speed against accuracy",
        }[self.value]

    @classmethod
    def named(cls, text: str) -> ChartKind:
        """Return the kind of a name, or raise :class:`UnknownIdError`."""
        try:
            return cls(text)
        except ValueError:
            raise UnknownIdError("chart", text, (kind.value for kind in cls)) from None


@dataclass(frozen=True)
class ReportOptions:
    """Options of every format.

    Attributes:
        layout: how tables are arranged.
        with_published: print the paper's numbers, and the difference, beside ours.
        intervals: print the 95 % confidence interval of each mean.
        metrics: ids of metrics (``trackbench.metrics.METRICS``) to print beside mean IoU.
        per_sequence: print the score of every sequence, too; in CSV and JSON, instead.
        strips: names or numbers of sequences of which the HTML page shows film strips beside the
            best, the median and the worst.
        charts: which the format ``"svg"`` draws; none: all of them.
        frames: makes the frames of a stored sequence again, for pictures; None: no pictures.
            Reports know no data set, so whoever asks for one hands this in.
    """

    layout: Layout = Layout.SUMMARY
    with_published: bool = False
    intervals: bool = False
    metrics: tuple[str, ...] = ()
    per_sequence: bool = False
    strips: tuple[str, ...] = ()
    charts: tuple[ChartKind, ...] = ()
    frames: FramesOf | None = None


@dataclass(frozen=True, kw_only=True)
class ReportSpec:
    """A way to write stored results.

    Attributes:
        id: the format's name.
        factory: ``"module:attribute"`` or the callable: (results, options) -> text.
        suffix: of a file in this format, with the dot.
        description: one line.
    """

    id: str
    factory: Factory
    suffix: str
    description: str = ""
