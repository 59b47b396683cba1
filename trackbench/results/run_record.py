"""What is kept of a run beside its boxes: what ran on what, by what, and what went wrong.

:mod:`trackbench.results.record_file` writes and reads it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any

from msgspec import Meta

from trackbench.contracts import TrackerSpec
from trackbench.plugins.elsewhere import Elsewhere
from trackbench.plugins.fingerprints import tracker_fingerprint
from trackbench.results.chunk_record import ChunkRecord
from trackbench.results.chunks import Failure, FailureKind
from trackbench.results.compared import Compared
from trackbench.results.dataset_record import DatasetRecord
from trackbench.results.extent import Extent
from trackbench.results.json_codec import Count, Positive, Sha256
from trackbench.results.json_values import plain
from trackbench.results.machine import Machine, now
from trackbench.results.schemas import SCHEMA
from trackbench.results.variables import shown_parameters, variables_of

MOST_RUNS = 1000
"""Of one tracker on one data set."""


@dataclass(frozen=True)
class Imported:
    """How the boxes of a run were read from text files that another program has written.

    Attributes:
        layout: of the files, by the toolkit that writes them so.
        files: of boxes.
        timed: sequences whose files say how long they took.
        corrections: what was changed of the files' numbers, on request.
        remarks: what was noticed about them, a line each.
    """

    layout: str
    files: Count
    timed: Count = 0
    corrections: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class RunRecord:
    """One tracker on one data set under one protocol, once.

    Attributes:
        tracker, fingerprint: id and hash of everything that determines the tracker.
        parameters, weights_sha256, source_sha256, letterbox, description, reference: of the
            tracker.
        dataset, dataset_fingerprint, protocol, sequences, length, frames_each: what it was run on.
        chunks: chunk number -> what it took; those missing are still to be done.
        failures: the spoiled sequences.
        versions: library -> version; python and platform included.
        processor: the machine's processor.
        sees_future: it was handed whole videos.
        unhashed: why what is stored of the tracker is not used again; None: it is.
        started, last_run: UTC; ``last_run`` is when a run last asked for this. Empty: not known.
        variables: names of those of the environment that it was given; their values count, may be
            secret, and are kept in its fingerprint alone.
        run: its number, from 0; the further ones are repetitions, seeded by their numbers.
        imported: how its boxes were read from files of another program's; None: it was run.
    """

    tracker: str
    fingerprint: Sha256
    parameters: dict[str, Any]
    weights_sha256: str | None
    source_sha256: str | None
    description: str
    reference: str
    dataset: str
    dataset_fingerprint: str
    protocol: str
    sequences: Positive
    length: Positive
    chunk: Positive
    versions: dict[str, str]
    processor: str
    frames_each: tuple[Positive, ...] = ()
    chunks: dict[Count, ChunkRecord] = field(default_factory=dict)
    failures: tuple[Failure, ...] = ()
    sees_future: bool = False
    unhashed: str | None = None
    letterbox: Count = 0
    variables: tuple[str, ...] = ()
    started: str = ""
    last_run: str = ""
    run: Annotated[int, Meta(ge=0, lt=MOST_RUNS)] = 0
    imported: Imported | None = None
    schema: int = SCHEMA

    @classmethod
    def of(
        cls,
        tracker: TrackerSpec,
        dataset: DatasetRecord,
        protocol: str,
        chunk: int,
        fingerprint: str | None = None,
        unhashed: str | None = None,
        run: int = 0,
        machine: Machine | None = None,
    ) -> RunRecord:
        """Describe a run that is about to begin.

        Where there is no ``fingerprint``, it is taken of the tracker; where there is no
        ``machine``, this one is looked at, which takes a while.
        """
        moment, machine = now(), machine or Machine.here()
        return cls(
            tracker=tracker.id,
            fingerprint=fingerprint or tracker_fingerprint(tracker),
            parameters=plain(shown_parameters(tracker)),
            variables=variables_of(tracker),
            weights_sha256=tracker.weights_sha256,
            source_sha256=tracker.source_sha256,
            letterbox=tracker.letterbox,
            description=tracker.description,
            reference=tracker.reference,
            dataset=dataset.id,
            dataset_fingerprint=dataset.fingerprint,
            protocol=protocol,
            sequences=dataset.sequences,
            length=dataset.length,
            frames_each=dataset.frames_each,
            chunk=chunk,
            versions=_versions_of(tracker, machine.versions),
            processor=machine.processor,
            sees_future=tracker.sees_future,
            unhashed=unhashed,
            started=moment,
            last_run=moment,
            run=run,
        )

    @property
    def compared(self) -> Compared:
        """What its IoU is of."""
        chunks = self.chunks.values()
        kinds = [Compared.MASKS if chunk.by_masks else Compared.BOXES for chunk in chunks]
        return Compared.of_all(kinds or [Compared.BOXES])

    @property
    def tracker_failures(self) -> tuple[Failure, ...]:
        """The sequences that the tracker spoiled, and not the data."""
        return tuple(f for f in self.failures if f.kind.of_tracker)

    @property
    def name(self) -> str:
        """What it is, for a line: ``kcf-v1 on smoke-v1``, with its number from 1 on."""
        which = f" (run {self.run})" if self.run else ""
        return f"{self.tracker} on {self.dataset}{which}"

    @property
    def legacy(self) -> bool:
        """Stored before hashes were kept (schema 1): to be read, and to be added to by nobody."""
        return any(chunk.sha256 is None for chunk in self.chunks.values())

    @property
    def complete(self) -> bool:
        """Every chunk is stored."""
        return len(self.chunks) == self.extent.parts

    @property
    def extent(self) -> Extent:
        """Frames and parts."""
        return Extent(self.sequences, self.length, self.chunk, self.frames_each)

    @property
    def seconds(self) -> float:
        """Seconds spent inside the tracker."""
        return sum(chunk.seconds for chunk in self.chunks.values())

    @property
    def frames(self) -> int:
        """Frames that the tracker answered."""
        return sum(chunk.frames for chunk in self.chunks.values())

    @property
    def fps(self) -> float:
        """Frames per second of one worker, inside the tracker alone; NaN before any frame."""
        return self.frames / self.seconds if self.seconds else float("nan")

    @property
    def peak_memory(self) -> int:
        """Bytes, the most that the tracker's process held in any chunk; 0: not known."""
        return max((chunk.peak_memory for chunk in self.chunks.values()), default=0)

    @property
    def memory_limit(self) -> int | None:
        """Bytes that the tracker might take in every chunk; None: any."""
        limits = (chunk.memory for chunk in self.chunks.values())
        return min((limit for limit in limits if limit is not None), default=None)

    def chunks_to_run(self, *, retry_failed: bool, timeout: float, memory: int | None) -> list[int]:
        """Return the chunks that are missing, or to be run again.

        Args:
            retry_failed: again, what failed for a reason that has to do with circumstances.
            timeout: seconds that one call may take now; what had less is always run again.
            memory: bytes that a tracker may take now, None: any; what had less is always run
                again: who finds no memory may answer something else instead, without a word.

        Of a :attr:`legacy` run it is all or nothing.
        """
        extent = self.extent
        every = range(extent.parts)
        again = {
            extent.part_of(failure.sequence)
            for failure in self.failures
            if (retry_failed and failure.kind.circumstantial)
            or self._wanted_more_time(failure, timeout)
        }
        again |= {number for number, chunk in self.chunks.items() if chunk.had_less_than(memory)}
        found = [chunk for chunk in every if chunk not in self.chunks or chunk in again]
        return list(every) if found and self.legacy else found

    def _wanted_more_time(self, failure: Failure, timeout: float) -> bool:
        """Whether a sequence failed for want of time, and there is more of it now."""
        chunk = self.chunks.get(self.extent.part_of(failure.sequence))
        if chunk is None or failure.kind is not FailureKind.TIMEOUT:
            return False
        return (chunk.timeout or timeout) < timeout


def _versions_of(tracker: TrackerSpec, ours: dict[str, str]) -> dict[str, str]:
    """Return library -> version as the tracker has them; platform and trackbench are ours."""
    if not isinstance(tracker.factory, Elsewhere):
        return dict(ours)
    there = dict(tracker.factory.versions)
    return {**{name: ours[name] for name in ours.keys() & {"platform", "trackbench"}}, **there}
