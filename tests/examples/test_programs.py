"""Trackers that are programs run by the commands that their files and documents name."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "examples" / "programs"
COMMANDS = {
    command: file
    for file in sorted(FOLDER.iterdir())
    if file.is_file()
    for command in re.findall(r"^#? *trackbench (run .*)$", file.read_text(), re.MULTILINE)
}


def test_every_program_is_run() -> None:
    text = " ".join(COMMANDS)
    assert all(file.name in text for file in FOLDER.iterdir() if file.is_file())


@pytest.mark.thorough
@pytest.mark.parametrize("command", COMMANDS)
def test_its_command_runs_it_as_it_is(command: str, tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "programs")
    assert f"trackbench {command}" in (ROOT / "docs" / "other-toolkits.md").read_text()
    done = subprocess.run(
        [sys.executable, "-m", "trackbench", *shlex.split(command), "--sequences", "2"],
        cwd=tmp_path / "programs",
        # As in an environment that was activated: "python" is the one with OpenCV.
        env={
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "0 failed sequences" in done.stdout
    assert "0 invalid boxes" in done.stdout
