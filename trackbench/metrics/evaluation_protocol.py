"""Evaluation protocols: where trackers are started, which frames count, and what a score is."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Self, TypeAlias

from trackbench.errors import UnknownIdError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FULL = "full"
"""What stands among lengths for the whole of each sequence."""

Length: TypeAlias = int | str
"""Frames from the first, or :data:`FULL`."""


class EvaluationProtocol(Enum):
    """How trackers are started, and what counts: a true box is given, and nothing after it.

    In a one-pass evaluation it is that of frame 0. A sequence's score at length L is its mean IoU
    over the frames from ``first_frame`` to L - 1. Trackers are causal, so one pass at the longest
    length scores every shorter one. With several starts each run from one is such a sequence, of
    its whole length. A member's value is its id; what counts for it stands beside that.

    Attributes:
        first_frame: the first frame that counts.
        counts: what counts, in words.
        several_starts: trackers are started from each of a sequence's anchors.
    """

    PAPER_V1 = "paper-v1", 0, "every frame counts, frame 0 included"
    """As in arXiv 1511.06425, Sec. 6.1."""
    OPE_V1 = "ope-v1", 1, "every frame but frame 0 counts"
    """One-pass evaluation without frame 0, whose box was given."""
    VOT_ST_V1 = "vot-st-v1", 1, "every frame of a run but its first counts", True
    """VOT's short-term evaluation since 2020, see :mod:`trackbench.metrics.anchors`."""

    first_frame: int
    counts: str
    several_starts: bool

    def __new__(
        cls, name: str, first_frame: int, counts: str, several_starts: bool = False
    ) -> Self:
        """Make a member of an id and of what counts for it."""
        member = object.__new__(cls)
        member._value_ = name
        member.first_frame, member.counts = first_frame, counts
        member.several_starts = several_starts
        return member

    @classmethod
    def of(cls, text: str) -> EvaluationProtocol:
        """Return the protocol of an id, or raise :class:`UnknownIdError`."""
        for member in cls:
            if member.value == text:
                return member
        raise UnknownIdError("protocol", text, [member.value for member in cls])

    @property
    def description(self) -> str:
        """What is given and what counts, in words."""
        if self.several_starts:
            return (
                "runs from anchors, 50 frames apart, to the farther end of the sequence; the true "
                f"box of the anchor is given; {self.counts}"
            )
        return f"the true box of frame 0 is given; {self.counts}"

    def scores(self, iou: NDArray[np.float64], lengths: tuple[int, ...]) -> NDArray[np.float64]:
        """Return the (N, L) scores of N sequences at L lengths from their (N, T) IoU.

        A frame without an IoU (NaN: there is no true box) does not count; NaN is the score of a
        sequence in which none counts.
        """
        import numpy as np

        first = self.first_frame
        return np.stack([_means(iou[:, first:length]) for length in lengths], axis=1)


def _means(iou: NDArray[np.float64]) -> NDArray[np.float64]:
    import numpy as np

    known = ~np.isnan(iou)
    if iou.size and known.all():  # summed as ever: published tables are of these very bits
        mean: NDArray[np.float64] = iou.mean(axis=1)
        return mean
    counts = known.sum(axis=1)
    sums = np.where(known, iou, 0.0).sum(axis=1)
    means: NDArray[np.float64] = np.full(len(iou), np.nan)
    np.divide(sums, counts, out=means, where=counts > 0)
    return means
