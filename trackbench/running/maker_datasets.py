"""The data sets of a maker: each is imported once, and used in a process as its import left it."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from dataclasses import dataclass

from trackbench.contracts import Dataset, DatasetSpec
from trackbench.errors import TrackbenchError, brief
from trackbench.plugins.dataset_identity import MadeOf, dataset_made_of
from trackbench.plugins.importing import working_folder
from trackbench.plugins.patched import Libraries
from trackbench.plugins.registry import build_dataset
from trackbench.running.messages import Brought, Order
from trackbench.running.recipe import Recipe, follow
from trackbench.running.watched_dataset import Reading, WatchedDataset


class MakerDatasets:
    """The data sets that a maker was asked for, and what they are seen to read."""

    def __init__(self) -> None:
        self._datasets: dict[bytes, Dataset] = {}
        self._imported: dict[bytes, _Imported] = {}
        self._reading = Reading()
        self._variables = dict(os.environ)  # as they are before data sets' code changes them

    def begin(self, order: Order) -> None:
        """Import what the order's run brings; make the process as the order's data set left it.

        From here on it is noted what the data set reads.

        Raises:
            TrackbenchError: a data set cannot be imported.
        """
        self._import_all(order.brought)
        self._reading.begin(order.dataset_known)
        imported = self._imported.get(recipe_for_data(order).payload)
        if imported is not None:
            self._return_to(imported)

    def get(self, order: Order) -> Dataset:
        """Return the order's data set, built when it is first asked for.

        Raises:
            TrackbenchError: it cannot be built.
            Exception: whatever else its author's code raises.
        """
        recipe = recipe_for_data(order)
        if recipe.payload not in self._datasets:
            imported = self._imported.get(recipe.payload)
            with self._reading.noting():
                spec: DatasetSpec = follow(recipe) if imported is None else imported.spec
                dataset = build_dataset(spec)
            self._datasets[recipe.payload] = WatchedDataset(dataset, self._reading)
        return self._datasets[recipe.payload]

    def made_of(self, order: Order) -> MadeOf | None:
        """Return what the order's data set is made of in this process; None of a built-in one."""
        imported = self._imported.get(recipe_for_data(order).payload)
        return None if imported is None else imported.made_of

    def noted(self) -> tuple[str, ...]:
        """Return notes of what the order's data set was seen to read."""
        return self._reading.noted()

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
            libraries.restore()  # what a plugin patched would decide all trackers' scores
        notes = self._reading.noted()
        return _Imported(spec, list(sys.path), working_folder(), notes)

    def _return_to(self, imported: _Imported) -> None:
        """Make the process as a data set's import left it; pass on what that was seen to read."""
        sys.path[:] = imported.path
        with suppress(OSError):
            os.chdir(imported.folder)
        self._reading.add(imported.notes)
        imported.notes = ()


@dataclass
class _Imported:
    """A data set that is not built in, and the process as it was when its code had been imported.

    Attributes:
        spec: of the data set.
        path: where Python looked for modules.
        folder: the working folder.
        notes: what importing it was seen to read; empty once they were passed on.
        made_of: what it is made of in this process.
    """

    spec: DatasetSpec
    path: list[str]
    folder: str
    notes: tuple[str, ...]
    made_of: MadeOf | None = None


def recipe_for_data(order: Order) -> Recipe:
    """Return how to make the data set of an order for videos."""
    assert order.dataset_recipe is not None  # noqa: S101 - an order for videos has one
    return order.dataset_recipe
