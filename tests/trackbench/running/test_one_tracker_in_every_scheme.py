"""The same normalised cross-correlation, written for every interface, gives the same boxes."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import trackbench
from trackbench.plugins.loading import load_plugin
from trackbench.results.run import Run
from trackbench.running.chosen_trackers import tracker_named

PLUGINS = Path(__file__).parents[2] / "plugins"
PROGRAMS = PLUGINS / "programs"
SEQUENCES, LENGTH = 20, 12

LIB_TRACKER = """
import numpy as np
from trackbench.trackers.ncc import NccTracker

class Ncc:
    def __init__(self, params, dataset_name):
        self.ncc = NccTracker()

    def initialize(self, image, info):
        self.ncc.init(image[..., 0], np.array(info["init_bbox"]))

    def track(self, image, info=None):
        return {"target_bbox": self.ncc.update(image[..., 0]).tolist()}

def get_tracker_class():
    return Ncc
"""
LIB_PARAMETERS = "import types\n\ndef parameters(name):\n    return types.SimpleNamespace()\n"


def command(script: str, *words: str) -> str:
    return shlex.join([sys.executable, str(PROGRAMS / script), *words])


def predicted(run: Run) -> Any:
    return np.concatenate([tracked.predicted for tracked in run.trajectories()])


@pytest.mark.thorough
def test_on_twenty_sequences(tmp_path: Path) -> None:
    for name, text in (("tracker", LIB_TRACKER), ("parameter", LIB_PARAMETERS)):
        (folder := tmp_path / "checkout" / "lib" / "test" / name).mkdir(parents=True)
        (folder / "ncc.py").write_text(text)
    ini = tmp_path / "trackers.ini"
    ini.write_text(f"[Ncc-ini]\nprotocol = trax\ncommand = {command('trax_program.py', 'four')}\n")
    load_plugin(PLUGINS / "families.py")
    load_plugin(PLUGINS / "whole.py")
    given = [
        "ncc",
        *("ncc-got10k", "ncc-pysot", "ncc-pytracking", "ncc-whole"),
        f"trax:{command('trax_program.py', 'well')}",
        f"{ini}:Ncc-ini",
        f"vot:{PROGRAMS / 'vot_script.py'} manager",
        f"folder:{command('folder_program.py', 'well')} {{frames}} {{first}} {{box}} {{boxes}}",
        f"lib:{tmp_path / 'checkout'}:ncc:any",
    ]
    results = trackbench.run(
        [each if each.startswith("ncc") else tracker_named(each) for each in given],
        datasets="mnist-single-same",
        sequences=SEQUENCES,
        lengths=[LENGTH],
        out=tmp_path / "results",
        tell=str,
    )
    assert len(results.runs) == len(given)
    (expected,) = (predicted(run) for run in results.runs if run.record.tracker == "ncc-v1")
    assert expected.shape == (SEQUENCES, LENGTH, 4)
    for run in results.runs:
        assert not run.record.failures, run.record.tracker
        assert np.array_equal(predicted(run), expected), run.record.tracker
