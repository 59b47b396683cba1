"""The small checkout runs by the command that its README and the documents name."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "examples" / "lib_checkout"


@pytest.mark.thorough
def test_its_command_runs_it_as_it_is(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "examples" / "lib_checkout")
    (command,) = re.findall(r"trackbench (run .*)", (FOLDER / "README.md").read_text())
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
    assert "run anew each time" not in done.stderr
    assert "0 failed sequences" in done.stdout
    assert "0 invalid boxes" in done.stdout
