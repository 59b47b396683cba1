"""Reports of 5,000 sequences of 160 frames: under 20 s and under 1 GiB, with all that there is."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from trackbench.contracts import DatasetSpec, TrackerSpec
from trackbench.metrics import mask_iou
from trackbench.results.chunks import Outcome, Truth, Unit
from trackbench.results.dataset_record import DatasetRecord
from trackbench.results.run_record import RunRecord
from trackbench.results.writer import Store

TRACKERS = ("kcf-v1", "rectracker-id-v1")
SEQUENCES, CHUNK, LENGTHS, FRAME = 5_000, 50, (20, 40, 80, 160), (100, 100)

# Of the processor, not of the clock: whatever else the machine is doing is no matter.
SECONDS = 20.0
BYTES = 2**30
RSS_UNIT = 1 if sys.platform == "darwin" else 1024

# Seconds and the largest process of a command that is run in a process of its own.
PROGRAM = """
import resource, subprocess, sys
subprocess.run([sys.executable, "-m", "trackbench", *sys.argv[1:]], check=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, used.ru_maxrss)
"""


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Store two trackers that drift at random, on a data set that says what is hidden.

    Every number differs from every other, so that nothing is easier to read than real results.
    """
    path = tmp_path_factory.mktemp("large") / "results"
    store = Store(path)
    spec = DatasetSpec(
        id="mnist-single-same-v1",
        factory=None,
        seed=1,
        sequences=SEQUENCES,
        length=160,
        chunk=CHUNK,
    )
    described = DatasetRecord.of(spec, "f" * 64, SEQUENCES, FRAME, LENGTHS, position=0)
    for seed, tracker in enumerate(TRACKERS, 1):
        rng = np.random.default_rng(seed)
        who = TrackerSpec(id=tracker, factory="a:b")
        run = RunRecord.of(who, described, "paper-v1", CHUNK)
        with store.writing(run, described) as begun:
            stored = begun
            for chunk in range(SEQUENCES // CHUNK):
                start = chunk * CHUNK
                unit = Unit(who, spec, chunk, start, start + CHUNK, max(LENGTHS))
                stored = store.add(stored, _drifting(unit, rng))
    return path


def _drifting(unit: Unit, rng: np.random.Generator) -> Outcome:
    shape = (unit.sequences, unit.length)
    data = np.random.default_rng([0, unit.chunk])  # the same truth for both
    truth = np.concatenate([data.uniform(5, 60, (*shape, 2)), np.full((*shape, 2), 28.0)], -1)
    boxes = truth + rng.normal(0, 0.5, (*shape, 4)).cumsum(axis=1)
    iou = mask_iou(truth, boxes, FRAME)
    visibility = {"visibility": data.uniform(0, 1, shape)}
    hashes, sizes = np.zeros(shape, np.uint64), np.full((unit.sequences, 2), FRAME, np.int32)
    true = Truth(truth, hashes, sizes, visibility)
    return Outcome(boxes, iou, true, 1.0, unit.frames, unit=unit)


@pytest.mark.thorough
@pytest.mark.slow
def test_everything_at_once_is_within_time_and_memory(large: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.md"
    arguments = [
        *("report", large, "--format", "markdown", "--layout", "paper", "--out", out),
        *("--with-published", "--intervals", "--metric", "all"),
    ]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *map(str, arguments)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env=os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
    )
    seconds, peak = map(float, done.stdout.split())
    assert seconds < SECONDS
    assert peak * RSS_UNIT < BYTES
    text = out.read_text(encoding="utf-8")
    assert all(tracker in text for tracker in TRACKERS)
