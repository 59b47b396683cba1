"""An option that several commands have is declared in one place, with the same words in each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any, get_type_hints

import typer

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
