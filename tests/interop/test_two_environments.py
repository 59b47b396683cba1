"""Two trackers whose environments exclude one another stand in one table."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import trackbench

TRACKER = """
import numpy as np

assert np.__version__.startswith("{major}.")


class {name}:
    def init(self, frame, box):
        self.box = np.array(box)

    def update(self, frame):
        self.box = self.box + np.{only_there}([0.5, 0.0, 0.0, 0.0])
        return self.box
"""


SCRIPT = """
import vot

handle = vot.VOT("rectangle")
region = handle.region()
while handle.frame():
    handle.report(region)
"""


def oldest() -> str | None:
    """Return an interpreter of the oldest version that a tracker may have; None: there is none."""
    found = shutil.which("python3.8")
    if found is None:
        return None
    asked = [found, "-c", "import sys; print(sys.executable)"]
    # Where the name is pyenv's, it works for who asks for that version.
    variables = {**os.environ, "PYENV_VERSION": "3.8"}
    done = subprocess.run(asked, env=variables, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else None


OLDEST = oldest()


def environment(folder: Path, numpy: str, of: str = sys.executable) -> str:
    """Make an environment with one package, and return its interpreter."""
    subprocess.run([of, "-m", "venv", str(folder)], check=True)
    python = str(folder / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", numpy], check=True)
    return python


def test_numpy_1_and_numpy_2_in_one_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    # Each uses what the other version of NumPy does not have.
    old = TRACKER.format(major=1, name="Old", only_there="float_")
    new = TRACKER.format(major=2, name="New", only_there="astype(np.zeros(4), float) + np.array")
    (tmp_path / "old_tracker.py").write_text(old)
    (tmp_path / "new_tracker.py").write_text(new)
    results = trackbench.run(
        [
            trackbench.tracker_elsewhere(
                "old_tracker:Old", environment(tmp_path / "one", "numpy==1.26.4")
            ),
            trackbench.tracker_elsewhere(
                "new_tracker:New", environment(tmp_path / "two", "numpy>=2")
            ),
            "static",
        ],
        "smoke",
        out=tmp_path / "results",
    )
    old_runs, new_runs = (
        [run for run in results.runs if run.record.tracker == name] for name in ("old", "new")
    )
    assert len(old_runs) == len(new_runs) == 4
    for one, other in zip(old_runs, new_runs, strict=True):
        assert not one.record.failures
        assert not other.record.failures
        assert np.array_equal(one.iou, other.iou)
        assert one.record.versions["numpy"] == "1.26.4"
        assert other.record.versions["numpy"].startswith("2.")
    assert "NumPy 1.26.4" in str(trackbench.report(results))


@pytest.mark.skipif(OLDEST is None, reason="there is no python3.8")
def test_the_oldest_python_that_is_promised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "old_tracker.py").write_text(
        TRACKER.format(major=1, name="Old", only_there="float_").replace("np.float_", "np.array")
    )
    (tmp_path / "vot_static_box.py").write_text(SCRIPT)
    python = environment(tmp_path / "one", "numpy<2", str(OLDEST))
    given = [
        trackbench.tracker_elsewhere(name, python)
        for name in ("old_tracker:Old", "vot:vot_static_box.py")
    ]
    results = trackbench.run(
        [*given, "static"],
        datasets="mnist-single-same",
        sequences=2,
        lengths=[5],
        out=tmp_path / "results",
    )
    old, static, script = sorted(results.runs, key=lambda run: run.record.tracker)
    assert old.record.versions["python"].startswith("3.8.")
    assert not old.record.failures
    assert 0 < old.iou[:, 1:].mean() < 1
    assert script.record.versions["python"].startswith("3.8.")
    assert np.array_equal(script.iou, static.iou)
