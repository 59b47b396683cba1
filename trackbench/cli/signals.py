"""A scheduler's SIGTERM and a closed terminal's SIGHUP end a command as cleanly as Ctrl-C does.

Ctrl-C a second time ends it at once. When a command has come to its exit code, no signal changes
that any more.
"""

from __future__ import annotations

import atexit
import os
import signal
import threading
import time
from contextlib import suppress
from typing import NoReturn

from trackbench.cli.codes import ExitCode
from trackbench.host import exits

_CODES = {signal.SIGTERM: ExitCode.TERMINATED, signal.SIGHUP: ExitCode.HUNG_UP}

TWICE_SECONDS = 0.5
"""A second SIGINT within so many is the same Ctrl-C, which a shell and a wrapper both pass on."""
PATIENCE_SECONDS = 2.0
"""If ending takes longer, it is said how to make it shorter."""

_SHOW_CURSOR = "\x1b[?25h"
_ENDING = "trackbench: ending what was begun; Ctrl-C once more ends at once\n"
_AT_ONCE = "trackbench: interrupted twice: ended at once; what is finished is stored\n"


class Signals:
    """From when it is built, a signal raises KeyboardInterrupt, and which one came is known.

    A signal that is ignored stays ignored: nohup asks for that, and shells do of jobs.
    """

    def __init__(self) -> None:
        self.code = ExitCode.INTERRUPTED
        self._interrupted: float | None = None
        self._over: int | None = None
        # Registered first it is called last: after it Python forgets its handlers, and a signal
        # would end this process whose libraries may need a second to end.
        atexit.unregister(_ignore)
        atexit.register(_ignore)
        if threading.current_thread() is not threading.main_thread():
            return  # signals go to the main thread
        for number in _CODES:
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._end)
        if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
            signal.signal(signal.SIGINT, self._interrupt)

    def over(self, code: int) -> None:
        """Have the process end with this code, whatever comes while it ends."""
        self._over = code

    def _end(self, number: int, _: object) -> NoReturn:
        if self._over is not None:
            os._exit(self._over)
        self.code = _CODES[signal.Signals(number)]
        # A shell passes on the SIGHUP that its terminal's processes got already: twice is once.
        if number == signal.SIGHUP:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    def _interrupt(self, _number: int, _: object) -> None:
        now = time.monotonic()
        if self._interrupted is not None and now - self._interrupted <= TWICE_SECONDS:
            return
        if self._over is not None:
            os._exit(self._over)
        if self._interrupted is None:
            self._interrupted = now
            hint = threading.Timer(PATIENCE_SECONDS, _tell, [_ENDING])
            hint.daemon = True
            hint.start()
            raise KeyboardInterrupt
        # Makers and hosts see their pipes closed, and end by themselves.
        _tell(f"{_SHOW_CURSOR if os.isatty(2) else ''}{_AT_ONCE}")
        exits.decided(ExitCode.INTERRUPTED)
        os._exit(ExitCode.INTERRUPTED)


def _ignore() -> None:
    """Ignore from now on what is handled here."""
    for number in (signal.SIGINT, *_CODES):
        if isinstance(getattr(signal.getsignal(number), "__self__", None), Signals):
            signal.signal(number, signal.SIG_IGN)


def _tell(line: str) -> None:
    """Write to standard error past everything that may hold a lock, or be closed by now."""
    with suppress(OSError):
        os.write(2, line.encode())
