"""Any object by its content: what it holds, and the code of what it is an instance of."""

from __future__ import annotations

import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from types import FunctionType, MappingProxyType
from typing import Any

from trackbench.errors import brief
from trackbench.host import exits
from trackbench.plugins.hashing.array_hash import array_token, is_array
from trackbench.plugins.hashing.code_hash import code_token, definition_token
from trackbench.plugins.hashing.file_hash import Named
from trackbench.plugins.hashing.leaf_hash import leaf_token
from trackbench.plugins.hashing.object_hash import hides, state_token, type_name
from trackbench.plugins.hashing.own_files import Ownership
from trackbench.plugins.hashing.tokens import UnhashableError, number_text, pack

_VIEWS = frozenset({type({}.keys()), type({}.values()), type({}.items())})
_CONTAINERS = _VIEWS | {list, tuple, dict, set, frozenset, MappingProxyType}
_MUTABLE = frozenset({list, dict, set, bytearray})
_NUMBERS = frozenset({int, float, bool, type(None)})
_NOWHERE = Path("/nowhere/at all")


@dataclass
class Content:
    """A walk over one object and all that can be reached from it, which hashes what it meets.

    A class, a function, or an object with a state gets a number when it is met first. The number
    stands for it where it is met, and it is hashed on its own later: so cycles and long chains are
    no matter. A list or array that is met a second time is hashed as a number, too, for whoever
    changes it changes it in both places.

    Attributes:
        what: what the object is, for messages: "parameter 'size'".
        ownership: says which code is the author's; of other code the name is hashed.
        named: what strings that name files stand for.
        home: the file of the code; paths of what is in its folder count without the folder.
        files: the author's source files that were met: file -> (module, package).
        noted: all files that were met, and whether they are source files.
        modules: what may be names of modules that code without a file uses.
        words: strings of code that has no file.
        names_environment: such code names the environment.
        paths: files and folders that were named.
        unwritten: something was met that no source file says.
        lenient: an object of the standard library's that cannot be hashed (a lock, a queue, a log)
            is hashed by its type: the source that makes it says the rest. One that may hold what no
            source says, such as a network of a compiled library, is refused all the same.
        met_again: how often something that can be changed was met again, outside of code.
    """

    what: str
    ownership: Ownership = field(default_factory=Ownership)
    named: Named = Named.CONTENT
    home: Path = _NOWHERE
    files: dict[Path, tuple[str, str]] = field(default_factory=dict)
    noted: dict[str, bool] = field(default_factory=dict)
    modules: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    names_environment: bool = False
    paths: list[Path] = field(default_factory=list)
    unwritten: bool = False
    lenient: bool = False
    met_again: int = 0
    _label: str = ""
    _numbers: dict[int, int] = field(default_factory=dict)
    _left: deque[tuple[Any, str, bool, bool]] = field(default_factory=deque)
    _kept: list[Any] = field(default_factory=list)
    _in_code: bool = False
    _met: dict[tuple[bool, int], int] = field(default_factory=dict)
    _same: dict[int, bytes] = field(default_factory=dict)
    _sets: set[int] = field(default_factory=set)

    def digest(self, root: Any) -> bytes:
        """Return the hash (32 bytes) of an object with all that can be reached from it.

        Raises:
            UnhashableError: one line with what cannot be hashed, and why.
        """
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of libraries, about being pickled
                parts = [self.token(root)]
                while self._left:
                    value, self._label, self.lenient, self._in_code = self._left.popleft()
                    parts.append(self._safely(self._described, value))
        except UnhashableError as error:
            label = f" ({self._label})" if self._label else ""
            raise UnhashableError(f"{self.what}{label}: {error}") from error
        except (RecursionError, MemoryError) as error:
            raise UnhashableError(f"{self.what}: too deep or too large") from error
        return pack("graph", *parts)

    def token(self, value: Any) -> bytes:
        """Return the hash of a value, or the number of one that is hashed on its own."""
        return self._safely(
            self._token, exits.real(value) if type(value) is FunctionType else value
        )

    @contextmanager
    def at(self, label: str, *, lenient: bool | None = None) -> Iterator[None]:
        """Note, for messages, where the values are that are hashed within this context."""
        before = self._label, self.lenient
        self._label = label
        self.lenient = self.lenient if lenient is None else lenient
        yield
        self._label, self.lenient = before  # not after an error, whose message needs it

    def node(self, value: Any) -> bytes:
        """Return the number of something that is hashed on its own, later."""
        if id(value) not in self._numbers:
            self._numbers[id(value)] = len(self._numbers)
            # What code holds is made anew in another process, what a parameter holds is sent to it:
            # a list that both hold is one in this process, and two in the other.
            in_code = self._in_code or isinstance(value, FunctionType | type)
            self._left.append((value, self._label, self.lenient, in_code))
            self._kept.append(value)  # or another object might get its id
        elif not (self._in_code or isinstance(value, FunctionType | type | Enum)):
            self.met_again += 1
        return pack("node", str(self._numbers[id(value)]))

    def pairs(self, items: Iterable[tuple[Any, Any]]) -> bytes:
        """Return the hash of keys and values in their order: code may depend on it."""
        pairs = [(pack("key", self.token(key)), self.token(value)) for key, value in items]
        return pack("pairs", *(part for pair in pairs for part in pair))

    def keep(self, value: Any) -> None:
        """Keep a value that was made for being hashed, or another object might get its id."""
        self._kept.append(value)

    def _safely(self, hashed: Callable[[Any], bytes], value: Any) -> bytes:
        """Return a hash, whatever the author's code does that is called for it."""
        before = self._label, self.lenient
        try:
            return hashed(value)
        except (RecursionError, MemoryError):
            raise
        except Exception as error:
            if before[1] and not hides(value):
                self._label, self.lenient = before
                return pack("opaque", type_name(value))
            if isinstance(error, UnhashableError):
                raise
            raise UnhashableError(f"a {type_name(value)} ({brief(error)})") from error

    def _token(self, value: Any) -> bytes:
        code = code_token(self, value)
        if code is not None:
            return code
        self.unwritten = True
        if type(value) in _MUTABLE or is_array(value):
            return self._shared(value)
        if type(value) in _CONTAINERS:
            return self._container(value)
        return self._alone_or_numbered(value)

    def _shared(self, value: Any) -> bytes:
        """Return the hash of what may be changed; its number, if it is met again."""
        number = self._met.get((self._in_code, id(value)))
        if number is not None:
            self.met_again += not self._in_code
            return pack("again", str(number))
        self._met[self._in_code, id(value)] = len(self._met)
        self._kept.append(value)
        if type(value) in _CONTAINERS:
            return self._inside(value)
        return self._alone_or_numbered(value)

    def _alone_or_numbered(self, value: Any) -> bytes:
        return leaf_token(self, value) or array_token(value, self.token) or self.node(value)

    def _container(self, value: Any) -> bytes:
        """Return the hash of what cannot be changed itself, though what it holds may."""
        if id(value) in self._same:
            return self._same[id(value)]
        met = len(self._met)
        token = self._inside(value)
        # Two that are alike are as good as one, as long as nothing in them can be changed.
        changeable = met < len(self._met)
        self._kept.append(value)
        self._same[id(value)] = pack("again in", str(met)) if changeable else token
        return token

    def _inside(self, value: Any) -> bytes:
        kind = type(value)
        if kind in {list, tuple}:
            if len(value) > 8 and set(map(type, value)) <= _NUMBERS:
                return pack(f"{kind.__name__} of numbers", " ".join(map(_number, value)))
            return pack(kind.__name__, *map(self.token, value))
        if kind in {set, frozenset}:
            return pack(kind.__name__, *self.unordered(value))
        if kind in _VIEWS:
            return pack(kind.__name__, self.token(list(value)))
        pairs = [(self.token(key), self.token(item)) for key, item in value.items()]
        return pack(kind.__name__, *(part for pair in pairs for part in pair))

    def unordered(self, members: Iterable[Any]) -> list[bytes]:
        """Return the hashes of a set's members in an order that is the same in every process."""
        whole = members if isinstance(members, set | frozenset) else list(members)
        if id(whole) in self._sets:
            return [pack("again")]
        self._sets.add(id(whole))
        hashes = sorted(map(self._alone, whole))
        self._sets.discard(id(whole))
        return hashes

    def _alone(self, member: Any) -> bytes:
        """Return a hash that does not depend on what was met before."""
        apart = Content(self.what, self.ownership, self.named, self.home)
        apart.files, apart.modules, apart.paths = self.files, self.modules, self.paths
        apart.noted, apart.words = self.noted, self.words
        apart.lenient, apart._sets = self.lenient, self._sets
        return apart.digest(member)

    def _described(self, value: Any) -> bytes:
        code = definition_token(self, value)
        return state_token(self, value) if code is None else code


def _number(value: Any) -> str:
    return number_text(value) if isinstance(value, float) or type(value) is int else repr(value)
