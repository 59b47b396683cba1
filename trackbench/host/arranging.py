"""A process made such that an author's modules are found in it as in the parent's process."""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import sys
import types
from typing import Any

from . import from_source


class ReachedRunError(BaseException):
    """The author's script has come to its ``trackbench.run``: what it runs is defined by now."""


_executing_main = False


def check_not_executing_main() -> None:
    """Make sure that the author's script is not being executed only for what it defines.

    Raises:
        ReachedRunError: it is; what stands after its first run, export or training is left out.
    """
    if _executing_main:
        raise ReachedRunError


def arrange(place: dict[str, Any]) -> None:
    """Make this process one in which the author's modules are found as in the parent's.

    Args:
        place: ``path`` is Python's search path; ``modules`` names the files of modules that are not
            on it; ``main`` is the author's script, ``argv`` its arguments; ``folder`` the working
            folder; ``variables`` are further ones of the environment.
    """
    os.environ.update(place["variables"])
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
    """Have processes that multiprocessing spawns find these modules, too: see spawned.py.

    Modules of other plugins are left out: what a tracker finds must not depend on who else is run.
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
