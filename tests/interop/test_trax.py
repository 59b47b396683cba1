"""TraX's own library at the other end, in an environment with nothing but that and NumPy."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np

import trackbench
from trackbench.running.chosen_trackers import tracker_named

HERE = Path(__file__).parent


def test_a_program_in_another_environment(tmp_path: Path) -> None:
    folder = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = str(folder / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", "vot-trax==4.0.2"], check=True)
    given = tracker_named(f"trax:{shlex.join([python, str(HERE / 'vot_ncc.py')])}")
    results = trackbench.run([given, "ncc"], "smoke", out=tmp_path / "results", tell=str)
    theirs = [run for run in results.runs if run.record.tracker == "vot-ncc"]
    ours = [run for run in results.runs if run.record.tracker == "ncc-v1"]
    assert len(theirs) == len(ours) == 4
    for one, other in zip(theirs, ours, strict=True):
        assert not one.record.failures
        boxes, expected = (
            np.concatenate([tracked.predicted for tracked in run.trajectories()])
            for run in (one, other)
        )
        assert np.array_equal(boxes, expected)
        (tracked, *_) = one.trajectories()
        assert tracked.confidence is not None
        assert (tracked.confidence[:, 1:] == 0.5).all()
