"""What a run will do: trackers, data sets, sequences and lengths, fixed before it begins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from trackbench.contracts import DatasetSpec, TrackerSpec
from trackbench.metrics.evaluation_protocol import EvaluationProtocol
from trackbench.results.extent import Extent


@dataclass(frozen=True)
class Plan:
    """Everything that is fixed before the first frame.

    Attributes:
        trackers: what is run.
        datasets: on what.
        sequences: first sequences of each data set; None: all.
        sequences_each: of a data set by its id, where a suite has other numbers of some; they go
            before ``sequences``.
        lengths: ascending; a data set is scored at those that it has. Empty: the whole of each
            sequence alone.
        full: the whole of each sequence, too.
        out: the results directory.
        protocol: what counts.
        runs: of each tracker on each data set.
    """

    trackers: tuple[TrackerSpec, ...]
    datasets: tuple[DatasetSpec, ...]
    sequences: int | None
    lengths: tuple[int, ...]
    out: Path
    protocol: EvaluationProtocol
    runs: int = 1
    full: bool = False
    sequences_each: Mapping[str, int] = field(default_factory=dict)

    def chosen_of(self, spec: DatasetSpec) -> int | None:
        """Return how many sequences of a data set are asked for; None: all that it has."""
        return self.sequences_each.get(spec.id, self.sequences)

    def sequences_of(self, spec: DatasetSpec) -> int:
        """Return how many sequences of a data set are run."""
        chosen = self.chosen_of(spec)
        return spec.sequences if chosen is None else chosen

    def lengths_of(self, spec: DatasetSpec) -> tuple[int, ...]:
        """Return the lengths at which a data set is scored; empty: it has not one of them."""
        reached = {length for length in self.lengths if length <= spec.length}
        if self.full or not self.lengths:
            reached.add(spec.length)
        return tuple(sorted(reached))

    def _extent(self, spec: DatasetSpec, sequences: int) -> Extent:
        length = max(self.lengths_of(spec), default=spec.length)
        each = spec.frames_until(length, sequences)
        return Extent(sequences, length, spec.chunk, each)

    @property
    def units(self) -> int:
        """Units of work if nothing of it is stored: each run of a tracker on each chunk of data."""
        chunks = [self._extent(spec, self.sequences_of(spec)).parts for spec in self.datasets]
        return self.runs * len(self.trackers) * sum(chunks)
