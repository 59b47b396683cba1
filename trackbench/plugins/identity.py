"""What decides a tracker's or a data set's numbers, in one hash; and what cannot be hashed."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from trackbench.contracts import DatasetSpec, TrackerSpec
from trackbench.errors import TrackbenchError
from trackbench.plugins.elsewhere import Elsewhere
from trackbench.plugins.factories import is_ours, read_files, resolve
from trackbench.plugins.hashing.content_hash import Named
from trackbench.plugins.hashing.file_hash import (
    MOST_STAMPS,
    content_sha256,
    named_path,
    stamp_sha256,
)
from trackbench.plugins.hashing.source_hash import shared_sha256, source_of, value_sha256
from trackbench.plugins.hashing.tokens import UnhashableError, is_said
from trackbench.plugins.importing import environment_before
from trackbench.plugins.neighbours import PLUGIN_MODULE, plugin_module
from trackbench.plugins.reads import paths_read, variables_read, what_is_unseen

_LEAVES = frozenset({str, int, float, bool, type(None)})


@dataclass(frozen=True)
class Identity:
    """What a run is kept under.

    Attributes:
        fingerprint: SHA-256 in hexadecimal. Where something cannot be hashed it is another one
            each time it is asked for, and never found again: ask once a run.
        unhashed: one line with what cannot be hashed, and why; None if everything is.
    """

    fingerprint: str
    unhashed: str | None = None


@dataclass(frozen=True)
class MadeOf:
    """What makes a data set's sequences, as one process has it.

    Attributes:
        source, generator: SHA-256 in hexadecimal; None if it cannot be hashed there.
    """

    source: str | None
    generator: str | None


@dataclass
class _Parts:
    """What was hashed so far, and the first thing that could not be."""

    values: dict[str, Any] = field(default_factory=dict)
    unhashed: str | None = None

    def fail(self, line: str) -> None:
        self.unhashed = self.unhashed or " ".join(line.split())

    def identity(self, name: str) -> Identity:
        if self.unhashed is None:
            return Identity(_sha256(self.values))
        # Nothing stands for what cannot be hashed, so nothing may ever be found under it.
        found = _sha256({**self.values, "unhashed": secrets.token_hex(32)})
        return Identity(found, f"{name} is run anew each time: {self.unhashed}")


def tracker_identity(spec: TrackerSpec, reads: Iterable[str] = ()) -> Identity:
    """Return the hash over id, factory, parameters, weights and (of a plugin) source and files.

    Parameters count by content: arrays, networks with their state, dataclasses, functions and
    classes with their source. A string or path in one of them that names an existing file counts
    by the last part of its name and the content, wherever it lies; so does a folder, with all its
    files (at most 10,000). Of the weights only the content counts. A tracker of ours opens no
    other files, so words among its parameters are words, but for those of ``names_files``.

    Args:
        spec: of the tracker.
        reads: notes of what it was seen to read when it was built, which count by content, too.

    Raises:
        TrackbenchError: a file that the tracker says it reads does not exist.
    """
    parameters = dict(spec.parameters)
    weights = _weights(spec)
    if weights or (spec.weights_sha256 and parameters.get("weights") is None):
        parameters.pop("weights", None)
    parts = _Parts()
    parts.values = {
        "id": spec.id,
        "factory": _factory_name(spec.factory),
        "parameters": {},
        "batched": spec.batched,
        "weights": weights or spec.weights_sha256,
        "source": spec.source_sha256,
    }
    if spec.family:
        parts.values["family"] = spec.family
    if spec.sees_future:
        parts.values["sees_future"] = True
    if spec.source_sha256 is None and not is_ours(spec.factory):
        _add_source(parts, spec)
    for name, value in parameters.items():
        words = is_ours(spec.factory) and name not in spec.names_files
        if is_plain(value, words=words):
            parts.values["parameters"][name] = value
        else:
            _add_content(parts, name, value)
    held = {name: value for name, value in parameters.items() if type(value) not in _LEAVES}
    if len(held) > 1 and (shared := shared_sha256(held)) is not None:
        parts.values["shared"] = shared
    _add_files(parts, spec)
    _add_reads(parts, reads, content_sha256)
    if spec.unseen and parameters.get("reads") is None:
        parts.fail(spec.unseen)
    return parts.identity(spec.id)


def dataset_identity(
    spec: DatasetSpec, reads: Iterable[str] = (), made_of: MadeOf | None = None
) -> Identity:
    """Return the hash over a data set's source, generator and files; of the built-in ones nothing.

    The source counts as a tracker's does, the generator by content; of files and folders that
    either names, or ``spec.files``, names, sizes and modification times. What is built in is
    published by its version and its fingerprint.

    Args:
        spec: of the data set.
        reads: notes of what it was seen to read when its sample was made; they count as named.
        made_of: what it is made of in the process that makes it, where that is not what it is here;
            None: it is the same.

    Raises:
        TrackbenchError: a file that the data set says it reads does not exist.
    """
    parts = _Parts({"factory": _factory_name(spec.factory)})
    if is_ours(spec.factory):
        return parts.identity(spec.id)
    if made_of is None:
        _add_made_of_here(parts, spec)
    else:
        parts.values |= {"source": made_of.source, "generator": made_of.generator}
        if None in {made_of.source, made_of.generator}:
            parts.fail("where it is made it holds what cannot be hashed")
    try:
        parts.values["files"] = [(name, stamp_sha256(path)) for name, path in read_files(spec)]
    except UnhashableError as error:
        parts.fail(str(error))
    _add_reads(parts, reads, stamp_sha256)
    return parts.identity(spec.id)


def dataset_made_of(spec: DatasetSpec, variables: Mapping[str, str] | None = None) -> MadeOf:
    """Return what a data set is made of in this process.

    Args:
        spec: of the data set.
        variables: the environment; None: of this process, without what modules changed in it.
    """
    source = source_of(resolve(spec.factory), "it", Named.FILE_STAMPS, variables)
    try:
        generator, _ = value_sha256(spec.generator, "it", Named.STAMPS)
    except UnhashableError:
        return MadeOf(source.sha256, None)
    return MadeOf(source.sha256, generator)


def dataset_code_sha256(spec: DatasetSpec) -> str | None:
    """Return the fingerprint of :func:`dataset_identity`; None of a built-in data set.

    Raises:
        TrackbenchError: a file that the data set says it reads does not exist.
    """
    return None if is_ours(spec.factory) else dataset_identity(spec).fingerprint


def dataset_files_sha256(spec: DatasetSpec) -> str | None:
    """Return the hash of the content of all files that a data set names; None if it names none.

    Named are ``spec.files``, and existing files and folders in the generator.

    Raises:
        TrackbenchError: one of them does not exist, or cannot be read.
    """
    try:
        files = read_files(spec)
        _, named = value_sha256(spec.generator, "the generator", Named.STAMPS)
        files += [(path.name, path) for path in named]
        hashed = [(name, content_sha256(path, MOST_STAMPS)) for name, path in files]
    except UnhashableError as error:
        raise TrackbenchError(f"{spec.id}: {error}") from error
    return _sha256(hashed) if hashed else None


def is_plain(value: Any, *, words: bool) -> bool:
    """Whether JSON says all of a value: numbers, words, lists and dictionaries, but no files.

    Args:
        value: anything.
        words: a string is a word even where a file is called so.
    """
    left, seen = [value], set[int]()
    while left:
        item = left.pop()
        kind = type(item)
        if kind is str and not words and named_path(item) is not None:
            return False
        if kind in {list, dict}:
            if id(item) in seen:  # who changes one changes both: JSON does not say that
                return False
            seen.add(id(item))
            left += [*item, *item.values()] if kind is dict else item
            if kind is dict and not _is_said_by_json(item):
                return False
        elif kind not in _LEAVES or (kind is float and not is_said(item)):
            return False
    try:
        json.dumps(value)
    except (ValueError, RecursionError):  # a circle, an endless number, or too deep
        return False
    return True


def _is_said_by_json(item: dict[Any, Any]) -> bool:
    """Whether nothing is lost where names are sorted: a pipeline may depend on their order."""
    return all(type(key) is str for key in item) and list(item) == sorted(item)


def _weights(spec: TrackerSpec) -> str | None:
    """Return the hash of the weights file that is a parameter; None if that is none."""
    given = spec.parameters.get("weights")
    path = named_path(given) if isinstance(given, str | os.PathLike) else None
    with suppress(UnhashableError):  # a folder or a pipe: a parameter like another
        return content_sha256(path) if path is not None and path.is_file() else None
    return None


def _add_source(parts: _Parts, spec: TrackerSpec) -> None:
    try:
        factory = resolve(spec.factory)
    except TrackbenchError:
        return  # nor can it be run
    source = source_of(factory)
    parts.values["source"] = source.sha256
    if source.unhashed is not None:
        parts.fail(source.unhashed)


def _add_made_of_here(parts: _Parts, spec: DatasetSpec) -> None:
    source = source_of(resolve(spec.factory), "the data set", Named.FILE_STAMPS)
    parts.values["source"] = source.sha256
    if source.unhashed is not None:
        parts.fail(source.unhashed)
    try:
        parts.values["generator"], _ = value_sha256(spec.generator, "the generator", Named.STAMPS)
    except UnhashableError as error:
        parts.fail(str(error))


def _add_content(parts: _Parts, name: str, value: Any) -> None:
    try:
        sha256, _ = value_sha256(value, f"parameter {name!r}")
    except UnhashableError as error:
        parts.fail(str(error))
    else:
        parts.values.setdefault("content", {})[name] = sha256


def _add_files(parts: _Parts, spec: TrackerSpec) -> None:
    for name, path in read_files(spec):
        try:
            parts.values.setdefault("files", []).append((name, content_sha256(path)))
        except UnhashableError as error:
            parts.fail(f"the file {name!r}: {error}")


def _add_reads(parts: _Parts, reads: Iterable[str], hashed: Callable[[Path], str]) -> None:
    """Add what was noted when the author's code ran; see :mod:`trackbench.host.reads`."""
    for path in sorted(paths_read(reads)):
        try:
            there = hashed(path) if path.exists() else "not there"
        except UnhashableError as error:
            parts.fail(f"it reads {error}")
        else:
            parts.values.setdefault("reads", []).append((path.name, there))
    if names := sorted(variables_read(reads)):
        given = environment_before()
        parts.values["variables"] = {name: given.get(name) for name in names}
    unseen = what_is_unseen(reads)
    if unseen is not None:
        parts.fail(unseen)


def _factory_name(factory: Any) -> str:
    if isinstance(factory, Elsewhere):  # where it is installed, its versions stand for its code
        return " ".join((factory.dotted, *(" ".join(pair) for pair in factory.versions)))
    if isinstance(factory, str):
        return factory
    module = str(factory.__module__)
    file = getattr(sys.modules.get(module), "__file__", None)
    if module.startswith(PLUGIN_MODULE) and isinstance(file, str):
        module = plugin_module(Path(file))  # without the number that it has in this company
    return f"{module}:{factory.__qualname__}"


def _sha256(described: Any) -> str:
    return hashlib.sha256(json.dumps(described, sort_keys=True).encode()).hexdigest()
