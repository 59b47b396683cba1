"""The example of masks does what its first lines say."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parents[2] / "examples" / "masks" / "bright_pixels.py"


@pytest.mark.thorough
def test_a_segmentation_tracker_on_a_data_set_with_masks(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "trackbench"]
    trackers = ("-t", "threshold", "-t", "first-mask", "-d", "ellipses", "--out", "r")
    run = subprocess.run(
        [*command, "run", "--plugin", str(EXAMPLE), *trackers],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    report = subprocess.run(
        [*command, "report", "r", "--format", "json"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    rows = {row["tracker"]: row for row in json.loads(report.stdout)}
    assert {row["compared"] for row in rows.values()} == {"masks"}
    assert rows["threshold"]["mean"] > 0.95
    assert 0 < rows["first-mask"]["mean"] < 0.7
