"""A plugin may use multiprocessing in every way that Python has."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from trackbench.results.directory import Results

PLUGIN = """
import multiprocessing

def double(number):
    return 2 * number

class Fork:
    method = "fork"

    def __init__(self):
        with multiprocessing.get_context(self.method).Pool(1) as pool:
            (self.shift,) = pool.map(double, [1])

    def init(self, frame, box):
        self.box = box

    def update(self, frame):
        return self.box + [self.shift, 0, 0, 0]

class Spawn(Fork):
    method = "spawn"

class ForkServer(Fork):
    method = "forkserver"
"""


@pytest.mark.thorough
def test_processes_of_a_plugins_find_its_functions(
    tmp_path: Path, trackbench_cli: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    (tmp_path / "plugin.py").write_text(PLUGIN)
    done = trackbench_cli(
        *("run", "--plugin", "plugin.py", "-t", "fork", "-t", "spawn", "-t", "forkserver"),
        *("-d", "mnist-single-same", "--sequences", 1, "--lengths", 2, "-o", "r"),
        *("--timeout", 30),
    )
    assert done.returncode == 0, done.stdout
    # What a forked process reads is seen, what others read is not: said, and not reused.
    assert ": fork is run anew" not in done.stderr
    for name in ("spawn", "forkserver"):
        assert f": {name} is run anew each time: it starts another program (python" in done.stderr
    shifts = {}
    for run in Results.load(tmp_path / "r").runs:
        (tracked,) = run.trajectories()
        shifts[run.record.tracker] = tracked.predicted[0, 1, 0] - tracked.predicted[0, 0, 0]
    assert shifts == {"fork": 2, "spawn": 2, "forkserver": 2}
