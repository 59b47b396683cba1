"""The author's modules, found in a commit's worktree and not in what is installed of them.

An editable installation leads to the author's checkout, whatever commit is to be run, and an
ordinary one to a copy in ``site-packages``: each commit would have the same numbers. So before
anything of the author's is imported

* entries of Python's path that lie in a working tree of the repository (of ``.pth`` files) become
  the same folders of the worktree;
* the top-level modules of packages that were installed from the repository are placed in it
  (:mod:`trackbench.plugins.placed_modules`).

:mod:`.strays` then looks whether all that was used came from there.
"""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from importlib.metadata import Distribution, distributions, packages_distributions
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote, urlsplit

from trackbench.plugins.placed_modules import place_modules

_INSTALLED = frozenset({"site-packages", "dist-packages"})
_OURS = "trackbench"
_LAYOUTS = (".", "src", "lib", "python")
"""Folders of a repository that its packages lie in, where the installation does not say it."""


def find_in(worktree: Path, roots: Iterable[Path]) -> frozenset[str]:
    """Have modules of a repository be found in one worktree of it, from now on.

    Args:
        worktree: real path.
        roots: real paths of the other working trees.

    Returns:
        Top-level names of the repository's that are still found elsewhere: the commit has none of
        that name, or where nobody looks.
    """
    others = tuple(roots)
    names = dict.fromkeys(_names_of(worktree, others))
    found = {name: file for name in names if (file := _file_in(worktree, name, others))}
    for number, entry in enumerate(sys.path):
        if (inside := moved(entry, worktree, others)) is not None:
            sys.path[number] = str(inside)
    if found:
        place_modules({name: str(file) for name, file in found.items()})
    return frozenset(name for name in names if name not in found and _is_elsewhere(name, worktree))


def _is_elsewhere(name: str, worktree: Path) -> bool:
    with suppress(Exception):  # finders may be anybody's
        spec = find_spec(name)
        if spec is not None:
            places = [spec.origin] if spec.origin else list(spec.submodule_search_locations or ())
            return not all(Path(place).resolve().is_relative_to(worktree) for place in places)
    return False


def moved(entry: str, worktree: Path, roots: Iterable[Path]) -> Path | None:
    """Return the path in the worktree that a path in another working tree stands for.

    Returns:
        None: it lies in none of them, or in an environment that lies there.
    """
    real = Path(entry).resolve()
    for root in roots:
        if is_of(real, root, worktree):
            return worktree / real.relative_to(root)
    return None


def is_of(real: Path, root: Path, worktree: Path) -> bool:
    """Whether a real path is of a working tree: not of the worktree, nor of what is installed."""
    if not real.is_relative_to(root) or real.is_relative_to(worktree):
        return False
    prefixes = (Path(prefix).resolve() for prefix in (sys.prefix, sys.base_prefix))
    if any(p != root and p.is_relative_to(root) and real.is_relative_to(p) for p in prefixes):
        return False
    return not _INSTALLED.intersection(real.relative_to(root).parts)


def _names_of(worktree: Path, roots: tuple[Path, ...]) -> Iterator[str]:
    """Yield the top-level names of what is installed from the repository, or is called like it."""
    called = _project(worktree)
    installed = [each for each in distributions() if _folder_of(each) in roots or _is(each, called)]
    mine = {each.metadata["Name"] for each in installed}
    for name, owners in packages_distributions().items():
        if mine.intersection(owners) and name.isidentifier() and name != _OURS:
            yield name
    for each in installed:  # editable installations list no modules: their finders do
        for line in (each.read_text("top_level.txt") or "").split():
            if line.isidentifier() and line != _OURS:
                yield line


def _folder_of(installed: Distribution) -> Path | None:
    """Return the folder that something was installed from, as PEP 610 says it; None: from none."""
    with suppress(ValueError, TypeError, KeyError):
        said = json.loads(installed.read_text("direct_url.json") or "")
        url = urlsplit(said["url"])
        if url.scheme == "file":
            folder = Path(unquote(url.path)).resolve()
            return next((f for f in (folder, *folder.parents) if (f / ".git").exists()), folder)
    return None


def _project(worktree: Path) -> str | None:
    """Return the name of the project that a worktree holds, as its ``pyproject.toml`` says it."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        said = (worktree / "pyproject.toml").read_text(encoding="utf-8")
        return _plain(tomllib.loads(said)["project"]["name"])
    return None


def _is(installed: Distribution, project: str | None) -> bool:
    name: str | None = installed.metadata["Name"]  # None of a damaged installation
    return project is not None and name is not None and _plain(name) == project


def _plain(name: str) -> str:
    """Return a project's name as PEP 503 compares them."""
    return name.replace("_", "-").replace(".", "-").lower()


def _file_in(worktree: Path, name: str, roots: tuple[Path, ...]) -> Path | None:
    """Return the file of a top-level module in the worktree; None: it is not there."""
    places = [worktree / layout for layout in _LAYOUTS]
    deeper = sorted(worktree.glob(f"*/**/{name}/__init__.py"))
    places += [file.parent.parent for file in deeper] if len(deeper) == 1 else []
    with suppress(Exception):  # finders may be anybody's
        spec = find_spec(name)
        if spec is not None and spec.origin is not None:
            place = moved(spec.origin, worktree, roots)
            if place is not None:
                package = bool(spec.submodule_search_locations)
                places.insert(0, place.parent.parent if package else place.parent)
    for place in places:
        for file in (place / name / "__init__.py", place / f"{name}.py"):
            if file.is_file():
                return file
    return None
