"""What is kept of a data set beside the results on it: which of its sequences, and its truth.

:mod:`trackbench.results.record_file` writes and reads it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Annotated, Any

import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from trackbench.contracts import DatasetSpec
from trackbench.host.run_lengths import MOST
from trackbench.metrics.evaluation_protocol import FULL, Length
from trackbench.plugins.start_noise import LEAST, NoisySpec
from trackbench.plugins.started import Start, StartedSpec
from trackbench.results.extent import Extent
from trackbench.results.json_codec import Count, Positive, Sha256
from trackbench.results.json_values import plain
from trackbench.results.schemas import SCHEMA

MaskRunCount = Annotated[int, Meta(ge=1, le=MOST)]
"""How many run lengths of masks are in a part that has some."""


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
