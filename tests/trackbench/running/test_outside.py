"""What happens outside: two runs at once, an interrupt, a suspended machine."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from processes import command_line, marked

from trackbench.results.directory import Results

PLUGINS = Path(__file__).parents[2] / "plugins"
SLOW = """
import time
class Slow:
    def init(self, frame, box):
        self.box = box
    def update(self, frame):
        time.sleep({seconds})
        return self.box
class Quick(Slow):
    def update(self, frame):
        return self.box
"""


def start(folder: Path, *arguments: str, seconds: float = 0.05) -> subprocess.Popen[str]:
    plugin = folder / "slow.py"
    plugin.write_text(SLOW.format(seconds=seconds))
    command = [
        *(sys.executable, "-m", "trackbench", "run", "--plugin", str(PLUGINS / "tiny.py")),
        *("--plugin", str(plugin), "-o", "r", "--timeout", "1", *arguments),
    ]
    return subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, "TRACKBENCH_TEST": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def mark_of(folder: Path) -> str:
    return f"TRACKBENCH_TEST={folder}"


def wait_for(condition: object, seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.02)


def stored(folder: Path) -> dict[tuple[str, str], int]:
    runs = Results.load(folder / "r").runs
    return {(run.record.tracker, run.record.dataset): len(run.record.chunks) for run in runs}


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (("-t", "slow", "-d", "tiny"), ("-t", "slow", "-d", "tiny-other"), {3, 2}),
        (("-t", "slow", "-d", "tiny"), ("-t", "quick", "-d", "tiny"), {3}),
        (("-t", "slow", "-d", "tiny"), ("-t", "slow", "-t", "quick", "-d", "tiny"), {3}),
    ],
)
def test_two_runs_on_one_directory_lose_nothing(
    tmp_path: Path, one: tuple[str, ...], other: tuple[str, ...], expected: set[int]
) -> None:
    both = [start(tmp_path, *one), start(tmp_path, *other)]
    said = [run.communicate(timeout=120)[1] for run in both]
    for run, errors in zip(both, said, strict=True):
        assert run.returncode == 0 or "another run is writing to" in errors, errors
    assert any(run.returncode == 0 for run in both)
    again = start(tmp_path, *other)
    again.communicate(timeout=120)
    assert again.returncode == 0
    assert set(stored(tmp_path).values()) == expected


@pytest.mark.thorough
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_what_is_finished_is_stored_though_others_have_not_answered(
    tmp_path: Path, sent: signal.Signals
) -> None:
    trackers = ("-t", "quick", "-t", "slow")
    run = start(tmp_path, *trackers, "-d", "tiny", "--jobs", "1", seconds=0.5)
    quick = tmp_path / "r" / "runs" / "quick"
    wait_for(
        lambda: [len(json.loads(p.read_text())["chunks"]) for p in quick.rglob("r*.json")] == [3]
    )
    run.send_signal(sent)
    run.communicate(timeout=60)
    assert run.returncode == {2: 130, 15: 143, 1: 129, 9: -9}[sent]
    wait_for(lambda: not marked(mark_of(tmp_path)))
    assert stored(tmp_path) == {("quick", "tiny-v1"): 3}
    if sent == signal.SIGKILL:  # what it was just writing is cleared away by the next
        again = start(tmp_path, *trackers, "-d", "tiny", seconds=0.0)
        again.communicate(timeout=60)
        assert again.returncode == 0
    assert not [path for path in (tmp_path / "r").rglob(".*") if path.name != ".lock"]


@pytest.mark.thorough
@pytest.mark.parametrize("whom", ["makers", "all"])
def test_a_killed_parent_leaves_nothing_though_others_are_stopped(
    tmp_path: Path, whom: str
) -> None:
    run = start(tmp_path, "-t", "slow", "-d", "tiny", "--jobs", "2", seconds=0.4)
    wait_for(lambda: len(marked(mark_of(tmp_path))) >= 7)  # parent, makers, servers, hosts
    others = [process for process in marked(mark_of(tmp_path)) if process != run.pid]
    for process in others:
        if whom == "all" or b"running.maker" in command_line(process):
            os.kill(process, signal.SIGSTOP)
    run.kill()
    run.communicate(timeout=60)
    try:
        wait_for(lambda: not marked(mark_of(tmp_path)), seconds=10.0)
    finally:
        for process in marked(mark_of(tmp_path)):
            os.kill(process, signal.SIGKILL)


@pytest.mark.thorough
def test_a_suspended_machine_is_no_trackers_failure(tmp_path: Path) -> None:
    run = start(tmp_path, "-t", "slow", "-d", "tiny", "--jobs", "2", seconds=0.4)
    wait_for(lambda: len(marked(mark_of(tmp_path))) >= 7)  # parent, makers, servers, hosts
    time.sleep(1.0)
    suspended = marked(mark_of(tmp_path))
    for process in suspended:
        os.kill(process, signal.SIGSTOP)
    time.sleep(3.0)
    for process in reversed(suspended):
        os.kill(process, signal.SIGCONT)
    _, errors = run.communicate(timeout=120)
    assert run.returncode == 0, errors


@pytest.mark.thorough
def test_a_frozen_harness_is_no_trackers_failure(tmp_path: Path) -> None:
    """Only the makers are stopped: the answers wait, and nobody has hung."""
    run = start(tmp_path, "-t", "slow", "-d", "tiny", "--jobs", "1", seconds=0.4)
    wait_for(lambda: len(marked(mark_of(tmp_path))) >= 4)
    maker = [p for p in marked(mark_of(tmp_path)) if b"maker" in command_line(p)]
    time.sleep(1.0)
    for process in maker:
        os.kill(process, signal.SIGSTOP)
    time.sleep(3.0)
    for process in maker:
        os.kill(process, signal.SIGCONT)
    _, errors = run.communicate(timeout=120)
    assert maker
    assert run.returncode == 0, errors


@pytest.mark.thorough
def test_peak_memory_is_kept(tmp_path: Path) -> None:
    run = start(tmp_path, "-t", "quick", "-d", "tiny")
    run.communicate(timeout=60)
    (found,) = Results.load(tmp_path / "r").runs
    assert 10 << 20 < found.record.peak_memory < 1 << 30
    assert np.isfinite(found.record.fps)
