"""The example of a ``trackers.toml``, run by the command that stands in it and in its page."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from without_progress import without_progress

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "examples" / "trackers_file"


@pytest.mark.thorough
def test_its_command_runs_all_its_trackers(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "trackers_file")
    file = (FOLDER / "trackers.toml").read_text()
    (command,) = re.findall(r"^# trackbench (run .*)$", file, re.MULTILINE)
    assert f"trackbench {command}" in (ROOT / "docs" / "trackers-toml.md").read_text()
    names = re.findall(r"^\[(.*)\]$", file, re.MULTILINE)
    done = subprocess.run(
        [sys.executable, "-m", "trackbench", *shlex.split(command), "--sequences", "2"],
        cwd=tmp_path / "trackers_file",
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert without_progress(done.stderr) == ""
    spotless = r"^([\w-]+): .* 0 failed sequences; 0 invalid boxes"
    lines = re.findall(spotless, done.stdout, re.MULTILINE)
    assert lines == [*names, "kcf-v1"]
