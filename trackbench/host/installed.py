"""Where Python's own modules, installed packages and the system's files are."""

from __future__ import annotations

import os
import site
import sys
import sysconfig

_OF_SYSTEM = (
    *("/usr/lib", "/usr/lib64", "/usr/share", "/lib", "/lib64", "/etc", "/proc", "/sys", "/dev"),
    *("/usr/local/cuda", "/System", "/Library"),
)
_OF_ANYBODY = ("/dev/shm/", "/run/shm/")  # noqa: S108 - nothing is written there
"""Folders within those of the system that hold files of anybody's."""

_OF_SCHEME = [sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
"""Read once, before any import is looked at: sysconfig imports its own data when it is first used,
and cannot be used in the middle of that import."""

_OF_PREFIX = ("lib", "lib64", "share", "etc", "pyvenv.cfg")


class Installed:
    """The folders of Python, of installed packages and of the system, as they are now."""

    def __init__(self) -> None:
        """Look where they are."""
        self._python = tuple(map(_below, _of_python()))
        self._system = tuple(_below(os.path.realpath(path)) for path in _OF_SYSTEM)

    def holds(self, real: str) -> bool:
        """Whether a file, by its real path, is in one of them."""
        of_system = real.startswith(self._system) and not real.startswith(_OF_ANYBODY)
        return of_system or real.startswith(self._python)


def _of_python() -> set[str]:
    """Return the real paths of the folders of Python, of installed packages and of ours."""
    paths = set(_OF_SCHEME)
    paths.update(path for path in sys.path if {"site-packages", "dist-packages"} & _parts(path))
    paths.update(_site_packages())
    for prefix in (sys.prefix, sys.base_prefix, sys.exec_prefix):
        paths.update(os.path.join(prefix, name) for name in _OF_PREFIX)
    ours = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    return {os.path.realpath(path) for path in (*paths, ours) if path}


def _below(path: str) -> str:
    """Return what begins the paths of all that is in a folder."""
    return os.path.join(path, "")


def _parts(path: str) -> set[str]:
    return set(path.split(os.sep))


def _site_packages() -> list[str]:
    try:
        return [*site.getsitepackages(), site.getusersitepackages()]
    except AttributeError:  # an old virtual environment's module has neither
        return []
