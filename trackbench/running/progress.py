"""How far a run is, and how long the rest of it takes: what whoever follows a run is told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """All runs of one tracker on one data set.

    Attributes:
        tracker, dataset: which.
        total: frames to be tracked in this call; what is stored already is not counted.
        stored: frames that were stored before.
        frames: tracked so far in this call.
        seconds: that processes were at it in this call, added up.
        processes: that are at it now.
        expected: frames a second and process, as was seen before this call; None: never.
        skipped: why some of it is neither stored nor to be done; None: nothing is.
    """

    tracker: str
    dataset: str
    total: int
    stored: int = 0
    frames: int = 0
    seconds: float = 0.0
    processes: int = 0
    expected: float | None = None
    skipped: str | None = None

    @property
    def left(self) -> int:
        """Frames that are still to be tracked."""
        return max(0, self.total - self.frames)

    @property
    def rate(self) -> float | None:
        """Frames a second and process; None: nobody knows yet."""
        return self.frames / self.seconds if self.frames and self.seconds > 0 else self.expected

    @property
    def seconds_left(self) -> float | None:
        """Until it is done, by as many processes as are at it now; None: nobody knows yet."""
        if not self.left:
            return 0.0
        rate = self.rate
        return None if rate is None or not self.processes else self.left / (rate * self.processes)


@dataclass(frozen=True)
class TimeLeft:
    """How long the rest takes.

    Attributes:
        seconds: for all whose speed is known.
        unknown: trackers that have not answered yet, whose time comes on top.
    """

    seconds: float
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True)
class AtWork:
    """A worker of a cluster, and what it has done in this call.

    Attributes:
        name: as the cluster calls it.
        frames: tracked so far.
        seconds: that its threads were at it, added up.
        units: that it is at now.
    """

    name: str
    frames: int
    seconds: float
    units: int

    @property
    def rate(self) -> float | None:
        """Frames a second and thread; None: nobody knows yet."""
        return self.frames / self.seconds if self.frames and self.seconds > 0 else None


@dataclass(frozen=True)
class Progress:
    """How far a run has come.

    Attributes:
        frames: tracked so far in this call.
        total: to be tracked in this call; what is stored already is not counted.
        parts: the same for each tracker and data set, in the plan's order.
        jobs: processes that track at a time; 0: none is there yet.
        plan: this is what will be done, told once before the first frame.
        workers: of a cluster.
        chunks: that were finished in this call.
    """

    frames: int
    total: int
    parts: tuple[Part, ...] = ()
    jobs: int = 1
    plan: bool = False
    workers: tuple[AtWork, ...] = ()
    chunks: int = 0

    @property
    def time_left(self) -> TimeLeft:
        """What is left, each part at its own speed, or at its tracker's on the other data sets."""
        seconds, longest, unknown = 0.0, 0.0, []
        rates = _rates(self.parts)
        for part in self.parts:
            if not part.left:
                continue
            rate = part.rate or rates.get(part.tracker)
            if rate is None:
                unknown.append(part.tracker)
            else:
                seconds += part.left / rate
                # One process alone may be at the last units, while the others have nothing to do.
                longest = max(longest, part.seconds_left or 0.0)
        return TimeLeft(max(seconds / max(1, self.jobs), longest), tuple(dict.fromkeys(unknown)))


def _rates(parts: Iterable[Part]) -> dict[str, float]:
    """Return frames a second and process of each tracker that has answered, on all its data."""
    sums: dict[str, tuple[int, float]] = {}
    for part in parts:
        if part.frames and part.seconds > 0:
            frames, seconds = sums.get(part.tracker, (0, 0.0))
            sums[part.tracker] = frames + part.frames, seconds + part.seconds
    return {tracker: frames / seconds for tracker, (frames, seconds) in sums.items()}
