"""A command on a real terminal, and what is seen there."""

from __future__ import annotations

import os
import re
import subprocess
import termios
from contextlib import suppress
from pathlib import Path

SIZES = ("COLUMNS", "LINES", "NO_COLOR")
"""Variables that would say something else than the terminal."""


def seen_on_terminal(
    command: list[str], columns: int, folder: Path | None = None, **environment: str
) -> tuple[int, list[str]]:
    """Return the command's exit code and the lines that it printed, without styles."""
    ours, its = os.openpty()
    termios.tcsetwinsize(its, (50, columns))
    inherited = {name: value for name, value in os.environ.items() if name not in SIZES}
    said = b""
    with subprocess.Popen(
        command,
        stdin=its,
        stdout=its,
        stderr=its,
        cwd=folder,
        env={**inherited, "TERM": "xterm-256color", **environment},
    ) as process:
        os.close(its)
        with suppress(OSError):  # Linux says so when nobody can write any more
            while part := os.read(ours, 65536):
                said += part
        code = process.wait(60)
    os.close(ours)
    return code, re.sub(r"\x1b\[[0-9;]*m", "", said.decode()).splitlines()
