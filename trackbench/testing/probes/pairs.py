"""A tracker's answers and the truth, for a video each."""

from __future__ import annotations

from dataclasses import dataclass

from trackbench.contracts import Boxes
from trackbench.testing.clips import clip
from trackbench.testing.recording import Recording


@dataclass(frozen=True)
class Pair:
    """The answers and the truth of one video.

    Attributes:
        name: of the video.
        answers: (T, 4), the boxes that the tracker answered.
        truth: (T, 4), the true boxes.
        other: (T, 4), an object that is not the target; None: there is none.
    """

    name: str
    answers: Boxes
    truth: Boxes
    other: Boxes | None = None

    @staticmethod
    def of(recording: Recording) -> Pair:
        """Return a recording with the truth of its video."""
        seen = clip(recording.clip)
        length = len(recording.boxes)
        other = None if seen.other is None else seen.other[:length]
        return Pair(recording.clip, recording.boxes, seen.boxes[:length], other)
