"""The hosts of one order, one after the other, and the memory that they write to."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import asdict

import numpy as np
from numpy.typing import NDArray

from trackbench.errors import TrackbenchError
from trackbench.host.shared_memory import SPARE, WHOLE_BATCH, Scratch
from trackbench.results.chunks import FailureKind
from trackbench.running import anonymous_file
from trackbench.running.anonymous_file import FrameFile
from trackbench.running.ending import Ending, Reason
from trackbench.running.films import Film
from trackbench.running.host_process import Answer, HostProcess
from trackbench.running.host_server import ServerLostError
from trackbench.running.messages import Order, SpoiledBy
from trackbench.running.recipe import Recipe
from trackbench.running.servers import Servers

Look = Callable[[int, bytes], None]
"""Called several times a second: frames tracked so far, what the tracker has printed since."""

_SERVER_TRIES = 5


class Hosts:
    """What starts an order's hosts, asks them, and finds out how they ended.

    Attributes:
        scratch: the memory that they write to.
        peak: bytes, the most that one of them was seen to hold.
    """

    def __init__(self, order: Order, servers: Servers, look: Look) -> None:
        """Make the memory; :meth:`free` it.

        Args:
            order: what is to be done.
            servers: what hosts are forked from.
            look: is called while a host works.
        """
        self._order, self._servers, self._look = order, servers, look
        self._file = anonymous_file.create(Scratch.size(order.sequences, order.length), SPARE)
        self.scratch = Scratch(self._file, order.sequences, order.length)
        self.scratch.clear()
        self.peak = 0
        self._before = 0  # frames of sequences that earlier hosts have finished

    def free(self) -> None:
        """Let the memory go."""
        os.close(self._file)

    def build(self, first: int = 0) -> tuple[HostProcess, Answer]:
        """Start a host that builds the tracker; return it and what it says.

        Args:
            first: slot of the first sequence that it is to track; what is in memory of this one and
                those after it is cleared.

        Raises:
            TrackbenchError: no host can be started.
        """
        self.scratch.clear(first)
        self._before = sum(map(self._order.frames_of, range(first)))
        host = self._started()
        return host, self._ask_to_build(host, first)

    def track(
        self,
        host: HostProcess,
        slot: int,
        film: Film,
        first: list[float],
        images: Sequence[str] | None = None,
        mask: NDArray[np.uint32] | None = None,
    ) -> Answer:
        """Have a host track a sequence, block by block.

        Args:
            host: with a tracker.
            slot: of the sequence.
            film: the frames.
            first: the true box of frame 0.
            images: the files that the frames are read from; None: none.
            mask: run lengths of the true mask of frame 0; None: there is none.

        Raises:
            DataError: a frame cannot be read; the host has tracked those before its block.
        """
        answer = Answer.TRACKED
        with closing(film.blocks()) as blocks:
            for block in blocks:
                told = None if block.start else mask
                says = {
                    "slot": slot,
                    "shape": list(block.shape),
                    "first": first,
                    "start": block.start,
                    "frames": film.length,
                    "images": None if block.start else images,
                    "mask": None if told is None else [len(told)],
                }
                payload = b"" if told is None else told.tobytes()
                answer = host.ask(says, payload, [block.file.file])
                kept = answer is not Answer.TRACKED or host.kept_frames
                film.give_back(block, kept=kept)
                if answer is not Answer.TRACKED:
                    break
        return answer

    def track_all(
        self,
        host: HostProcess,
        film: FrameFile,
        first: list[list[float]],
        images: Sequence[Sequence[str] | None],
        masks: Sequence[NDArray[np.uint32]] | None = None,
    ) -> Answer:
        """Have a host track all sequences in lockstep.

        Args:
            host: with a tracker.
            film: the frames (T, N, H, W[, 3]).
            first: the true boxes of frame 0.
            images: the files that the frames of each are read from; None: none.
            masks: run lengths of the true masks of frame 0; None: not all have one.
        """
        says = {
            "slot": WHOLE_BATCH,
            "shape": list(film.shape),
            "first": first,
            "start": 0,
            "frames": film.shape[0],
            "images": images,
            "mask": None if masks is None else [len(mask) for mask in masks],
        }
        payload = b"" if masks is None else np.concatenate(masks).tobytes()
        return host.ask(says, payload, [film.file])

    def close(self, host: HostProcess) -> Answer:
        """Let a tracker end, within its time; then the host is gone."""
        answer = host.close()
        self.peak = max(self.peak, host.peak)
        return answer

    def gone(self, host: HostProcess) -> Ending:
        """Return how a host has ended."""
        self._abandon(host)
        assert host.ending is not None  # noqa: S101 - it has ended
        if host.ending.reason is Reason.LOST:
            self._servers.forget_dead()
        return host.ending

    def error_of(self, host: HostProcess) -> SpoiledBy:
        """Return the error that a host has left in memory; the host is gone then."""
        says = self.scratch.reported()
        self._abandon(host)
        return SpoiledBy(
            FailureKind.MEMORY if says.get("memory") else FailureKind.RAISED,
            str(says.get("message", "it raised an error")),
            str(says.get("traceback", "")),
            host.output,
        )

    def _abandon(self, host: HostProcess) -> None:
        host.abandon()
        self.peak = max(self.peak, host.peak)

    def _started(self) -> HostProcess:
        recipe = _recipe(self._order)
        for _ in range(_SERVER_TRIES):
            server = self._servers.get(
                recipe.path, self._order.preload, recipe.python, recipe.variables
            )
            try:
                return HostProcess(
                    server, self._file, self.scratch, self._order.limits, self._looked
                )
            except ServerLostError:
                self._servers.forget(server)
        raise TrackbenchError(f"no process for {self._order.tracker} can be started")

    def _ask_to_build(self, host: HostProcess, first: int) -> Answer:
        order, recipe = self._order, _recipe(self._order)
        says = {
            "tracker": order.tracker,
            "dataset": order.dataset,
            "start": order.start,
            "sequences": order.sequences,
            "length": order.length,
            "frames_each": list(order.frames_each),
            "names": list(order.names),
            "batched": order.batched,
            "sees_future": order.sees_future,
            "family": order.family,
            "memory": order.limits.memory,
            "run": order.run,
            "seed": _seed(order, first),
            "reseed": order.reseed,
            "place": recipe.place,
            "identify": None if order.identify is None else asdict(order.identify),
            "reads": None if order.tracker_known is None else order.tracker_known.says(),
        }
        return host.ask(says, recipe.payload)

    def _looked(self, printed: bytes) -> None:
        with suppress(BrokenPipeError):
            self._look(self._before + self.scratch.frames_done, printed)


def _recipe(order: Order) -> Recipe:
    assert order.tracker_recipe is not None  # noqa: S101 - an order that starts hosts has one
    return order.tracker_recipe


def _seed(order: Order, first: int) -> int:
    """Return the seed of a host's generators: the same wherever and whenever it works."""
    text = f"{order.dataset} {order.start + first}"
    if order.run:
        text += f" run {order.run}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "little")
