"""A package that is installed, with its tests and its workflow."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from trackbench.errors import TrackbenchError, parameter
from trackbench.results.atomic_files import creating_folder
from trackbench.scaffold.names import check_module_free, names_of
from trackbench.scaffold.plugin_kinds import Part
from trackbench.scaffold.rendering import Scaffold, module_text, rendered
from trackbench.scaffold.target import said_of_target, target


def write_package(
    parts: Collection[Part], name: str, out: Path | None, *, batched: bool
) -> tuple[Path, Scaffold]:
    """Write a package; return where, and what it is.

    Args:
        parts: what it brings.
        name: of the package and the id of each part.
        out: the new folder; None: the name, in the working folder.
        batched: its tracker follows many videos in lockstep.

    Raises:
        TrackbenchError: the name is taken or makes no names, or the folder cannot be written.
    """
    names = names_of(name)
    parts = [part for part in Part if part in parts]
    for part in parts:
        part.check_free(names, package=True)
    if batched and Part.TRACKER not in parts:
        with_one = parameter("parts", "tracker", option="with")
        raise TrackbenchError(
            f"{parameter('batched', True)} is for a tracker: add {with_one}, or leave it out"
        )
    _check_distribution_free(name)
    check_module_free(names.module)
    path = target(out, name)
    new = Scaffold(names, parts, batched=batched, package=True)
    with said_of_target(path), creating_folder(path) as folder:
        for file, text in package_files(new):
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_text(text, encoding="utf-8")
    return path, new


def package_files(new: Scaffold) -> Iterator[tuple[str, str]]:
    """Yield every file of a package: its path, with slashes, and its text."""
    for file, template in {
        "pyproject.toml": "pyproject.toml",
        "README.md": "README.md",
        ".gitignore": "gitignore",
        ".github/workflows/test.yml": "workflow.yml",
        f"src/{new.names.module}/__init__.py": "__init__.py",
    }.items():
        yield file, rendered(template, new)
    for part in new.parts:
        yield f"src/{new.names.module}/{part.value}.py", module_text(part, new)
        yield f"tests/test_{part.value}.py", rendered(f"test_{part.value}.py", new)


def _check_distribution_free(name: str) -> None:
    """Raise if installing the package would replace another one."""
    try:
        distribution(name)
    except PackageNotFoundError:
        return
    raise TrackbenchError(f"a package {name} is installed already: choose another name")
