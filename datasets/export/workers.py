"""The sequences of an export spread over processes: the same files for any number of them."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import traceback
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Self

from trackbench.contracts import Dataset, DatasetSpec
from trackbench.datasets.export.images import ImageFormat, Loss
from trackbench.datasets.export.layout import Layout
from trackbench.datasets.export.writing import measure_sequence, write_sequence
from trackbench.errors import TrackbenchError, brief, parameter
from trackbench.plugins.checked_sequence import make_sequence
from trackbench.plugins.registry import build_dataset
from trackbench.running.messages import Refusal
from trackbench.running.pool import RefusedError
from trackbench.running.recipe import Recipe, follow, recipe_of
from trackbench.running.spawning import forget_safe_path, safe_path

GRACE_SECONDS = 1.0
"""For a process that closed its connection to end by itself, so that its exit code is its own."""


@dataclass(frozen=True)
class Task:
    """What there is to do for a sequence, but for its index.

    Attributes:
        spec, length: frames of which data set, and how many.
        folder, names: where, and under which names by index.
        layout, image: in which form.
    """

    spec: DatasetSpec
    length: int
    folder: Path
    names: tuple[str, ...]
    layout: Layout
    image: ImageFormat


def write_all(task: Task, indices: Sequence[int], jobs: int) -> Iterator[Loss]:
    """Write sequences, or measure them where they are written; yield the loss of each when ready.

    Raises:
        TrackbenchError: one cannot be made or written, or a process died of it.
    """
    if min(jobs, len(indices)) <= 1:
        dataset = build_dataset(task.spec)
        yield from (_perform(task, dataset, index) for index in indices)
        return
    waiting = deque(indices)
    recipe = recipe_of(task, task.spec.id)
    with ExitStack() as stack:
        workers = [stack.enter_context(_Worker(recipe)) for _ in range(min(jobs, len(indices)))]
        for worker in workers:
            worker.start(waiting.popleft())
        while busy := {worker.connection: worker for worker in workers if worker.busy}:
            for connection in wait(list(busy)):
                worker = busy[connection]  # type: ignore[index]  # wait() is typed for more
                yield worker.receive()
                if waiting:
                    worker.start(waiting.popleft())


def _perform(task: Task, dataset: Dataset, index: int) -> Loss:
    sequence = make_sequence(dataset, index, task.length)
    folder = task.folder / task.names[index]
    if folder.is_dir():
        return measure_sequence(folder, sequence, task.layout, task.image)
    try:
        return write_sequence(folder, sequence, task.layout, task.image)
    except OSError as error:
        raise TrackbenchError(
            f"{folder} cannot be written ({error.strerror or brief(error)}): what is finished "
            f"stays, and the same command goes on; or choose another {parameter('out')}"
        ) from error


class _Worker:
    """One child process and the sequence that it is at."""

    def __init__(self, recipe: Recipe) -> None:
        self.connection, theirs = multiprocessing.Pipe()
        # spawn: a fork of a process with threads may hang
        self._process = multiprocessing.get_context("spawn").Process(
            target=_serve, args=(theirs, recipe), daemon=True
        )
        self._theirs = theirs
        self._index = -1
        self.busy = False

    def __enter__(self) -> Self:
        with safe_path():
            self._process.start()
        self._theirs.close()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.join()
        self.connection.close()

    def start(self, index: int) -> None:
        self._index, self.busy = index, True
        with suppress(BrokenPipeError):  # a dead process is noticed when its answer is due
            self.connection.send(index)

    def receive(self) -> Loss:
        self.busy = False
        try:
            answer: Loss | Refusal = self.connection.recv()
        except (EOFError, OSError):
            self._process.join(GRACE_SECONDS)
            raise TrackbenchError(
                f"sequence {self._index} cannot be written: its process ended with "
                f"{_ending(self._process.exitcode)}"
            ) from None
        if isinstance(answer, Refusal):
            raise RefusedError(answer)
        return answer


def _ending(code: int | None) -> str:
    if code is None:
        return "no exit code"
    return f"signal {-code}" if code < 0 else f"exit code {code}"


def _serve(connection: Connection, recipe: Recipe) -> None:
    """In the child: write one sequence after the other until the parent kills us."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # the parent answers Ctrl-C and ends us
    forget_safe_path()
    threading.Thread(target=_die_with_parent, daemon=True).start()
    os.dup2(2, 1)  # what a plugin prints is not the command's output
    try:
        task: Task = follow(recipe)
        dataset = build_dataset(task.spec)
        while True:
            connection.send(_perform(task, dataset, connection.recv()))
    except TrackbenchError as error:
        connection.send(Refusal(str(error), traceback.format_exc()))


def _die_with_parent() -> None:
    """End this process when its parent has been killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
