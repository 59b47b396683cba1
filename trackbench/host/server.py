"""The process that hosts are forked from: clean, with the installed packages they need imported.

Importing torch takes over a second and a fork of a process that has it, milliseconds. No code of
the author's ever runs here, and there is one thread, so a fork is safe. When a host ends, so does
everything that it has started: its process group, and on Linux whatever left that.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import inspect
import os
import selectors
import signal
import socket
import sys
import threading
import weakref
from typing import Any

from . import descendants, frame_files
from .exits import refused
from .host import live
from .left_errors import exit_code
from .wire import Message, opened, receive, send

HOST_FAILED = 70
"""Exit code of a host in which our own code has failed, such as for want of memory."""


def main() -> None:
    """Serve a maker over what is the standard input when it begins, until it has gone."""
    channel, nothing = os.dup(0), os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    with opened(channel) as maker:
        _live(maker)


def _live(maker: socket.socket) -> None:
    descendants.wake_with_parent()
    descendants.adopt()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    order = receive(maker)
    if order is None:
        return
    sys.path[:] = order.says["path"]
    for name in order.says["preload"]:
        # Why a package cannot be imported, the tracker will find out itself.
        with contextlib.suppress(Exception, SystemExit), refused():
            importlib.import_module(name)
    inspect.signature(object)  # what reads a signature is prepared once, not in each host
    # What packages have to clean up at exit is this process's: a host that did it would take away
    # what the next host needs, and torch spends 30 ms on it.
    for finalizer in list(weakref.finalize._registry):  # type: ignore[attr-defined]  # noqa: SLF001 - no public list
        finalizer.atexit = False
    # All this stays as long as this process: a host's garbage collector need not look at it.
    gc.collect()
    gc.freeze()
    with contextlib.suppress(BrokenPipeError):
        send(maker, {"threads": _threads()})
        _serve(maker)


def _threads() -> int:
    """Count the threads of this process, those of C libraries among them where that is known."""
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:
        return threading.active_count()


def _serve(maker: socket.socket) -> None:
    woken, wake = socket.socketpair()
    for end in (woken, wake):
        end.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)
    with woken, wake, selectors.DefaultSelector() as selector:
        try:
            _answer_orders(maker, woken, wake, selector)
        finally:
            signal.set_wakeup_fd(-1)


def _answer_orders(
    maker: socket.socket,
    woken: socket.socket,
    wake: socket.socket,
    selector: selectors.BaseSelector,
) -> None:
    """Start hosts, kill them and wait for their ends, until the maker has gone."""
    selector.register(maker, selectors.EVENT_READ)
    selector.register(woken, selectors.EVENT_READ)
    host: int | None = None
    while True:
        ready = {key.fileobj for key, _ in selector.select()}
        if woken in ready:
            with contextlib.suppress(BlockingIOError):
                woken.recv(4096)
            host = _reap(maker, host)
        if maker not in ready:
            continue
        order = receive(maker)
        if order is None:
            _kill(host)
            descendants.end_all()
            if host is not None:
                frame_files.remove(host)
            return
        if order.says.get("kill"):
            _kill(host)
        else:
            host = _fork(order, [maker, woken, wake])
            send(maker, {"host": host})


def _fork(order: Message, ours: list[socket.socket]) -> int:
    channel, output, scratch = order.files
    sys.stdout.flush()
    sys.stderr.flush()
    host = os.fork()
    if host:
        for file in order.files:
            os.close(file)
        # Done by both, for nobody knows who comes first: a kill must find the group.
        with contextlib.suppress(OSError):
            os.setpgid(host, host)
        return host
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for end in ours:
            end.close()
        with contextlib.suppress(OSError):
            os.setpgid(0, 0)
        descendants.die_with(os.getppid())
        nothing = os.open(os.devnull, os.O_RDONLY)
        for file, number in ((nothing, 0), (output, 1), (output, 2)):
            os.dup2(file, number)
        for file in (nothing, output):
            os.close(file)
        live(opened(channel), scratch)
    except SystemExit as error:
        os._exit(exit_code(error.code))
    except BaseException:  # noqa: BLE001 - not the author's, or it would have been caught
        import traceback

        traceback.print_exc()
        os._exit(HOST_FAILED)
    os._exit(0)


def _reap(maker: socket.socket, host: int | None) -> int | None:
    """Tell the maker of a host that has ended, after all that it left behind has."""
    if host is None:
        descendants.end_all()
        return None
    if hasattr(os, "waitid"):
        if os.waitid(os.P_PID, host, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            return host  # something that it started has ended
        # While it is not waited for, its number is nobody else's.
        _kill(host)
        _, status, used = os.wait4(host, 0)
    else:  # macOS before Python 3.13: it cannot be seen to have ended and be left to wait for
        ended, status, used = os.wait4(host, os.WNOHANG)
        if not ended:
            return host
        # Its group has its number for as long as somebody is in it.
        with contextlib.suppress(OSError):
            os.killpg(host, signal.SIGKILL)
    descendants.end_all()
    frame_files.remove(host)
    ending: dict[str, Any] = {
        "ended": host,
        "code": os.WEXITSTATUS(status) if os.WIFEXITED(status) else -os.WTERMSIG(status),
        "peak": used.ru_maxrss * (1 if sys.platform == "darwin" else 1024),
    }
    with contextlib.suppress(OSError):
        send(maker, ending)
    return None


def _kill(host: int | None) -> None:
    if host is not None:
        with contextlib.suppress(OSError):
            os.killpg(host, signal.SIGKILL)
        with contextlib.suppress(OSError):
            os.kill(host, signal.SIGKILL)  # it may have left its group
