"""How the user's interpreter was started decides nothing in the processes that compute."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from trackbench.results.directory import Results

CommandLine = Callable[..., subprocess.CompletedProcess[str]]

TINY = Path(__file__).parents[2] / "plugins" / "tiny.py"
PLUGIN = """
import sys, warnings
class Depends:
    def __init__(self):
        warnings.warn("old", DeprecationWarning)
        self.shift = 0.0 if __debug__ and not sys.flags.dev_mode else 5.0
    def init(self, frame, box):
        self.box = box
    def update(self, frame):
        return self.box + [self.shift, 0, 0, 0]
"""


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("name", "value"),
    [("PYTHONOPTIMIZE", "1"), ("PYTHONWARNINGS", "error"), ("PYTHONDEVMODE", "1")],
)
def test_neither_assertions_nor_warnings_are_the_environments(
    trackbench_cli: CommandLine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    value: str,
) -> None:
    monkeypatch.setenv(name, value)
    (tmp_path / "p.py").write_text(PLUGIN)
    done = trackbench_cli(
        *("run", "--plugin", TINY, "--plugin", tmp_path / "p.py", "-t", "depends", "-d"),
        *("tiny-other", "--jobs", "1", "-o", tmp_path / "r"),
    )
    assert done.returncode == 0, done.stderr
    (run,) = Results.load(tmp_path / "r").runs
    tracked = next(iter(run.trajectories()))
    assert tracked.predicted[0, 1].tolist() == tracked.truth[0, 0].tolist()
