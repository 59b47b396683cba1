"""Which versions of trackers and data sets a run is of, and that they stay the same meanwhile.

Every unit imports the author's files anew, so whoever edits one while a run goes on would have the
old version's results and the new one's under one fingerprint.
"""

from __future__ import annotations

import secrets
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
        self._bare = {spec.id: _of_tracker(_bare(spec)) for spec in plan.trackers}
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

    def never_again(self, tracker: str) -> str:
        """Let what is stored of a tracker now be found by no later run; return why, in a line."""
        why = (
            f"{tracker} is run anew each time: its modules hold something else each time that they "
            "are imported"
        )
        self._trackers[tracker] = Identity(secrets.token_hex(32), why)
        self._bare[tracker] = self._trackers[tracker]
        return why

    def code_of_dataset(self, spec: DatasetSpec) -> str | None:
        """Return the hash of a data set's code and files; None of a built-in one."""
        return None if is_ours(spec.factory) else self._datasets[spec.id].fingerprint

    def check_unchanged(self, tracker: TrackerSpec, dataset: DatasetSpec) -> str | None:
        """Hold that both are what they were when the run began.

        Returns:
            None, or why what is stored of the tracker must not be used again: a file or folder that
            one of its parameters names is written to while it runs, if only by the tracker itself.

        Raises:
            IncompatibleResultsError: source, weights or a file that it says it reads was edited
                meanwhile.
        """
        before, now = self._trackers[tracker.id], _of_tracker(tracker)
        if _changed(self._bare[tracker.id], _of_tracker(_bare(tracker))):
            raise _edited(tracker.id)
        if _changed(self._datasets[dataset.id], dataset_identity(dataset)):
            raise _edited(dataset.id)
        if _changed(before, now):
            return (
                f"{tracker.id} is run anew each time: a file or folder that one of its parameters "
                "names changes while it runs"
            )
        return None


def _of_tracker(spec: TrackerSpec) -> Identity:
    """Return the identity of a tracker as its files are now, whatever was hashed before."""
    return tracker_identity(with_source(replace(spec, source_sha256=None)))


def _bare(spec: TrackerSpec) -> TrackerSpec:
    """Return a tracker without its parameters, but for its weights."""
    kept = {name: value for name, value in spec.parameters.items() if name == "weights"}
    return replace(spec, parameters=kept)


def _changed(before: Identity, now: Identity) -> bool:
    return before.unhashed is None and now.fingerprint != before.fingerprint


def _edited(name: str) -> IncompatibleResultsError:
    return IncompatibleResultsError(
        f"{name} was changed while it ran (its source, or a file that it reads): what was computed "
        "since its last stored chunk is thrown away; run it again"
    )
