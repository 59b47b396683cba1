"""The VOT toolkit as it is released reads our exports, and scores trackers on them as we do."""

from __future__ import annotations

import hashlib
import json
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import trackbench
from trackbench.contracts import Video
from trackbench.metrics.catalogue import SHORT_TERM
from trackbench.metrics.vot_short_term import HIGH, LOW
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


STACK = """
title: short-term
experiments:
  baseline:
    type: multistart
    analyses:
      - {{type: multistart_eao_score, name: eao, low: {low}, high: {high}}}
      - {{type: multistart_average_ar, name: ar}}
"""
"""The baseline of vot2022/shorttermbox, and nothing that needs other results."""


def environment(folder: Path, toolkit: str) -> str:
    """Make the toolkit's environment, for it needs other versions than we do."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = str(folder / "bin" / "python")
    packages = [toolkit, "attributee==0.1.9"]
    subprocess.run([python, "-m", "pip", "install", "--quiet", *packages], check=True)
    return python


@pytest.fixture(scope="module")
def newest(tmp_path_factory: pytest.TempPathFactory) -> str:
    return environment(tmp_path_factory.mktemp("newest") / "environment", NEWEST)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> str:
    return environment(tmp_path_factory.mktemp("running") / "environment", RUNNING)


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


def vot(python: str, workspace: Path, *words: str) -> None:
    """Run a command of the toolkit's."""
    command = [python, "-m", "vot", "--registry", str(workspace / "trackers.ini"), *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_it_reads_what_we_wrote(newest: str, exported: Exported) -> None:
    command = [newest, str(HERE / "vot_reader.py"), str(exported.path / "sequences")]
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


def test_its_short_term_challenge_runs_on_it(running: str, exported: Exported) -> None:
    program = HERE / "vot_static.py"
    workspace = exported.path
    (workspace / "trackers.ini").write_text(TRACKER.format(python=running, program=program))
    for words in (
        ["initialize", "vot2022/shorttermbox", "--workspace", str(workspace)],
        ["evaluate", "--workspace", str(workspace), "--experiments", "baseline", "still"],
    ):
        vot(running, workspace, *words)
    results = workspace / "results" / "still" / "baseline"
    for (name, truth), last in zip(exported.truth.items(), (29, 6, 39), strict=True):
        stored = {path.stem for path in (results / name).glob(f"{name}_*[0-9].*")}
        assert stored == {f"{name}_{0:08d}", f"{name}_{last:08d}"}, stored
        assert len(truth) > last


@pytest.mark.parametrize(("dataset", "sequences"), [("mnist-multi-same", 3), ("uneven", 3)])
def test_its_accuracy_robustness_and_eao_are_those_of_vot_st(
    tmp_path: Path, running: str, newest: str, dataset: str, sequences: int
) -> None:
    load_plugin(HERE.parent / "plugins" / "uneven.py")
    workspace, program = tmp_path / "workspace", HERE / "vot_smoothed.py"
    trackbench.export(dataset, "vot", workspace, sequences=sequences)
    (tmp_path / "stack.yaml").write_text(STACK.format(low=LOW, high=HIGH))
    (workspace / "trackers.ini").write_text(TRACKER.format(python=running, program=program))
    of = ("--workspace", str(workspace))
    # Its own data sets alone name what is to be downloaded, and this one is there.
    (workspace / "config.yaml").write_text(
        f"registry: [./trackers.ini]\nstack: {tmp_path / 'stack.yaml'}\n"
    )
    vot(running, workspace, "evaluate", *of, "still")
    results = trackbench.run(
        f"trax:{shlex.join([running, str(program)])}",
        datasets=dataset,
        sequences=sequences,
        protocol="vot-st-v1",
        out=tmp_path / "results",
        tell=str,
    )
    (run,) = results.runs
    assert not run.failures
    ours = [float(found.totals[0]) for found, _ in run.measured(SHORT_TERM)]
    assert 0 < ours[0] < 1
    assert dataset == "uneven" or ours[1] < 1  # it fails somewhere
    for python, name in ((running, "running"), (newest, "newest")):
        vot(python, workspace, "analysis", *of, "--format", "json", "--name", name, "still")
        found = json.loads((workspace / "analysis" / f"{name}.json").read_text())
        ((eao,),), ((accuracy, robustness, *_),) = found["results"]["baseline"]["results"]
        np.testing.assert_allclose(ours, [accuracy, robustness, eao], rtol=0, atol=1e-6)
