"""Ctrl-C, SIGTERM or a closed terminal's SIGHUP: between two batches, not in the midst of one."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def interruption() -> Iterator[Callable[[], int]]:
    """A signal asks the loop to end; a second one ends it at once. Says which one asked, or 0.

    One that is ignored (nohup) stays ignored, and so does a second SIGHUP: a shell passes on what
    its terminal's processes got already.
    """
    asked: list[int] = []

    def which() -> int:
        return asked[0] if asked else 0

    def ask(number: int, _: object) -> None:
        asked.append(number)
        restore()
        if number == signal.SIGHUP:
            signal.signal(number, signal.SIG_IGN)

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    if threading.current_thread() is not threading.main_thread():
        yield which  # signals go to the main thread; here nobody can ask
        return
    heard = [number for number in _SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, ask) for number in heard}
    try:
        yield which
    finally:
        restore()
