"""A data set as files for another toolkit, from the checks to the card."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from trackbench.contracts import Dataset, DatasetSpec, Video
from trackbench.datasets.export.card import Card, Extent
from trackbench.datasets.export.folder import ExportFolder
from trackbench.datasets.export.images import ImageFormat, Loss
from trackbench.datasets.export.layout import Layout, sequence_name
from trackbench.datasets.export.workers import Task, write_all
from trackbench.errors import TrackbenchError, parameter
from trackbench.plugins.checked_sequence import make_sequence
from trackbench.plugins.fingerprints import published_fingerprint
from trackbench.plugins.registry import build_dataset
from trackbench.results.json_values import plain
from trackbench.running.plan import check_sequences

SHORTEST = 2
"""Frames: readers take a table of one row for a vector, and there is nothing to track in it."""


@dataclass(frozen=True)
class Exported:
    """A finished export.

    Attributes:
        card: what it is.
        found: all of it was there before; nothing was written.
    """

    card: Card
    found: bool


def export(
    spec: DatasetSpec,
    layout: Layout,
    image: ImageFormat,
    out: Path,
    *,
    sequences: int | None,
    length: int | None,
    jobs: int,
    progress: Callable[[int, int], None],
) -> Exported:
    """Write the first ``sequences`` of a data set (None: all) into the folder ``out``.

    An export that was stopped goes on; a finished one is left as it is. The files are the same for
    any number of ``jobs``, processes.

    Args:
        spec: the data set.
        layout: where everything goes.
        image: how frames are encoded.
        out: the folder; new, empty, or that of this very export.
        sequences: the first so many; None: all.
        length: the first so many frames of each; None: all.
        jobs: processes, at least 1.
        progress: called with the frames written so far in this call, and how many it will be.

    Raises:
        TrackbenchError: anything that is the caller's to mend.
    """
    check_sequences(spec, sequences)
    if spec.frames_each:
        raise TrackbenchError(
            f"{spec.id} has sequences of {min(spec.frames_each)} to {spec.length} frames: only "
            "those that all have as many can be exported"
        )
    length = _checked_length(spec, layout, spec.length if length is None else length)
    folder = ExportFolder(out, layout.folder(spec))
    folder.check_usable()
    dataset = build_dataset(spec)
    extent = Extent(
        dataset=spec.id,
        fingerprint=published_fingerprint(dataset),
        sequences=spec.sequences if sequences is None else sequences,
        length=length,
        layout=layout.id,
        image=image.value,
    )
    names = tuple(sequence_name(spec.id, i, extent.sequences) for i in range(extent.sequences))
    card = folder.finished(extent, names)
    if card is not None:
        return Exported(card, found=True)
    first = _first(dataset, layout, image, names[0], length)
    with folder.writing(extent):
        task = Task(spec, length, folder.sequences, names, layout, image)
        lost = _write(task, folder.missing(names), jobs, progress)
        card = _card(spec, extent, layout, names, first, lost)
        folder.finish(card, names)
    return Exported(card, found=False)


def _checked_length(spec: DatasetSpec, layout: Layout, length: int) -> int:
    if length < SHORTEST:
        raise TrackbenchError(f"{parameter('length')} must be at least {SHORTEST}, not {length}")
    if length > spec.length:
        raise TrackbenchError(
            f"{spec.id} has {spec.length} frames a sequence, not {length}: see "
            f"{parameter('length')}"
        )
    if length > layout.longest:
        raise TrackbenchError(
            f"the layout {layout.id} numbers {layout.longest:,} frames at most, not {length:,}: "
            f"see {parameter('length')}"
        )
    return length


def _first(dataset: Dataset, layout: Layout, image: ImageFormat, name: str, length: int) -> Video:
    """Return the first sequence, which stands for all: what is wrong with it is said at once."""
    first = make_sequence(dataset, 0, length)
    layout.annotate(first, name, image)
    return first


def _write(task: Task, missing: list[int], jobs: int, progress: Callable[[int, int], None]) -> Loss:
    # The loss of what an earlier call wrote is not known any more.
    wanted = missing if task.image.lossless else range(len(task.names))
    lost, total = Loss(), len(wanted) * task.length
    with closing(write_all(task, wanted, jobs)) as written:  # its processes end with it
        for number, one in enumerate(written, 1):
            lost += one
            progress(number * task.length, total)
    return lost


def _card(
    spec: DatasetSpec,
    extent: Extent,
    layout: Layout,
    names: tuple[str, ...],
    first: Video,
    lost: Loss,
) -> Card:
    height, width = first.frames.shape[1:3]
    attributes = tuple(first.attributes)
    return Card(
        **asdict(extent),
        trackbench=version("trackbench"),
        description=spec.description,
        seed=spec.seed,
        source=spec.source,
        source_sha256=spec.source_sha256,
        generator=plain(spec.generator),
        frame=(height, width),
        folder=layout.folder(spec),
        first=names[0],
        last=names[-1],
        attributes=attributes,
        exact=lost.largest == 0,
        largest_error=lost.largest,
        mean_error=lost.mean,
        origin=layout.origin,
        scoring=layout.scoring,
        notes=layout.notes(attributes),
    )
