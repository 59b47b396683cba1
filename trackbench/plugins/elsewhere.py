"""Trackers that run in an interpreter of their own, and are never imported in this one.

Two trackers whose packages exclude one another can so stand in one table. Their interpreter needs
Python 3.8 or newer and NumPy, and nothing of ours: a host is started in it from our files.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import spec_from_file_location
from pathlib import Path
from typing import Any, NoReturn

from trackbench.errors import TrackbenchError, parameter
from trackbench.plugins.module_specs import specs_on_the_way

OLDEST = (3, 8)
_SECONDS = 60.0
_PACKAGES = frozenset({"site-packages", "dist-packages"})
LIBRARIES = ("opencv-contrib-python", "opencv-contrib-python-headless", "torch")
"""Beside NumPy, what trackers compute with: their versions are kept with every result."""

_PROBE = """
import json, sys, sysconfig
sys.path[:] = [place for place in sys.path if place]
libraries, path = {}, list(sys.path)
try:
    import numpy
    libraries["numpy"] = numpy.__version__
    from importlib import metadata
    for name in sys.argv[1:]:
        try:
            libraries[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            pass
except ImportError:
    pass
installed = [sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
found = {"python": list(sys.version_info[:3]), "libraries": libraries}
print(json.dumps(dict(found, path=path, installed=installed)))
"""


@dataclass(frozen=True)
class Elsewhere:
    """A factory that another interpreter imports.

    Attributes:
        dotted: ``"module:attribute"``.
        python: the interpreter, as it is started.
        versions: (name, version) of it and of libraries that it has.
        path: where it looks for modules, the author's folders at the end.
        folders: the author's.
        installed: folders of its own, and of what is installed there.
        script: the module's file, where it is found by that and not by its name; empty: by its
            name.
        also: further modules that are imported by their names when it is built.
        built_by: ``"module:attribute"`` of the host's own, which makes a tracker of it; empty: what
            ``dotted`` names is the tracker.
        start_in: the working folder there; empty: the one of this process.
    """

    dotted: str
    python: str
    versions: tuple[tuple[str, str], ...]
    path: tuple[str, ...]
    folders: tuple[str, ...]
    installed: tuple[str, ...]
    script: str = ""
    also: tuple[str, ...] = ()
    built_by: str = ""
    start_in: str = ""

    def __call__(self, **_: object) -> NoReturn:
        """Never build anything here.

        Raises:
            TrackbenchError: always.
        """
        raise TrackbenchError(f"{self.dotted} is built by {self.python} alone")

    @property
    def module(self) -> str:
        """Name of the module."""
        return self.dotted.partition(":")[0]

    def find(self, module: str) -> ModuleSpec | None:
        """Return the spec of a module as that interpreter finds it; nothing is executed."""
        if self.script and module == self.module:
            return spec_from_file_location(module, self.script)
        found = list(specs_on_the_way(module, _found_below, list(self.path)))
        return found[-1] if len(found) > module.count(".") else None

    def is_installed(self, file: str) -> bool:
        """Whether a file is of the interpreter or of what is installed there."""
        real = Path(file).resolve()
        # An environment may lie in the author's folder: what it holds is installed all the same.
        if any(real.is_relative_to(folder) for folder in self.installed):
            return True
        own = any(real.is_relative_to(Path(folder).resolve()) for folder in self.folders)
        return not own and bool(_PACKAGES.intersection(real.parts))


def elsewhere(
    dotted: str,
    python: str | Path,
    folders: Iterable[str],
    *,
    first: str = "",
    script: str = "",
    also: tuple[str, ...] = (),
    built_by: str = "",
    start_in: str = "",
) -> Elsewhere:
    """Return the factory that an interpreter finds under a name.

    Args:
        dotted: ``"module:attribute"``.
        python: a program, by its path or as the shell finds it.
        folders: the author's, in which modules are looked for at last.
        first: a folder of the author's in which they are looked for before all others, as those of
            a script are; empty: none.
        script: as in :class:`Elsewhere`.
        also: likewise.
        built_by: likewise.
        start_in: likewise.

    Raises:
        TrackbenchError: there is no such interpreter, it is too old, it has no NumPy, or no such
            module.
    """
    module, _, attribute = dotted.partition(":")
    if not module or not attribute:
        raise TrackbenchError(f"{dotted} names no tracker: write package.module:Class")
    program = _program(python)
    answer = _asked(program)
    begin = [first] if first else []
    own = [*begin, *folders]
    path = [*begin, *answer["path"], *(each for each in folders if each not in answer["path"])]
    found = Elsewhere(
        dotted=dotted,
        python=program,
        versions=_versions(program, answer),
        path=tuple(path),
        folders=tuple(own),
        installed=tuple(os.path.realpath(each) for each in answer["installed"] if each),
        script=script,
        also=also,
        built_by=built_by,
        start_in=start_in,
    )
    if found.find(module) is None:
        raise TrackbenchError(
            f"there is no module {module!r} for {program}: it is looked for in the working folder "
            "and in what is installed there"
        )
    return found


def versions_of(python: str) -> tuple[tuple[str, str], ...]:
    """Return (name, version) of an interpreter on this machine and of libraries that it has.

    Raises:
        TrackbenchError: as :func:`elsewhere`.
    """
    program = _program(python)
    return _versions(program, _asked(program))


def _found_below(module: str, places: list[str] | None) -> ModuleSpec | None:
    """Find a module by its last name alone: the packages above it are not imported here."""
    return PathFinder.find_spec(module.rpartition(".")[2], places)


def _program(python: str | Path) -> str:
    """Return the path of an interpreter; a link stays one, for an environment is known by it."""
    found = shutil.which(str(python))
    if found is None:
        what = "is no program" if os.path.lexists(python) else "is not there"
        here = Path(os.curdir, python)
        if os.sep not in str(python) and os.access(here, os.X_OK) and here.is_file():
            what = f"is not on the shell's path: write ./{python}, or"
            raise TrackbenchError(f"{parameter('python')} {python} {what} give another interpreter")
        raise TrackbenchError(f"{parameter('python')} {python} {what}: give a Python interpreter")
    return os.path.abspath(found)  # noqa: PTH100 - resolve() would follow the link


def _asked(program: str) -> dict[str, Any]:
    try:
        done = subprocess.run(
            [program, "-c", _PROBE, *LIBRARIES],
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        found: dict[str, Any] = json.loads(done.stdout)
        return {**found, "python": tuple(map(int, found["python"]))}
    except (OSError, ValueError, TypeError, KeyError, subprocess.SubprocessError):
        raise TrackbenchError(
            f"{parameter('python')} {program} does not answer as a Python interpreter does"
        ) from None


def _versions(program: str, answer: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    said = ".".join(map(str, answer["python"]))
    if answer["python"] < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        raise TrackbenchError(
            f"{parameter('python')} {program} is Python {said}: {oldest} or newer is needed"
        )
    libraries = answer["libraries"]
    if "numpy" not in libraries:
        raise TrackbenchError(
            f"{parameter('python')} {program} has no NumPy: install numpy into that environment"
        )
    return (("python", said), *sorted(libraries.items()))
