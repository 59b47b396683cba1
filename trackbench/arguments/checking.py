"""What a caller gives is held to the types that a public function says it takes.

A wrong type is the caller's to mend as a wrong number is: it is refused in one line that names the
parameter, before anything is read or run.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Collection, Iterator
from functools import cache, wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from trackbench.arguments.annotations import kinds_of
from trackbench.arguments.kinds import Kind, has_list, has_path
from trackbench.errors import TrackbenchError, parameter

_P = ParamSpec("_P")
_R = TypeVar("_R")

_BY_PLACE = frozenset({inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD})


def arguments_checked(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Return a function that refuses arguments of other types than its annotations say.

    An empty list is refused, too, unless none is what a parameter has by default. What gives its
    members only once is handed on as a tuple of them, and what another library names a file with
    as a ``Path``. Numbers are left to the function itself.

    Raises:
        TrackbenchError: by the function that is returned: an argument is of another type.

    Example:
        >>> @arguments_checked
        ... def greet(name: str) -> str:
        ...     return f"hello {name}"
        >>> greet(3)
        Traceback (most recent call last):
            ...
        trackbench.errors.TrackbenchError: name must be a text, not 3
    """
    parameters = inspect.signature(function).parameters
    by_place = [name for name, each in parameters.items() if each.kind in _BY_PLACE]
    may_be_empty = {name for name, each in parameters.items() if each.default == ()}

    @cache  # when it is first called: what the annotations name may be defined later
    def kinds() -> dict[str, Kind]:
        return kinds_of(function)

    def checked(name: str, value: Any) -> Any:
        kind = kinds().get(name)
        return value if kind is None else _checked(name, kind, value, empty=name in may_be_empty)

    @wraps(function)
    def checking(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        # More than there are names is left to Python, which says so.
        placed: Any = [checked(*pair) for pair in zip(by_place, args, strict=False)]
        rest: Any = args[len(placed) :]
        named: Any = {name: checked(name, value) for name, value in kwargs.items()}
        return function(*placed, *rest, **named)

    return checking


def _checked(name: str, kind: Kind, value: Any, *, empty: bool) -> Any:
    if has_list(kind) and isinstance(value, Iterator):
        value = tuple(value)
    if (fault := kind.fault(value)) is not None:
        raise TrackbenchError(f"{parameter(name)} must be {kind.one}, not {fault}")
    if has_path(kind) and isinstance(value, os.PathLike) and not isinstance(value, Path):
        return Path(value)
    is_list = isinstance(value, Collection) and not isinstance(value, str)
    if has_list(kind) and is_list and len(value) == 0 and not empty:
        raise TrackbenchError(f"{parameter(name)} must not be empty")
    return value
