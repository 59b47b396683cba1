"""What the tests share: the command line in a process of its own, and small plugins."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

CommandLine = Callable[..., subprocess.CompletedProcess[str]]

PLUGINS = Path(__file__).parent / "plugins"


@pytest.fixture
def trackbench_cli(tmp_path: Path) -> CommandLine:
    """Run ``trackbench`` in a process of its own, in an empty working folder."""

    def call(*arguments: object, path: Path | None = None) -> subprocess.CompletedProcess[str]:
        environment = dict(os.environ)
        if path is not None:
            environment["PYTHONPATH"] = str(path)
        return subprocess.run(
            [sys.executable, "-m", "trackbench", *map(str, arguments)],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env=environment,
            timeout=300,
            check=False,
        )

    return call
