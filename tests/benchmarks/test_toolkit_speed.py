"""Our loop beside got10k's and bare OpenCV's, over the same files of one of our exports.

Each loop runs in a process of its own, on one core; what counts is the processor's time of that
process and all that it starts, a round more against a round less, so that no start is in it.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

import trackbench

LOOPS = Path(__file__).parent / "loops.py"
SEQUENCES, LENGTH = 20, 160
FRAMES = SEQUENCES * LENGTH
FEW = 1


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """PNG files, as ``trackbench export`` writes them."""
    out = tmp_path_factory.mktemp("exported") / "set"
    trackbench.export("mnist-single-same", "got10k", out, sequences=SEQUENCES, length=LENGTH)
    return out


@pytest.mark.benchmark(group="toolkits")
@pytest.mark.parametrize(
    ("one", "other", "many", "turns", "most"),
    [
        ("ours: static", "got10k: IdentityTracker", 5, 5, 1.0),
        ("ours: kcf", "OpenCV: TrackerKCF", 3, 15, 1.05),
    ],
)
def test_our_loop_takes_no_longer(
    benchmark: BenchmarkFixture,
    exported: Path,
    one: str,
    other: str,
    many: int,
    turns: int,
    most: float,
) -> None:
    microseconds: dict[str, list[float]] = {one: [], other: []}

    def in_turns() -> None:  # for a machine's speed changes
        for name, found in microseconds.items():
            more = seconds(name, exported, many) - seconds(name, exported, FEW)
            found.append(1e6 * more / (many - FEW) / FRAMES)

    benchmark.pedantic(in_turns, rounds=turns)
    ours, theirs = (float(np.median(found)) for found in microseconds.values())
    ratio = ours / theirs
    benchmark.extra_info |= {one: ours, other: theirs, "ratio": ratio}
    print(  # noqa: T201 - a benchmark is run to read its figures
        f"\n{one} {ours:.0f}, {other} {theirs:.0f} microseconds of the processor a frame: "
        f"{ratio:.2f} times"
    )
    assert ratio <= most


def seconds(name: str, folder: Path, rounds: int) -> float:
    """Return the processor's time of a loop's process and of all that it starts."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, str(LOOPS), name, str(folder), str(rounds)],
        check=True,
        stdout=subprocess.DEVNULL,
        env=os.environ | {"MPLBACKEND": "agg"},
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
