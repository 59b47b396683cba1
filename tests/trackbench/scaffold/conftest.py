"""Commands that ``trackbench new`` printed, run as a user would copy them into a shell."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import forked_process
import pytest

Shell = Callable[..., str]
PrintedCommands = Callable[[str], list[str]]


@pytest.fixture(scope="session")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """Return :func:`_shell`, whose ``trackbench`` is forked where no other programs are named."""
    ours = tmp_path_factory.mktemp("programs")
    forked_process.write_forked_trackbench(ours)

    def call(commands: list[str], folder: Path, *, programs: Path = ours, expected: int = 0) -> str:
        return _shell(commands, folder, programs, expected)

    return call


def _shell(commands: list[str], folder: Path, programs: Path, expected: int) -> str:
    """Run commands in one shell that ends at the first failure; return what they printed."""
    done = subprocess.run(
        ["bash", "-e", "-c", "\n".join(commands)],
        cwd=folder,
        env={
            **{name: value for name, value in os.environ.items() if name != "GITHUB_STEP_SUMMARY"},
            "PATH": f"{programs}:{os.environ['PATH']}",
            # pip needs no network: what is asked for is installed, and setuptools with it
            "PIP_NO_INDEX": "1",
            "PIP_NO_BUILD_ISOLATION": "0",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            # what is written needs none of the plugins that our own tests have
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == expected, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def printed_commands() -> PrintedCommands:
    """Return the indented lines of what was printed."""

    def call(text: str) -> list[str]:
        return [line.strip() for line in text.splitlines() if line.startswith("    ")]

    return call
