"""The trackers that a caller names or brings, with the parameters that were asked for."""

from __future__ import annotations

import ast
import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from trackbench.contracts import TrackerSpec
from trackbench.errors import DamagedFileError, TrackbenchError, UnknownIdError, parameter
from trackbench.ids import parse
from trackbench.plugins import registry
from trackbench.plugins.factories import tracker_from, with_source
from trackbench.plugins.naming import tracker_by_name
from trackbench.printing.text import quoted
from trackbench.results.bounded import read_bytes
from trackbench.running.given import GivenTracker

LARGEST_WEIGHTS = 2**30
"""Bytes."""
LARGEST_SOURCE = 2**20
"""Bytes of a Python file that is looked into for names."""
MOST_NAMED = 3
"""Classes of a file that a message names."""

_KINDS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (bool, "True or False"),
    ((int, float), "a number"),
    (str, "a word"),
)
"""Kinds of parameters that do not take each other's place; one that is None may become anything."""


def listed(given: GivenTracker | Sequence[GivenTracker]) -> list[GivenTracker]:
    """Return one tracker or several as a list."""
    # A class may give its members, as an enumeration does, and is still one thing that is called.
    if isinstance(given, str | TrackerSpec | Mapping) or callable(given):
        return [given]
    return list(given)


def chosen_trackers(given: Sequence[GivenTracker]) -> tuple[TrackerSpec, ...]:
    """Return the specs of trackers, each with the hash of its source.

    Raises:
        TrackbenchError: there is none, one is none or unknown, or two have the same id.
    """
    if not given:
        raise TrackbenchError("no tracker given: see trackbench list trackers")
    specs = tuple(with_source(_tracker(item)) for item in given)
    ids = [str(parse(spec.id)) for spec in specs]  # ids are folders' names, so they are checked
    if twice := [id_ for id_, times in Counter(ids).items() if times > 1]:
        raise TrackbenchError(
            f"a tracker is given twice: {', '.join(ids)}. Where two are called {twice[0]}, rename "
            f"one, or run each into a directory of its own ({parameter('out')})"
        )
    return specs


def _tracker(item: object) -> TrackerSpec:
    if isinstance(item, TrackerSpec):
        return item
    if isinstance(item, str):
        return tracker_named(item)
    name = getattr(item, "__name__", None)
    if callable(item) and isinstance(name, str) and hasattr(item, "__qualname__"):
        known = [spec for spec in registry.trackers() if spec.factory is item]
        return known[0] if known else tracker_from(item, name.lower())
    raise TrackbenchError(f"{quoted(item)} is no tracker: give an id, a class or a TrackerSpec")


def tracker_named(name: str, python: str | Path | None = None) -> TrackerSpec:
    """Return the tracker of an id, of ``package.module:Class``, or of a scheme's name.

    Args:
        name: of it.
        python: the interpreter that imports a module; None: this one.

    Raises:
        TrackbenchError: there is none.
    """
    if name.endswith(".py") and ":" not in name:
        raise TrackbenchError(f"{name} names no tracker: write {_in_file(Path(name))}")
    if ":" in name:
        return tracker_by_name(name, python)
    try:
        return registry.trackers().get(name)
    except UnknownIdError:
        for scheme in registry.schemes():
            if scheme.id == name or (scheme.ending and name.endswith(scheme.ending)):
                form = scheme.form if scheme.id == name else f"{name}:NAME"
                raise TrackbenchError(f"{name} names no tracker: write {form}") from None
        if name.isidentifier() and (file := Path(f"{name}.py")).is_file():
            raise TrackbenchError(
                f"unknown tracker {name!r}; of the file {file}, write {_in_file(file)}"
            ) from None
        raise


def _in_file(path: Path) -> str:
    """Return how to name what a file holds, which is not run for it."""
    classes: tuple[str, ...] = ()
    with suppress(TrackbenchError, SyntaxError, ValueError):
        parsed = ast.parse(read_bytes(path, LARGEST_SOURCE, "a Python file"))
        classes = tuple(
            node.name
            for node in parsed.body
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
        )
    return " or ".join(f"{path}:{name}" for name in classes[:MOST_NAMED]) or f"{path}:Class"


def with_parameters(spec: TrackerSpec, parameters: Mapping[str, object]) -> TrackerSpec:
    """Return the spec with some of its parameters replaced.

    Raises:
        TrackbenchError: a value is of another kind than the one it replaces, or the parameter is
            one that makes the tracker what it is.
    """
    for name, value in parameters.items():
        known = spec.parameters.get(name)
        if name in spec.fixed and value != known:
            raise TrackbenchError(
                f"{spec.id} has {name}={known!r} for ever: for another, choose another tracker "
                "(trackbench list trackers)"
            )
        for kinds, said in _KINDS:
            if isinstance(known, kinds) and not isinstance(value, kinds):
                raise TrackbenchError(
                    f"{spec.id} takes {said} for {name}, such as {known!r}, not {value!r}"
                )
    return replace(spec, parameters={**spec.parameters, **parameters})


def with_weights(spec: TrackerSpec, path: Path) -> TrackerSpec:
    """Return the spec with weights of one's own.

    Raises:
        TrackbenchError: the tracker takes no weights, or there is no such file.
    """
    if not spec.needs_weights:
        raise TrackbenchError(f"{spec.id} takes no weights: leave {parameter('weights')} out")
    try:
        content = read_bytes(path, LARGEST_WEIGHTS, "a weights file")
    except DamagedFileError as error:
        raise TrackbenchError(f"{error}: see {parameter('weights')}") from error
    return replace(
        with_parameters(spec, {"weights": str(path.absolute())}),
        weights_sha256=hashlib.sha256(content).hexdigest(),
    )
