"""Trackers of the real got10k toolkit, driven by it and by us."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import trackbench
from trackbench.results.directory import Results

HERE = Path(__file__).parent
SEQUENCES, LENGTH = 5, 30

DRIVEN_BY_IT = """
import importlib, json, sys
from pathlib import Path
import numpy as np
folder, module, name = sys.argv[1:]
tracker = getattr(importlib.import_module(module), name)()
found = []
for truth in sorted(Path(folder).rglob("groundtruth.txt")):
    sequence = truth.parent
    images = sorted(str(path) for path in sequence.glob("*.jpg"))  # PNG, as its layout calls it
    boxes, _ = tracker.track(images, np.loadtxt(truth, delimiter=",", ndmin=2)[0])
    found.append(boxes.tolist())
print(json.dumps(found))
"""


@pytest.mark.parametrize(
    ("module", "name"), [("got10k.trackers", "IdentityTracker"), ("got10k_trackers", "Kcf")]
)
def test_it_answers_us_what_it_answers_its_own_toolkit(
    module: str, name: str, tmp_path: Path
) -> None:
    trackbench.export(
        "mnist-single-diff",
        "got10k",
        tmp_path / "exported",
        sequences=SEQUENCES,
        length=LENGTH,
        image="png",
    )
    driven = [sys.executable, "-c", DRIVEN_BY_IT, str(tmp_path / "exported"), module, name]
    by_it = subprocess.run(driven, cwd=HERE, capture_output=True, text=True, check=True)
    ours = [
        *(sys.executable, "-m", "trackbench", "run", "--tracker", f"got10k:{module}:{name}"),
        *("-d", "mnist-single-diff", "--sequences", str(SEQUENCES), "--lengths", str(LENGTH)),
        *("--out", str(tmp_path / "results")),
    ]
    subprocess.run(ours, cwd=HERE, capture_output=True, text=True, check=True)
    (run,) = Results.load(tmp_path / "results").runs
    boxes = np.concatenate([tracked.predicted for tracked in run.trajectories()])
    expected = np.array(json.loads(by_it.stdout))
    assert expected.shape == (SEQUENCES, LENGTH, 4)
    assert np.array_equal(boxes, expected)
