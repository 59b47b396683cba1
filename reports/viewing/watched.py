"""A results directory that is looked at while runs write into it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from trackbench.api.frames import frames_of
from trackbench.errors import DamagedFileError, TrackbenchError
from trackbench.metrics.evaluation_protocol import EvaluationProtocol
from trackbench.plugins.decoder_complaints import watched
from trackbench.printing.text import visible
from trackbench.report_contract import FramesOf, ReportOptions
from trackbench.reports.html.clip_sheets import SERVED, clip_of
from trackbench.reports.html.page import Served, render_page
from trackbench.reports.labels import in_order
from trackbench.reports.viewing.pages import waiting_page
from trackbench.results.directory import Results
from trackbench.results.places import run_places
from trackbench.results.record_file import RECORD
from trackbench.results.run_record import RunRecord


@dataclass(eq=False)
class Watched:
    """A directory, and what was last made of it; several threads may ask.

    Attributes:
        path: of the directory.
        protocol: of the runs that are shown; None: the only one there is.
        beside: the directory whose page stands beside this one's.
    """

    path: Path
    protocol: EvaluationProtocol | None = None
    beside: Watched | None = field(default=None, repr=False)
    _lock: Lock = field(default_factory=Lock)
    _made: tuple[str, str] = ("", "")
    _results: Results | None = None
    _frames: FramesOf | None = None

    @watched()
    def page(self) -> str:
        """Return the page of what is stored now, or why there is none yet."""
        with self._lock:
            return self._renewed()

    @watched()
    def clip(self, dataset: int, sequence: int) -> dict[str, Any]:
        """Return a sequence to be played.

        Raises:
            TrackbenchError: there is no such sequence, or its frames cannot be made again.
        """
        with self._lock:
            self._renewed()
            if self._results is None or self._frames is None:
                raise TrackbenchError("nothing is finished yet")
            records = in_order(self._results)
            if not 0 <= dataset < len(records) or not 0 <= sequence < records[dataset].sequences:
                raise TrackbenchError(f"there is no sequence {sequence} of data set {dataset}")
            return clip_of(self._results, records[dataset].id, sequence, self._frames, SERVED)

    def _renewed(self) -> str:
        state = self.state()
        if self._made[0] != state:
            self._made = state, self._rendered(state)
        return self._made[1]

    def state(self) -> str:
        """Return what changes when a run is finished, or another is stored in its place."""
        found = hashlib.sha256()
        for record in self.records():
            if record.complete:
                said = (
                    record.name,
                    record.fingerprint,
                    str(record.run),
                    str(sorted(record.chunks)),
                )
                found.update("\n".join(said).encode("utf-8", "backslashreplace"))
        found.update("\n".join(self._trackers_of_both()).encode("utf-8", "backslashreplace"))
        return found.hexdigest()[:16]

    def running(self) -> tuple[str, ...]:
        """Return the runs that are not finished, a line each."""
        lines = []
        for record in self.records():
            if not record.complete:
                done = sum(record.extent.rows(chunk) for chunk in record.chunks)
                lines.append(
                    visible(f"{record.name}: {done:,} of {record.extent.total:,} frames stored")
                )
        return tuple(lines)

    def _trackers_of_both(self) -> tuple[str, ...]:
        """Return all that ran here or beside, for either page the same; none, if nothing is beside.

        What is stored and not shown, as of another protocol, counts here as it does from beside.
        """
        if self.beside is None:
            return ()
        records = [*self.records(), *self.beside.records()]
        return tuple(sorted({record.tracker for record in records if record.complete}))

    def records(self) -> list[RunRecord]:
        """Return the records that can be read: one may be replaced at this moment."""
        found = []
        if self.path.is_dir():
            for place in run_places(self.path):
                try:
                    if (place.folder / RECORD).exists():
                        found.append(place.load())
                except (DamagedFileError, OSError):
                    continue
        return found

    def _rendered(self, state: str) -> str:
        try:
            self._results = Results.load(self.path, self.protocol)
            self._frames = frames_of(self._results)
            options = ReportOptions(frames=self._frames)
            return render_page(
                self._results, options, Served(state, self.running(), self._trackers_of_both())
            )
        except (TrackbenchError, OSError) as error:  # what is stored may be replaced meanwhile
            self._results = self._frames = None
            return waiting_page(str(error), state)
