"""The values of a ``bench.toml``, each of the type that it should have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from trackbench.running.toml_sections import wrong_value


@dataclass(frozen=True)
class BenchValues:
    """Values by key; a key that is not there is None, or nothing.

    Attributes:
        where: the file, for messages.
        table: what stands in it.
    """

    where: str
    table: Mapping[str, Any]

    def word(self, key: str) -> str | None:
        """Return a text.

        Raises:
            TrackbenchError: it is another thing, or empty.
        """
        value = self.table.get(key)
        if value is not None and not _is_word(value):
            raise wrong_value(self.where, key, value, f'{key} = "..."')
        return value

    def words(self, key: str) -> tuple[str, ...]:
        """Return texts; one by itself is a list of one.

        Raises:
            TrackbenchError: it is another thing.
        """
        value = self.table.get(key, [])
        listed = [value] if isinstance(value, str) else value
        if not isinstance(listed, list) or not all(map(_is_word, listed)):
            raise wrong_value(self.where, key, value, f'{key} = ["...", "..."]')
        return tuple(listed)

    def count(self, key: str) -> int | None:
        """Return a whole number.

        Raises:
            TrackbenchError: it is another thing.
        """
        value = self.table.get(key)
        if value is not None and not _is_count(value):
            raise wrong_value(self.where, key, value, f"{key} = 8")
        return value

    def number(self, key: str, such_as: float) -> float | None:
        """Return a number; ``such_as`` is one that a message may show.

        Raises:
            TrackbenchError: it is another thing.
        """
        value = self.table.get(key)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            raise wrong_value(self.where, key, value, f"{key} = {such_as}")
        return None if value is None else float(value)

    def lengths(self, key: str) -> tuple[int | str, ...] | None:
        """Return lengths: whole numbers, and texts.

        Raises:
            TrackbenchError: it is another thing.
        """
        value = self.table.get(key)
        if value is None:
            return None
        listed = value if isinstance(value, list) else [value]
        if not listed or not all(_is_count(each) or _is_word(each) for each in listed):
            raise wrong_value(self.where, key, value, f'{key} = [20, 40, "full"]')
        return tuple(listed)

    def table_of(self, key: str) -> Mapping[str, Any]:
        """Return the tables below a key.

        Raises:
            TrackbenchError: it is another thing.
        """
        value = self.table.get(key, {})
        if not isinstance(value, dict):
            raise wrong_value(
                self.where, key, value, f"[{key}.NAME], and below it what the tracker needs"
            )
        return value


def _is_word(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip()) and "\0" not in value


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
