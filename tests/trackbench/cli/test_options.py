"""An option that several commands have is declared in one place, with the same words in each."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_type_hints

import pytest
import typer

from trackbench import cli
from trackbench.arguments.bounds import LONG_RUN, SEED, ZOOM
from trackbench.cli.commands import app


def callbacks(commands: typer.Typer) -> Iterator[Callable[..., Any]]:
    for command in commands.registered_commands:
        assert command.callback is not None
        yield command.callback
    for group in commands.registered_groups:
        assert group.typer_instance is not None
        yield from callbacks(group.typer_instance)


def declared() -> Iterator[tuple[str, Any]]:
    """Yield the name and the declaration of each parameter of each command."""
    for callback in callbacks(app):
        for name, hint in get_type_hints(callback, include_extras=True).items():
            for declaration in getattr(hint, "__metadata__", ()):
                yield name, declaration


def test_the_same_words_stand_in_one_place() -> None:
    every = list(declared())  # kept: of what is gone, another one may have the identity
    places = defaultdict(set)
    for name, declaration in every:
        places[name, declaration.help].add(id(declaration))
    assert len(places) > 50
    assert not [said for said, ids in places.items() if len(ids) > 1]


def test_plugins_are_brought_in_the_same_way_by_every_command() -> None:
    plugins = [declaration for name, declaration in declared() if name == "plugin"]
    assert len(plugins) >= 8
    assert len({id(declaration) for declaration in plugins}) == 1


def test_no_option_has_bounds_of_its_own() -> None:
    folder = Path(cli.__file__).parent
    found = {
        (file.name, keyword.arg)
        for file in folder.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg in {"min", "max"} and "Option" in ast.unparse(node.func)
    }
    assert found == {("parameters.py", "min"), ("parameters.py", "max")}


@pytest.mark.parametrize(
    ("arguments", "option", "bound"),
    [
        (("show", "mnist-single-same", "-o", "a.png", "--zoom"), "--zoom", ZOOM.most + 1),
        (("train", "rectracker-id", "--seed"), "--seed", SEED.most + 1),
        (("check-tracker", "static", "--frames"), "--frames", LONG_RUN.least - 1),
    ],
)
def test_what_is_beyond_a_bound_is_refused_by_its_option(
    commands: Callable[..., Any], arguments: tuple[str, ...], option: str, bound: int
) -> None:
    done = commands(*arguments, str(bound))
    assert done.code == 2
    assert option in done.err
    assert len(done.err.splitlines()) == 1
