"""A maker: the process that makes the videos of units, has hosts track them, and scores.

Started by :mod:`trackbench.running.pool` as ``python -c``; it ends when its parent does. It holds
the truth, and no code of a tracker's author runs in it.
"""

from __future__ import annotations

import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from trackbench.contracts import Dataset
from trackbench.errors import DataError, TrackbenchError, brief
from trackbench.host import descendants, wire
from trackbench.plugins.checked_sequence import make_sequence
from trackbench.plugins.decoder_complaints import watched
from trackbench.plugins.fingerprints import published_fingerprint
from trackbench.running import answer_codec
from trackbench.running.maker_datasets import MakerDatasets, recipe_for_data
from trackbench.running.messages import (
    Answer,
    Described,
    Made,
    News,
    Order,
    Refusal,
    Task,
    Tried,
)
from trackbench.running.servers import Servers
from trackbench.running.trial import try_tracker
from trackbench.running.unit import track_unit
from trackbench.running.videos import Videos, advised

_CODE = """
import sys
import _signal
_signal.signal(_signal.SIGINT, _signal.SIG_DFL)  # somebody who ends it wants no traceback
sys.path[:] = {path!r}
from trackbench.host.descendants import wake_with_parent
wake_with_parent()  # first: what follows takes a while, and it may be stopped meanwhile
from trackbench.running.maker import main
main(int(sys.argv[1]), int(sys.argv[2]))
"""
NEWS_SECONDS = 0.2


def command(path: list[str], channel: int, lifeline: int) -> list[str]:
    """Return the command line of a maker that finds modules in ``path``."""
    return [sys.executable, "-c", _CODE.format(path=path), str(channel), str(lifeline)]


def main(channel: int, lifeline: int) -> None:
    """Answer a parent's orders over the descriptor ``channel`` until it closes."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    descendants.adopt()
    descendants.end_with(lifeline)
    parent = wire.opened(channel)
    maker = _Maker(_Reporter(parent))
    try:
        with watched():  # a frame of an image that is damaged inside must not be scored
            while (message := wire.receive(parent)) is not None:
                says, payload = answer_codec.encoded(maker.answer(message.payload))
                wire.send(parent, says, payload)
    except (BrokenPipeError, ConnectionResetError):
        pass
    finally:
        maker.close()
        descendants.end_all()
        parent.close()


class _Reporter:
    """Tells the parent how far the work is, a few times a second."""

    def __init__(self, parent: socket.socket) -> None:
        self._parent = parent
        self._last_news = 0.0

    def __call__(self, frames: int, printed: bytes) -> None:
        now = time.monotonic()
        if printed or now - self._last_news >= NEWS_SECONDS:
            self._last_news = now
            says, payload = answer_codec.encoded(News(frames, printed))
            wire.send(self._parent, says, payload)


class _Maker:
    """What a maker keeps from one order to the next: data sets, and servers of hosts."""

    def __init__(self, report: Callable[[int, bytes], None]) -> None:
        self._report = report
        # First: hosts get the environment as it was before data sets' code has changed it.
        self._servers = Servers()
        self._datasets = MakerDatasets()
        self._differs: dict[bytes, str | None] = {}

    def answer(self, packed: bytes) -> Answer:
        what = "the work"
        try:
            order = Order.unpacked(packed)
            what = order.dataset or order.tracker
            return self._do(order)
        except TrackbenchError as error:
            detail = getattr(error, "detail", "") or traceback.format_exc()
            return Refusal(str(error), detail)
        # Whatever a data set's code raises must reach the user as a line, not end this process.
        except Exception as error:  # noqa: BLE001
            return Refusal(f"{what} cannot be made: {brief(error)}", traceback.format_exc())

    def close(self) -> None:
        self._servers.close()

    def _do(self, order: Order) -> Answer:
        if order.task is Task.WARM:
            return _warmed(order, self._servers)
        if order.task is Task.TRY:
            return try_tracker(order, self._servers, self._report)
        self._datasets.begin(order)
        answer = self._about_data(order)
        noted = self._datasets.noted()
        if isinstance(answer, Described):
            return replace(answer, reads=noted, made_of=self._datasets.made_of(order))
        return replace(answer, dataset_reads=noted)

    def _about_data(self, order: Order) -> Made | Described:
        dataset = self._datasets.get(order)
        if order.task is Task.DESCRIBE:
            return _described(dataset)
        videos = Videos(dataset, order)
        if order.task is Task.MAKE:
            return _only_made(videos, order)
        made = track_unit(order, videos, self._servers, self._report)
        recipe = recipe_for_data(order).payload
        if recipe not in self._differs:  # once for each data set: it costs as much as any sequence
            self._differs[recipe] = videos.difference_when_repeated()
        differs = self._differs[recipe]
        if differs is not None and not order.may_differ:
            raise TrackbenchError(advised(differs))
        return replace(made, differs=differs)


def _warmed(order: Order, servers: Servers) -> Tried:
    assert order.tracker_recipe is not None  # noqa: S101 - an order about a tracker has one
    recipe = order.tracker_recipe
    servers.get(recipe.path, order.preload, recipe.python)
    return Tried(None)


def _described(dataset: Dataset) -> Described:
    fingerprint = published_fingerprint(dataset)
    return Described(fingerprint, _first_size(dataset))


def _first_size(dataset: Dataset) -> tuple[int, int]:
    """Return height and width of the first sequence that can be read.

    Raises:
        DataError: none can.
    """
    unreadable: DataError | None = None
    for index in range(dataset.spec.sequences):
        try:
            height, width = make_sequence(dataset, index, 1).frames.shape[1:3]
        except DataError as error:
            unreadable = unreadable or error
        else:
            return height, width
    raise unreadable or DataError(f"{dataset.spec.id} has no sequence")


def _only_made(videos: Videos, order: Order) -> Made:
    nothing = np.empty((0, order.length, 4)), np.empty((0, order.length))
    return Made(*nothing, videos.truth())
