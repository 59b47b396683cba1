"""The process of a nursery: it has imported what others need, and they are forked from it.

Started as ``python forking.py LISTENER LIFELINE KIND VARIABLES``: by :mod:`nursery`.
"""

from __future__ import annotations

import atexit
import fcntl
import functools
import gc
import importlib
import json
import os
import selectors
import signal
import socket
import sys
import tempfile
import threading
import types
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any

import forked_process

_READ_AT_THE_START = ("PYTHON", "LC_", "LANG", "LD_", "OPENBLAS_", "OMP_", "MKL_", "MALLOC_")
_READ_BY_MODULES = ("THP_MEM_ALLOC_ENABLE",)

COMMAND_LINE = (
    *("numpy.random", "numpy.typing", "pyarrow.parquet", "rich.table", "rich.progress", "xxhash"),
    *("typer.main", "typer.rich_utils", "pydantic.types", "pydantic.version", "cloudpickle"),
    *("msgspec.json", "filelock", "importlib.metadata", "importlib.resources", "zipfile"),
    *("concurrent.futures.thread", "concurrent.futures.process", "email.message", "csv", "difflib"),
    *("trackbench.cli.commands", "trackbench.running.loop", "trackbench.running.planning"),
    *("trackbench.results.directory", "trackbench.plugins.dataset_naming"),
    *("trackbench.plugins.naming", "trackbench.reports.terminal", "trackbench.reports.catalogue"),
    *("trackbench.trackers.catalogue", "trackbench.datasets.catalogue"),
    *("trackbench.cli.app", "trackbench.plugins.loading", "trackbench.trackers.schemes"),
    *("typer._adapters", "pydantic.type_adapter", "pyarrow.compute", "email.parser", "_strptime"),
    *("tomllib", "rich._emoji_codes", "scipy.stats", "trackbench.datasets.on_disk"),
    "trackbench.reports.html.page",
)
"""What a command of ``trackbench`` imports, sooner or later."""

KINDS = {
    "maker": ("trackbench.running.maker", "trackbench.datasets.moving_mnist"),
    "server": (
        *("numpy.random", "numpy.typing", "socket", "selectors", "json", "ctypes", "hashlib"),
        *("importlib.util", "pickle", "inspect", "dataclasses", "difflib", "mmap", "shutil"),
        *("sysconfig", "traceback"),
    ),
    "command": COMMAND_LINE,
}
"""Kind of process -> what is imported once for all of them."""
_CATALOGUE = "trackbench.datasets.catalogue"
_PAPERS = tuple(
    f"mnist-{one}-{other}-v1" for one in ("single", "multi") for other in ("same", "diff")
)
_BEFORE = 512
"""Descriptors from here on hold what a process is to get, until they are where they belong."""


def prepare(names: Iterable[str]) -> None:
    """Import modules, and do what each process that is forked from this one would do again."""
    for name in names:
        importlib.import_module(name)
    if "trackbench.cli.commands" in sys.modules:
        typer = sys.modules["typer.main"]
        typer.get_command = functools.cache(typer.get_command)
        typer.get_command(sys.modules["trackbench.cli.commands"].app)
    if "trackbench.datasets.digits" in sys.modules:
        digits = sys.modules["trackbench.datasets.digits"]
        digits.load(digits.Digits.TEST)  # unpacked once: it takes longer than most tests' videos


def live(run: Callable[[], object]) -> None:
    """Be a process until it ends, and end as an interpreter does but for taking itself apart.

    That takes longer than many a command, for all that was imported. Where it ends by an error, or
    its last words cannot be written, the interpreter itself ends it.
    """
    tempfile.tempdir = None  # TMPDIR may be another one's here
    code: object = 0
    try:
        run()
    except SystemExit as ended:
        code = 0 if ended.code is None else ended.code
        if not isinstance(code, int):
            raise
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError, AttributeError):
            sys.exit(code)
    os._exit(code & 0xFF)


def remember_samples() -> None:
    """Make the samples of the paper's data sets once: it is half of what a maker does in a test.

    That they are what is published is tested by itself, in every process that makes them.
    """
    fingerprints = sys.modules["trackbench.plugins.fingerprints"]
    made = fingerprints.dataset_fingerprint
    specs = {spec.id: spec for spec in importlib.import_module(_CATALOGUE).DATASETS}
    build = importlib.import_module("trackbench.plugins.registry").build_dataset
    kept = {name: made(build(specs[name])) for name in _PAPERS}

    def dataset_fingerprint(dataset: Any, *look: Any) -> str:
        spec = dataset.spec
        if not look and spec.id in kept and spec == specs[spec.id]:
            return kept[spec.id]
        return str(made(dataset, *look))

    fingerprints.dataset_fingerprint = dataset_fingerprint


def at_the_start(variables: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that decide before a process's own code is executed."""
    return {
        name: value
        for name, value in variables.items()
        if name.startswith(_READ_AT_THE_START) or name in _READ_BY_MODULES
    }


class _Nursery:
    """Forks processes, each for whoever asks over a channel of its own."""

    def __init__(
        self, listener: socket.socket, lifeline: socket.socket, started_with: dict[str, str]
    ) -> None:
        self._listener, self._lifeline, self._started_with = listener, lifeline, started_with
        self._woken, self._wake = socket.socketpair()
        self._wake.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._wake.fileno(), warn_on_full_buffer=False)
        self._selector = selectors.DefaultSelector()
        for end in (listener, lifeline, self._woken):
            self._selector.register(end, selectors.EVENT_READ)
        self._asking: dict[int, socket.socket] = {}

    def serve(self) -> None:
        """Fork processes until whoever holds the other end of the lifeline has gone.

        In each of them it returns when it has ended.
        """
        while True:
            ready = [key.fileobj for key, _ in self._selector.select()]
            if self._lifeline in ready:
                return
            if self._woken in ready:
                self._woken.recv(4096)
                self._tell_of_the_ended()
            if self._listener in ready and self._fork():
                return

    def _fork(self) -> bool:
        """Fork what is asked for; return whether this is it, and has ended."""
        channel, _ = self._listener.accept()
        length, files, _, _ = socket.recv_fds(channel, 8, 16)
        asked = json.loads(channel.recv(int.from_bytes(length, "big"), socket.MSG_WAITALL))
        process = 0
        if at_the_start(asked["variables"]) == self._started_with:
            process = os.fork()
            if not process:
                self._forget(channel)
                _become(asked, files)
                return True
            self._asking[process] = channel
        for file in files:
            os.close(file)
        with suppress(OSError):  # who asked has been killed
            channel.sendall(process.to_bytes(8, "big", signed=True))
        return False

    def _forget(self, channel: socket.socket) -> None:
        """Have nothing here close a descriptor that will be another one's."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self._selector.close()
        ours = self._listener, self._lifeline, self._woken, self._wake, channel
        for end in (*ours, *self._asking.values()):
            end.detach()

    def _tell_of_the_ended(self) -> None:
        with suppress(ChildProcessError):
            while (found := os.waitpid(-1, os.WNOHANG))[0]:
                process, status = found
                with self._asking.pop(process) as channel, suppress(OSError):
                    code = os.waitstatus_to_exitcode(status)
                    channel.sendall(code.to_bytes(8, "big", signed=True))


def _become(asked: dict[str, Any], files: list[int]) -> None:
    """Be a process that was just started with ``python -c``."""
    os.setsid()
    kept = [fcntl.fcntl(file, fcntl.F_DUPFD, _BEFORE) for file in files]
    os.closerange(3, _BEFORE)
    for file, number in zip(kept, asked["numbers"], strict=True):
        os.dup2(file, number)
        os.close(file)
    os.sched_setaffinity(0, asked["processors"])
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["variables"])
    sys.modules["numpy"].random.seed(None)  # as its import does in each process
    if asked["nurseries"]:
        forked_process.install(asked["nurseries"])
    sys.argv = ["-c", *asked["arguments"]]
    sys.path[0] = ""  # where this file's folder was
    sys.modules["__main__"] = main = types.ModuleType("__main__")
    code = compile(asked["code"], "<string>", "exec", dont_inherit=True)
    live(lambda: exec(code, vars(main)))  # noqa: S102 - as Python does


def _main() -> None:
    listener, lifeline, kind, started_with = sys.argv[1:]
    prepare(KINDS[kind])
    if kind == "maker":
        remember_samples()
    ends = (socket.socket(fileno=int(number)) for number in (listener, lifeline))
    made = _Nursery(*ends, json.loads(started_with))
    gc.collect()
    gc.freeze()
    made.serve()


if __name__ == "__main__":
    _main()
