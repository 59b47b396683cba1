"""What the shipped weights lose by being stored as int8."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from trackbench.trackers.learned import SHIPPED

pytest.importorskip("torch")
SCRIPT = Path(__file__).parents[2] / "scripts" / "int8_loss.py"


@pytest.mark.thorough
def test_int8_costs_less_than_0_005_iou_in_every_cell() -> None:
    """On 8 sequences a set; docs/training.md has what 500 gave, from a run's own checkpoint."""
    command = [sys.executable, str(SCRIPT), "--sequences", "8"]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr
    shipped = len(list(SHIPPED.glob("*.safetensors")))
    assert found.stdout.count("float32 [") == 4 * shipped
    worst = re.search(r"largest difference (\S+),", found.stdout)
    assert worst
    assert 0 < float(worst[1]) < 0.005
