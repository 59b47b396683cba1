"""Exports that a script starts without ``if __name__ == "__main__":``, or from standard input."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import numpy as np, trackbench

class Mine:
    def __init__(self, spec):
        self.spec = spec

    def sequence(self, index, length=None):
        length = length or 6
        frames = np.full((length, 20, 20), index, np.uint8)
        return trackbench.Video(frames, np.tile([2.0, 3, 8, 8], (length, 1)))

spec = trackbench.DatasetSpec(id="mine-v1", factory=Mine, seed=3, sequences=4, length=6)
done = trackbench.export(spec, "got10k", "out", jobs=2)
print(len(list(done.out.glob("val/*/00000006.jpg"))), "written")
"""


@pytest.mark.thorough
@pytest.mark.parametrize("from_file", [True, False], ids=["file", "standard input"])
def test_a_script_is_executed_once(tmp_path: Path, from_file: bool) -> None:
    script = tmp_path / "mine.py"
    script.write_text(SCRIPT)
    done = subprocess.run(
        [sys.executable, str(script) if from_file else "-"],
        check=False,
        input="" if from_file else SCRIPT,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.stdout, done.stderr, done.returncode) == ("4 written\n", "", 0)
