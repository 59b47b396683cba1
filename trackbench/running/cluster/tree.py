"""A manifest's files put together on a worker, each at its path below a folder of the worker's."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from trackbench.plugins.own_folders import search_path
from trackbench.plugins.reads import Known
from trackbench.running.cluster.contents import Contents
from trackbench.running.cluster.manifest import Carried, Manifest
from trackbench.running.cluster.pickled_strings import with_strings
from trackbench.running.cluster.what_is_here import check_what_is_here
from trackbench.running.messages import Brought, Order
from trackbench.running.recipe import Recipe


class Tree:
    """The files of a manifest on this machine, and orders that name them there.

    The parent's ``/home/ann/mine.py`` is ``ROOT/home/ann/mine.py``, so relative places stay what
    they are. A string that is wholly the path of such a file, or of a folder that was named, counts
    as one; no other is touched.
    """

    def __init__(self, root: Path, manifest: Manifest, contents: Contents, without: str) -> None:
        """Put the files there.

        Args:
            root: a folder of this process.
            manifest: what is in it.
            contents: all of the files.
            without: a place of Dask's in this process's path, where modules may lie that somebody
                has uploaded.
        """
        self._root, self._manifest = os.path.realpath(root), manifest
        self._worker_path = [place for place in search_path() if place != without]
        self._below: set[str] = set()
        self._whole = {carried.path for carried in manifest.files} | set(manifest.folders)
        self._checked: set[str] = set()
        shutil.rmtree(root, ignore_errors=True)
        root.mkdir(mode=0o700, parents=True)
        self._put_together(contents)
        self._stamps = dict(self._stamped())
        self._other_here = self._not_alike_here()

    def is_whole(self) -> bool:
        """Whether nobody has written to a file since it was put there."""
        return dict(self._stamped()) == self._stamps

    def check_what_is_here(self, run: str) -> None:
        """Make sure, once for each run, that this machine has what was not brought.

        Raises:
            TrackbenchError: packages, or the files of data sets, are others.
        """
        if run not in self._checked:
            check_what_is_here(self._manifest)
            self._checked.add(run)

    @property
    def variables(self) -> dict[str, str | None]:
        """Variables of the environment as the parent has them; None: they are not set there."""
        return dict(self._manifest.variables or {})

    def localized(self, order: Order) -> Order:
        """Return an order of the parent's as it is to be carried out here."""
        return replace(
            order,
            dataset_recipe=self._recipe(order.dataset_recipe),
            tracker_recipe=self._recipe(order.tracker_recipe),
            dataset_known=self._known(order.dataset_known),
            tracker_known=self._known(order.tracker_known),
            brought=self._localized(order.brought) if order.brought else self._brought_by_all,
        )

    @cached_property
    def _brought_by_all(self) -> tuple[Brought, ...]:
        return self._localized(self._manifest.brought)

    def _localized(self, brought: tuple[Brought, ...]) -> tuple[Brought, ...]:
        return tuple(
            Brought(each.id, self._of(each.recipe), self._known(each.known)) for each in brought
        )

    def as_said_there(self, says: Any) -> Any:
        """Return plain JSON with the parent's paths in it: in tracebacks, notes, messages."""
        if isinstance(says, str):
            return says.replace(self._root, "")
        if isinstance(says, list):
            return [self.as_said_there(item) for item in says]
        if isinstance(says, dict):
            return {key: self.as_said_there(value) for key, value in says.items()}
        return says

    def _put_together(self, contents: Contents) -> None:
        for folder in (*self._manifest.folders, self._manifest.folder):
            if folder:
                Path(self._in(folder)).mkdir(parents=True, exist_ok=True)
        for carried in self._manifest.files:
            here = Path(self._in(carried.path))
            here.parent.mkdir(parents=True, exist_ok=True)
            # A copy: a tracker that writes to it spoils it for this tree alone.
            shutil.copyfile(contents.path(carried.sha256), here)
            here.chmod(0o400)
            self._below.update(map(str, Path(carried.path).parents))
        for linked in self._manifest.links:
            place = linked.path
            here = Path(self._in(place))
            if not here.exists():
                here.parent.mkdir(parents=True, exist_ok=True)
                here.symlink_to(place)
            self._below.update(map(str, Path(place).parents))

    def _stamped(self) -> Iterator[tuple[str, tuple[int, int, int]]]:
        for carried in self._manifest.files:
            try:
                found = os.stat(self._in(carried.path))  # noqa: PTH116 - a string is at hand
            except OSError:
                yield carried.path, (-1, 0, 0)
            else:
                yield carried.path, (found.st_size, found.st_mtime_ns, found.st_ctime_ns)

    def _not_alike_here(self) -> set[str]:
        """Return the parent's files and folders that are not the same at that path here."""
        others = {c.real for c in self._manifest.files if not _is_alike(c)}
        below = {str(parent) for real in others for parent in Path(real).parents}
        return others | (below & set(self._manifest.folders))

    def _in(self, path: str) -> str:
        return self._root + path

    def _recipe(self, recipe: Recipe | None) -> Recipe | None:
        return None if recipe is None else self._of(recipe)

    def _of(self, recipe: Recipe) -> Recipe:
        ours = recipe.python == self._manifest.python
        return replace(
            recipe,
            payload=with_strings(recipe.payload, self._named),
            path=tuple(self._path(recipe) if ours else map(self._place, recipe.path)),
            modules={name: self._file(file) for name, file in recipe.modules.items()},
            main=None if recipe.main is None else (recipe.main[0], self._file(recipe.main[1])),
            folder=self._place(recipe.folder),
            python=sys.executable if ours else recipe.python,
            variables={name: self._named(value) for name, value in recipe.variables.items()},
        )

    def _path(self, recipe: Recipe) -> list[str]:
        """Return where modules are found: the author's folders, and what this machine has."""
        mine = [place for place in recipe.path if place in self._below]
        ahead = [place for place in mine if place in self._manifest.ahead]
        behind = [place for place in mine if place not in ahead]
        return [*map(self._in, ahead), *self._worker_path, *map(self._in, behind)]

    def _place(self, folder: str) -> str:
        """Return a folder of the parent's as it is here: below the root, if anything of it is."""
        here = self._in(folder)
        return here if folder in self._below or (folder and Path(here).is_dir()) else folder

    def _file(self, file: str) -> str:
        return self._in(file) if file in self._whole else file

    def _named(self, text: str) -> str:
        return self._in(text) if text in self._whole else text

    def _known(self, known: Known | None) -> Known | None:
        """Return what a hash stands for, as it is called here.

        A file that the parent has and this machine has otherwise is no longer among it: who reads
        that instead of what was brought, reads something else.
        """
        if known is None:
            return None
        paths = set(known.paths)
        brought = {c.path: c.real for c in self._manifest.files if c.real in paths}
        kept = paths - self._other_here
        of_folders = {self._in(folder) for folder in self._manifest.folders if folder in paths}
        here = {*map(self._in, brought), *kept, *of_folders}
        own = (*known.own, *map(self._in, known.own))
        return Known(tuple(sorted(here)), own, known.variables)


def _is_alike(carried: Carried) -> bool:
    """Whether this machine has a file at the parent's path, with its content."""
    there = Path(carried.real)
    try:
        if there.stat().st_size != carried.size:
            return False
        with there.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == carried.sha256
    except OSError:
        return False
