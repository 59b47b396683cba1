"""Makers and hosts' servers that need not start an interpreter and load NumPy: most of their time.

Three processes have imported what each of them imports first; where a test would start
``python -c CODE`` for one, it is forked there and executes the same code, with the descriptors,
variables, folder and session that it was to have. Whatever would make it another process than a
started one (variables that an interpreter reads at its start, limits, signals) has it started.

Commands of a shell are forked so, too (:mod:`forked_command`). Not for tests of how processes are
started, who their parent is, or how they look from outside: these use the fixture
``processes_are_started``.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import forked_process
import forking
from forked_command import SECONDS


@contextmanager
def nurseries(environment: dict[str, str]) -> Iterator[None]:
    """Have makers and servers forked for a while, for this process and for what is forked so.

    Args:
        environment: of every maker.
    """
    made = {kind: _Nursery(kind, environment) for kind in forking.KINDS}
    try:
        forked_process.install({kind: nursery.address for kind, nursery in made.items()})
        yield
    finally:
        forked_process.uninstall()
        for nursery in made.values():
            nursery.close()


class _Nursery:
    def __init__(self, kind: str, environment: dict[str, str]) -> None:
        self.address = f"\0trackbench-tests-{secrets.token_hex(16)}-{kind}"
        theirs = dict(os.environ) if kind == "command" else environment
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(self.address)
        listener.listen(64)
        self._lifeline, other = socket.socketpair()
        numbers = listener.fileno(), other.fileno()
        started_with = json.dumps(forking.at_the_start(theirs))
        self._process = subprocess.Popen(
            [sys.executable, forking.__file__, *map(str, numbers), kind, started_with],
            # A fork copies one thread: those of NumPy's OpenBLAS are not begun.
            env={**theirs, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            pass_fds=numbers,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        listener.close()
        other.close()

    def close(self) -> None:
        self._lifeline.close()
        self._process.wait(SECONDS)
