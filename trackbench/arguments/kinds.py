"""Kinds of values that a parameter takes, with the words that a refusal says them in."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from trackbench.printing.text import quoted, with_article


@dataclass(frozen=True)
class Single:
    """What is judged as a whole.

    Attributes:
        one: a value of it, in words.
        many: several of them.
        takes: whether a value is of it.
    """

    one: str
    many: str
    takes: Callable[[Any], bool]

    def fault(self, value: object) -> str | None:
        """Return what is wrong, to stand behind "not"; None: nothing is."""
        return None if self.takes(value) else quoted(value)


@dataclass(frozen=True)
class Formed:
    """What has certain members, of whatever class it is.

    Attributes:
        one: a value of it, in words.
        many: several of them.
        members: their names.
    """

    one: str
    many: str
    members: tuple[str, ...]

    def fault(self, value: object) -> str | None:
        """Return what is wrong, to stand behind "not"; None: nothing is."""
        missing = [name for name in self.members if not hasattr(value, name)]
        if not missing:
            return None
        is_near = len(missing) < len(self.members)
        return f"{quoted(value)} without {', '.join(missing)}" if is_near else quoted(value)


@dataclass(frozen=True)
class Listed:
    """A list, a tuple, or whatever else gives one after another; a text is none.

    A dictionary gives its keys, as it does to ``list``.

    Attributes:
        of: what each of them is.
    """

    of: Kind

    @property
    def one(self) -> str:
        """A value of it, in words."""
        return f"a list of {self.of.many}"

    @property
    def many(self) -> str:
        """Several of them."""
        return f"lists of {self.of.many}"

    def fault(self, value: object) -> str | None:
        """Return what is wrong, to stand behind "not"; None: nothing is."""
        if isinstance(value, str | bytes) or not isinstance(value, Iterable):
            return quoted(value)
        try:
            members = iter(value)
        except TypeError:  # an array without dimensions
            return quoted(value)
        return _with("a list", map(self.of.fault, members))


@dataclass(frozen=True)
class Mapped:
    """A dictionary.

    Attributes:
        keys, values: what they are.
    """

    keys: Kind
    values: Kind

    @property
    def one(self) -> str:
        """A value of it, in words."""
        return f"a dictionary of {self.keys.many}"

    @property
    def many(self) -> str:
        """Several of them."""
        return f"dictionaries of {self.keys.many}"

    def fault(self, value: object) -> str | None:
        """Return what is wrong, to stand behind "not"; None: nothing is."""
        if not isinstance(value, Mapping):
            return quoted(value)
        pairs = value.items()
        found = (self.keys.fault(key) or self.values.fault(held) for key, held in pairs)
        return _with("a dictionary", found)


@dataclass(frozen=True)
class Fixed:
    """So many in a row, each of a kind of its own.

    Attributes:
        of: the kinds.
    """

    of: tuple[Kind, ...]

    @property
    def one(self) -> str:
        """A value of it, in words."""
        return f"({', '.join(each.one for each in self.of)})"

    @property
    def many(self) -> str:
        """Several of them."""
        return f"several of {self.one}"

    def fault(self, value: object) -> str | None:
        """Return what is wrong, to stand behind "not"; None: nothing is."""
        if not isinstance(value, list | tuple):
            return quoted(value)
        if len(value) != len(self.of):
            return f"a list of {len(value)}"
        found = (kind.fault(each) for kind, each in zip(self.of, value, strict=True))
        return _with("a list", found)


@dataclass(frozen=True)
class Choice:
    """One of several kinds.

    Attributes:
        of: the kinds.
    """

    of: tuple[Kind, ...]

    @property
    def one(self) -> str:
        """A value of it, in words."""
        return _alternatives(each.one for each in self.of)

    @property
    def many(self) -> str:
        """Several of them."""
        return _alternatives(each.many for each in self.of)

    def fault(self, value: object) -> str | None:
        """Return what is wrong, to stand behind "not"; None: nothing is."""
        found = [each.fault(value) for each in self.of]
        if None in found:
            return None
        whole = quoted(value)  # a list with something wrong in it says more than that it is a list
        return next((fault for fault in found if fault != whole), whole)


Kind: TypeAlias = Single | Formed | Listed | Mapped | Fixed | Choice


def _truth(value: object) -> bool:
    """Whether it is True or False, Python's or NumPy's."""
    return type(value).__name__ in {"bool", "bool_"}


def _is_path(value: object) -> bool:
    """Whether it names a file, and in a text: a path of bytes is none."""
    return isinstance(value, os.PathLike) and isinstance(os.fspath(value), str)


def _is_called(name: str, value: object) -> bool:
    """Whether it is of a class of this name, or of one that was made from such a class."""
    return name in {each.__name__ for each in type(value).__mro__}


ANYTHING = Single("anything", "anything", lambda _: True)
TEXT = Single("a text", "texts", lambda value: isinstance(value, str))
PATH = Single("a path", "paths", _is_path)
FLAG = Single("True or False", "True or False", _truth)
NONE = Single("None", "None", lambda value: value is None)
FUNCTION = Single("a function", "functions", callable)
FACTORY = Single("a class", "classes", callable)
"""Or a function that makes something: whatever is called with anything, and returns an object."""

ARRAY = Single("an array", "arrays", lambda value: _is_called("ndarray", value))


def of_class(found: type) -> Single | Formed:
    """Return the kind of a class's instances; of a protocol, of all that has its members."""
    name = found.__name__
    if not getattr(found, "_is_protocol", False):
        return _called(name, lambda value: isinstance(value, found))
    if "__call__" in vars(found):
        return FUNCTION
    members = {*vars(found), *vars(found).get("__annotations__", {})}
    wanted = sorted(each for each in members if not each.startswith("_"))
    return Formed(with_article(name), _plural(name), tuple(wanted))


def of_class_named(name: str) -> Single:
    """Return the kind of the instances of a class of this name, which need not be imported."""
    return _called(name, lambda value: _is_called(name, value))


def has_path(kind: Kind) -> bool:
    """Whether a path is of a kind."""
    return kind is PATH or (isinstance(kind, Choice) and PATH in kind.of)


def has_list(kind: Kind) -> bool:
    """Whether a list is of a kind."""
    return isinstance(kind, Listed) or (isinstance(kind, Choice) and any(map(has_list, kind.of)))


def _called(name: str, takes: Callable[[Any], bool]) -> Single:
    return Single(with_article(name), _plural(name), takes)


def _plural(name: str) -> str:
    return name if name.endswith("s") else f"{name}s"


def _with(what: str, faults: Iterable[str | None]) -> str | None:
    """Return the first fault of what is in a list or dictionary."""
    first = next((fault for fault in faults if fault is not None), None)
    return None if first is None else f"{what} with {first}"


def _alternatives(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last
