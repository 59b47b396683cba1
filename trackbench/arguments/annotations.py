"""The kinds of a function's parameters, read from its annotations as they are written.

They are not evaluated: what is imported for the type checker alone is not there to be. A class that
is not there is known by its name, which its instances have. Numbers are taken for anything: each
function holds them to bounds of its own (:mod:`trackbench.arguments.bounds`).
"""

from __future__ import annotations

import ast
import collections.abc
import inspect
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin

from trackbench.arguments.kinds import (
    ANYTHING,
    ARRAY,
    FACTORY,
    FLAG,
    FUNCTION,
    NONE,
    PATH,
    TEXT,
    Choice,
    Fixed,
    Kind,
    Listed,
    Mapped,
    of_class,
    of_class_named,
)

_PLAIN = {
    **dict.fromkeys(("int", "float", "object", "Any"), ANYTHING),
    "str": TEXT,
    "bool": FLAG,
}
_LISTS = frozenset({"list", "Collection", "Iterable", "Sequence"})
_DICTIONARIES = frozenset({"dict", "Mapping"})
_SEVERAL = frozenset({inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD})


def kinds_of(function: Callable[..., Any]) -> dict[str, Kind]:
    """Return the kinds of a function's parameters, without those that take anything.

    Raises:
        ValueError: an annotation is of a form that is not known here.
    """
    names = vars(sys.modules[function.__module__])
    kinds = {
        name: _read(each.annotation, names)
        for name, each in inspect.signature(function).parameters.items()
        if isinstance(each.annotation, str) and each.kind not in _SEVERAL
    }
    return {name: kind for name, kind in kinds.items() if kind is not ANYTHING}


def _read(annotation: str, names: Mapping[str, Any]) -> Kind:
    return _kind(ast.parse(annotation, mode="eval").body, names)


def _kind(node: ast.expr, names: Mapping[str, Any]) -> Kind:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return _union([_kind(node.left, names), _kind(node.right, names)])
    if isinstance(node, ast.Constant) and node.value is None:
        return NONE
    if isinstance(node, ast.Name):
        return _named(node.id, names)
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        return _generic(node.value.id, inner, names)
    raise ValueError(f"not known here: {ast.unparse(node)}")


def _named(name: str, names: Mapping[str, Any]) -> Kind:
    if name in _PLAIN:
        return _PLAIN[name]
    if name not in names:
        return PATH if name == Path.__name__ else of_class_named(name)
    return _meant(names[name], name, names)


def _meant(found: Any, name: str, names: Mapping[str, Any]) -> Kind:
    """Return the kind that a name stands for: a class, or an alias of something longer."""
    if isinstance(found, str):
        return _read(found, names)
    if isinstance(found, UnionType):
        return _union([_named(each.__name__, {each.__name__: each}) for each in get_args(found)])
    if get_origin(found) is collections.abc.Callable:
        return FUNCTION
    if isinstance(found, type):
        return PATH if found is Path else of_class(found)
    raise ValueError(f"not known here: {name}")


def _generic(name: str, inner: list[ast.expr], names: Mapping[str, Any]) -> Kind:
    if name == "Callable":
        return FACTORY if [ast.unparse(each) for each in inner] == ["...", "object"] else FUNCTION
    if name == "NDArray":
        return ARRAY
    kinds = [_kind(each, names) for each in inner if not _is_ellipsis(each)]
    if name in _LISTS or (name == "tuple" and len(kinds) < len(inner)):
        return ANYTHING if kinds[0] is ANYTHING else Listed(kinds[0])
    if name in _DICTIONARIES:
        return Mapped(*kinds)
    if name == "tuple":
        return Fixed(tuple(kinds))
    raise ValueError(f"not known here: {name}[...]")


def _union(kinds: list[Kind]) -> Kind:
    if ANYTHING in kinds:
        return ANYTHING
    flat = [each for kind in kinds for each in (kind.of if isinstance(kind, Choice) else (kind,))]
    return Choice(tuple(dict.fromkeys(flat)))


def _is_ellipsis(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is ...
