"""What was not run, does not fit, or comes next is said in so many words."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from trackbench.cli.next_commands import merge_command
from trackbench.cli.run_display import Display, Speech
from trackbench.results.shards import Shard
from trackbench.running.progress import Part, Progress

Commands = Callable[..., Any]
IOU = np.full((4, 6), 0.5)


@pytest.fixture
def stored(store_iou: Callable[..., Path]) -> Path:
    store_iou("r", {"kcf-v1": {"d": IOU}, "ncc-v1": {"d": IOU}}, chunk=2)
    return store_iou("r", {"slow-v1": {"d": IOU}}, unfinished=True, chunk=2)


@pytest.mark.usefixtures("stored")
def test_compare_lists_those_that_were_run(commands: Commands) -> None:
    done = commands("compare", "kcf", "mosse", "-r", "r")
    assert "unknown tracker in r 'mosse': known: kcf-v1, ncc-v1\n" in done.err
    done = commands("compare", "kcf", "nccc", "-r", "r")
    assert "did you mean ncc? known: kcf-v1, ncc-v1\n" in done.err
    done = commands("compare", "kcf", "slow", "-r", "r")
    assert "slow is not finished on any data set in r" in done.err
    assert done.err.endswith("finished: kcf-v1, ncc-v1\n")
    assert done.code == 2


@pytest.mark.usefixtures("stored")
def test_report_says_why_a_metric_does_not_fit(commands: Commands) -> None:
    done = commands("report", "r", "-m", "eao@vot-st", "-o", "x.md")
    assert done.code == 2
    assert "eao@vot-st does not fit these results: it is of runs from several anchors" in done.err
    assert not Path("x.md").exists()
    done = commands("report", "r", "-m", "absence")
    assert done.code == 0
    assert "No number: no sequence has a frame that counts for it." in done.out
    assert done.out.count("| Tracker |") == 1  # no table of dashes


def test_the_merge_of_shards_is_filled_in() -> None:
    named = merge_command(Path("results/smoke-shard-3-of-8"), Shard(3, 8))
    assert named == "trackbench merge results/smoke-shard-*-of-8 --out results/smoke"
    other = merge_command(Path("my part"), Shard(1, 2))
    assert other == "trackbench merge 'my part' AND_THE_OTHERS... --out DIRECTORY"


def test_the_first_chunk_gives_an_estimate_once(capsys: pytest.CaptureFixture[str]) -> None:
    show = Display(Speech.VERBOSE)
    fast = Part("kcf-v1", "d", total=10_000)
    slow = Part("ncc-v1", "d", total=1_000)
    show(Progress(0, 11_000, (fast, slow), plan=True))
    capsys.readouterr()
    fast = Part("kcf-v1", "d", total=10_000, frames=1_000, seconds=10.0, processes=1)
    show(Progress(1_000, 11_000, (fast, slow)))
    assert capsys.readouterr().err == ""
    for chunks in (1, 2):
        show(Progress(1_000, 11_000, (fast, slow), chunks=chunks))
    show.close()
    said = "by the first chunk: more than 1 min 30 s left (not known yet of ncc-v1)\n"
    assert capsys.readouterr().err == said


@pytest.mark.thorough
def test_open_shows_it_in_what_the_system_has(
    tmp_path: Path, commands: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/opened\n')
    browser.chmod(browser.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("BROWSER", f"{browser} %s")
    monkeypatch.setattr("webbrowser._tryorder", None)
    drawn = ("show", "mnist-single-same", "--length", "2", "-t", "static,mosse", "--together")
    done = commands(*drawn, "-o", "a.webm", "--open")
    assert (done.code, done.err) == (0, "")
    assert (tmp_path / "opened").read_text().strip() == (tmp_path / "a.webm").as_uri()
    monkeypatch.setenv("BROWSER", os.devnull)
    monkeypatch.setattr("webbrowser._tryorder", [])
    done = commands(*drawn, "-o", "a.webm", "--open")
    assert done.code == 0
    assert "nothing here opens file:///" in done.err


TWO_CLASSES = """
class Mine:
    def init(self, frame, box):
        self.box = box

    def update(self, frame):
        return self.box


class _Helper:
    pass


class Other(Mine):
    pass
"""


@pytest.mark.parametrize(
    ("trackers", "said"),
    [
        (
            ["own_one"],
            (
                "unknown tracker 'own_one'; of the file own_one.py, write own_one.py:Mine or "
                "own_one.py:Other"
            ),
        ),
        (["own_one.py"], "own_one.py names no tracker: write own_one.py:Mine or own_one.py:Other"),
        (["broken"], "unknown tracker 'broken'; of the file broken.py, write broken.py:Class"),
        (
            ["own_one.py:Mine", "own_two.py:Mine"],
            (
                "a tracker is given twice: mine, mine. Where two are called mine, rename one, or "
                "run each into a directory of its own (--out)"
            ),
        ),
    ],
)
def test_a_tracker_in_a_file_is_told_how_to_be_named(
    commands: Commands, trackers: list[str], said: str
) -> None:
    Path("own_one.py").write_text(TWO_CLASSES)
    Path("own_two.py").write_text(TWO_CLASSES)
    Path("broken.py").write_text("class Mine(\n")
    named = [word for name in trackers for word in ("-t", name)]
    done = commands("run", *named, "-s", "smoke")
    assert (done.code, done.err) == (2, f"trackbench: {said}\n")


@pytest.mark.parametrize("before", [[], ["-t", "kcf"]])
@pytest.mark.parametrize("name", ["ncc", "mine.py:Mine"])
def test_a_tracker_without_its_option_is_told_how_to_be_given(
    commands: Commands, before: list[str], name: str
) -> None:
    done = commands("run", *before, name, "--suite", "smoke")
    assert done.code == 2
    told = f"there is no file {name}: a tracker is given as --tracker {name}"
    assert done.err == f"trackbench: {told}\n"


def test_a_run_in_a_file_that_is_not_there_is_no_tracker(commands: Commands) -> None:
    done = commands("run", "bench.toml")
    assert done.code == 2
    assert done.err == "trackbench: bench.toml cannot be read: No such file or directory\n"


@pytest.mark.parametrize("words", [("list", "metric"), ("report", "r", "--layout", "pape")])
def test_a_wrong_choice_is_told_without_the_words_of_a_library(
    commands: Commands, words: tuple[str, ...]
) -> None:
    done = commands(*words)
    assert done.code == 2
    assert f": {words[-1]!r} is not one of '" in done.err
    assert "error" not in done.err.lower()


def test_a_folder_is_no_data_set_without_its_layout(commands: Commands) -> None:
    Path("my data").mkdir()
    done = commands("run", "-t", "static", "-d", "my data")
    assert done.code == 2
    assert "'my data' is a folder: say in which layout its videos lie" in done.err
    assert "folder:my data (see trackbench list layouts)" in done.err


def test_results_directories_that_there_are_are_named(commands: Commands) -> None:
    data = ("-d", "mnist-single-same", "--sequences", "1", "--lengths", "2")
    assert commands("run", "-t", "static", *data, "-o", "results/one", "-j", "1").code == 0
    beside = commands("report", "results/two")
    above = commands("report", "results")
    assert (beside.code, above.code) == (2, 2)
    assert (
        "no results directory results/two: see trackbench run (there are results/one)" in beside.err
    )
    assert "results holds no results: " in above.err
    assert "(there are results/one)" in above.err
