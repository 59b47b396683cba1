"""What authors' modules change of this process when they are imported here.

All processes of a run are started by this one. A variable that one plugin sets when it is imported
must not decide over another plugin's numbers: in its own process, where it is imported again, it
sets it for itself. Here it stays, for whatever of the plugin is used here.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_changed: dict[str, tuple[str | None, str | None]] = {}
_folders: dict[str, str] = {}


@contextmanager
def importing() -> Iterator[None]:
    """Note what is done meanwhile to the environment and the working folder."""
    variables, folder = dict(os.environ), working_folder()
    try:
        yield
    finally:
        for name in variables.keys() | os.environ.keys():
            before, after = variables.get(name), os.environ.get(name)
            if before != after:
                _changed[name] = _changed.get(name, (before, None))[0], after
        if folder and (now := working_folder()) not in {"", folder}:
            _folders[now] = _folders.get(folder, folder)


def environment_before() -> dict[str, str]:
    """Return the environment without what modules changed in it; what was set since, is in it."""
    variables = dict(os.environ)
    for name, (before, after) in _changed.items():
        if variables.get(name) == after:
            variables.pop(name, None)
            if before is not None:
                variables[name] = before
    return variables


def folder_before() -> str:
    """Return the working folder, or the one that it was before a module left it."""
    now = working_folder()
    return _folders.get(now, now)


def working_folder() -> str:
    """Return the working folder; nothing if it was removed."""
    with suppress(OSError):
        return os.getcwd()  # noqa: PTH109 - a string is what all who ask need
    return ""
