"""A tracker loaded by name, or from a pickle, and built."""

from __future__ import annotations

import importlib
import inspect
import io
import pickle
from collections.abc import Callable, Mapping
from typing import Any

from .exits import refused
from .families import FAMILIES
from .parameters import WrongParameterError, check
from .seeds import seeded


class BuildError(Exception):
    """The tracker cannot be built; the message is one line for its author."""


def build(
    name: str,
    payload: bytes,
    identify: Callable[[Any, dict[str, Any]], None] | None = None,
    family: str = "",
    run: int = 0,
) -> Any:
    """Return the tracker that a pickle of its factory and parameters describes.

    Args:
        name: of the tracker, for messages.
        payload: the pickle.
        identify: is called with the factory and its parameters before the factory is.
        family: the toolkit that the tracker is written for (:mod:`.families`); empty: ours.
        run: number of the run, which a factory with a parameter ``seed`` is told by that.

    Raises:
        BuildError: its module or factory is not there, it does not take its parameters, or it says
            in one line why it cannot be built.
        Exception: whatever else the author's code raises.
    """
    with refused():
        factory, parameters = load(payload)
    found = factory if not isinstance(factory, str) else resolve(factory)
    if identify is not None:
        identify(found, parameters)
    return call(name, found, parameters, family, run)


def load(payload: bytes) -> Any:
    """Return what was pickled; of two pickles in a row, the first that can be loaded.

    The first names what the author's script defines. The second holds it by value, for what is
    defined after the script's first ``trackbench.run`` is not there by name.
    """
    stream = io.BytesIO(payload)
    try:
        return pickle.load(stream)
    except AttributeError:
        import pickletools

        stream.seek(0)
        for _ in pickletools.genops(stream):
            pass
        if stream.tell() == len(payload):
            raise
        return pickle.load(stream)


def resolve(factory: str) -> Callable[..., Any]:
    """Return the callable that ``"module:attribute"`` names.

    Raises:
        BuildError: the module or the attribute does not exist.
        EndOfProcess: importing it would have ended this process at once.
    """
    module_name, _, attribute = factory.partition(":")
    try:
        with refused():
            found: Any = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module_name}.".startswith(f"{error.name}."):
            raise  # the module is there; something that it imports is not
        raise BuildError(f"there is no module {module_name!r} ({factory})") from error
    try:
        for part in attribute.split("."):
            found = getattr(found, part)
    except AttributeError as error:
        raise BuildError(f"{module_name} has no {attribute!r} ({factory})") from error
    if not callable(found):
        raise BuildError(f"{factory} is not a class or function")
    return found  # type: ignore[no-any-return]  # callable, as was looked


def call(
    name: str,
    factory: Callable[..., Any],
    parameters: dict[str, Any],
    family: str = "",
    run: int = 0,
) -> Any:
    """Return what a factory makes of its parameters, with ``init`` and ``update``.

    Raises:
        BuildError: it does not take them, says itself what is wrong, or makes no tracker of the
            family.
        Exception: whatever else it raises.
    """
    parameters = seeded(factory, parameters, run)
    check_parameters(name, factory, parameters)

    def made() -> Any:
        tracker = factory(**parameters)
        for method in FAMILIES[family].needs if family else ():
            if not callable(getattr(tracker, method, None)):
                raise BuildError(f"{name} is no {family} tracker: it has no method {method}")
        return tracker

    try:
        return FAMILIES[family](made) if family else made()
    except BuildError:
        raise
    except Exception as error:
        if _is_for_the_user(error):
            raise BuildError(str(error)) from error
        raise


def check_parameters(name: str, factory: Callable[..., Any], parameters: Mapping[str, Any]) -> None:
    """Hold parameters to what a factory takes, by name and, where it says that, by type.

    Raises:
        BuildError: it does not take them.
    """
    try:
        check(name, factory, parameters)
        inspect.signature(factory).bind(**parameters)
    except (WrongParameterError, TypeError) as error:
        raise BuildError(str(error)) from error
    except ValueError:
        pass  # a factory written in C may have no signature to look at


def _is_for_the_user(error: BaseException) -> bool:
    """Whether it is a TrackbenchError, of which other interpreters know nothing."""
    names = {(kind.__module__, kind.__name__) for kind in type(error).__mro__}
    return ("trackbench.errors", "TrackbenchError") in names
