"""The VOT toolkit as it is released reads our exports and runs its short-term challenge on them."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import trackbench
from trackbench.contracts import Video
from trackbench.plugins import registry
from trackbench.plugins.loading import load_plugin

HERE = Path(__file__).parent
NEWEST = "vot-toolkit==0.9.0"
RUNNING = "vot-toolkit==0.7.3"
"""0.9.0 makes no ObjectQuery of an ObjectStatus, and so starts no tracker from any anchor."""

LENGTHS = (30, 7, 48)

TRACKER = """
[still]
label = still
protocol = trax
command = {python} {program}
timeout = 60
"""


@dataclass(frozen=True)
class Exported:
    """An export in VOT's layout, and the sequences that it should hold, by name."""

    path: Path
    truth: dict[str, Video]


def environment(folder: Path, toolkit: str) -> str:
    """Make the toolkit's environment, for it needs other versions than we do."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = str(folder / "bin" / "python")
    packages = [toolkit, "attributee==0.1.9"]
    subprocess.run([python, "-m", "pip", "install", "--quiet", *packages], check=True)
    return python


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Exported:
    """Export videos of other lengths and sizes, with targets that are absent or unknown."""
    load_plugin(HERE.parent / "plugins" / "uneven.py")
    out = tmp_path_factory.mktemp("exported") / "workspace"
    trackbench.export("uneven", "vot", out, sequences=3, length=48)
    dataset = registry.build_dataset(registry.datasets().get("uneven"))
    return Exported(
        out,
        {
            f"uneven-v1_{index:06d}": dataset.sequence(index, length)
            for index, length in enumerate(LENGTHS)
        },
    )


def test_it_reads_what_we_wrote(tmp_path: Path, exported: Exported) -> None:
    python = environment(tmp_path / "newest", NEWEST)
    command = [python, str(HERE / "vot_reader.py"), str(exported.path / "sequences")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert list(found) == list(exported.truth)
    for name, truth in exported.truth.items():
        read, first = found[name], truth.frames[0]
        assert read["size"] == [first.shape[1], first.shape[0]]
        boxless = np.isnan(truth.boxes[:, 0])
        assert [code == 0 for code in read["special"]] == boxless.tolist()
        boxes = [box or [np.nan] * 4 for box in read["boxes"]]
        np.testing.assert_array_equal(boxes, truth.boxes)
        assert read["pixels"] == [
            hashlib.sha256(np.ascontiguousarray(truth.frames[t])).hexdigest()
            for t in range(len(truth))
        ]
        assert [values["second"] for values in read["values"]] == [
            *truth.attributes["second"].tolist()
        ]
        assert truth.absent is not None
        assert read["tags"] == [["target_absent"] if gone else [] for gone in truth.absent]
    assert [read["anchors"] for read in found.values()] == [*([[0], [29]], [[0], [6]], [[0], [39]])]


def test_its_short_term_challenge_runs_on_it(tmp_path: Path, exported: Exported) -> None:
    python = environment(tmp_path / "running", RUNNING)
    program = HERE / "vot_static.py"
    workspace = exported.path
    (workspace / "trackers.ini").write_text(TRACKER.format(python=python, program=program))
    for words in (
        ["initialize", "vot2022/shorttermbox", "--workspace", str(workspace)],
        ["evaluate", "--workspace", str(workspace), "--experiments", "baseline", "still"],
    ):
        command = [python, "-m", "vot", "--registry", str(workspace / "trackers.ini"), *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    results = workspace / "results" / "still" / "baseline"
    for (name, truth), last in zip(exported.truth.items(), (29, 6, 39), strict=True):
        stored = {path.stem for path in (results / name).glob(f"{name}_*[0-9].*")}
        assert stored == {f"{name}_{0:08d}", f"{name}_{last:08d}"}, stored
        assert len(truth) > last
