"""The installed packages that an author's code imports: not brought, so a worker must have them.

They are compared by version, and by the hashes of their files as they were installed: a package
built from a repository has the same version for years.
"""

from __future__ import annotations

import ast
import hashlib
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from trackbench.running.preload import imported_by_file

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_MODULE = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")
_BY_NAME = re.compile(r"\b(import_module|__import__)\b")
_OF_EXTRA = re.compile(r"\bextra\s*==")


@dataclass(frozen=True)
class Package:
    """An installed package.

    Attributes:
        name: of its distribution.
        version: of it.
        files_sha256: over names and hashes of its files, as they were installed; empty: it does not
            say.
    """

    name: str
    version: str
    files_sha256: str


def packages_of(files: Iterable[str]) -> tuple[Package, ...]:
    """Return the installed packages that Python files import, and those that these require.

    Import statements are read, at whatever depth they stand, and names that stand in a file which
    imports by name; nothing is executed.
    """
    names = {name for file in map(Path, files) for name in _named_in(file)}
    tops = {name.partition(".")[0] for name in names} - {"trackbench", *sys.stdlib_module_names}
    of_module = metadata.packages_distributions() if tops else {}
    left = [name for top in tops for name in of_module.get(top, ()) if _holds(name, top)]
    found: dict[str, Package] = {}
    while left:
        name = left.pop()
        package = None if _plain(name) in found else _installed(name)
        if package is not None and _plain(name) != "trackbench":
            found[_plain(name)] = package
            left += _required(name)
    return tuple(found[name] for name in sorted(found))


def _named_in(file: Path) -> Iterator[str]:
    yield from imported_by_file(file, "")
    with suppress(OSError, ValueError, SyntaxError, RecursionError):
        source = file.read_text(encoding="utf-8")
        if _BY_NAME.search(source):
            held = (getattr(each, "value", None) for each in ast.walk(ast.parse(source)))
            yield from (each for each in held if isinstance(each, str) and _MODULE.fullmatch(each))


def difference_here(packages: Iterable[Package]) -> str | None:
    """Say which of another machine's packages is another on this one; None: none is."""
    for package in packages:
        here = _installed(package.name)
        if here is None:
            return f"{package.name} {package.version} is missing there"
        if here.version != package.version:
            return f"{package.name} is {here.version} there and not {package.version}"
        both = here.files_sha256, package.files_sha256
        if all(both) and both[0] != both[1]:
            return f"{package.name} {package.version} has other files there, though it is called so"
    return None


def _installed(name: str) -> Package | None:
    try:
        found = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return None
    return Package(name, found.version, _files_sha256(found))


def _files_sha256(distribution: metadata.Distribution) -> str:
    """Return a hash of what is the same wherever a package is installed from the same file."""
    digest = hashlib.sha256()
    lines = sorted(_code_in(distribution.read_text("RECORD") or ""))
    for line in lines:
        digest.update(f"{line}\n".encode())
    return digest.hexdigest() if lines else ""


def _code_in(record: str) -> Iterator[str]:
    """Yield the lines of a RECORD, but for scripts, bytecode and what is about the installing."""
    for line in record.splitlines():
        name = line.strip('"')
        of_installing = name.startswith(("..", "__editable__")) or ".dist-info/" in name
        if "sha256=" in line and not of_installing and ".pyc," not in line and ".pth," not in line:
            yield line


def _holds(name: str, top: str) -> bool:
    """Whether a module lies where its distribution is installed; an editable one lies elsewhere."""
    place = Path(str(metadata.distribution(name).locate_file("")))
    return (place / top).exists() or any(place.glob(f"{top}.*"))


def _required(name: str) -> list[str]:
    """Return the names of what a distribution requires, whichever of its extras are wanted."""
    required = metadata.distribution(name).requires or ()
    names = [_NAME.match(each) for each in required if not _OF_EXTRA.search(each)]
    return [found.group() for found in names if found is not None]


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
