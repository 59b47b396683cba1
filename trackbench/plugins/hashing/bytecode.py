"""Compiled code by its instructions and constants, wherever it stood, and the names it uses."""

from __future__ import annotations

import dis
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from types import CodeType
from typing import Any

from trackbench.plugins.hashing.tokens import number_text, pack

_GLOBAL = frozenset({"LOAD_GLOBAL", "LOAD_NAME", "STORE_GLOBAL", "DELETE_GLOBAL"}) | {
    "LOAD_FROM_DICT_OR_GLOBALS"
}
_JUMPS = frozenset((*dis.hasjrel, *dis.hasjabs))
_DOING_NOTHING = frozenset({"CACHE", "PRECALL", "PUSH_NULL", "NOP", "EXTENDED_ARG"})
_ALIKE = {"LOAD_METHOD": "LOAD_ATTR"}
_ATTRIBUTE = frozenset({"LOAD_ATTR", "LOAD_METHOD"})
_IMPORTING = frozenset({"import_module", "__import__"})


@dataclass(frozen=True)
class Used:
    """What code uses, and the code in it.

    Attributes:
        globals: names of global variables.
        names: all names, those of attributes included.
        chains: attributes of attributes of global variables, as ("numpy", "linalg", "norm").
        modules: strings that may be names of modules, where it imports by name.
        strings: all strings.
    """

    globals: frozenset[str]
    names: frozenset[str]
    chains: frozenset[tuple[str, ...]]
    modules: frozenset[str]
    strings: frozenset[str]


@cache
def used_by(code: CodeType) -> Used:
    """Return what a function's code uses."""
    variables, names, strings = set[str](), set[str](), set[str]()
    chains = set[tuple[str, ...]]()
    left = [code]
    while left:
        here = left.pop()
        names.update(here.co_names)
        left += [const for const in here.co_consts if isinstance(const, CodeType)]
        strings.update(const for const in here.co_consts if isinstance(const, str))
        chain: tuple[str, ...] = ()
        for step in dis.get_instructions(here) if here.co_names else ():
            if step.opname in _GLOBAL:
                chain = (str(step.argval),)
                variables.add(chain[0])
            elif chain and step.opname in _ATTRIBUTE:
                chain = (*chain, str(step.argval))
                chains.update([chain] if len(chain) > 2 else ())
            elif step.opname != "EXTENDED_ARG":
                chain = ()
    literal = {s for s in strings if all(part.isidentifier() for part in s.split("."))}
    return Used(
        frozenset(variables),
        frozenset(names),
        frozenset(chains),
        frozenset(literal if _IMPORTING & names else ()),
        frozenset(strings),
    )


@cache
def codes_of(source: bytes) -> frozenset[bytes]:
    """Return the hashes of all code in a source file; of none where it cannot be compiled."""
    try:
        left = [compile(source, "", "exec", dont_inherit=True)]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    found = set()
    while left:
        here = left.pop()
        found.add(bytecode_token(here))
        left += [const for const in here.co_consts if isinstance(const, CodeType)]
    return frozenset(found)


def bytecode_token(code: CodeType) -> bytes:
    """Return the hash of code; the file and the lines that it was compiled from do not count."""
    return pack(
        "code",
        code.co_qualname,
        repr((code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_flags)),
        *_steps(code, code.co_exceptiontable),
        repr((code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars)),
        *map(_constant, code.co_consts),
    )


@cache
def _steps(code: CodeType, handlers: bytes) -> tuple[str, str]:  # noqa: ARG001 - see below
    """Return the instructions, and which of them handle errors of which, by their numbers.

    ``handlers`` is the code's table of them, by which it is kept, too: to Python 3.11.0 code that
    handles other errors is the same.

    Python compiles the call of a module's function to LOAD_METHOD or to LOAD_ATTR, depending on
    whether the import statement stands in the same cell of a notebook: both count as one.
    """
    found: Any = dis.Bytecode(code)  # whose entries are not in its type
    kept = [step for step in found if step.opname not in _DOING_NOTHING]
    offsets = [step.offset for step in kept]
    steps = []
    for step in kept:
        argument = step.arg
        if step.opcode in _JUMPS:
            argument = bisect_left(offsets, step.argval)
        elif step.opcode in dis.hasname:
            argument = step.argval
        steps.append((_ALIKE.get(step.opname, step.opname), argument))
    handled = [
        (*(bisect_left(offsets, at) for at in (entry.start, entry.end, entry.target)), entry.lasti)
        for entry in found.exception_entries
    ]
    return repr(steps), repr(handled)


def _constant(const: Any) -> bytes:
    kind = type(const).__name__
    if isinstance(const, CodeType):
        return bytecode_token(const)
    if isinstance(const, tuple):
        return pack(kind, *map(_constant, const))
    if isinstance(const, frozenset):
        return pack(kind, *sorted(map(_constant, const)))
    if isinstance(const, float | complex):
        return pack(kind, number_text(const))
    return pack(kind, repr(const))
