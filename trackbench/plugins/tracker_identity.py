"""What decides a tracker's numbers, in one hash; and what of it cannot be hashed."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from trackbench.contracts import TrackerSpec
from trackbench.errors import TrackbenchError
from trackbench.plugins.factories import is_ours, read_files, resolve
from trackbench.plugins.hashing.file_hash import content_sha256, named_path
from trackbench.plugins.hashing.source_hash import source_of
from trackbench.plugins.hashing.tokens import UnhashableError
from trackbench.plugins.hashing.value_hash import shared_sha256, value_sha256
from trackbench.plugins.identity import Identity, Parts, add_reads, factory_name
from trackbench.plugins.importing import placed
from trackbench.plugins.plain_values import LEAVES, is_plain


def tracker_identity(spec: TrackerSpec, reads: Iterable[str] = ()) -> Identity:
    """Return the hash over id, factory, parameters, weights and (of a plugin) source and files.

    Parameters count by content: arrays, networks with their state, dataclasses, functions and
    classes with their source. A string or path in one of them that names an existing file counts
    by the last part of its name and the content, wherever it lies; so does a folder, with all its
    files (at most 10,000). Of the weights only the content counts. A tracker of ours opens no
    other files, so words among its parameters are words, but for those of ``names_files``.
    Relative names start from its working folder. A variable of its own counts by its value, and
    the content of a file that this names.

    Args:
        spec: of the tracker.
        reads: notes of what it was seen to read when it was built, which count by content, too.

    Raises:
        TrackbenchError: a file that the tracker says it reads does not exist.
    """
    with placed(spec.folder, spec.environment):
        return _identity(spec, reads)


def _identity(spec: TrackerSpec, reads: Iterable[str]) -> Identity:
    parameters = dict(spec.parameters)
    weights = _weights(spec)
    if weights or (spec.weights_sha256 and parameters.get("weights") is None):
        parameters.pop("weights", None)
    parts = Parts()
    parts.values = {
        "id": spec.id,
        "factory": factory_name(spec.factory),
        "parameters": {},
        "batched": spec.batched,
        "weights": weights or spec.weights_sha256,
        "source": spec.source_sha256,
    }
    if spec.family:
        parts.values["family"] = spec.family
    if spec.sees_future:
        parts.values["sees_future"] = True
    _add_place(parts, spec)
    if spec.source_sha256 is None and not is_ours(spec.factory):
        _add_source(parts, spec)
    for name, value in parameters.items():
        words = is_ours(spec.factory) and name not in spec.names_files
        if is_plain(value, words=words):
            parts.values["parameters"][name] = value
        else:
            _add_content(parts, name, value)
    held = {name: value for name, value in parameters.items() if type(value) not in LEAVES}
    if len(held) > 1 and (shared := shared_sha256(held)) is not None:
        parts.values["shared"] = shared
    _add_files(parts, spec)
    add_reads(parts, reads, content_sha256)
    if spec.unseen and parameters.get("reads") is None:
        parts.fail(spec.unseen)
    return parts.identity(spec.id)


def _weights(spec: TrackerSpec) -> str | None:
    """Return the hash of the weights file that is a parameter; None if that is none."""
    given = spec.parameters.get("weights")
    path = named_path(given) if isinstance(given, str | os.PathLike) else None
    with suppress(UnhashableError):  # such as a pipe, which is a parameter like any other
        return content_sha256(path) if path is not None and path.is_file() else None
    return None


def _add_place(parts: Parts, spec: TrackerSpec) -> None:
    if spec.folder:
        parts.values["folder"] = Path(spec.folder).name
    if not spec.environment:
        return
    parts.values["environment"] = dict(spec.environment)
    for name, value in spec.environment.items():
        path = named_path(value)
        if path is not None and path.is_file():
            _add_content(parts, f"${name}", value)


def _add_source(parts: Parts, spec: TrackerSpec) -> None:
    try:
        factory = resolve(spec.factory)
    except TrackbenchError:
        return  # the factory is not found: such a tracker cannot be run, either
    source = source_of(factory)
    parts.values["source"] = source.sha256
    if source.unhashed is not None:
        parts.fail(source.unhashed)


def _add_content(parts: Parts, name: str, value: Any) -> None:
    try:
        sha256, _ = value_sha256(value, f"parameter {name!r}")
    except UnhashableError as error:
        parts.fail(str(error))
    else:
        parts.values.setdefault("content", {})[name] = sha256


def _add_files(parts: Parts, spec: TrackerSpec) -> None:
    for name, path in read_files(spec):
        try:
            parts.values.setdefault("files", []).append((name, content_sha256(path)))
        except UnhashableError as error:
            parts.fail(f"the file {name!r}: {error}")
