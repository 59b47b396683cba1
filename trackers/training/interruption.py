"""Ctrl-C, or a scheduler's SIGTERM, between two batches instead of in the middle of one."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def interruption() -> Iterator[Callable[[], int]]:
    """A signal asks the loop to end; a second one ends it at once. Says which one asked, or 0."""
    asked: list[int] = []

    def which() -> int:
        return asked[0] if asked else 0

    def ask(number: int, _: object) -> None:
        asked.append(number)
        restore()

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    if threading.current_thread() is not threading.main_thread():
        yield which  # signals go to the main thread; here nobody can ask
        return
    before = {number: signal.signal(number, ask) for number in _SIGNALS}
    try:
        yield which
    finally:
        restore()
