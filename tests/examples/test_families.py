"""Trackers of other toolkits run by the commands that their files and documents name."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "examples" / "families").glob("*.py"))


@pytest.mark.thorough
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_its_command_runs_it_as_it_is(file: Path, tmp_path: Path) -> None:
    shutil.copy(file, tmp_path)
    (command,) = re.findall(r"^    trackbench (run .*)$", file.read_text(), re.MULTILINE)
    assert f"trackbench {command}" in (ROOT / "docs" / "other-toolkits.md").read_text()
    done = subprocess.run(
        [sys.executable, "-m", "trackbench", *shlex.split(command), "--sequences", "2"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "0 failed sequences" in done.stdout
    assert "0 invalid boxes" in done.stdout
