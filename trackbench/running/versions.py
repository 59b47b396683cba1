"""Which versions of trackers and data sets a run is of, and that they stay the same meanwhile.

Every unit imports the author's files anew, so whoever edits one while a run goes on would have the
old version's results and the new one's under one fingerprint.
"""

from __future__ import annotations

from dataclasses import replace

from trackbench.contracts import DatasetSpec, TrackerSpec
from trackbench.errors import IncompatibleResultsError
from trackbench.factories import is_ours, with_source
from trackbench.identity import Identity, dataset_identity, tracker_identity
from trackbench.planning import Plan


class Versions:
    """The identities of a plan's trackers and data sets, as they were when it was made."""

    def __init__(self, plan: Plan) -> None:
        """Hash everything.

        Raises:
            TrackbenchError: a file that one says it reads does not exist.
        """
        self._trackers = {spec.id: _of_tracker(spec) for spec in plan.trackers}
        self._datasets = {spec.id: dataset_identity(spec) for spec in plan.datasets}

    @property
    def fingerprints(self) -> dict[str, str]:
        """Tracker's id -> fingerprint."""
        return {name: identity.fingerprint for name, identity in self._trackers.items()}

    @property
    def unhashed(self) -> list[str]:
        """What cannot be hashed, a line each."""
        both = (*self._trackers.values(), *self._datasets.values())
        return [identity.unhashed for identity in both if identity.unhashed is not None]

    def of_tracker(self, spec: TrackerSpec) -> Identity:
        """Return the identity of a tracker."""
        return self._trackers[spec.id]

    def code_of_dataset(self, spec: DatasetSpec) -> str | None:
        """Return the hash of a data set's code and files; None of a built-in one."""
        return None if is_ours(spec.factory) else self._datasets[spec.id].fingerprint

    def check_unchanged(self, tracker: TrackerSpec, dataset: DatasetSpec) -> None:
        """Hold that both are what they were when the run began.

        Raises:
            IncompatibleResultsError: one of them was edited meanwhile.
        """
        pairs = (
            (tracker.id, self._trackers[tracker.id], _of_tracker(tracker)),
            (dataset.id, self._datasets[dataset.id], dataset_identity(dataset)),
        )
        for name, before, now in pairs:
            if before.unhashed is None and now.fingerprint != before.fingerprint:
                raise IncompatibleResultsError(
                    f"{name} was changed while it ran (its source, or a file that it reads): what "
                    "was computed since its last stored chunk is thrown away; run it again"
                )


def _of_tracker(spec: TrackerSpec) -> Identity:
    """Return the identity of a tracker as its files are now, whatever was hashed before."""
    return tracker_identity(with_source(replace(spec, source_sha256=None)))
