"""A sequence of any data set with what else its data set says of it."""

from __future__ import annotations

from trackbench.contracts import Dataset
from trackbench.datasets.export.layout import NamedVideo
from trackbench.datasets.on_disk import OnDisk
from trackbench.plugins.checked_sequence import make_sequence


def named_video(dataset: Dataset, index: int, name: str, length: int) -> NamedVideo:
    """Return the first ``length`` frames of a sequence, to be written under ``name``.

    Raises:
        TrackbenchError: it cannot be made or read.
    """
    return NamedVideo(
        name=name,
        video=make_sequence(dataset, index, length),
        tags=tags_of(dataset, index),
        counts_from=dataset.counts_from if isinstance(dataset, OnDisk) else 0,
    )


def tags_of(dataset: Dataset, index: int) -> tuple[str, ...]:
    """Return what a data set says of a whole sequence; only one on disk says anything."""
    return dataset.tags(index) if isinstance(dataset, OnDisk) else ()
