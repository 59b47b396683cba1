"""One run of a tracker on a data set, while a plan is carried out."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass

from trackbench.contracts import DatasetSpec, TrackerSpec
from trackbench.results.chunks import Unit
from trackbench.results.records import RunRecord
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
    """

    tracker: TrackerSpec
    dataset: DatasetSpec
    record: RunRecord
    held: ExitStack | None = None
    left: int = 0
    begun: bool = False

    @property
    def number(self) -> int:
        """Of the run; 0 is the tracker as it is."""
        return self.record.run

    def units(self, settings: Settings) -> list[Unit]:
        """Return the units that are to be run: not stored, or to be run again."""
        record, limits = self.record, settings.limits_of(self.tracker)
        chunks = record.chunks_to_run(
            retry_failed=settings.retry_failed, timeout=limits.timeout, memory=limits.memory
        )
        return [
            Unit(
                tracker=self.tracker,
                dataset=self.dataset,
                chunk=chunk,
                start=chunk * record.chunk,
                stop=min((chunk + 1) * record.chunk, record.sequences),
                length=record.length,
                run=record.run,
            )
            for chunk in chunks
        ]

    def release(self) -> None:
        """Let others have the folder."""
        if self.held is not None:
            self.held.close()
            self.held = None


def frames_to_run(runs: Iterable[TrackerRun], settings: Settings) -> int:
    """Return how many frames are to be tracked: not stored, or to be tracked again."""
    return sum(unit.frames for run in runs for unit in run.units(settings))
