"""A program that a tracker is: started by its host, heard, and ended with it.

It is a child in the host's process group, so whatever ends the host ends it. What it has started is
known by a variable that it inherits, and ends with it, so that nothing of one video is there in the
next. What it prints goes where the tracker's output goes, and its last words into what is raised
when it fails.
"""

from __future__ import annotations

import contextlib
import os
import queue
import secrets
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from trackbench.host import descendants

_STEP_SECONDS = 0.1
_LOOK_SECONDS = 0.25
_KEPT, _SHOWN = 4096, 200
_LONGEST_LINE = 1 << 20
_MOST_LINES = 16
_PATIENCE_SECONDS = 3.0
_MARK = "TRACKBENCH_PROGRAM"


class ProgramError(RuntimeError):
    """A program has failed: what it did, and its last words, in one line."""


class ChildProgram:
    """A program that runs.

    Args:
        words: the command; the first is a program by its path.
        environment: variables beside those of this process.
        folder: the working folder; None: this process's.
        is_talk: whether a line that it prints on its standard output is one that
            :meth:`hear` returns; what is none is only shown.

    Raises:
        ProgramError: it cannot be started.
    """

    def __init__(
        self,
        words: Sequence[str],
        environment: Mapping[str, str],
        folder: str | None,
        is_talk: Callable[[bytes], bool],
    ) -> None:
        named = [word for word in words[1:] if word[:1] != "-" and not set(word) & set(" {")]
        self.name = " ".join(Path(word).name for word in (words[0], *named[:1]))[:60]
        self._is_talk = is_talk
        self._printed = self._complained = b""
        self._mark, self._killed = secrets.token_hex(8), threading.Event()
        self._lines: queue.Queue[bytes | None] = queue.Queue(_MOST_LINES)
        try:
            self._process = subprocess.Popen(
                list(words),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={**os.environ, **environment, _MARK: self._mark},
                cwd=folder,
            )
        except OSError as error:
            raise ProgramError(f"{self.name} cannot be started: {error.strerror}") from error
        assert self._process.stdout is not None  # noqa: S101 - as was asked for
        assert self._process.stderr is not None  # noqa: S101 - as was asked for
        self._readers = [
            threading.Thread(target=self._read_talk, args=(self._process.stdout,), daemon=True),
            threading.Thread(target=self._read_rest, args=(self._process.stderr,), daemon=True),
        ]
        for reader in self._readers:
            reader.start()

    @property
    def alive(self) -> bool:
        """It has not ended."""
        return self._process.poll() is None

    def ask(self, line: bytes) -> None:
        """Write a line that is to be answered to its standard input.

        What it has said before would be taken for the answer.

        Raises:
            ProgramError: it has said something, has ended, or closed its standard input.
        """
        with contextlib.suppress(queue.Empty):
            early = self._lines.get_nowait()
            if early is None:
                self._lines.put(None)
                raise self.failed()
            said = early.decode(errors="replace").strip()[:_SHOWN]
            raise self.failed(f"says {said!r} when nothing is asked: a line too many")
        self.say(line)

    def say(self, line: bytes) -> None:
        """Write a line to its standard input.

        Raises:
            ProgramError: it has ended, or closed it.
        """
        assert self._process.stdin is not None  # noqa: S101 - as was asked for
        try:
            self._process.stdin.write(line)
            self._process.stdin.flush()
        except OSError as error:
            raise self.failed() from error

    def hear(self, timeout: float, due: str) -> bytes:
        """Return the next line of its talk.

        Args:
            timeout: seconds, in which this process runs; then the program is killed.
            due: what is waited for, in words.

        Raises:
            ProgramError: it has ended, or says nothing.
        """
        waited = 0.0
        while waited < timeout:
            has_ended = not self.alive
            try:
                line = self._lines.get(timeout=_STEP_SECONDS)
            except queue.Empty:
                if has_ended:  # what it has started holds its output open
                    raise self.failed() from None
                waited += _STEP_SECONDS  # not by a clock, which runs while both are suspended
                continue
            if line is None:
                self._lines.put(None)
                raise self.failed()
            return line
        self.kill()
        raise ProgramError(
            f"{self.name} did not answer within {timeout:g} s: {due} is due; {self._last_words()}"
        )

    def wait(self, wrong: Callable[[], str]) -> None:
        """Close its standard input, and wait until it has ended; what it has started, ends then.

        Args:
            wrong: is asked now and then, and when it has ended, what it has done that ends it;
                empty: nothing. At most a twentieth of the time goes into asking.

        Raises:
            ProgramError: with another exit code than 0, or for what was wrong.
        """
        if self._process.stdin is not None:
            self._process.stdin.close()
        pause = _LOOK_SECONDS
        while True:
            has_ended = False
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(pause)
                has_ended = True
            begun = time.monotonic()
            if why := wrong():
                raise self.failed(why)
            if has_ended:
                break
            pause = max(_LOOK_SECONDS, 20 * (time.monotonic() - begun))
        if self._process.returncode:
            raise self.failed()
        self.kill()

    def failed(self, what: str = "") -> ProgramError:
        """Return the error that says how it ended, or ``what`` it did, and its last words."""
        if not what:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_PATIENCE_SECONDS)
            what = _ending(self._process.poll())
        self.kill()
        return ProgramError(f"{self.name} {what}; {self._last_words()}")

    def close(self) -> None:
        """Close its standard input, and give it a while to end."""
        with contextlib.suppress(OSError):
            if self._process.stdin is not None:
                self._process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_PATIENCE_SECONDS)
        self.kill()

    def kill(self) -> None:
        """End it, with all that it has started: they hold its pipes."""
        if self._process.returncode is None:
            _kill_tree(self._process.pid)
            self._process.wait()
        descendants.kill_marked(_MARK, self._mark)
        self._killed.set()
        process = self._process
        for reader, stream in zip(self._readers, (process.stdout, process.stderr), strict=True):
            reader.join(_PATIENCE_SECONDS)
            if not reader.is_alive() and stream is not None:
                stream.close()
        with contextlib.suppress(OSError):  # what it has not read is not to be read
            if process.stdin is not None:
                process.stdin.close()

    def _read_talk(self, stream: IO[bytes]) -> None:
        while line := stream.readline(_LONGEST_LINE):
            # A line without its end was cut off: what it says may be half a number.
            if self._is_talk(line) and line.endswith(b"\n"):
                self._hand_over(line)
            else:
                self._printed = _shown(self._printed, line)
        self._hand_over(None)

    def _hand_over(self, line: bytes | None) -> None:
        while not self._killed.is_set():
            with contextlib.suppress(queue.Full):
                return self._lines.put(line, timeout=_STEP_SECONDS)
        return None

    def _read_rest(self, stream: IO[bytes]) -> None:
        while part := stream.readline(_LONGEST_LINE):
            self._complained = _shown(self._complained, part)

    def _last_words(self) -> str:
        """Return the last line on its standard error, where errors stand; else on its output.

        Which of the two was written later cannot be known: they are two pipes.
        """
        for said in (self._complained, self._printed):
            lines = [line.strip() for line in said.decode(errors="replace").splitlines()]
            spoken = [line for line in lines if line]
            if spoken:
                return f"its last words: {spoken[-1][:_SHOWN]}"
        return "it has said nothing"


def _shown(before: bytes, part: bytes) -> bytes:
    """Show what a program has printed; return the end of all that it has printed."""
    with contextlib.suppress(OSError):
        os.write(2, part)
    return (before + part)[-_KEPT:]


def _ending(code: int | None) -> str:
    if code is None:
        return "closed its output and did not end"
    if code >= 0:
        return f"ended with exit code {code}"
    try:
        return f"was ended by signal {-code} ({signal.Signals(-code).name})"
    except ValueError:
        return f"was ended by signal {-code}"


def _kill_tree(process: int) -> None:
    children = descendants.children_of(process)
    with contextlib.suppress(OSError):
        os.kill(process, signal.SIGKILL)
    for child in children:
        _kill_tree(child)
