"""A parameter's class is imported anew where the tracker runs: what it is there is its hash."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from trackbench.results.directory import Results

CONFIG = """
SHIFT = 1

class Config:
    scale = 1

    @property
    def shift(self):
        return self.scale

def plain():
    return SHIFT

class Kept:
    def __init__(self):
        self.shift = 1
"""
TRACKER = """
class Mine:
    def __init__(self, p):
        self.p = p
    def init(self, frame, box):
        self.box = box
    def update(self, frame):
        x, y, w, h = self.box
        shift = self.p() if callable(self.p) else self.p.shift
        return x + shift, y, w, h
"""
SCRIPT = """
import cfg, tracker, trackbench
from trackbench import TrackerSpec

{changed}
p = {parameter}
if __name__ == "__main__":
    spec = TrackerSpec(id="mine", factory=tracker.Mine, parameters={{"p": p}})
    trackbench.run(spec, datasets="mnist-single-same", sequences=1, lengths=[3], out="r")
"""
CHANGED = {
    "class attribute": ("cfg.Config.scale = 2", "cfg.Config()"),
    "property": ("cfg.Config.shift = property(lambda self: 2)", "cfg.Config()"),
    "global of a function": ("cfg.SHIFT = 2", "cfg.plain"),
}


class Folder:
    def __init__(self, path: Path) -> None:
        self.path = path
        (path / "cfg.py").write_text(CONFIG)
        tracker = TRACKER.replace("callable(self.p)", "not hasattr(self.p, 'shift')")
        (path / "tracker.py").write_text(tracker)

    def run(self, changed: str, parameter: str) -> tuple[set[float], str]:
        """Return how far the stored versions have shifted, and what was said."""
        (self.path / "script.py").write_text(SCRIPT.format(changed=changed, parameter=parameter))
        done = subprocess.run(
            [sys.executable, "script.py"],
            cwd=self.path,
            capture_output=True,
            text=True,
            timeout=200,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        (run,) = Results.load(self.path / "r").runs
        (tracked,) = run.trajectories()
        shift = float(tracked.predicted[0, 1, 0] - tracked.truth[0, 0, 0])
        return {round(shift, 6)}, done.stderr

    def fingerprints(self) -> set[str]:
        return {path.parent.name for path in self.path.glob("r/runs/*/*/*/*/record.json")}


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.mark.thorough
@pytest.mark.parametrize("name", ["class attribute", "property", "global of a function"])
def test_what_was_changed_in_memory_is_told_and_is_not_the_hash(folder: Folder, name: str) -> None:
    changed, parameter = CHANGED[name]
    shift, said = folder.run(changed, parameter)
    assert shift == {1.0}  # as the file says
    assert "mine is run as its file says, and in memory here it is something else" in said
    before = folder.fingerprints()

    # Nobody who writes the same into the file is shown this number.
    text = (folder.path / "cfg.py").read_text()
    for a, b in (("scale = 1", "scale = 2"), ("SHIFT = 1", "SHIFT = 2")):
        text = text.replace(a, b)
    (folder.path / "cfg.py").write_text(text)
    shift, said = folder.run("", parameter)
    assert shift == {2.0}
    assert "in memory" not in said
    assert folder.fingerprints() > before


@pytest.mark.thorough
def test_what_was_not_changed_is_reused_without_a_word(folder: Folder) -> None:
    for _ in range(2):
        shift, said = folder.run("", "cfg.Kept()")
        assert shift == {1.0}
        assert "in memory" not in said
    assert len(folder.fingerprints()) == 1


@pytest.mark.thorough
def test_what_travels_with_the_parameter_is_the_hash(folder: Folder) -> None:
    shift, said = folder.run("kept = cfg.Kept(); kept.shift = 2", "kept")
    assert shift == {2.0}
    assert "in memory" not in said
