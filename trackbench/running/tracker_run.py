"""One run of a tracker on a data set, while a plan is carried out."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from operator import mul

from trackbench.contracts import DatasetSpec, TrackerSpec
from trackbench.results.chunks import Unit
from trackbench.results.extent import Extent
from trackbench.results.run_record import RunRecord
from trackbench.running.execution import Settings


@dataclass(eq=False)
class TrackerRun:
    """One run of a tracker on a data set.

    Attributes:
        tracker, dataset: which.
        record: of what is stored, with the run's number; of nothing yet, if there is nothing.
        held: the lock on its folder, while units of it are being tracked.
        left: units that are not stored yet.
        begun: units of it have been started in this run of the plan.
        forgets: it is the first of its tracker on its data set; of a shard that need not be run 0.
        share: chunks that are of the shard that is run; None: all are run.
    """

    tracker: TrackerSpec
    dataset: DatasetSpec
    record: RunRecord
    held: ExitStack | None = None
    left: int = 0
    begun: bool = False
    share: range | None = None
    forgets: bool = False

    @property
    def number(self) -> int:
        """Of the run; 0 is the tracker as it is."""
        return self.record.run

    def units(self, settings: Settings) -> list[Unit]:
        """Return the units that are to be run: not stored, or to be run again."""
        record, extent = self.record, self.record.extent
        limits = settings.limits_of(self.tracker)
        chunks = record.chunks_to_run(
            retry_failed=settings.retry_failed, timeout=limits.timeout, memory=limits.memory
        )
        return [
            unit_of(self.tracker, self.dataset, extent, chunk, record.run)
            for chunk in chunks
            if self.share is None or chunk in self.share
        ]

    def release(self) -> None:
        """Let others have the folder."""
        if self.held is not None:
            self.held.close()
            self.held = None


def frames_to_run(runs: Iterable[TrackerRun], settings: Settings) -> int:
    """Return how many frames are to be tracked: not stored, or to be tracked again."""
    return sum(unit.frames for run in runs for unit in run.units(settings))


def pixels_of(unit: Unit) -> int:
    """Return the pixels of all frames of a unit; its frames, where nobody says how large they are.

    Decoding takes as long as there are pixels, and so do many trackers.
    """
    each = unit.dataset.pixels_each
    if not each:
        return unit.frames
    frames = unit.frames_each or (unit.length,) * (unit.stop - unit.start)
    return sum(map(mul, each[unit.start : unit.stop], frames))


def unit_of(
    tracker: TrackerSpec, dataset: DatasetSpec, extent: Extent, chunk: int, run: int
) -> Unit:
    """Return the unit of a part: its sequences, and the frames that they have."""
    part = extent.part(chunk)
    return Unit(
        tracker=tracker,
        dataset=dataset,
        chunk=chunk,
        start=part.start,
        stop=part.stop,
        length=extent.longest_in(part),
        run=run,
        frames_each=extent.frames_in(part),
    )
