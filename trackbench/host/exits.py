"""An author's module that would end the process it is imported in is refused instead.

``sys.exit`` raises an error; ``os._exit``, ``os.abort``, ``os.execv`` and a signal to itself end a
process at once, with whatever exit code they like and without a word: a command that ended so with
0 would pass for one that has done its work. While a module is imported, these raise
:class:`EndOfProcess` in the process that asked for it; a child process that it forks ends as it
wants. What machine code does by itself (the C library's ``_exit``) is not seen.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from typing import Any, Callable, Dict, Iterator, Tuple

_MODULES = ("os", "posix", "signal")
_ENDINGS = ("_exit", "abort", "execv", "execve")
_SENDERS = ("kill", "killpg", "raise_signal", "pthread_kill")
_HARMLESS = frozenset({"SIGCHLD", "SIGCONT", "SIGURG", "SIGWINCH", "SIGSTOP", "SIGTSTP"})

_refusing: Dict[int, int] = {}
"""Number of a process -> how many in it want it not to be ended."""
_decided: Dict[int, int] = {}
"""Number of a process -> the exit code that it ends with, once that is known."""


class EndOfProcess(SystemExit):
    """What is raised in the place of the process's end; the message says what was called."""


@contextlib.contextmanager
def refused() -> Iterator[None]:
    """Have what would end this process at once raise :class:`EndOfProcess` meanwhile."""
    refuse()
    process = os.getpid()
    try:
        yield
    finally:
        _refusing[process] -= 1
        if not any(_refusing.values()):
            _put_back()


def refuse() -> None:
    """Have what would end this process at once raise :class:`EndOfProcess` from now on."""
    for module in filter(None, map(sys.modules.get, _MODULES)):
        for name in (*_ENDINGS, *_SENDERS):
            found = vars(module).get(name)
            if found is not None and real(found) is found:
                setattr(module, name, _guarded(name, found))
    process = os.getpid()
    _refusing[process] = _refusing.get(process, 0) + 1
    _decided.pop(process, None)


def decided(code: int) -> None:
    """Have this process end with its own exit code, whoever calls ``os._exit`` from now on."""
    _decided[os.getpid()] = code


def real(function: Any) -> Any:
    """Return the function of the operating system that was replaced here; any other as it is."""
    return getattr(function, "in_place_of", function)


def _put_back() -> None:
    for module in filter(None, map(sys.modules.get, _MODULES)):
        for name in (*_ENDINGS, *_SENDERS):
            if name in vars(module):
                setattr(module, name, real(vars(module)[name]))


def _guarded(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function of the operating system that raises where it would end this process."""

    def guarded(*arguments: Any, **named: Any) -> Any:
        process = os.getpid()
        if name == "_exit" and process in _decided:
            return function(_decided[process])
        if _refusing.get(process) and _ends(name, arguments):
            # The number of a process is another one each time, and messages are compared.
            said = ", ".join(map(repr, arguments)) if name in ("_exit", "abort") else "..."
            raise EndOfProcess(f"{name}({said}) would end trackbench")
        return function(*arguments, **named)

    guarded.in_place_of = function  # type: ignore[attr-defined]  # how it is known again
    guarded.__name__ = guarded.__qualname__ = name
    guarded.__doc__ = function.__doc__
    return guarded


def _ends(name: str, arguments: Tuple[Any, ...]) -> bool:
    """Whether a call ends this process."""
    if name in _ENDINGS:
        return True
    groups = {"kill": (os.getpid(), 0, -1, -os.getpgrp()), "killpg": (0, os.getpgrp())}
    if name in groups and arguments[:1] and arguments[0] not in groups[name]:
        return False
    with contextlib.suppress(ValueError, IndexError):
        sent = signal.Signals(arguments[-1])
        return sent.name not in _HARMLESS and (
            sent is signal.SIGKILL or signal.getsignal(sent) is signal.SIG_DFL
        )
    return False
