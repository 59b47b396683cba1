"""Which versions of trackers and data sets a run is of, and that they stay the same meanwhile.

Every unit imports the author's files anew, so whoever edits one while a run goes on would have the
old version's results and the new one's under one fingerprint.
"""

from __future__ import annotations

import secrets
from dataclasses import replace

from trackbench.contracts import DatasetSpec, TrackerSpec
from trackbench.errors import IncompatibleResultsError
from trackbench.plugins.dataset_identity import (
    MadeOf,
    dataset_identity,
    dataset_made_of,
    is_published,
)
from trackbench.plugins.factories import is_ours, resolve, with_source
from trackbench.plugins.hashing.source_hash import source_of
from trackbench.plugins.identity import Identity
from trackbench.plugins.reads import Known, known_of
from trackbench.plugins.tracker_identity import tracker_identity
from trackbench.running.looks import Looks
from trackbench.running.plan import Plan
from trackbench.running.recipe import comes_by_name


class Versions:
    """The identities of a plan's trackers and data sets, as they were when it was made."""

    def __init__(self, plan: Plan) -> None:
        """Hash everything.

        Raises:
            TrackbenchError: a file that one says it reads does not exist.
        """
        self._reads: dict[str, tuple[str, ...]] = {}
        self._trackers = {spec.id: self._of_tracker(spec) for spec in plan.trackers}
        self._here = dict(self._trackers)
        self._edited = {spec.id: _edited_by_hand(spec) for spec in plan.trackers}
        self._dataset_reads: dict[str, tuple[str, ...]] = {}
        self._datasets = {spec.id: dataset_identity(spec) for spec in plan.datasets}
        self._datasets_here = dict(self._datasets)
        self._looks = Looks()
        self.made_elsewise: list[str] = []
        """Lines about data sets that are something else in a maker than in this process."""

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
        """Keep what is stored of a tracker now from being used again; return why, in a line."""
        why = (
            f"{tracker} is run anew each time: its modules hold something else each time that they "
            "are imported"
        )
        self._trackers[tracker] = Identity(secrets.token_hex(32), why)
        self._here[tracker] = self._trackers[tracker]
        return why

    def as_imported(self, spec: TrackerSpec) -> str:
        """Let a tracker count as what a host imports; return a line for its author.

        Args:
            spec: with the hash of its source in the host.
        """
        self._trackers[spec.id] = tracker_identity(spec, self._reads.get(spec.id, ()))
        return (
            f"{spec.id} is run as its file says, and in memory here it is something else: what was "
            "changed after it was imported, or depends on the process, is not in the results; "
            "write it into the file, or make it a parameter"
        )

    def with_reads(self, spec: TrackerSpec, reads: tuple[str, ...]) -> str | None:
        """Let what a tracker read when it was built count, by its content.

        Args:
            spec: of the tracker; with the hash of its source, if that is to be believed.
            reads: notes.

        Returns:
            The line that says what of it cannot be hashed; None if all can.
        """
        self._reads[spec.id] = reads
        self._here[spec.id] = self._of_tracker(spec)
        self._trackers[spec.id] = tracker_identity(spec, reads)
        return self._trackers[spec.id].unhashed

    def with_dataset_made(
        self, spec: DatasetSpec, reads: tuple[str, ...], there: MadeOf | None
    ) -> None:
        """Let a data set count as it is in a maker, with what it was seen to read.

        Args:
            spec: of the data set.
            reads: notes; the files in them count by size and time.
            there: what it is made of in the maker; None of a built-in data set.
        """
        self._dataset_reads[spec.id] = reads
        self._datasets_here[spec.id] = dataset_identity(spec, reads)
        self._datasets[spec.id] = self._datasets_here[spec.id]
        # What cannot be hashed here is said already, and another each time.
        if there is not None and self._datasets_here[spec.id].unhashed is None:
            here = dataset_made_of(spec)
            if not comes_by_name(spec.factory):  # it goes there as it is here
                there = replace(there, source=here.source)
            if there != here:
                self._datasets[spec.id] = dataset_identity(spec, reads, there)
                self.made_elsewise.append(
                    f"{spec.id} is made as its file says, and in memory here it is something else: "
                    "what was changed after it was imported, or depends on the process, is not in "
                    "the results; write it into the file, or into its generator"
                )

    def known_of_tracker(self, spec: TrackerSpec) -> Known | None:
        """Return what the tracker's hash stands for."""
        return known_of(spec, self._reads.get(spec.id, ()))

    def known_of_dataset(self, spec: DatasetSpec) -> Known | None:
        """Return what the data set's hash stands for."""
        return known_of(spec, self._dataset_reads.get(spec.id, ()))

    def code_of_dataset(self, spec: DatasetSpec) -> str | None:
        """Return the hash of a data set's code and files; None of a published one."""
        return None if is_published(spec) else self._datasets[spec.id].fingerprint

    def check_unchanged(
        self, tracker: TrackerSpec, dataset: DatasetSpec, *, last: bool
    ) -> str | None:
        """Raise if one of them is no longer what it was when the run began.

        Args:
            tracker: of which a unit is to be stored.
            dataset: of the unit; its files are not looked at each time (:mod:`.looks`).
            last: the tracker's last unit on it, after which they are.

        Returns:
            None, or why what is stored of the tracker must not be used again: a file or folder that
            a parameter or its code names is written to while it runs, if only by itself.

        Raises:
            IncompatibleResultsError: source, weights or a file that it says it reads was edited
                meanwhile.
        """
        before, now = self._here[tracker.id], self._of_tracker(tracker)
        if _edited_by_hand(tracker) != self._edited[tracker.id]:
            raise _edited(tracker.id)
        if last or self._looks.is_due(dataset.id):
            reads = self._dataset_reads.get(dataset.id, ())
            with self._looks.taken(dataset.id):
                now_made_of = dataset_identity(dataset, reads)
            if _changed(self._datasets_here[dataset.id], now_made_of):
                raise _edited(dataset.id)
        if _changed(before, now):
            return (
                f"{tracker.id} is run anew each time: a file or folder that one of its parameters "
                "or its code names changes while it runs"
            )
        return None

    def _of_tracker(self, spec: TrackerSpec) -> Identity:
        """Return the identity of a tracker as its files are now, whatever was hashed before."""
        now = with_source(replace(spec, source_sha256=None))
        return tracker_identity(now, self._reads.get(spec.id, ()))


def _edited_by_hand(spec: TrackerSpec) -> tuple[str | None, str]:
    """Return hashes of what only its author changes: source, weights, files that it names."""
    kept = {name: value for name, value in spec.parameters.items() if name == "weights"}
    source = None if is_ours(spec.factory) else source_of(resolve(spec.factory)).files_sha256
    without = replace(spec, parameters=kept, source_sha256="", unseen="")
    return source, tracker_identity(without).fingerprint


def _changed(before: Identity, now: Identity) -> bool:
    return before.unhashed is None and now.fingerprint != before.fingerprint


def _edited(name: str) -> IncompatibleResultsError:
    return IncompatibleResultsError(
        f"{name} was changed while it ran (its source, or a file that it reads): what was computed "
        "since it was last looked at is not believed; run it again"
    )
