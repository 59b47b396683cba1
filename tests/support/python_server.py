"""Python in processes of their own that need not load NumPy, Rich or torch: most of their time.

A server imports packages once; for each command it forks a process that does what ``python -m
MODULE ...`` or ``python -c CODE ...`` do. Not for tests of what comes before that: how an
interpreter is started, its hash seed, what is imported in which order and from where.
"""

from __future__ import annotations

import gc
import json
import os
import runpy
import socket
import subprocess
import sys
import tempfile
import types
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Self

import forked_process
from forking import COMMAND_LINE, at_the_start, live, prepare

SECONDS = 300.0


class PythonServer:
    """A process that others are forked from, one at a time; a context manager that ends it.

    Args:
        packages: imported once for all.
        variables: that each process has, beside those that are set where it is asked for.
    """

    def __init__(self, packages: tuple[str, ...], **variables: str) -> None:
        self._variables = variables
        self._started_with = at_the_start({**os.environ, **variables})
        self._channel, theirs = socket.socketpair()
        self._channel.settimeout(SECONDS)
        self._process = subprocess.Popen(
            [sys.executable, __file__, str(theirs.fileno()), *packages],
            # A fork copies one thread: those of NumPy's OpenBLAS are not begun.
            env={**os.environ, **variables, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            pass_fds=(theirs.fileno(),),
            stdin=subprocess.DEVNULL,
        )
        theirs.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._channel.close()
        self._process.wait(SECONDS)

    def run(
        self, arguments: list[str], folder: Path, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        """Run ``python`` with ``-m`` or ``-c`` in a folder, with variables beside this process's.

        Where a variable is another that is read when an interpreter starts, one is started.
        """
        command = [sys.executable, *arguments]
        variables = {**os.environ, **self._variables, **variables}
        if at_the_start(variables) != self._started_with:
            return run_alone(command, folder, variables)
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            asked = {"arguments": arguments, "folder": str(folder), "variables": variables}
            asked |= {"processors": _processors(), "nurseries": forked_process.addresses()}
            content = json.dumps(asked).encode()
            files = [out.fileno(), err.fileno()]
            socket.send_fds(self._channel, [len(content).to_bytes(8, "big")], files)
            self._channel.sendall(content)
            said = self._channel.recv(8, socket.MSG_WAITALL)
            assert len(said) == 8, "the server has ended"
            code = int.from_bytes(said, "big", signed=True)
            out.seek(0)
            err.seek(0)
            texts = (file.read().decode().replace("\r\n", "\n") for file in (out, err))
            return subprocess.CompletedProcess(command, code, *texts)


@cache
def command_server() -> PythonServer:
    """Return the server for what needs what a command of ``trackbench`` does.

    It is started when it is first asked for, and ends with this process at the latest.
    """
    return PythonServer(COMMAND_LINE)


def run_alone(
    command: list[str], folder: Path, variables: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run a command in a process that shares nothing with any other."""
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        cwd=folder,
        env=variables,
        timeout=SECONDS,
        check=False,
    )


def _processors() -> list[int]:
    """Return those that this process may use now; none where no process is bound to some."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []


def _serve(channel: socket.socket, packages: list[str]) -> None:
    prepare(packages)
    gc.collect()
    gc.freeze()
    while True:
        length, files, _, _ = socket.recv_fds(channel, 8, 2)
        if not length:
            return
        wanted = int.from_bytes(length, "big")
        asked = json.loads(channel.recv(wanted, socket.MSG_WAITALL))
        process = os.fork()
        if not process:
            channel.close()
            _become(asked, files)
            return
        for file in files:
            os.close(file)
        _, status = os.waitpid(process, 0)
        code = os.waitstatus_to_exitcode(status)
        channel.sendall(code.to_bytes(8, "big", signed=True))


def _become(asked: dict[str, Any], files: list[int]) -> None:
    """Be a process that was just started, and end as it does."""
    for number, file in enumerate(files, 1):
        os.dup2(file, number)
        os.close(file)
    if asked["processors"]:
        os.sched_setaffinity(0, asked["processors"])
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["variables"])
    if (numpy := sys.modules.get("numpy")) is not None:
        numpy.random.seed(None)  # as its import does in each process
    if asked["nurseries"]:
        forked_process.install(asked["nurseries"])
    form, what, *arguments = asked["arguments"]
    if form == "-m":
        sys.argv = [what, *arguments]
        sys.path[0] = asked["folder"]  # where this file's folder was
        live(lambda: runpy.run_module(what, run_name="__main__", alter_sys=True))
    else:
        assert form == "-c"
        sys.argv = [form, *arguments]
        sys.path[0] = ""
        sys.modules["__main__"] = main = types.ModuleType("__main__")
        code = compile(what, "<string>", "exec", dont_inherit=True)
        live(lambda: exec(code, vars(main)))  # noqa: S102 - as Python does


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])), sys.argv[2:])
