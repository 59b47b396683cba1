"""The examples of each way to name a tracker are right, and one of OpenCV's is not let off."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
from pathlib import Path

import pytest

from trackbench.plugins.own_folders import look_in_working_folder
from trackbench.running.chosen_trackers import tracker_named, with_parameters
from trackbench.testing import check_tracker

EXAMPLES = Path(__file__).parents[2] / "examples"
PAGE = EXAMPLES.parent / "docs" / "other-toolkits.md"
NAMES = {
    word: folder
    for folder, words in re.findall(
        r"^(?:cd examples/(\w+)\n)?((?:trackbench run .*\n)+)```", PAGE.read_text(), re.MULTILINE
    )
    for line in words.splitlines()
    if "examples" in line or folder
    for word in shlex.split(line)
    if ":" in word
}


def test_each_example_is_looked_at() -> None:
    schemes = {name.partition(":")[0] for name in NAMES}
    assert schemes == {*("got10k", "pysot", "pytracking", "trax", "trackers.ini", "vot")} | {
        *("folder", "lib", "video")
    }


@pytest.mark.thorough
@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_wrong_with_it(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(EXAMPLES, tmp_path / "examples")
    monkeypatch.chdir(tmp_path / "examples" / NAMES[name] if NAMES[name] else tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    monkeypatch.setenv("PATH", path)  # "python" is the one with OpenCV
    look_in_working_folder([name])
    spec = tracker_named(name)
    found = check_tracker(with_parameters(spec, {"reads": []}) if spec.unseen else spec, frames=0)
    assert found.names == (), found


@pytest.mark.thorough
def test_one_of_opencvs_is_right_as_it_is() -> None:
    assert check_tracker(tracker_named("opencv:TrackerCSRT"), frames=0).names == ()
