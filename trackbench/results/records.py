"""What is kept beside stored results: what was run on what, by what, and what went wrong.

:mod:`trackbench.results.record_file` writes and reads it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Annotated, Any

import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from trackbench.contracts import DatasetSpec, TrackerSpec
from trackbench.host.run_lengths import MOST
from trackbench.metrics.evaluation_protocol import FULL, Length
from trackbench.plugins.elsewhere import Elsewhere
from trackbench.plugins.fingerprints import tracker_fingerprint
from trackbench.plugins.start_noise import LEAST, NoisySpec
from trackbench.plugins.started import Start, StartedSpec
from trackbench.results.chunks import Failure, FailureKind
from trackbench.results.extent import Extent
from trackbench.results.json_codec import Count, Positive, Seconds, Sha256
from trackbench.results.json_values import plain
from trackbench.results.machine import now, processor, versions
from trackbench.results.variables import shown_parameters, variables_of

SCHEMA = 7

BEFORE_RUNS, WITH_RUNS, WITH_LENGTHS, WITH_MASKS, WITH_STARTS = 2, 3, 4, 5, 6
"""The schemas that knew no repeated runs, no sequences that differ in their frames, no masks, no
runs from several starts, and no noise in the start.

What says none of these is still written so, for older programs.
"""

MOST_RUNS = 1000
"""Of one tracker on one data set."""

MaskRunCount = Annotated[int, Meta(ge=1, le=MOST)]
"""How many run lengths of masks are in a part that has some."""


class Compared(Enum):
    """What IoU is of; numbers of one kind are not comparable with those of another."""

    BOXES = "boxes"
    MASKS = "masks"
    BOTH = "masks in part"
    """Masks in some parts of a data set, and boxes in others, in which an answer had no mask."""

    @classmethod
    def of_all(cls, kinds: Iterable[Compared]) -> Compared:
        """Return what several together are of."""
        found = set(kinds)
        return found.pop() if len(found) == 1 else cls.BOTH


@dataclass(frozen=True)
class Anchored:
    """Sequences that are runs of another data set's, from its anchors.

    Attributes:
        base: id of that data set.
        starts: of each run.
    """

    base: str
    starts: tuple[Start, ...]


@dataclass(frozen=True)
class StartNoise:
    """First boxes that are given with an error.

    Attributes:
        base: id of the data set whose videos these are.
        iou: of each given box with the true one.
    """

    base: str
    iou: Annotated[float, Meta(ge=LEAST, lt=1)]


@dataclass(frozen=True)
class DatasetRecord:
    """Which sequences of which data set a results directory is about.

    Attributes:
        id, fingerprint, seed, source, source_sha256, generator: of the data set.
        sequences, length: what was tracked: the first sequences, so many frames of each.
        frames_each: of each sequence, where they differ; ``length`` is the longest then. Empty: all
            have ``length``.
        full: the last of the lengths stands for the whole of each sequence.
        names: of each sequence; empty: they are called by their numbers.
        frame: (height, width) of the frames of the first sequence, pixels.
        lengths: lengths that are scored.
        position: place in the suite, by which tables are ordered.
        chunk: sequences of a part; None: stored before it was kept.
        code_sha256: hash of the data set's code when it was last asked for; None: not known.
        parts: chunk -> SHA-256 of the part with its truth.
        made_by: chunk -> hash of the code by which its truth was last made and found the same.
        replaced: a part was replaced by other truth, on request.
        before_frames: chunk -> SHA-256 of the part with the same truth that an import of results
            has left, before a run looked at the frames.
        mask_runs: chunk -> run lengths of the true masks in its part; empty: there are no masks.
        anchored: where its sequences begin, which are runs of another's; None: they are its own.
        start_noise: with which error first boxes are given; None: they are the true ones.
    """

    id: str
    fingerprint: str
    seed: int
    source: str
    source_sha256: str
    generator: Any
    sequences: Positive
    length: Positive
    frame: tuple[Positive, Positive]
    lengths: tuple[Positive, ...]
    frames_each: tuple[Positive, ...] = ()
    full: bool = False
    names: tuple[str, ...] = ()
    position: Count = 0
    chunk: Positive | None = None
    code_sha256: str | None = None
    parts: dict[Count, Sha256] = field(default_factory=dict)
    made_by: dict[Count, str] = field(default_factory=dict)
    replaced: bool = False
    before_frames: dict[Count, Sha256] = field(default_factory=dict)
    mask_runs: dict[Count, MaskRunCount] = field(default_factory=dict)
    anchored: Anchored | None = None
    start_noise: StartNoise | None = None
    schema: int = SCHEMA

    @classmethod
    def of(
        cls,
        spec: DatasetSpec,
        fingerprint: str,
        sequences: int,
        frame: tuple[int, int],
        lengths: tuple[int, ...],
        position: int,
        code_sha256: str | None = None,
    ) -> DatasetRecord:
        """Describe the first ``sequences`` of a data set at ``lengths``."""
        frames_each = spec.frames_until(max(lengths), sequences)
        return cls(
            id=spec.id,
            fingerprint=fingerprint,
            seed=spec.seed,
            source=spec.source,
            source_sha256=spec.source_sha256,
            generator=plain(spec.generator),
            sequences=sequences,
            length=max(lengths),
            frame=frame,
            lengths=lengths,
            frames_each=frames_each,
            full=bool(frames_each) and max(lengths) == spec.length,
            names=spec.names[:sequences],
            position=position,
            chunk=spec.chunk,
            code_sha256=code_sha256,
            anchored=Anchored(spec.base.id, spec.starts) if isinstance(spec, StartedSpec) else None,
            start_noise=StartNoise(spec.base.id, spec.iou) if isinstance(spec, NoisySpec) else None,
        )

    def same_choice(self, other: DatasetRecord) -> bool:
        """Whether both are of as many sequences and frames, cut into the same parts."""
        ours, theirs = (
            (
                *(each.sequences, each.length, each.frames_each, each.full),
                *(each.anchored, each.start_noise),
            )
            for each in (self, other)
        )
        return ours == theirs and (self.chunk == other.chunk or None in {self.chunk, other.chunk})

    @property
    def extent(self) -> Extent:
        """Frames and parts; where it is not known how it was cut, it is one part."""
        return Extent(self.sequences, self.length, self.chunk or self.sequences, self.frames_each)

    def name_of(self, sequence: int) -> str:
        """Return the name of a sequence; where there is none, its number."""
        return self.names[sequence] if self.names else str(sequence)

    @property
    def counted(self) -> int:
        """How many sequences a mean is over: where they are runs, those that they are of."""
        if self.anchored is None:
            return self.sequences
        return len({start.sequence for start in self.anchored.starts})

    def by_sequence(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return (M, ...) scores of sequences from those of their runs (N, ...).

        Runs of one sequence are not independent of each other, so it counts once: by the mean over
        its runs that have a score; NaN of none. What is no run is returned as it is.
        """
        if self.anchored is None:
            return scores
        _, of = np.unique([start.sequence for start in self.anchored.starts], return_inverse=True)
        scored = ~np.isnan(scores)
        sums, counts = np.zeros((2, self.counted, *scores.shape[1:]))
        np.add.at(sums, of, np.where(scored, scores, 0.0))
        np.add.at(counts, of, scored)
        means: NDArray[np.float64] = np.full(sums.shape, np.nan)
        np.divide(sums, counts, out=means, where=counts > 0)
        return means

    @property
    def layout(self) -> str | None:
        """The layout of the files that it was read from; None: it was read from none."""
        said = self.generator.get("layout") if isinstance(self.generator, dict) else None
        return said if isinstance(said, str) else None

    def is_full(self, length: int) -> bool:
        """Whether a length stands for the whole of each sequence."""
        return self.full and length == self.lengths[-1]

    def label(self, length: int) -> Length:
        """Return what a length of the data set is called."""
        return FULL if self.is_full(length) else length

    def with_part(
        self, chunk: int, sha256: str, code_sha256: str | None, mask_runs: int = 0
    ) -> DatasetRecord:
        """Return the record with the part of a chunk, as it was made just now."""
        made_by = {n: code for n, code in self.made_by.items() if n != chunk}
        if code_sha256 is not None:
            made_by[chunk] = code_sha256
        before = {n: sha256 for n, sha256 in self.before_frames.items() if n != chunk}
        if self.parts.get(chunk) == sha256:
            before = self.before_frames
        runs = {n: count for n, count in self.mask_runs.items() if n != chunk}
        if mask_runs:
            runs[chunk] = mask_runs
        parts = {**self.parts, chunk: sha256}
        return replace(self, parts=parts, made_by=made_by, before_frames=before, mask_runs=runs)

    def with_frames_seen(self, chunk: int, before: str) -> DatasetRecord:
        """Return the record, with the SHA-256 of a part before its frames were looked at."""
        return replace(self, before_frames={**self.before_frames, chunk: before})


@dataclass(frozen=True)
class ChunkRecord:
    """One chunk that is stored.

    Attributes:
        seconds: inside the tracker.
        frames: that it answered.
        sha256: of the part; None: stored before hashes were kept.
        truth_sha256: of the part with the truth that it was scored against; None as above.
        timeout: seconds that one call might take; None as above.
        memory: bytes that the tracker might take; None: any.
        peak_memory: bytes, the most that its process held; 0: not known.
        unscored: frames without an IoU, because it is not known where the target is, or it is
            nowhere.
        mask_runs: run lengths of the masks that the tracker answered; 0: it answered none.
        by_masks: they were compared with true masks, and not boxes with boxes.
    """

    seconds: Seconds
    frames: Count
    sha256: Sha256 | None = None
    truth_sha256: Sha256 | None = None
    timeout: Seconds | None = None
    memory: Positive | None = None
    peak_memory: Count = 0
    unscored: Count = 0
    mask_runs: Annotated[int, Meta(ge=0, le=MOST)] = 0
    by_masks: bool = False

    def had_less_than(self, memory: int | None) -> bool:
        """Whether the tracker might take fewer bytes than these; None: any number."""
        return self.memory is not None and (memory is None or self.memory < memory)


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
    ) -> RunRecord:
        """Describe a run that is about to begin; ``fingerprint`` None: taken of the tracker."""
        moment = now()
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
            versions=_versions_of(tracker),
            processor=processor(),
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


def _versions_of(tracker: TrackerSpec) -> dict[str, str]:
    """Return library -> version as the tracker has them; platform and trackbench are ours."""
    ours = versions()
    if not isinstance(tracker.factory, Elsewhere):
        return ours
    there = dict(tracker.factory.versions)
    return {**{name: ours[name] for name in ours.keys() & {"platform", "trackbench"}}, **there}
