"""The examples run as they stand, and do all that they say, without the command line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_the_library_without_a_folder_says_what_it_needs() -> None:
    done = subprocess.run(
        [sys.executable, EXAMPLES / "library.py"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == "which folder may it write into? python examples/library.py FOLDER\n"


@pytest.mark.needs_torch
def test_the_library_does_all_that_the_command_line_does(tmp_path: Path) -> None:
    code = (
        # Of its training, as little is validated as can be.
        "from trackbench.trackers.training.validation import Validator\n"
        "Validator.__init__.__kwdefaults__['sequences'] = 2\n"
        f"import runpy, sys; sys.argv = ['library.py', {str(tmp_path)!r}]\n"
        f"runpy.run_path({str(EXAMPLES / 'library.py')!r}, run_name='__main__')\n"
        "assert not [name for name in sys.modules if name.startswith('trackbench.cli')]\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "mnist-single-same-v1  707eec4c7f72" in done.stdout
    assert "no regression in 24 cells" in done.stdout
    assert "ncc-v1 - static-v1, mnist-single-same-v1, 4 sequences" in done.stdout
    tables = {path.suffix for path in tmp_path.glob("table.*")}
    assert tables == {".md", ".txt", ".tex", ".html", ".csv", ".json", ".svg"}
    with Image.open(tmp_path / "drawn.png") as drawn:
        assert drawn.width > 1000
    assert len(list((tmp_path / "got10k").glob("*/*/*.jpg"))) == 20
    assert (tmp_path / "trained" / "weights.safetensors").is_file()
    assert "my_own.py: an example that works" in done.stdout
    assert "bench.toml: a run that works" in done.stdout
