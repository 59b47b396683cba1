"""What a factory takes, read off its signature; and whether that is what it is given."""

from __future__ import annotations

import difflib
import inspect
import typing
from typing import Any, Callable, Dict, List, Mapping, NamedTuple, Optional

_ANY = inspect.Parameter.empty
_KINDS: Dict[Any, str] = {
    bool: "True or False",
    int: "a whole number",
    float: "a number",
    str: "a word",
    list: "a list",
    tuple: "a list",
    dict: "a dictionary",
    type(None): "None",
}
"""Types that are looked at -> what a message calls them."""

_TAKEN_FOR: Dict[Any, Any] = {float: (float, int), list: (list, tuple), tuple: (tuple, list)}
"""Types for which values of others are taken, too."""


class Taken(NamedTuple):
    """A parameter of a factory.

    Attributes:
        name: of it.
        kind: its type in words, from the annotation or else the default; empty: nothing says.
        default: as Python writes it; None: it must be given.
    """

    name: str
    kind: str
    default: Optional[str]


class WrongParameterError(Exception):
    """A factory does not take what it is given; the message is one line."""


def taken_by(factory: Callable[..., Any]) -> Optional[List[Taken]]:
    """Return the parameters that a factory takes by name; None where it does not say."""
    found = _signature(factory)
    if found is None:
        return None
    hints = _hints(factory)
    return [
        Taken(
            each.name,
            _in_words(each, hints),
            None if each.default is _ANY else _shortened(repr(each.default)),
        )
        for each in found
        if _is_named(each)
    ]


def described(factory: Callable[..., Any]) -> Dict[str, Any]:
    """Return what a factory says of itself, in plain values.

    That is ``taken`` (:func:`taken_by`), ``batched`` (it follows videos in lockstep), ``whole`` (it
    is a class that is handed whole videos), and ``description``, the first line of its docstring.
    """
    return {
        "taken": taken_by(factory),
        "batched": bool(getattr(factory, "batched", False)),
        "whole": tracks_whole_videos(factory),
        "description": (inspect.getdoc(factory) or "").partition("\n")[0],
    }


def tracks_whole_videos(factory: Any) -> bool:
    """Whether it is a class with ``track`` in the place of ``init`` and ``update``."""
    others = ("init", "update", "initialize")  # with these it is another toolkit's
    return (
        inspect.isclass(factory)
        and callable(getattr(factory, "track", None))
        and not any(hasattr(factory, name) for name in others)
    )


def check(name: str, factory: Callable[..., Any], given: Mapping[str, Any]) -> None:
    """Hold parameters to what a factory takes: their names, and types as far as it says them.

    Args:
        name: of the tracker, for messages.
        factory: of it.
        given: name -> value.

    Raises:
        WrongParameterError: one is unknown, missing, or of another type.
    """
    found = _signature(factory)
    if found is None:
        return
    hints = _hints(factory)
    known = {each.name: each for each in found if _is_named(each)}
    takes_all = any(each.kind is inspect.Parameter.VAR_KEYWORD for each in found)
    for parameter, value in given.items():
        if parameter in known:
            _check_value(name, known[parameter], hints, value)
        elif not takes_all:
            raise WrongParameterError(_unknown(name, parameter, list(known)))
    for each in known.values():
        if each.default is _ANY and each.name not in given:
            raise WrongParameterError(f"{name} needs its parameter {each.name}: give it a value")


def _signature(factory: Callable[..., Any]) -> Optional[List[inspect.Parameter]]:
    try:
        return list(inspect.signature(factory).parameters.values())
    except (TypeError, ValueError):  # it is written in C
        return None


def _is_named(parameter: inspect.Parameter) -> bool:
    kinds = inspect.Parameter
    return parameter.kind in (kinds.POSITIONAL_OR_KEYWORD, kinds.KEYWORD_ONLY)


def _hints(factory: Any) -> Dict[str, Any]:
    """Return the annotations of a factory; those that cannot be made sense of are left out."""
    written = factory.__init__ if inspect.isclass(factory) else factory
    try:
        return typing.get_type_hints(written)
    except Exception:  # noqa: BLE001 - an annotation is the author's code
        hints = dict(getattr(written, "__annotations__", {}))
        return {name: hint for name, hint in hints.items() if not isinstance(hint, str)}


def _check_value(
    name: str, parameter: inspect.Parameter, hints: Mapping[str, Any], value: Any
) -> None:
    default = None if parameter.default is _ANY else parameter.default
    if parameter.name in hints:
        wanted = hints[parameter.name]
        fits = _fits(wanted, value) or (value is None and parameter.default is None)
    else:
        wanted = type(default)
        if wanted is int:
            wanted = float  # a default of 1 may stand for any number
        fits = default is None or value is None or _fits(wanted, value)
    if not fits:
        such = "" if default is None else f", such as {_shortened(repr(default))}"
        raise WrongParameterError(
            f"{name} takes {_called(wanted)} for {parameter.name}{such}, not "
            f"{_shortened(repr(value))}"
        )


def _fits(wanted: Any, value: Any) -> bool:
    """Whether a value is of a type, as far as both are some that are looked at."""
    origin, inner = typing.get_origin(wanted), typing.get_args(wanted)
    if _is_union(wanted):
        return any(_fits(each, value) for each in inner)
    if str(origin) == "typing.Literal":
        return value in inner
    kind = origin or wanted
    # Whoever gives an array for a list may know why.
    if kind not in _KINDS or type(value) not in _KINDS:
        return True
    return type(value) in _TAKEN_FOR.get(kind, (kind,))


def _is_union(wanted: Any) -> bool:
    return typing.get_origin(wanted) is typing.Union or type(wanted).__name__ == "UnionType"


def _in_words(parameter: inspect.Parameter, hints: Mapping[str, Any]) -> str:
    if parameter.name in hints:
        hint = hints[parameter.name]
        return getattr(hint, "__name__", "") if type(hint) is type else _plain(str(hint))
    if parameter.default is _ANY or parameter.default is None:
        return ""
    return type(parameter.default).__name__


def _plain(hint: str) -> str:
    return _shortened(hint.replace("typing.", "").replace("collections.abc.", ""))


def _called(wanted: Any) -> str:
    """Return what a message calls a type."""
    origin, inner = typing.get_origin(wanted), typing.get_args(wanted)
    if str(origin) == "typing.Literal":
        return " or ".join(map(repr, inner))
    if _is_union(wanted):
        return " or ".join(_called(each) for each in inner)
    return _KINDS.get(origin or wanted, getattr(wanted, "__name__", str(wanted)))


def _unknown(name: str, parameter: str, known: List[str]) -> str:
    begun = [each for each in known if each.startswith(parameter)]
    near = begun or difflib.get_close_matches(parameter, known, n=1, cutoff=0.5)
    if near:
        hint = f"did you mean {near[0]}?"
    else:
        hint = f"it takes {', '.join(known)}" if known else "it takes none"
    return f"{name} has no parameter {parameter!r}: {hint}"


def _shortened(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."
