"""What a run's trackers and data sets are made of, listed so that a worker can put it together.

It is found by content: a worker that has a file of that hash is not sent it again, whatever it was
called and whichever run has brought it.
"""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from trackbench.errors import TrackbenchError
from trackbench.plugins.hashing.file_hash import sizes_sha256
from trackbench.running.cluster.packages import Package
from trackbench.running.messages import Brought, Order

_NOTHING = "nothing"

Versions = tuple[tuple[str, str], ...]
"""Names and versions, of an interpreter and its libraries."""


@dataclass(frozen=True)
class Carried:
    """A file that is brought to workers.

    Attributes:
        path: where it is found in the parent's machine, absolute.
        real: the same without symbolic links.
        sha256: of its content.
        size: bytes.
    """

    path: str
    real: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Linked:
    """A file or folder of a data set's, which each worker has by itself.

    Attributes:
        path: absolute, the same there.
        sha256: of :func:`~trackbench.plugins.hashing.file_hash.sizes_sha256`; empty: it is not
            compared, for the data set's fingerprint says what lies there, or nobody can say.
    """

    path: str
    sha256: str

    @classmethod
    def of(cls, path: str) -> Linked:
        """Return what is at a path of this machine, if only that there is nothing.

        Raises:
            UnhashableError: nobody can say.
        """
        found = Path(path)
        return cls(path, sizes_sha256(found) if found.exists() else _NOTHING)


@dataclass(frozen=True)
class Manifest:
    """All that a worker is brought for a run, and what it leaves where it is.

    Attributes:
        files: brought by content.
        folders: that parameters name; all files in them are among ``files``.
        links: files and folders of data sets: each worker has them at the same place.
        variables: of the environment, that decide something: name -> value; None: it is not set.
        folder: the parent's working folder.
        python: the parent's interpreter.
        ahead: the places that the parent's Python looks in before it looks in its own library.
        brought: the data sets that every order brings, which are left out of the orders.
        packages: installed ones, which each worker has by itself.
        interpreters: others than Python's own here, and the versions of what is installed there.
    """

    files: tuple[Carried, ...] = ()
    folders: tuple[str, ...] = ()
    links: tuple[Linked, ...] = ()
    variables: Mapping[str, str | None] | None = None
    folder: str = ""
    python: str = ""
    ahead: tuple[str, ...] = ()
    brought: tuple[Brought, ...] = ()
    packages: tuple[Package, ...] = ()
    interpreters: tuple[tuple[str, Versions], ...] = ()

    def without_brought(self, order: Order) -> Order:
        """Return an order without what it brings, where that is what the manifest has."""
        return replace(order, brought=()) if order.brought == self.brought else order

    def packed(self) -> bytes:
        """Return it as bytes."""
        return pickle.dumps(self)

    @staticmethod
    def unpacked(content: bytes) -> Manifest:
        """Return the manifest of these bytes, which a parent has packed."""
        found: Manifest = pickle.loads(content)
        return found


class ChangedError(TrackbenchError):
    """A file is no longer what it was when the run began."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path} was changed while it was brought to the cluster's workers: run it again"
        )
