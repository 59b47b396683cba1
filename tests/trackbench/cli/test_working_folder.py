"""Files in the working folder that are called like a library are not run instead of it."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

POISON = "import os\nos.write(2, b'RUN: ' + __name__.encode() + b'\\n')\nos._exit(99)\n"
INSTALLED = ("numpy", "pandas", "pyarrow", "rich", "typer", "click", "scipy", "cv2", "PIL")
COMMANDS = (
    "list",
    "show mnist-single-same -o a.png --length 2",
    "export mnist-single-same -l vot -o exported --sequences 2 --length 2 --jobs 2",
    "report nowhere",
)


@pytest.fixture
def poisoned(tmp_path: Path) -> Path:
    """Return a folder with a file for every module of the standard library, and for installed."""
    there = [name for name in sys.stdlib_module_names if find_spec(name)]
    for name in (*there, *INSTALLED):
        (tmp_path / f"{name}.py").write_text(POISON)
    return tmp_path


@pytest.mark.thorough
@pytest.mark.parametrize("command", COMMANDS)
def test_nothing_is_imported_from_the_working_folder(poisoned: Path, command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "trackbench", *command.split()],
        cwd=poisoned,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "RUN" not in done.stderr
    assert done.returncode == (2 if "nowhere" in command else 0), done.stderr


TRAINING = """\
if __name__ == "__main__":
    from trackbench.plugins import registry
    from trackbench.trackers.training.generation import Generator

    made = registry.build_dataset(registry.datasets().get("mnist-train-single"))
    generator = Generator([made], workers=1)
    assert len(generator.video(0, 0, 3)[0]) == 3
    generator.close()
"""


@pytest.mark.thorough
def test_nor_do_processes_that_make_videos_for_training(tmp_path: Path, poisoned: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    script = tmp_path / "elsewhere" / "training.py"
    script.write_text(TRAINING)
    done = subprocess.run(
        [sys.executable, script], cwd=poisoned, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.thorough
def test_modules_of_ones_own_are_found_there(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(
        "class Mine:\n"
        "    def init(self, frame, box): self.box = box\n"
        "    def update(self, frame): return self.box\n"
    )
    command = "run -t mine:Mine -d mnist-single-same --sequences 1 --lengths 2 -o r"
    done = subprocess.run(
        [sys.executable, "-m", "trackbench", *command.split()], cwd=tmp_path, check=False
    )
    assert done.returncode == 0


def test_what_python_was_told_to_leave_alone_stays(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "trackbench", "--version"],
        cwd=tmp_path,
        env=os.environ,
        check=False,
    )
    assert done.returncode == 0
