"""All that a check of a tracker has seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from trackbench.testing.recording import Endurance, Recording, Stop


@dataclass
class Act:
    """What came of the steps of one process.

    Attributes:
        recorded: step -> its recordings, as far as the process came.
        stop: how the process ended before its time; None: it did not.
        seconds, frames: inside the tracker, where not each call was timed.
    """

    recorded: dict[str, list[Recording | Endurance]] = field(default_factory=dict)
    stop: Stop | None = None
    seconds: float = 0.0
    frames: int = 0

    def videos(self, step: str) -> list[Recording]:
        """Return the recordings of a step; none, if it was not reached."""
        return [each for each in self.recorded.get(step, ()) if isinstance(each, Recording)]

    def video(self, step: str) -> Recording | None:
        """Return the one recording of a step that was tracked to its end."""
        found = self.videos(step)
        return found[0] if len(found) == 1 and found[0].stop is None else None

    @property
    def all_videos(self) -> Iterator[tuple[str, Recording]]:
        """Every recording, with its step."""
        for step in self.recorded:
            for each in self.videos(step):
                yield step, each

    @property
    def endurance(self) -> Endurance | None:
        """The long run."""
        found = [e for step in self.recorded.values() for e in step if isinstance(e, Endurance)]
        return found[0] if found else None

    @property
    def length(self) -> int | None:
        """Frames of each video."""
        found = next(iter(self.recorded), None)
        return len(self.videos(found)[0].boxes) if found is not None else None
