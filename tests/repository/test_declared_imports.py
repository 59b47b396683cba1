"""What is imported is declared in pyproject.toml: by the package, or for its tests and scripts."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PACKAGE = ("trackbench", "trackers", "datasets", "reports")
EXTRAS = PROJECT["optional-dependencies"]
OURS = {"trackbench", "trackbench_host"}


def imported(folders: tuple[str, ...]) -> dict[str, set[str]]:
    """Return the top-level packages that are imported in folders, each with the files that do."""
    found: dict[str, set[str]] = {}
    for path in [path for folder in folders for path in (ROOT / folder).rglob("*.py")]:
        relative = path.relative_to(ROOT)
        if relative.parts[:2] in {("trackbench", part) for part in PACKAGE}:
            continue  # a link to another of the folders
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            for name in names:
                found.setdefault(name.partition(".")[0], set()).add(str(relative))
    return {name: files for name, files in found.items() if name not in sys.stdlib_module_names}


def declared(requirements: list[str]) -> set[str]:
    """Return the names of requirements as they are compared: lower case, with hyphens."""
    return {
        normal(re.split(r"[<>=!~;\[ ]", requirement, maxsplit=1)[0]) for requirement in requirements
    }


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def undeclared(folders: tuple[str, ...], requirements: list[str]) -> dict[str, set[str]]:
    """Return what is imported and belongs to nothing in the requirements, with the files."""
    allowed, providers = declared(requirements), packages_distributions()
    return {
        name: files
        for name, files in imported(folders).items()
        if name not in OURS
        and name in providers  # scripts/check_vot.py has an environment of its own, as it says
        and not {normal(provider) for provider in providers[name]} & allowed
    }


@pytest.mark.thorough
def test_the_package_declares_what_it_imports() -> None:
    assert undeclared(PACKAGE, with_extras("torch", "video", "cluster")) == {}


@pytest.mark.thorough
def test_the_extra_torch_is_asked_for_by_what_learns_alone() -> None:
    """What everybody has is enough for all but the trackers that learn and their training."""
    asking = files_of(undeclared(PACKAGE, with_extras("video", "cluster")))
    assert {file.split("/")[0] for file in asking} <= {"trackers"}


@pytest.mark.thorough
def test_the_extra_video_is_asked_for_by_what_reads_and_writes_video_files_alone() -> None:
    asking = files_of(undeclared(PACKAGE, with_extras("torch", "cluster")))
    assert asking <= {"datasets/readers/video_file.py", "reports/clips.py"}


@pytest.mark.thorough
def test_the_extra_cluster_is_asked_for_by_what_speaks_with_one_alone() -> None:
    """And by the types of :func:`trackbench.run`."""
    asking = files_of(undeclared(PACKAGE, with_extras("torch", "video")))
    asking = {file for file in asking if not file.startswith("trackbench/running/cluster/")}
    assert asking <= {"trackbench/api/running.py", "trackbench/api/run_options.py"}


def with_extras(*extras: str) -> list[str]:
    return [*PROJECT["dependencies"], *(each for extra in extras for each in EXTRAS[extra])]


def files_of(found: dict[str, set[str]]) -> set[str]:
    return {file for files in found.values() for file in files}


@pytest.mark.thorough
def test_tests_and_scripts_declare_what_they_import() -> None:
    every = PROJECT["dependencies"] + EXTRAS["torch"] + EXTRAS["dev"] + EXTRAS["docs"]
    found = undeclared(("tests", "scripts", "examples"), every)
    local = {path.stem for path in (ROOT / "tests").rglob("*.py")}
    assert {name: files for name, files in found.items() if name not in local} == {}


@pytest.mark.thorough
def test_what_is_declared_for_everybody_is_imported() -> None:
    names = imported(PACKAGE)
    providers = packages_distributions()
    used = {normal(provider) for name in names for provider in providers.get(name, ())}
    assert declared(PROJECT["dependencies"]) - used == set()


@pytest.mark.thorough
@pytest.mark.parametrize("requirement", ["markupsafe", "numpy"])
def test_it_would_be_seen_if_one_were_missing(requirement: str) -> None:
    rest = [r for r in PROJECT["dependencies"] if normal(r).partition(">")[0] != requirement]
    assert len(rest) == len(PROJECT["dependencies"]) - 1
    assert requirement in undeclared(PACKAGE, rest + EXTRAS["torch"])
