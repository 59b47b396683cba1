"""A program that a tracker is: started by its host, heard, and ended with it.

It is a child in the host's process group, so whatever ends the host ends it. What it prints goes
where the tracker's output goes, and its last words into what is raised when it fails.
"""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from trackbench.host import descendants

_STEP_SECONDS = 0.1
_KEPT, _SHOWN = 4096, 200
_LONGEST_LINE = 1 << 24
_MOST_LINES = 1000
_PATIENCE_SECONDS = 3.0


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
        self.name = " ".join(Path(word).name for word in words[:2])[:60]
        self._is_talk = is_talk
        self._said = b""
        self._lines: queue.Queue[bytes | None] = queue.Queue(_MOST_LINES)
        try:
            self._process = subprocess.Popen(
                list(words),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env={**os.environ, **environment},
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
            try:
                line = self._lines.get(timeout=_STEP_SECONDS)
            except queue.Empty:
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

    def wait(self) -> None:
        """Close its standard input, and wait until it has ended.

        Raises:
            ProgramError: with another exit code than 0.
        """
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait()
        if self._process.returncode:
            raise self.failed()

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
        for reader in self._readers:
            reader.join(_PATIENCE_SECONDS)

    def _read_talk(self, stream: IO[bytes]) -> None:
        while line := stream.readline(_LONGEST_LINE):
            if self._is_talk(line):
                self._lines.put(line)
            else:
                self._show(line)
        self._lines.put(None)

    def _read_rest(self, stream: IO[bytes]) -> None:
        while part := stream.readline(_LONGEST_LINE):
            self._show(part)

    def _show(self, part: bytes) -> None:
        self._said = (self._said + part)[-_KEPT:]
        with contextlib.suppress(OSError):
            os.write(2, part)

    def _last_words(self) -> str:
        lines = [line.strip() for line in self._said.decode(errors="replace").splitlines()]
        spoken = [line for line in lines if line]
        return f"its last words: {spoken[-1][:_SHOWN]}" if spoken else "it has said nothing"


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
