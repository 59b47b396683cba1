"""Messages of the library name parameters of its functions; options are the command line's."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer.main

import trackbench
from trackbench import testing
from trackbench.cli.commands import app
from trackbench.reports.diagnosing import Diagnosed

ROOT = Path(__file__).parents[2]
OPTION = re.compile(r"(?<![\w-])--([a-z]|$)")
"""In a text; at its end, too, where an f-string goes on with the name."""

OPTIONS_OF_OTHERS = {
    "reports/latex.py": "none: a dash between numbers, as TeX writes it",
    "trackbench/bisection/repository.py": "git's",
    "trackbench/bisection/worktrees.py": "git's",
    "trackbench/results/code_version.py": "git's",
    "trackbench/errors.py": "where parameters are made options, for all messages",
    "trackbench/running/cluster/address.py": "of Dask's scheduler",
    "trackbench/running/cluster/workers.py": "of Dask's worker",
    "trackbench/scaffold/bench_file.py": "comments of a file that the command line is given",
    "trackbench/scaffold/commands.py": "whole commands, each for a shell",
}
"""File -> whose options its texts name, and why they may."""

NO_PARAMETERS = {
    "load_plugin": "a function",
    "weights": "of a section of a trackers.toml",
}
NO_OPTIONS = {"apart": "a command always tracks apart"}


@dataclass(frozen=True)
class Module:
    """What is asked of a module of the library: its trees are large, and all take long to walk.

    Attributes:
        options: (line, text) of each text that names an option.
        named: as :func:`named` has them.
    """

    path: str
    options: tuple[tuple[int, str], ...]
    named: tuple[tuple[str, str], ...]


@cache
def library() -> tuple[Module, ...]:
    """Return every module of the library but the command line."""
    modules = []
    for folder in ("trackbench", "trackers", "datasets", "reports"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            path = file.relative_to(ROOT).as_posix()
            linked = ("trackbench/trackers/", "trackbench/datasets/", "trackbench/reports/")
            if not path.startswith(("trackbench/cli/", *linked)):
                nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
                found = ((line, text) for line, text in texts(nodes) if OPTION.search(text))
                modules.append(Module(path, tuple(found), tuple(named(nodes))))
    return tuple(modules)


def texts(nodes: Sequence[ast.AST]) -> Iterator[tuple[int, str]]:
    """Yield the texts of a module that are no docstrings, with their lines."""
    bare = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    for node in nodes:
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in bare:
            yield node.lineno, str(node.value)


def named(nodes: Iterable[ast.AST]) -> Iterator[tuple[str, str]]:
    """Yield (parameter, option) of each call of ``parameter``, as far as it is written out."""
    for node in nodes:
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        if node.func.id != "parameter":
            continue
        given = {each.arg: each.value for each in node.keywords}
        name, option = node.args[0], given.get("option", node.args[0])
        if isinstance(name, ast.Constant) and isinstance(option, ast.Constant):
            yield str(name.value), str(option.value).replace("_", "-")


def options(command: Any) -> Iterator[str]:
    """Yield all options of a command and of those below it, without dashes."""
    for parameter in command.params:
        yield from (option.removeprefix("--") for option in parameter.opts if "--" in option)
    for below in getattr(command, "commands", {}).values():
        yield from options(below)


def test_no_text_of_the_library_names_an_option() -> None:
    found = {
        f"{module.path}:{line}: {text!r}"
        for module in library()
        if module.path not in OPTIONS_OF_OTHERS
        for line, text in module.options
    }
    assert found == set()


def test_each_exception_is_one() -> None:
    with_options = {module.path for module in library() if module.options}
    assert OPTIONS_OF_OTHERS.keys() <= with_options


@pytest.mark.parametrize(
    ("source", "seen"),
    [
        ('x = "see --shard"', True),
        ('f"see --{name}"', True),
        ('f"{path}: --plugin brings one"', True),
        ('def f():\n    """As ``--shard``."""', False),
        ('x = "a -- b, a--b, ---"', False),
    ],
)
def test_what_is_taken_for_an_option(source: str, seen: bool) -> None:
    assert any(OPTION.search(text) for _, text in texts(list(ast.walk(ast.parse(source))))) is seen


def test_every_parameter_that_a_message_names_is_one_and_has_its_option() -> None:
    functions = [
        getattr(module, name) for module in (trackbench, testing) for name in module.__all__
    ]
    functions = [each for each in functions if inspect.isfunction(each)]
    functions += [Diagnosed.render, trackbench.Explanation.render]
    parameters = {name for each in functions for name in inspect.signature(each).parameters}
    known = set(options(typer.main.get_command(app)))
    calls = {(module.path, *pair) for module in library() for pair in module.named}
    assert len(calls) > 50
    names = {name for _, name, _ in calls}
    assert {c for c in calls if c[1] not in parameters | NO_PARAMETERS.keys()} == set()
    assert {c for c in calls if c[2] not in known | NO_OPTIONS.keys()} == set()
    assert NO_PARAMETERS.keys() <= names - parameters
    assert NO_OPTIONS.keys() <= {option for *_, option in calls} - known
