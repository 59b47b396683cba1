"""Compiled code: what it says, without the place where it was compiled, and what it uses."""

from __future__ import annotations

import dis
from dataclasses import dataclass
from functools import cache
from types import CodeType
from typing import Any

from trackbench.tokens import pack

_GLOBAL = frozenset({"LOAD_GLOBAL", "LOAD_NAME", "STORE_GLOBAL", "DELETE_GLOBAL"}) | {
    "LOAD_FROM_DICT_OR_GLOBALS"
}
_IMPORTING = frozenset({"import_module", "__import__"})


@dataclass(frozen=True)
class Used:
    """What code uses, and the code in it.

    Attributes:
        globals: names of global variables.
        names: all names, those of attributes included.
        modules: strings that may be names of modules, where it imports by name.
    """

    globals: frozenset[str]
    names: frozenset[str]
    modules: frozenset[str]


@cache
def used_by(code: CodeType) -> Used:
    """Look a function's code through."""
    variables, names, strings = set[str](), set[str](), set[str]()
    left = [code]
    while left:
        here = left.pop()
        names.update(here.co_names)
        left += [const for const in here.co_consts if isinstance(const, CodeType)]
        strings.update(const for const in here.co_consts if isinstance(const, str))
        variables.update(
            str(step.argval) for step in dis.get_instructions(here) if step.opname in _GLOBAL
        )
    literal = {s for s in strings if all(part.isidentifier() for part in s.split("."))}
    return Used(
        frozenset(variables),
        frozenset(names),
        frozenset(literal if _IMPORTING & names else ()),
    )


def bytecode_token(code: CodeType) -> bytes:
    """Return the hash of what code says, on whichever lines of whichever cell it stands."""
    return pack(
        "code",
        code.co_qualname,
        repr((code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_flags)),
        code.co_code,
        code.co_exceptiontable,
        repr((code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars)),
        *map(_constant, code.co_consts),
    )


def _constant(const: Any) -> bytes:
    kind = type(const).__name__
    if isinstance(const, CodeType):
        return bytecode_token(const)
    if isinstance(const, tuple):
        return pack(kind, *map(_constant, const))
    if isinstance(const, frozenset):
        return pack(kind, *sorted(map(_constant, const)))
    return pack(kind, repr(const))
