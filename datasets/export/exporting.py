"""A data set as files for another toolkit, from the checks to the card."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from trackbench.contracts import Dataset, DatasetSpec, Video
from trackbench.datasets.export.card import Card, Extent
from trackbench.datasets.export.folder import CARD, LIST, UNFINISHED, ExportFolder
from trackbench.datasets.export.frame_counts import checked_frames
from trackbench.datasets.export.images import ImageFormat, Loss
from trackbench.datasets.export.layout import Layout, Summary
from trackbench.datasets.export.names import sequence_names
from trackbench.datasets.export.naming import named_video, tags_of
from trackbench.datasets.export.summary import told
from trackbench.datasets.export.workers import Task, write_all
from trackbench.errors import TrackbenchError
from trackbench.plugins.decoder_complaints import watched
from trackbench.plugins.fingerprints import ON_DISK, published_fingerprint
from trackbench.plugins.registry import build_dataset
from trackbench.plugins.start_noise import NoisySpec
from trackbench.results.code_version import code_version
from trackbench.results.json_values import plain
from trackbench.running.plan_checks import check_sequences

NAMED = 2
"""Schema of an export whose sequences have names of their own; at first they had numbers."""

_NOTES = 20
"""Of a data set, that a card holds."""


@dataclass(frozen=True)
class Exported:
    """A finished export.

    Attributes:
        card: what it is.
        found: all of it was there before; nothing was written.
    """

    card: Card
    found: bool


@watched()
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
        length: the first so many frames of each, or all that it has; None: all of each.
        jobs: processes, at least 1.
        progress: called with the frames written so far in this call, and how many it will be.

    Raises:
        TrackbenchError: anything that is the caller's to mend.
    """
    if isinstance(spec, NoisySpec):
        raise TrackbenchError(
            f"{spec.id} has the videos of {spec.base.id}, and no layout can say that the first "
            f"box is given with an error: export {spec.base.id}"
        )
    check_sequences(spec, sequences)
    count = spec.sequences if sequences is None else sequences
    names = sequence_names(spec, count, (LIST, CARD, UNFINISHED, *layout.beside))
    frames = checked_frames(spec, layout, names, length)
    folder = ExportFolder(out, layout.folder(spec), tuple(layout.beside))
    folder.check_usable()
    dataset = build_dataset(spec)
    extent = Extent(
        dataset=spec.id,
        fingerprint=published_fingerprint(dataset),
        sequences=count,
        length=max(frames),
        layout=layout.id,
        image=image.value,
        shortest=0 if len(set(frames)) == 1 else min(frames),
        schema=NAMED if spec.names else layout.schema,
    )
    card = folder.finished(extent, names)
    if card is not None:
        return Exported(card, found=True)
    first = named_video(dataset, 0, names[0], frames[0])
    layout.annotate(first, image)  # what is wrong with it is said at once
    with folder.writing(extent):
        task = Task(spec, frames, folder.sequences, names, layout, image)
        lost = _write(task, folder.missing(names), jobs, progress)
        about = told(folder.sequences, names, first)
        card = _card(spec, extent, layout, names, first.video, about, lost)
        folder.finish(card, names, _beside(layout, folder.sequences, dataset, names))
    return Exported(card, found=False)


def _write(task: Task, missing: list[int], jobs: int, progress: Callable[[int, int], None]) -> Loss:
    # The loss of what an earlier call wrote is not known any more.
    wanted = missing if task.image.lossless else range(len(task.names))
    lost, done, total = Loss(), 0, sum(task.frames[index] for index in wanted)
    with closing(write_all(task, wanted, jobs)) as written:  # its processes end with it
        for frames, one in written:
            lost += one
            done += frames
            progress(done, total)
    return lost


def _beside(
    layout: Layout, folder: Path, dataset: Dataset, names: tuple[str, ...]
) -> dict[str, str]:
    """Return the files that lie beside the sequences, and are of all of them."""
    if not layout.beside:
        return {}
    tags = {name: tags_of(dataset, index) for index, name in enumerate(names)}
    return {name: text(folder, tags) for name, text in layout.beside.items()}


def _card(
    spec: DatasetSpec,
    extent: Extent,
    layout: Layout,
    names: tuple[str, ...],
    first: Video,
    about: Summary,
    lost: Loss,
) -> Card:
    height, width = first.frames.shape[1:3]
    return Card(
        **asdict(extent),
        trackbench=code_version(),
        description=spec.description,
        seed=spec.seed,
        source=spec.source,
        source_sha256=spec.source_sha256,
        generator=_generator(spec),
        frame=(height, width),
        folder=layout.folder(spec),
        first=names[0],
        last=names[-1],
        attributes=about.attributes,
        exact=lost.largest == 0,
        largest_error=lost.largest,
        mean_error=lost.mean,
        origin=max(layout.origin - about.counts_from, 0),
        scoring=layout.scoring,
        notes=(*layout.notes(about), *_few(spec.notes)),
    )


def _generator(spec: DatasetSpec) -> object:
    """Return what a data set is made with; of one on disk not where it lies on this machine."""
    said = plain(spec.generator)
    if spec.factory == ON_DISK and isinstance(said, dict):
        return said | {"path": Path(str(said.get("path"))).name}
    return said


def _few(notes: tuple[str, ...]) -> tuple[str, ...]:
    """Return a data set's own notes; of very many the first, and how many more there are."""
    left = len(notes) - _NOTES
    return notes if left <= 0 else (*notes[:_NOTES], f"and {left:,} notes more: trackbench verify")
