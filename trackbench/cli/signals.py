"""A scheduler's SIGTERM and a closed terminal's SIGHUP end a command as cleanly as Ctrl-C does."""

from __future__ import annotations

import signal
import threading
from typing import NoReturn

from trackbench.cli.codes import ExitCode

_CODES = {signal.SIGTERM: ExitCode.TERMINATED, signal.SIGHUP: ExitCode.HUNG_UP}


class Signals:
    """From when it is built, a signal raises KeyboardInterrupt, and which one came is known.

    A signal that is ignored stays ignored: nohup asks for that, and shells do of jobs.
    """

    def __init__(self) -> None:
        self.code = ExitCode.INTERRUPTED
        if threading.current_thread() is not threading.main_thread():
            return  # signals go to the main thread
        for number in _CODES:
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._end)

    def _end(self, number: int, _: object) -> NoReturn:
        self.code = _CODES[signal.Signals(number)]
        # A shell passes on the SIGHUP that its terminal's processes got already: twice is once.
        if number == signal.SIGHUP:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt
