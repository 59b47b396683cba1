"""When runs are asked for: later than any other version of their tracker, whatever the clock says.

Which version of a tracker is shown is decided over all of its data sets. To read all of them again
for each data set would cost the square of their number, so they are read once.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from trackbench.errors import DamagedFileError
from trackbench.results.machine import now
from trackbench.results.places import RunPlace, run_places
from trackbench.results.run_record import RunRecord


class Moments:
    """The times at which one store was asked for runs."""

    def __init__(self, path: Path) -> None:
        """Begin with none of the results directory ``path``."""
        self._path = path
        self._latest: dict[str, str] = {}

    def of(self, run: RunRecord) -> str:
        """Return the time: later than that of any other version of the tracker.

        What another process stores meanwhile counts where it is on the same data set.
        """
        known = self._latest.get(run.tracker)
        if known is None:
            known = _latest(run_places(self._path, tracker=run.tracker))
        else:
            known = max(
                known, _latest(run_places(self._path, tracker=run.tracker, dataset=run.dataset))
            )
        self._latest[run.tracker] = now(after=known)
        return self._latest[run.tracker]


def _latest(places: Iterable[RunPlace]) -> str:
    latest = ""
    for place in places:
        with suppress(DamagedFileError):  # whoever reads it for its numbers says so
            latest = max(latest, place.load().last_run)
    return latest
