"""What is run on: a suite, or data sets that were named, with their sequences and lengths."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from trackbench.contracts import DatasetSpec, Suite
from trackbench.errors import TrackbenchError
from trackbench.ids import parse
from trackbench.metrics.evaluation_protocol import FULL
from trackbench.plugins import registry


@dataclass(frozen=True)
class Selection:
    """Data sets, and the sequences and lengths that hold unless a caller asks for others.

    Attributes:
        name: of the results' folder.
        datasets: specs, or ids.
        sequences: of each; None: all.
        lengths: frames, or ``"full"``; empty: the whole of each sequence.
        sequences_each: as of :class:`trackbench.Suite`.
    """

    name: str
    datasets: tuple[str | DatasetSpec, ...]
    sequences: int | None = None
    lengths: tuple[int | str, ...] = ()
    sequences_each: tuple[int, ...] = ()

    def counts(self, datasets: Sequence[DatasetSpec]) -> dict[str, int]:
        """Return the number of sequences of each data set by its id, where the numbers differ.

        Raises:
            TrackbenchError: there are not as many numbers as data sets.
        """
        if not self.sequences_each:
            return {}
        if len(self.sequences_each) != len(datasets):
            raise TrackbenchError(
                f"the suite {self.name} has {len(datasets)} data sets and "
                f"{len(self.sequences_each)} numbers of sequences"
            )
        return {spec.id: count for spec, count in zip(datasets, self.sequences_each, strict=True)}

    def folder(
        self,
        sequences: int | None,
        lengths: Sequence[int | str] | None,
        init_noise: float | None,
    ) -> Path:
        """Return where results are kept: a folder of its own for each choice of a caller's."""
        parts = [self.name]
        if sequences is not None:
            parts.append(f"{sequences}-sequences")
        if lengths is not None:
            parts += [*map(str, lengths), "frames"]
        if init_noise is not None:
            parts += ["init", repr(init_noise)]
        return Path("results") / "-".join(parts)


def selection_of(
    suite: str | Suite | None, datasets: str | DatasetSpec | Iterable[str | DatasetSpec]
) -> Selection:
    """Return what a suite selects, or data sets; of neither, the smoke suite."""
    given = (datasets,) if isinstance(datasets, str | DatasetSpec) else tuple(datasets)
    if suite is not None and given:
        raise TrackbenchError("give a suite or data sets, not both")
    if given:
        return Selection("data-sets", given)
    if not isinstance(suite, Suite):
        suite = registry.suites().get(suite or "smoke")
    lengths: tuple[int | str, ...] = suite.lengths
    if suite.full:
        lengths = (*lengths, FULL)
    return Selection(
        parse(suite.id).name, suite.datasets, suite.sequences, lengths, suite.sequences_each
    )
