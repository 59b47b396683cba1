"""Whether the pictures that workers have tracked are those that lie here.

Of a data set on disk they are compared by their names and sizes before, for there are too many to
be read. Another copy with the same sizes, and another decoder, show in the first frame of a video.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from trackbench.errors import TrackbenchError
from trackbench.results.chunks import Truth
from trackbench.running.messages import Order, Task, made
from trackbench.running.pool import Pool


class FirstFrames:
    """The first frame of each video, as this machine reads it."""

    def __init__(self, here: Pool) -> None:
        """Begin with none.

        Args:
            here: makers of this machine.
        """
        self._here = here
        self._seen: dict[tuple[str, int, int], Truth] = {}

    def check(self, order: Order, truth: Truth, worker: str) -> None:
        """Compare what a worker has made of a unit with what is here.

        A frame that it could not read is looked for here, too.

        Raises:
            TrackbenchError: a frame is another, or can be read here alone.
        """
        assert truth.frame_hashes is not None  # noqa: S101 - a maker has seen every frame
        key = order.dataset, order.start, order.stop
        if key not in self._seen:
            self._seen[key] = self._made(order, 1)
        here, hashes = self._seen[key], truth.frame_hashes
        assert here.frame_hashes is not None  # noqa: S101 - as above
        differs = (here.frame_hashes[:, 0] != hashes[:, 0]) | np.any(here.sizes != truth.sizes, 1)
        for slot in np.flatnonzero(differs).tolist():
            raise _refused(order, slot, 0, worker)
        for slot in range(order.sequences):
            unread = np.flatnonzero(hashes[slot, : order.frames_of(slot)] == 0)
            if unread.size and self._is_read_here(order, slot, int(unread[0])):
                raise _refused(order, slot, int(unread[0]), worker)

    def _is_read_here(self, order: Order, slot: int, frame: int) -> bool:
        """Whether this machine can read a frame of one of an order's videos."""
        place = order.start + slot
        names = order.names[slot : slot + 1]
        one = replace(order, start=place, stop=place + 1, names=names)
        hashes = self._made(one, frame + 1).frame_hashes
        return hashes is not None and bool(hashes[0, frame])

    def _made(self, order: Order, length: int) -> Truth:
        """Return what is true of so many first frames of an order's videos, made here."""
        wanted = replace(order, task=Task.MAKE, length=length, frames_each=())
        ((_, answer),) = self._here.work([wanted])
        return made(answer).truth


def _refused(order: Order, slot: int, frame: int, worker: str) -> TrackbenchError:
    name = order.names[slot] if order.names else str(order.start + slot)
    return TrackbenchError(
        f"on worker {worker}: frame {frame} of {order.dataset} sequence {name} is not there what "
        "it is here: another picture, one that cannot be read, or another decoder of pictures"
    )
