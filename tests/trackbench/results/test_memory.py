"""Memory does not grow with the number of sequences."""

import subprocess
import sys
from pathlib import Path

import pytest

PLUGIN = Path(__file__).parents[2] / "plugins" / "many.py"

# The largest process of the run: the parent's own peak, or its largest worker's.
PROGRAM = """
import resource, subprocess, sys
subprocess.run([sys.executable, "-m", "trackbench", *sys.argv[1:]], check=True,
               stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def peak(sequences: int, out: Path) -> int:
    arguments = [
        *("run", "--plugin", PLUGIN, "--tracker", "static", "--dataset", "many"),
        *("--sequences", sequences, "--lengths", "20", "--out", out),
    ]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *map(str, arguments)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return int(done.stdout)


@pytest.mark.thorough
def test_ten_times_the_sequences_peak_within_a_tenth(tmp_path: Path) -> None:
    few, many = peak(500, tmp_path / "few"), peak(5000, tmp_path / "many")
    assert many < 1.1 * few, f"{few} KiB for 500 sequences, {many} KiB for 5,000"
