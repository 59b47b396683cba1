"""The small videos of a check as a data set, for a host to track them as those of a run."""

from __future__ import annotations

from dataclasses import dataclass

from trackbench.contracts import DatasetSpec, Video
from trackbench.testing.clips import clip


@dataclass(frozen=True)
class Listed:
    """Which videos a data set consists of, in order; all have the same number of frames."""

    names: tuple[str, ...]


class ClipVideos:
    """The videos, one a sequence."""

    def __init__(self, spec: DatasetSpec) -> None:
        self.spec = spec

    def sequence(self, index: int, length: int | None = None) -> Video:
        """Return a video, cut to ``length`` frames."""
        made = clip(self.spec.generator.names[index])
        return Video(made.frames[:length].copy(), made.boxes[:length].copy())


def clip_videos(names: tuple[str, ...]) -> DatasetSpec:
    """Return the data set of some videos, all with as many frames.

    Whichever they are it has the same id, so that generators are seeded alike.
    """
    return DatasetSpec(
        id="checked",
        factory="trackbench.testing.clip_videos:ClipVideos",
        seed=0,
        sequences=len(names),
        length=len(clip(names[0]).frames),
        generator=Listed(names),
    )
