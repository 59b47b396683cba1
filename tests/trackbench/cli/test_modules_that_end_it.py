"""An author's module cannot end a command, nor decide over its exit code."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

TRACKER = """
class Mine:
    def init(self, frame, box):
        self.box = box
    def update(self, frame):
        return self.box
"""
SMALL = ("--dataset", "mnist-single-same", "--sequences", "1", "--lengths", "2", "--out", "r")
ENDINGS = {
    "at_once": ("import os\nos._exit(0)\n", "EndOfProcess: _exit(0) would end trackbench"),
    "closing": (
        "import sys\nsys.stdout.close()\nsys.stderr.close()\n",
        "importing it closes stdout and stderr of this process",
    ),
    "no_descriptors": (
        "import os\nos.closerange(0, 64)\n",
        "importing it closes stdin and stdout and stderr of this process",
    ),
}


@pytest.mark.parametrize("name", ENDINGS)
def test_a_module_that_ends_the_process_is_named(
    name: str, tmp_path: Path, trackbench_cli: Callable[..., Any]
) -> None:
    text, said = ENDINGS[name]
    (tmp_path / f"{name}.py").write_text(text + TRACKER)
    done = trackbench_cli("run", "--plugin", f"{name}.py", "-t", "mine", *SMALL)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert f"the plugin {name}.py fails: " in line
    assert said in line
    assert not (tmp_path / "r").exists()


def test_a_module_that_only_a_host_would_end_is_named(
    tmp_path: Path, trackbench_cli: Callable[..., Any]
) -> None:
    (tmp_path / "there.py").write_text("import os\nos._exit(0)\n" + TRACKER)
    done = trackbench_cli("run", "-t", "there:Mine", "--python", sys.executable, *SMALL)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "mine cannot be built: EndOfProcess: _exit(0) would end trackbench" in done.stderr


def test_what_a_module_does_at_exit_leaves_the_exit_code(
    tmp_path: Path, trackbench_cli: Callable[..., Any]
) -> None:
    (tmp_path / "late.py").write_text("import atexit, os\natexit.register(os._exit, 0)\n" + TRACKER)
    done = trackbench_cli("list", "nothing-of-this-name", "--plugin", "late.py")
    assert done.returncode == 2
    assert done.stderr
