"""What is kept of one chunk of a run beside its boxes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta

from trackbench.host.run_lengths import MOST
from trackbench.results.json_codec import Count, Positive, Seconds, Sha256


@dataclass(frozen=True)
class ChunkRecord:
    """One chunk that is stored.

    Attributes:
        seconds: inside the tracker.
        frames: that it answered.
        sha256: of the part; None: stored before hashes were kept.
        truth_sha256: of the part with the truth that it was scored against; None as above.
        timeout: seconds that one call might take; None as above.
        memory: bytes that the tracker might take; None: any.
        peak_memory: bytes, the most that its process held; 0: not known.
        unscored: frames without an IoU, because it is not known where the target is, or it is
            nowhere.
        mask_runs: run lengths of the masks that the tracker answered; 0: it answered none.
        by_masks: they were compared with true masks, and not boxes with boxes.
    """

    seconds: Seconds
    frames: Count
    sha256: Sha256 | None = None
    truth_sha256: Sha256 | None = None
    timeout: Seconds | None = None
    memory: Positive | None = None
    peak_memory: Count = 0
    unscored: Count = 0
    mask_runs: Annotated[int, Meta(ge=0, le=MOST)] = 0
    by_masks: bool = False

    def had_less_than(self, memory: int | None) -> bool:
        """Whether the tracker might take fewer bytes than these; None: any number."""
        return self.memory is not None and (memory is None or self.memory < memory)
