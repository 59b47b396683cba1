"""What builds a tracker or a data set: a callable, or ``"module:attribute"`` that names one."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any

from trackbench.contracts import DatasetSpec, Factory, TrackerSpec
from trackbench.errors import TrackbenchError, UnknownIdError, brief
from trackbench.host import loading
from trackbench.host.families import FAMILIES
from trackbench.host.parameters import tracks_whole_videos
from trackbench.plugins.elsewhere import Elsewhere
from trackbench.plugins.hashing.class_hash import are_names
from trackbench.plugins.hashing.source_hash import folder_of, source_sha256
from trackbench.plugins.importing import importing, placed


def resolve(factory: Factory) -> Callable[..., Any]:
    """Return the callable that ``"module:attribute"`` names, or the callable itself.

    Raises:
        TrackbenchError: the module or the attribute does not exist, or it ends the interpreter.
    """
    if not isinstance(factory, str):
        return factory
    try:
        with importing():
            return loading.resolve(factory)
    except loading.BuildError as error:
        raise TrackbenchError(str(error)) from error
    except SystemExit as error:  # of the author's module, which must not end the command
        raise TrackbenchError(f"{factory} cannot be imported: {brief(error)}") from error


def tracker_from(
    factory: Callable[..., object],
    name: str,
    *,
    batched: bool = False,
    sees_future: bool = False,
    description: str = "",
    reference: str = "",
    parameters: Mapping[str, object] | None = None,
    files: tuple[str, ...] = (),
    family: str = "",
) -> TrackerSpec:
    """Return the spec of a plain class or factory function; of a toolkit's interface: ``family``.

    The first line of its docstring is the description, unless one is given; a class attribute
    ``batched = True`` says that it is a :class:`~trackbench.contracts.BatchTracker`; a class with
    ``track`` in the place of ``init`` and ``update`` is a
    :class:`~trackbench.contracts.VideoTracker`, of a function ``sees_future`` says so; and
    ``files = ("config.json",)`` which files it reads. The source is hashed when it is run
    (:func:`with_source`), for that takes time.
    """
    _check_has_source(factory, name)
    if family and family not in FAMILIES:
        raise UnknownIdError("family of trackers", family, list(FAMILIES))
    sees_future = not family and (sees_future or tracks_whole_videos(factory))
    needs: tuple[str, ...] = FAMILIES[family].needs if family else ("init", "update")
    calls = FAMILIES[family].calls if family else "init(frame, box) and update(frame)"
    if sees_future:
        needs, calls = ("track",), "track(frames, box)"
    for method in needs:
        if inspect.isclass(factory) and not callable(getattr(factory, method, None)):
            what = f"a {family} tracker" if family else "a tracker"
            raise TrackbenchError(
                f"{factory.__name__} has no method {method}: {what} needs {calls}"
            )
    return TrackerSpec(
        id=name,
        factory=factory,
        parameters=parameters or {},
        batched=not family and (batched or bool(getattr(factory, "batched", False))),
        sees_future=sees_future,
        description=description or (inspect.getdoc(factory) or "").partition("\n")[0],
        reference=reference,
        files=_names(files) or _names(getattr(factory, "files", ())),
        family=family,
    )


def _names(files: object) -> tuple[str, ...]:
    """Return names of files; none of an attribute that is something else."""
    if not are_names(files):
        return ()
    listed = files if isinstance(files, list | tuple) else (files,)
    return tuple(os.fsdecode(name) for name in listed)


def is_ours(factory: Factory) -> bool:
    """Whether a factory is built in, as the name of one of ours."""
    return isinstance(factory, str) and factory.startswith("trackbench.")


def read_files(spec: TrackerSpec | DatasetSpec) -> list[tuple[str, Path]]:
    """Return the files and folders that a spec says are read: what they are called, and where.

    Raises:
        TrackbenchError: one does not exist.
    """
    names = _names(spec.files)
    folder = folder_of(resolve(spec.factory)) if names else Path()
    found = [(name, folder / name) for name in names]
    for name, path in found:
        if not path.exists():
            raise TrackbenchError(
                f"{spec.id} reads {name}, and there is no {path}: see files= of {spec.id}"
            )
    return sorted((path.name if Path(name).is_absolute() else name, path) for name, path in found)


def with_source(spec: TrackerSpec) -> TrackerSpec:
    """Return a third party's spec with the hash of its source, so that an edit is noticed.

    Raises:
        TrackbenchError: its factory is an object without a source, such as a functools.partial, or
            a file that it says it reads does not exist.
    """
    with placed(spec.folder, spec.environment):
        read_files(spec)
        if is_ours(spec.factory) or spec.source_sha256 is not None:
            return spec
        factory = resolve(spec.factory)
        _check_has_source(factory, spec.id)
        return replace(spec, source_sha256=source_sha256(factory))


def check_is_here(spec: TrackerSpec) -> None:
    """Raise if a tracker is one of another interpreter, which is never imported in this one.

    Raises:
        TrackbenchError: it is.
    """
    if isinstance(spec.factory, Elsewhere):
        raise TrackbenchError(
            f"{spec.id} runs in an interpreter of its own ({spec.factory.python}), which only "
            "trackbench run starts: leave it out here"
        )


def _check_has_source(factory: object, name: str) -> None:
    if isinstance(factory, Elsewhere):
        return
    if not isinstance(factory, type | FunctionType | MethodType | BuiltinFunctionType):
        raise TrackbenchError(
            f"{name} is made by a {type(factory).__name__}, not by a class or function: give what "
            "these are called with as parameters"
        )


def build_tracker(spec: TrackerSpec) -> Any:
    """Build a tracker: a Tracker, or what ``batched`` or ``sees_future`` says.

    Raises:
        TrackbenchError: it does not take its parameters, or says so itself, or fails.
    """
    check_is_here(spec)
    factory = resolve(spec.factory)
    try:
        tracker = loading.call(spec.id, factory, dict(spec.parameters), spec.family)
    except loading.BuildError as error:
        raise TrackbenchError(str(error)) from error
    except TrackbenchError:
        raise
    except Exception as error:
        raise TrackbenchError(f"{spec.id} cannot be built: {brief(error)}") from error
    return tracker
