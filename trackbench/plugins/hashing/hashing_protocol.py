"""What the hash of code, objects and leaves needs of the walk over all that can be reached.

The walk is :class:`trackbench.plugins.hashing.content_hash.Content`, where all this is described.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from trackbench.plugins.hashing.file_hash import Named
from trackbench.plugins.hashing.own_files import Ownership


class Hashing(Protocol):
    """The walk, as those see it who hash one kind of value."""

    ownership: Ownership
    named: Named
    home: Path
    files: dict[Path, tuple[str, str]]
    noted: dict[str, bool]
    modules: set[str]
    words: set[str]
    paths: list[Path]
    names_environment: bool
    unwritten: bool
    lenient: bool

    def token(self, value: Any) -> bytes: ...  # noqa: D102 - described there
    def node(self, value: Any) -> bytes: ...  # noqa: D102
    def pairs(self, items: Iterable[tuple[Any, Any]]) -> bytes: ...  # noqa: D102
    def unordered(self, members: Iterable[Any]) -> list[bytes]: ...  # noqa: D102
    def keep(self, value: Any) -> None: ...  # noqa: D102
    def at(self, label: str, *, lenient: bool | None = None) -> AbstractContextManager[None]: ...  # noqa: D102
