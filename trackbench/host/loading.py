"""A tracker brought into this process in its own right: by file or name, and built here."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import io
import json
import os
import pickle
import sys
import types
from collections.abc import Callable, Mapping
from typing import Any

from . import from_source
from .families import FAMILIES
from .seeds import seeded


class BuildError(Exception):
    """The tracker cannot be built; the message is one line for its author."""


class ReachedRunError(BaseException):
    """The author's script has come to its ``trackbench.run``: what it runs is defined by now."""


_executing_main = False


def check_not_executing_main() -> None:
    """Hold that the author's script is not just being executed for what it defines.

    Raises:
        ReachedRunError: it is; what stands behind its first ``trackbench.run`` is left out.
    """
    if _executing_main:
        raise ReachedRunError


def arrange(place: dict[str, Any]) -> None:
    """Make this process one in which the author's modules are found as in the parent's.

    Args:
        place: ``path`` is Python's search path; ``modules`` names the files of modules that are not
            on it; ``main`` is the author's script, ``argv`` its arguments; ``folder`` the working
            folder.
    """
    if os.path.isdir(place["folder"]):
        os.chdir(place["folder"])
    sys.path[:] = place["path"]
    importlib.invalidate_caches()
    from_source.install()
    if place["modules"]:
        sys.meta_path.insert(0, ByFile(place["modules"]))
        _let_spawned_find({n: f for n, f in place["modules"].items() if n in place["named"]})
    if place["main"]:
        _run_main(place["main"], place["argv"])


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
        identify: is told the factory and its parameters, before that is called.
        family: the toolkit that the tracker is written for (:mod:`.families`); empty: ours.
        run: number of the run, which a factory with a parameter ``seed`` is told by that.

    Raises:
        BuildError: its module or factory is not there, it does not take its parameters, or it says
            in one line why it cannot be built.
        Exception: whatever else the author's code raises.
    """
    factory, parameters = load(payload)
    found = factory if not isinstance(factory, str) else resolve(factory)
    if identify is not None:
        identify(found, parameters)
    return call(name, found, parameters, family, run)


def load(payload: bytes) -> Any:
    """Return what was pickled; of two pickles one behind the other, the first that can be loaded.

    The second has by value what the author's script defines behind its first ``trackbench.run``.
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
    """
    module_name, _, attribute = factory.partition(":")
    try:
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
    """Hold parameters to what a factory takes.

    Raises:
        BuildError: it does not take them.
    """
    try:
        inspect.signature(factory).bind(**parameters)
    except TypeError as error:
        raise BuildError(f"{name} does not take these parameters: {error}") from error
    except ValueError:
        pass  # a factory written in C may have no signature to look at


def _is_for_the_user(error: BaseException) -> bool:
    """Whether it is a TrackbenchError, of which other interpreters know nothing."""
    names = {(kind.__module__, kind.__name__) for kind in type(error).__mro__}
    return ("trackbench.errors", "TrackbenchError") in names


class ByFile:
    """Finds the modules that no search path leads to, such as plugin files, by their names."""

    def __init__(self, files: dict[str, str]) -> None:
        self._files = files

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """Return the spec of a module that has a file here, as importlib wants it."""
        del path, target
        file = self._files.get(name)
        if file is None:
            return None
        folder: list[str] | None = None
        if os.path.basename(file) == "__init__.py":
            folder = [os.path.dirname(file)]
        spec = importlib.util.spec_from_file_location(name, file, submodule_search_locations=folder)
        return None if spec is None else from_source.from_source(spec)


def _let_spawned_find(modules: dict[str, str]) -> None:
    """Have processes that multiprocessing spawns here find these modules, too: see spawned.py.

    Those of other plugins are no matter of theirs: what this process has must not depend on who
    else is there.
    """
    os.environ["TRACKBENCH_MODULES"] = json.dumps(modules)
    main = sys.modules["__main__"]
    if getattr(main, "__spec__", None) is None and getattr(main, "__file__", None) is None:
        main.__file__ = os.path.join(os.path.dirname(os.path.abspath(__file__)), "spawned.py")


def _run_main(main: tuple[str, str], argv: list[str]) -> None:
    """Execute the author's script, under a name that its ``if __name__ == ...`` does not match.

    A script without that line is executed until it calls ``trackbench.run``; by then it has defined
    what it runs.
    """
    global _executing_main  # noqa: PLW0603 - of this process
    module, file = main
    sys.argv[:] = argv
    _executing_main = True
    known = types.ModuleType("__mp_main__")  # the name that multiprocessing gives it, too
    known.__file__ = file
    sys.modules["__main__"] = sys.modules["__mp_main__"] = known
    try:
        if module:  # python -m: what is beside it can be imported relatively
            known.__spec__ = importlib.util.find_spec(module)
            known.__package__ = module.rpartition(".")[0]
        with open(file, "rb") as script:
            code = compile(script.read(), file, "exec")
        exec(code, known.__dict__)  # noqa: S102 - this is what importing does
    except ReachedRunError:
        pass
    finally:
        _executing_main = False
