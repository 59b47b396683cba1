"""A maker: the process that makes the videos of units, has hosts track them, and scores.

Started by :mod:`trackbench.running.pool` as ``python -c``; it ends when its parent does. It holds
the truth, and no code of a tracker's author runs in it.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np

from trackbench.contracts import Dataset, DatasetSpec
from trackbench.errors import TrackbenchError, brief
from trackbench.host import descendants, wire
from trackbench.plugins.checked_sequence import make_sequence
from trackbench.plugins.dataset_identity import MadeOf, dataset_made_of
from trackbench.plugins.fingerprints import published_fingerprint
from trackbench.plugins.importing import working_folder
from trackbench.plugins.patched import Libraries
from trackbench.plugins.registry import build_dataset
from trackbench.running import answer_codec
from trackbench.running.messages import (
    Answer,
    Brought,
    Described,
    Made,
    News,
    Order,
    Refusal,
    Task,
    Tried,
)
from trackbench.running.recipe import Recipe, follow
from trackbench.running.servers import Servers
from trackbench.running.unit import track_unit, try_tracker
from trackbench.running.videos import Videos, advised
from trackbench.running.watched_dataset import Reading, WatchedDataset

_CODE = """
import sys
import _signal
_signal.signal(_signal.SIGINT, _signal.SIG_DFL)  # no traceback of what somebody ends
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
    """Serve a parent over the descriptor ``channel`` until it closes."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    descendants.adopt()
    descendants.end_with(lifeline)
    parent = wire.opened(channel)
    maker = _Maker(_Reporter(parent))
    try:
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


@dataclass
class _Imported:
    """A data set that is not built in, as it was when its code had been imported.

    Attributes:
        spec: of it.
        path, folder: where Python looks for modules, and the working folder, as its code left them.
        notes: what that was seen to read; empty once they were passed on.
        made_of: what it is made of here.
    """

    spec: DatasetSpec
    path: list[str]
    folder: str
    notes: tuple[str, ...]
    made_of: MadeOf | None = None


class _Maker:
    """What a maker keeps from one order to the next: data sets, and servers of hosts."""

    def __init__(self, report: Callable[[int, bytes], None]) -> None:
        self._report = report
        self._datasets: dict[bytes, Dataset] = {}
        self._differs: dict[bytes, str | None] = {}
        self._servers = Servers()
        self._reading = Reading()
        self._imported: dict[bytes, _Imported] = {}
        self._variables = dict(os.environ)  # before anybody's code has changed it

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
        self._import_all(order.brought)
        self._reading.begin(order.dataset_known)
        imported = self._imported.get(_recipe(order).payload)
        if imported is not None:
            self._return_to(imported)
        answer = self._about_data(order)
        if isinstance(answer, Described):
            made_of = None if imported is None else imported.made_of
            return replace(answer, reads=self._reading.noted(), made_of=made_of)
        return replace(answer, dataset_reads=self._reading.noted())

    def _import_all(self, listed: tuple[Brought, ...]) -> None:
        """Import the code of all data sets; what one is made of is looked at after the last."""
        new = [brought for brought in listed if brought.recipe.payload not in self._imported]
        imported = {brought.recipe.payload: self._import(brought) for brought in new}
        for each in imported.values():
            each.made_of = dataset_made_of(each.spec, self._variables)
        self._imported |= imported

    def _import(self, brought: Brought) -> _Imported:
        self._reading.begin(brought.known)
        libraries = Libraries.now()
        try:
            with self._reading.noting():
                spec: DatasetSpec = follow(brought.recipe)
        except TrackbenchError:
            raise
        except Exception as error:  # a plugin may raise anything
            raise TrackbenchError(f"{brought.id} cannot be made: {brief(error)}") from error
        finally:
            libraries.restore()  # all trackers are scored here
        notes = self._reading.noted()
        return _Imported(spec, list(sys.path), working_folder(), notes)

    def _return_to(self, imported: _Imported) -> None:
        """Be as a data set's code left this process, and tell what that has read."""
        sys.path[:] = imported.path
        with suppress(OSError):
            os.chdir(imported.folder)
        self._reading.again(imported.notes)
        imported.notes = ()

    def _about_data(self, order: Order) -> Made | Described:
        dataset = self._dataset(order)
        if order.task is Task.DESCRIBE:
            return _described(dataset)
        recipe = _recipe(order).payload
        videos = Videos(dataset, order.start, order.stop, order.length)
        if order.task is Task.MAKE:
            return _only_made(videos, order)
        made = track_unit(order, videos, self._servers, self._report)
        if recipe not in self._differs:  # once for each data set: it costs as much as any sequence
            self._differs[recipe] = videos.difference_when_repeated()
        differs = self._differs[recipe]
        if differs is not None and not order.may_differ:
            raise TrackbenchError(advised(differs))
        return replace(made, differs=differs)

    def _dataset(self, order: Order) -> Dataset:
        recipe = _recipe(order)
        if recipe.payload not in self._datasets:
            imported = self._imported.get(recipe.payload)
            with self._reading.noting():
                spec: DatasetSpec = follow(recipe) if imported is None else imported.spec
                dataset = build_dataset(spec)
            self._datasets[recipe.payload] = WatchedDataset(dataset, self._reading)
        return self._datasets[recipe.payload]


def _recipe(order: Order) -> Recipe:
    assert order.dataset_recipe is not None  # noqa: S101 - an order for videos has one
    return order.dataset_recipe


def _warmed(order: Order, servers: Servers) -> Tried:
    assert order.tracker_recipe is not None  # noqa: S101 - an order about a tracker has one
    recipe = order.tracker_recipe
    servers.get(recipe.path, order.preload, recipe.python)
    return Tried(None)


def _described(dataset: Dataset) -> Described:
    fingerprint = published_fingerprint(dataset)
    height, width = make_sequence(dataset, 0, 1).frames.shape[1:3]
    return Described(fingerprint, (height, width))


def _only_made(videos: Videos, order: Order) -> Made:
    truth = videos.truth()
    nothing = np.empty((0, order.length, 4)), np.empty((0, order.length))
    return Made(truth, *nothing)
