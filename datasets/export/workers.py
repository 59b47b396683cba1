"""The sequences of an export spread over processes: the same files for any number of them."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from concurrent.futures import as_completed
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from trackbench.contracts import Dataset, DatasetSpec
from trackbench.datasets.export.images import ImageFormat, Loss
from trackbench.datasets.export.layout import Layout
from trackbench.datasets.export.naming import named_video
from trackbench.datasets.export.writing import forget_unfinished, measure_sequence, write_sequence
from trackbench.errors import TrackbenchError, brief, parameter
from trackbench.plugins.registry import build_dataset
from trackbench.running.spawned_pool import LostError, SpawnedPool


@dataclass(frozen=True)
class Task:
    """What there is to do for a sequence, but for its index.

    Attributes:
        spec, frames: of which data set, and how many of each sequence.
        folder, names: where, and under which names by index.
        layout, image: in which form.
    """

    spec: DatasetSpec
    frames: tuple[int, ...]
    folder: Path
    names: tuple[str, ...]
    layout: Layout
    image: ImageFormat


def write_all(task: Task, indices: Sequence[int], jobs: int) -> Generator[tuple[int, Loss]]:
    """Write sequences, or measure them where they are written.

    Yields the frames and the loss of each, when it is ready.

    Raises:
        TrackbenchError: one cannot be made or written, or a process died of it.
    """
    processes = min(jobs, len(indices))
    if processes <= 1:
        work = _prepared(task)
        yield from (_perform(work, index) for index in indices)
        return
    with ExitStack() as stack:
        stack.callback(_forget_unfinished, task, indices)  # once the processes have ended
        pool = stack.enter_context(SpawnedPool(task, task.spec.id, _prepared, processes))
        futures = [pool.submit(_perform, index) for index in indices]
        for future in as_completed(futures):
            try:
                yield pool.result(future)
            except LostError as error:
                at = "a sequence" if error.number is None else f"sequence {indices[error.number]}"
                raise TrackbenchError(
                    f"{at} cannot be written: its process ended with {error.ending}"
                ) from None


def _forget_unfinished(task: Task, indices: Sequence[int]) -> None:
    for index in indices:
        forget_unfinished(task.folder / task.names[index])


def _prepared(task: Task) -> tuple[Task, Dataset]:
    return task, build_dataset(task.spec)


def _perform(work: tuple[Task, Dataset], index: int) -> tuple[int, Loss]:
    task, dataset = work
    named = named_video(dataset, index, task.names[index], task.frames[index])
    folder = task.folder / task.names[index]
    if folder.is_dir():
        return len(named.video), measure_sequence(folder, named.video, task.layout, task.image)
    try:
        return len(named.video), write_sequence(folder, named, task.layout, task.image)
    except OSError as error:
        raise TrackbenchError(
            f"{folder} cannot be written ({error.strerror or brief(error)}): what is finished "
            f"stays, and the same command goes on; or choose another {parameter('out')}"
        ) from error
