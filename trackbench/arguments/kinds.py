"""Kinds of values that a parameter takes, with the words that a refusal says them in."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from trackbench.printing.text import quoted


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
class Listed:
    """A list, a tuple, or whatever else gives one after another; a text is none.

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
        if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
            return quoted(value)
        found = (self.of.fault(each) for each in value)
        return _with("a list", found)


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


Kind: TypeAlias = Single | Listed | Mapped | Fixed | Choice


def _truth(value: object) -> bool:
    """Whether it is True or False, Python's or NumPy's."""
    return type(value).__name__ in {"bool", "bool_"}


ANYTHING = Single("anything", "anything", lambda _: True)
TEXT = Single("a text", "texts", lambda value: isinstance(value, str))
PATH = Single("a path", "paths", lambda value: isinstance(value, os.PathLike))
FLAG = Single("True or False", "True or False", _truth)
NONE = Single("None", "None", lambda value: value is None)
FUNCTION = Single("a function", "functions", callable)
FACTORY = Single("a class", "classes", callable)
"""Or a function that makes something: whatever is called with anything, and returns an object."""

ARRAY = Single("an array", "arrays", lambda value: type(value).__name__ == "ndarray")


def of_class(found: type) -> Single:
    """Return the kind of a class's instances; of a protocol, of all that has its members."""
    name = found.__name__
    if not getattr(found, "_is_protocol", False):
        return _called(name, lambda value: isinstance(value, found))
    if "__call__" in vars(found):
        return FUNCTION
    members = {*vars(found), *vars(found).get("__annotations__", {})}
    wanted = [each for each in members if not each.startswith("_")]
    return _called(name, lambda value: all(hasattr(value, each) for each in wanted))


def of_class_named(name: str) -> Single:
    """Return the kind of the instances of a class of this name, which need not be imported."""
    return _called(name, lambda value: name in {each.__name__ for each in type(value).__mro__})


def has_list(kind: Kind) -> bool:
    """Whether a list is of a kind."""
    return isinstance(kind, Listed) or (isinstance(kind, Choice) and any(map(has_list, kind.of)))


def _called(name: str, takes: Callable[[Any], bool]) -> Single:
    article = "an" if name[0] in "AEIOU" else "a"
    plural = name if name.endswith("s") else f"{name}s"
    return Single(f"{article} {name}", plural, takes)


def _with(what: str, faults: Iterable[str | None]) -> str | None:
    """Return the first fault of what is in a list or dictionary."""
    first = next((fault for fault in faults if fault is not None), None)
    return None if first is None else f"{what} with {first}"


def _alternatives(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last
