"""What a worker keeps from one unit to the next: what it was brought, and makers.

A worker is a process of Dask's, in which no code of an author's runs: each of its threads has a
maker of its own beneath it, and that has hosts.
"""

from __future__ import annotations

import os
import threading
import time
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from trackbench.running.cluster.contents import Contents
from trackbench.running.cluster.manifest import Manifest
from trackbench.running.cluster.tree import Tree
from trackbench.running.maker_process import MakerProcess

IDLE_SECONDS = 60.0
"""How long a maker is kept that nobody gives an order: its parent may have gone without a word."""
_FOLDER = "trackbench-units"
"""No name of a module: Dask puts the folder above it into ``sys.path``."""


@dataclass(eq=False)
class Desk:
    """A maker, and what it was seen to find as it should be.

    Attributes:
        maker: the process.
        tree: the files that it was started for.
        found: keys of checks that were passed.
        since: when it was last given back, in seconds of a clock.
    """

    maker: MakerProcess
    tree: Tree
    found: set[tuple[str, str | None]] = field(default_factory=set)
    since: float = 0.0


class Place:
    """A worker's: contents, trees of them, and makers that wait for work."""

    def __init__(self, folder: Path) -> None:
        """Begin with nothing.

        Args:
            folder: the worker's own, which is removed when it ends.
        """
        self._folder, self._without = folder / _FOLDER, str(folder)
        self.contents = Contents(self._folder / "contents")
        self._trees: dict[str, Tree] = {}
        self._waiting: dict[str, list[Desk]] = {}
        self._lock = threading.Lock()
        self._number = 0

    def lacks(self, manifest: str) -> list[str] | None:
        """Return the hashes of contents that are not here; None: the manifest itself is not."""
        if not self.contents.has(manifest):
            return None
        listed = Manifest.unpacked(self.contents.path(manifest).read_bytes())
        wanted = dict.fromkeys(carried.sha256 for carried in listed.files)
        return [sha256 for sha256 in wanted if not self.contents.has(sha256)]

    @contextmanager
    def desk(self, manifest: str, run: str) -> Iterator[Desk]:
        """Have a maker that finds what a manifest lists, which must be here; it is kept after that.

        One over which something is raised is ended.

        Args:
            manifest: its hash.
            run: for which; once for each it is looked whether what was not brought is here.

        Raises:
            TrackbenchError: it is not.
        """
        tree = self._tree(manifest, run)
        desk = self._taken(manifest, tree) or _new_desk(tree)
        try:
            yield desk
        except BaseException:
            desk.maker.end()
            raise
        with self._lock:
            desk.since = time.monotonic()
            self._waiting.setdefault(manifest, []).append(desk)
        later = threading.Timer(IDLE_SECONDS + 1.0, self.end_idle)
        later.daemon = True
        later.start()

    def end_idle(self, seconds: float = IDLE_SECONDS) -> None:
        """End the makers that have waited so long."""
        with self._lock:
            for manifest, desks in list(self._waiting.items()):
                old = [d for d in desks if time.monotonic() - d.since >= seconds]
                self._waiting[manifest] = [desk for desk in desks if desk not in old]
                for desk in old:
                    with suppress(OSError):
                        desk.maker.end()

    def _taken(self, manifest: str, tree: Tree) -> Desk | None:
        with self._lock:
            desks = self._waiting.get(manifest, [])
            while desks:
                desk = desks.pop()
                if desk.tree is tree:
                    return desk
                desk.maker.end()
        return None

    def _tree(self, manifest: str, run: str) -> Tree:
        """Return the files of a manifest, put together; again, where somebody has changed them."""
        with self._lock:
            tree = self._trees.get(manifest)
            if tree is None or not tree.is_whole():
                listed = Manifest.unpacked(self.contents.path(manifest).read_bytes())
                self._number += 1
                root = self._folder / "trees" / str(self._number)
                tree = Tree(root, listed, self.contents, self._without)
                self._trees[manifest] = tree
            tree.check_what_is_here(run)
            return tree


def _new_desk(tree: Tree) -> Desk:
    return Desk(MakerProcess({**not_for_makers(), **tree.variables}), tree)


def not_for_makers() -> dict[str, None]:
    """Return variables of a worker's environment that its makers do without.

    A nanny of Dask's makes C's library give memory back to the system at once. Trackers, which need
    as much for the next frame, are slower by that than on one machine alone, and so would be the
    frames/s that are measured.
    """
    import dask.config

    of_nannies = dask.config.get("distributed.nanny.pre-spawn-environ", None)
    trim = "MALLOC_TRIM_THRESHOLD_"
    # A worker without a nanny may have anything there, or nothing.
    set_there = of_nannies.get(trim) if isinstance(of_nannies, Mapping) else None
    return {trim: None} if os.environ.get(trim) == str(set_there) else {}


_PLACES: weakref.WeakKeyDictionary[Any, Place] = weakref.WeakKeyDictionary()
_MAKING = threading.Lock()


def place_of(worker: Any) -> Place:
    """Return what a worker of Dask's keeps; several workers may be in one process."""
    with _MAKING:
        if worker not in _PLACES:
            _PLACES[worker] = Place(Path(worker.local_directory))
        return _PLACES[worker]


def lacking(manifest: str, dask_worker: Any) -> list[str] | None:
    """Return what a worker lacks of a manifest; Dask calls it there."""
    return place_of(dask_worker).lacks(manifest)


def receive(sha256: str, offset: int, piece: bytes, last: bool, dask_worker: Any) -> None:
    """Take a piece of a content; Dask calls it on a worker."""
    place_of(dask_worker).contents.receive(sha256, offset, piece, last=last)


def end_makers(dask_worker: Any) -> None:
    """End the makers that wait for work; Dask calls it on a worker when a run is over."""
    if dask_worker in _PLACES:
        _PLACES[dask_worker].end_idle(0.0)
