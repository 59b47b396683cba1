"""Shards: every N-th unit of a plan, run by itself into a directory of its own.

Units are numbered in the plan's order: tracker, data set, run, chunk. Shard 3 of 8 has those whose
number, from 0, leaves 2 when it is divided by 8.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta

from trackbench.errors import TrackbenchError, parameter
from trackbench.results.dataset_record import DatasetRecord
from trackbench.results.extent import Extent
from trackbench.results.json_codec import Positive, Sha256
from trackbench.results.run_record import MOST_RUNS

MOST_SHARDS = 100_000
"""Of one plan: more jobs than any batch queue takes."""

_WRITTEN = re.compile(r"([0-9]{1,6})/([0-9]{1,6})", re.ASCII)

RunKey = tuple[str, str, int]
"""A tracker's id, a data set's, and the number of the run."""


@dataclass(frozen=True)
class Shard:
    """Which part of a plan's units.

    Attributes:
        number: of the shard, from 1.
        of: how many shards there are.
    """

    number: Annotated[int, Meta(ge=1, le=MOST_SHARDS)]
    of: Annotated[int, Meta(ge=1, le=MOST_SHARDS)]

    @classmethod
    def named(cls, text: str) -> Shard:
        """Return the shard that ``"3/8"`` names.

        Raises:
            TrackbenchError: it names none.
        """
        found = _WRITTEN.fullmatch(text)
        number, of = map(int, found.groups()) if found else (0, 0)
        if not 1 <= number <= of <= MOST_SHARDS:
            raise TrackbenchError(
                f"{parameter('shard')} {text!r} is none: write its number and how many there are, "
                f"from 1/8 to 8/8, {MOST_SHARDS} at most"
            )
        return cls(number, of)

    def __str__(self) -> str:
        """Return it as :meth:`named` reads it."""
        return f"{self.number}/{self.of}"

    @property
    def words(self) -> str:
        """What it is called in a sentence."""
        return f"shard {self.number} of {self.of}"

    def share(self, first: int, count: int) -> range:
        """Return which of ``count`` units are of this shard, if the first has the number ``first``.

        They are counted from 0.
        """
        return range((self.number - 1 - first) % self.of, count, self.of)


@dataclass(frozen=True)
class PlannedTracker:
    """A tracker of a plan, and the hash of all that decides its numbers."""

    id: str
    fingerprint: Sha256


@dataclass(frozen=True)
class PlannedDataset:
    """A data set of a plan, with what :class:`DatasetRecord` says of it and of the choice of it."""

    id: str
    fingerprint: str
    code_sha256: str | None
    sequences: Positive
    length: Positive
    frames_each: tuple[Positive, ...]
    full: bool
    chunk: Positive
    lengths: tuple[Positive, ...]

    @classmethod
    def of(cls, record: DatasetRecord) -> PlannedDataset:
        """Return what a record says; where it does not say how the data are cut, in one part."""
        return cls(
            id=record.id,
            fingerprint=record.fingerprint,
            code_sha256=record.code_sha256,
            sequences=record.sequences,
            length=record.length,
            frames_each=record.frames_each,
            full=record.full,
            chunk=record.extent.chunk,
            lengths=record.lengths,
        )

    @property
    def extent(self) -> Extent:
        """Frames and parts."""
        return Extent(self.sequences, self.length, self.chunk, self.frames_each)


@dataclass(frozen=True)
class ShardedPlan:
    """All that is run, in all shards together.

    Attributes:
        trackers, datasets: in their order.
        protocol: id.
        runs: of each tracker on each data set.
    """

    trackers: tuple[PlannedTracker, ...]
    datasets: tuple[PlannedDataset, ...]
    protocol: str
    runs: Annotated[int, Meta(ge=1, le=MOST_RUNS)]

    def shares(self, shard: Shard) -> dict[RunKey, range]:
        """Return the chunks of each run that are of a shard; a run without any is left out."""
        parts = {each.id: each.extent.parts for each in self.datasets}
        numbered = shares(
            shard,
            [(t.id, d.id) for t in self.trackers for d in self.datasets],
            self.runs,
            parts,
        )
        return {key: share for key, share in numbered if share}

    @property
    def units(self) -> int:
        """How many units there are in all shards."""
        parts = sum(each.extent.parts for each in self.datasets)
        return self.runs * len(self.trackers) * parts

    def difference_from(self, other: ShardedPlan) -> str | None:
        """Say in which way another plan is another one; None: it is the same."""
        if self.protocol != other.protocol:
            return f"it is under {self.protocol}, not {other.protocol}"
        for what, ours, theirs in (
            ("trackers", self.trackers, other.trackers),
            ("data sets", self.datasets, other.datasets),
        ):
            names, others = [each.id for each in ours], [each.id for each in theirs]
            if names != others:
                return f"its {what} are {', '.join(names)}, not {', '.join(others)}"
        for tracker, known in zip(self.trackers, other.trackers, strict=True):
            if tracker != known:
                return (
                    f"its {tracker.id} has another fingerprint ({tracker.fingerprint[:16]}, not "
                    f"{known.fingerprint[:16]}): other source, parameters, weights or files"
                )
        for dataset, held in zip(self.datasets, other.datasets, strict=True):
            if dataset != held:
                return f"its {dataset.id} {_difference(dataset, held)}"
        if self.runs != other.runs:
            return f"it has {self.runs} runs of each tracker, not {other.runs}"
        return None


def shares(
    shard: Shard, pairs: Iterable[tuple[str, str]], runs: int, parts: dict[str, int]
) -> Iterator[tuple[RunKey, range]]:
    """Yield each run of a plan with those of its chunks that are of a shard.

    Args:
        shard: which.
        pairs: a tracker's id and a data set's, in the plan's order.
        runs: of each pair.
        parts: data set -> its chunks.
    """
    first = 0
    for tracker, dataset in pairs:
        for run in range(runs):
            yield (tracker, dataset, run), shard.share(first, parts[dataset])
            first += parts[dataset]


def _difference(ours: PlannedDataset, theirs: PlannedDataset) -> str:
    if ours.fingerprint != theirs.fingerprint:
        return "is of other data"
    if ours.code_sha256 != theirs.code_sha256:
        return "is made by other code, or of other files"
    if ours.extent != theirs.extent:
        return (
            f"is {ours.sequences} sequences of {ours.length} frames in parts of {ours.chunk}, not "
            f"{theirs.sequences} of {theirs.length} in parts of {theirs.chunk}"
        )
    return f"is scored at {_listed(ours.lengths)} frames, not at {_listed(theirs.lengths)}"


def _listed(lengths: tuple[int, ...]) -> str:
    return ",".join(map(str, lengths))
