"""A command on a real terminal, what is seen there, and what it does when that is closed."""

from __future__ import annotations

import os
import re
import subprocess
import termios
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from io import RawIOBase
from pathlib import Path

SIZES = ("COLUMNS", "LINES", "NO_COLOR")
"""Variables that would say something else than the terminal."""


@dataclass(frozen=True)
class Terminal:
    """A terminal that a command's process is in charge of.

    Attributes:
        process: of the command.
        screen: the terminal's other end, where a person would sit.
    """

    process: subprocess.Popen[bytes]
    screen: RawIOBase

    def read(self) -> bytes:
        """Return what was printed, at least a byte; nothing when nobody can print any more."""
        with suppress(OSError):  # Linux says so instead of an end of the file
            return self.screen.read(65536) or b""
        return b""

    def close(self) -> None:
        """Hang up."""
        self.screen.close()


@contextmanager
def on_terminal(
    command: list[str], columns: int, folder: Path | None = None, **environment: str
) -> Iterator[Terminal]:
    """Start a command in a session of its own, with a terminal of so many columns."""
    ours, its = os.openpty()
    termios.tcsetwinsize(its, (50, columns))
    inherited = {name: value for name, value in os.environ.items() if name not in SIZES}
    with (
        open(ours, "rb", buffering=0) as screen,  # noqa: PTH123 - of a descriptor
        subprocess.Popen(
            command,
            cwd=folder,
            env={**inherited, "TERM": "xterm-256color", **environment},
            preexec_fn=partial(os.login_tty, its),  # noqa: PLW1509 - it takes no locks
        ) as process,
    ):
        os.close(its)
        try:
            yield Terminal(process, screen)
            process.wait(60)
        finally:
            process.kill()


def seen_on_terminal(
    command: list[str], columns: int, folder: Path | None = None, **environment: str
) -> tuple[int, list[str]]:
    """Return the command's exit code and the lines that it printed, without styles."""
    said = b""
    with on_terminal(command, columns, folder, **environment) as terminal:
        while part := terminal.read():
            said += part
    code = terminal.process.returncode
    return code, re.sub(r"\x1b\[[0-9;]*m", "", said.decode()).splitlines()


def left_on_screen(printed: bytes) -> list[str]:
    """Return the lines that stay on a screen of any height, without styles and empty ones.

    Of what moves the cursor, that is heeded which Rich writes: up a line, erase the line, to its
    beginning.
    """
    lines, row, column = [""], 0, 0
    for sign in re.findall(r"\x1b\[[0-9;?]*[A-Za-z]|.", printed.decode(), re.DOTALL):
        if sign == "\n":
            row += 1
            lines += [""] * (row == len(lines))
        elif sign == "\r":
            column = 0
        elif sign == "\x1b[1A":
            row -= 1
        elif sign == "\x1b[2K":
            lines[row] = ""
        elif len(sign) == 1:
            lines[row] = lines[row].ljust(column)[:column] + sign + lines[row][column + 1 :]
            column += 1
    return [line.rstrip() for line in lines if line.strip()]
