"""The sections of a ``trackers.toml``: an author's trackers, each with what it needs.

==================  ==============================================================================
``tracker``         a scheme's name, ``package.module:Class``, or an id (of the plugin, or of ours)
``plugin``          a Python file that brings it
``parameters``      a table: what the tracker is built with
``python``          the interpreter that it runs in
``environment``     a table: variables of its processes
``folder``          their working folder; without it, the file's
``weights``         a file of weights
``device``          ``"cpu"`` or ``"cuda"``
``timeout``         seconds that one call of it may take
``description``     one line
==================  ==============================================================================
"""

from __future__ import annotations

import math
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from trackbench.errors import TrackbenchError, UnknownIdError
from trackbench.host import bootstrap
from trackbench.ids import parse
from trackbench.plugins import registry

LARGEST = 2**20
"""Bytes."""

_KEYS = (
    *("tracker", "plugin", "parameters", "python", "environment", "folder", "weights"),
    *("device", "timeout", "description"),
)
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, kw_only=True)
class Section:
    """A tracker of the file; paths are absolute.

    Attributes:
        where: the section and its file, for messages.
        name: the tracker's id.
        tracker: as it is named on the command line.
        plugin: a file that brings it; None: none is needed.
        parameters: of its factory.
        python: the interpreter, by its path or as the shell finds it; None: this one.
        environment: variables of its processes.
        folder: their working folder.
        weights: a file; None: those that it comes with.
        device: that it computes on; None: as it likes.
        timeout: seconds of one call; None: as for all.
        description: one line; empty: the tracker's own.
        is_apart: it has variables or a working folder of its own, so it is not to be imported in
            this process, where a module is there once, with the variables of all.
    """

    where: str
    name: str
    tracker: str
    plugin: Path | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    python: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path = Path()
    weights: Path | None = None
    device: str | None = None
    timeout: float | None = None
    description: str = ""
    is_apart: bool = False


def read_sections(file: Path) -> dict[str, Section]:
    """Return the sections of a file by their names; nothing of a tracker is imported.

    Raises:
        TrackbenchError: it cannot be read, or is not such a file, in a line that says where.
    """
    tables, _ = read_toml(file, "trackers.toml")
    if not tables:
        raise TrackbenchError(f"{file} has no tracker: write [name] and tracker = ... below it")
    return sections_of(file, tables)


def sections_of(file: Path, tables: Mapping[str, Any], above: str = "") -> dict[str, Section]:
    """Return the sections of tables by their names.

    Args:
        file: that they stand in, for messages; paths start from its folder.
        tables: name -> keys and values.
        above: what stands before a name in the file, such as ``"tracker."``.

    Raises:
        TrackbenchError: something in them is wrong.
    """
    return {name: _section(file, name, table, above) for name, table in tables.items()}


def read_toml(file: Path, kind: str) -> tuple[dict[str, Any], str]:
    """Return what a TOML file of a user's says, and its text.

    Args:
        file: which.
        kind: what it should be, for messages.

    Raises:
        TrackbenchError: it cannot be read, or is none.
    """
    try:
        with file.open("rb") as stream:
            content = stream.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise TrackbenchError(f"{file} has over {LARGEST} bytes: it is no {kind}")
        text = content.decode("utf-8-sig")
        return tomllib.loads(text), text
    except OSError as error:
        raise TrackbenchError(f"{file} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise TrackbenchError(f"{file} is no UTF-8 text (line {line})") from error
    except tomllib.TOMLDecodeError as error:
        raise TrackbenchError(f"{file} is no TOML: {error}") from error
    except RecursionError:
        raise TrackbenchError(f"{file} is no {kind}: it is nested too deep") from None


def _section(file: Path, name: str, table: Any, above: str) -> Section:
    where = f"[{above}{name}] of {file}"
    if not isinstance(table, dict):
        raise TrackbenchError(f"{file}: {name} stands in no section: write [{above}name] above it")
    try:
        parse(name)
    except TrackbenchError as error:
        raise TrackbenchError(f"{where}: {error}") from error
    if registry.trackers().is_built_in(name):
        raise TrackbenchError(f"{where} is a built-in tracker's name: choose another")
    for key, value in table.items():
        if key not in _KEYS:
            quoted = f'[{above}"{name}.{key}"]'
            hint = f" (a name with a dot is quoted: {quoted})" if isinstance(value, dict) else ""
            raise TrackbenchError(f"{where}: {UnknownIdError('key', key, _KEYS)}{hint}")
    return _Reader(where, table, file.absolute().parent).section(name)


@dataclass(frozen=True)
class _Reader:
    """Reads the keys of one section.

    Attributes:
        where: which, for messages.
        table: its keys and values.
        home: the file's folder, from which paths start.
    """

    where: str
    table: Mapping[str, Any]
    home: Path

    def section(self, name: str) -> Section:
        folder = self._path("folder") or self.home
        if not folder.is_dir():
            raise TrackbenchError(f"{self.where}: there is no folder {folder}")
        tracker = self._word("tracker")
        if not tracker:
            raise TrackbenchError(f"{self.where} has no tracker: write tracker = 'module:Class'")
        environment = self._environment()
        return Section(
            is_apart=bool(environment) or folder != self.home,
            where=self.where,
            name=name,
            tracker=tracker,
            plugin=self._file("plugin"),
            parameters=self._parameters(),
            python=self._python(),
            environment=environment,
            folder=folder,
            weights=self._file("weights"),
            device=self._word("device"),
            timeout=self._seconds(),
            description=self._word("description") or "",
        )

    def _word(self, key: str) -> str | None:
        value = self.table.get(key)
        if value is not None and not isinstance(value, str):
            raise wrong_value(self.where, key, self.table[key], "a word in quotation marks")
        if value is not None and ("\0" in value or not value.strip()):
            raise TrackbenchError(f"{self.where}: {key} is empty: write it, or leave it out")
        return value

    def _path(self, key: str) -> Path | None:
        word = self._word(key)
        if word is None:
            return None
        try:
            return Path(os.path.normpath(self.home / Path(word).expanduser()))
        except RuntimeError as error:  # ~NAME of a user that there is not
            raise TrackbenchError(f"{self.where}: {key} {word}: {error}") from error

    def _file(self, key: str) -> Path | None:
        path = self._path(key)
        if path is not None and not path.is_file():
            what = "is no file" if path.exists() else "is not there"
            raise TrackbenchError(f"{self.where}: {key} {path} {what}")
        return path

    def _python(self) -> str | None:
        word = self._word("python")
        if word is None or (os.sep not in word and not word.startswith("~")):
            return word
        return str(self._path("python"))

    def _parameters(self) -> dict[str, Any]:
        table = self._table("parameters")
        for name, value in table.items():
            if not name.isidentifier():
                raise TrackbenchError(f"{self.where}: {name!r} is no name of a parameter")
            if _holds_a_time(value):
                raise TrackbenchError(
                    f"{self.where}: parameter {name} holds a date or time: write it as a word"
                )
        return table

    def _environment(self) -> dict[str, str]:
        table = self._table("environment")
        for name, value in table.items():
            if not _VARIABLE.fullmatch(name):
                raise TrackbenchError(f"{self.where}: {name!r} is no name of a variable")
            if not isinstance(value, str) or "\0" in value:
                raise TrackbenchError(
                    f'{self.where}: the variable {name} is a text: write {name} = "{value}"'
                )
            if bootstrap.is_fixed(name):
                raise TrackbenchError(
                    f"{self.where}: the variable {name} is the same for all trackers, so that "
                    "results are the same everywhere: leave it out"
                )
        return table

    def _table(self, key: str) -> dict[str, Any]:
        value = self.table.get(key, {})
        if not isinstance(value, dict):
            raise wrong_value(
                self.where, key, self.table[key], f"a table, {key} = {{ name = value }}"
            )
        return value

    def _seconds(self) -> float | None:
        value = self.table.get("timeout")
        if value is None:
            return None
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not 0 < value < math.inf:
            raise wrong_value(
                self.where, "timeout", self.table["timeout"], "a positive number of seconds"
            )
        return float(value)


def wrong_value(where: str, key: str, value: object, wanted: str) -> TrackbenchError:
    """Return the error for a value of a file that is not what its key takes.

    Args:
        where: the file, and the section where there is one.
        key: its name.
        value: what stands there.
        wanted: what to write instead.
    """
    return TrackbenchError(f"{where}: {key} = {value!r}: write {wanted}")


def _holds_a_time(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_holds_a_time, value.values()))
    if isinstance(value, list):
        return any(map(_holds_a_time, value))
    return isinstance(value, date | datetime | time)
