"""Evaluation protocols: which frames of a sequence count, and what a score is."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from trackbench.errors import UnknownIdError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class EvaluationProtocol(Enum):
    """A one-pass evaluation: the true box of frame 0 is given, and nothing after it.

    A sequence's score at length L is its mean IoU over the frames from ``first_frame`` to L - 1.
    Trackers are causal, so one pass at the longest length scores every shorter one.
    """

    PAPER_V1 = "paper-v1"
    """Every frame counts, frame 0 included (arXiv 1511.06425, Sec. 6.1)."""
    OPE_V1 = "ope-v1"
    """One-pass evaluation without frame 0, whose box was given."""

    @classmethod
    def of(cls, text: str) -> EvaluationProtocol:
        """Return the protocol of an id, or raise :class:`UnknownIdError`."""
        try:
            return cls(text)
        except ValueError:
            raise UnknownIdError("protocol", text, [p.value for p in cls]) from None

    @property
    def first_frame(self) -> int:
        """The first frame that counts."""
        return 0 if self is EvaluationProtocol.PAPER_V1 else 1

    @property
    def description(self) -> str:
        """What counts, in words."""
        given = "the true box of frame 0 is given"
        return f"{given}; " + (
            "every frame counts, frame 0 included"
            if self is EvaluationProtocol.PAPER_V1
            else "every frame but frame 0 counts"
        )

    def scores(self, iou: NDArray[np.float64], lengths: tuple[int, ...]) -> NDArray[np.float64]:
        """Return the (N, L) scores of N sequences at L lengths from their (N, T) IoU."""
        import numpy as np

        first = self.first_frame
        return np.stack([iou[:, first:length].mean(axis=1) for length in lengths], axis=1)
