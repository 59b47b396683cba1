"""What a person at a terminal sees of a run, and what a log keeps."""

import os
import re
import shlex
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from terminal import left_on_screen, on_terminal, seen_on_terminal

from trackbench.results.directory import Results

Commands = Callable[..., Any]

SMALL = ("run", "-t", "static", "-d", "mnist-single-same", "--sequences", "2", "--lengths", "3")

SLOW = """import time


class Slow:
    def init(self, frame, box):
        self.box = box

    def update(self, frame):
        time.sleep(0.03)
        return self.box
"""


@pytest.mark.thorough
def test_on_a_terminal_each_tracker_has_a_line_and_a_bar_and_the_next_commands_work(
    tmp_path: Path, commands: Commands
) -> None:
    (tmp_path / "slow.py").write_text(SLOW)
    trackers = ("-t", "slow.py:Slow", "-t", "static")
    data = ("-d", "mnist-single-same", "--sequences", "3", "--lengths", "60")
    command = [sys.executable, "-m", "trackbench", "run", *trackers, *data, "-o", "r", "-j", "1"]
    code, lines = seen_on_terminal(command, 80, tmp_path)
    seen = [re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", line).strip() for line in lines]
    assert code == 0
    assert seen[0] == "slow       mnist-single-same-v1  to be done: 180 frames"
    assert seen[1] == "static-v1  mnist-single-same-v1  to be done: 180 frames"
    assert seen[2] == "360 frames to be tracked by 1 process"
    bars = [line for line in seen if "━" in line]
    assert any(
        re.match(r"slow mnist-single-same-v1 .* \d+% \d+ frames/s +\d+ s left", b) for b in bars
    )
    assert any(re.match(r"static-v1 mnist-single-same-v1 .* waiting", bar) for bar in bars)
    assert any(re.match(r"all .* more than \d s left", bar) for bar in bars)
    assert max(map(len, bars)) <= 80
    at = seen.index("the results are in r; what to do next:")
    following = [shlex.split(line)[1:] for line in seen[at + 1 :] if line]
    assert [words[0] for words in following] == ["report", "compare", "show"]
    for words in following:
        assert commands(*words).code == 0
    assert (tmp_path / "report.html").exists()
    assert (tmp_path / "worst.gif").exists()


@pytest.mark.thorough
def test_what_is_said_while_bars_are_drawn_is_not_taken_away_with_them(tmp_path: Path) -> None:
    """A person presses Ctrl-C when the bars are there, and reads what is left on the screen."""
    (tmp_path / "slow.py").write_text(SLOW)
    data = ("-d", "mnist-single-same", "--sequences", "3", "--lengths", "160")
    command = [sys.executable, "-m", "trackbench", "run", "-t", "slow.py:Slow", *data, "-o", "r"]
    printed = b""
    with on_terminal(command, 100, tmp_path) as terminal:
        while part := terminal.read():
            if b"frames/s" not in printed and b"frames/s" in printed + part:
                os.killpg(terminal.process.pid, signal.SIGINT)  # as a terminal does
            printed += part
    assert terminal.process.returncode == 130
    assert left_on_screen(printed)[-1] == (
        "trackbench: interrupted: what is finished is stored, and the same command goes on"
    )


def test_in_a_log_a_short_run_is_its_table_and_verbose_says_all(commands: Commands) -> None:
    usual = commands(*SMALL, "-o", "a", "-j", "1")
    quiet = commands(*SMALL, "-o", "a", "-j", "1", "-q")
    spoken = commands(*SMALL, "-o", "b", "-j", "1", "-v")
    assert usual.err == ""
    assert quiet.code == 0
    (found,) = Results.load("b").runs
    worst = int(found.scores[:, -1].argmin())
    assert spoken.err.splitlines() == [
        "  static-v1  mnist-single-same-v1  to be done: 6 frames",
        "6 frames to be tracked by 1 process",
        "the results are in b; what to do next:",
        "  trackbench report b --format html --out report.html",
        "  trackbench baseline b --out baseline.json",
        (
            "  trackbench show mnist-single-same-v1"
            f" --sequence {worst} --tracker static --results b --out worst.gif"
        ),
    ]
    assert commands(*SMALL, "-q", "-v").code == 2


def test_of_several_protocols_the_next_commands_name_theirs(commands: Commands) -> None:
    commands(*SMALL, "-o", "r", "-j", "1", "--protocol", "ope-v1")
    spoken = commands(*SMALL, "-o", "r", "-j", "1", "-v")
    following = [shlex.split(line)[1:] for line in spoken.err.splitlines()[-3:]]
    assert [words[0] for words in following] == ["report", "baseline", "show"]
    for words in following:
        assert words[words.index("--protocol") + 1] == "paper-v1"
    assert commands(*following[-1], "--length", "3").code == 0
    refused = commands("show", "mnist-single-same", "-o", "x.png", "--protocol", "ope-v1")
    assert refused.code == 2
    assert refused.err == "trackbench: --protocol is of stored results: give --results, too\n"


@pytest.mark.thorough
def test_the_next_commands_draw_what_was_asked_for_in_other_ways(commands: Commands) -> None:
    Path("own.toml").write_text('[still]\ntracker = "static"\n')
    Path("bench.toml").write_text(
        'trackers = ["static", "still"]\ndatasets = ["mnist-single-same"]\nsequences = 1\n'
        'lengths = [3]\nout = "b"\njobs = 1\n[tracker.still]\ntracker = "static"\n'
    )
    data = (*SMALL[3:], "-j", "1", "-v")
    for command, drawn in (
        (("-t", "ncc", "-p", "min_score=0.2", *data, "-o", "p"), "ncc --param min_score=0.2"),
        (("--trackers", "own.toml", "-t", "still", *data, "-o", "t"), "still --trackers own.toml"),
        (("bench.toml", "-v"), "static-v1"),
    ):
        shown = shlex.split(commands("run", *command).err.splitlines()[-1])[1:]
        assert " ".join(shown[4:]).startswith(f"--tracker {drawn} --results ")
        assert commands(*shown, "--length", "3").code == 0


def test_a_dry_run_prints_and_writes_nothing(commands: Commands, tmp_path: Path) -> None:
    said = commands(*SMALL, "--dry-run", "-j", "1")
    assert said.code == 0
    plan, frames, estimate, nothing = said.out.splitlines()
    assert plan == "  static-v1  mnist-single-same-v1  to be done: 6 frames"
    assert frames == "6 frames to be tracked by 1 process"
    assert re.fullmatch(r"it would take about \d+ s", estimate)
    assert nothing == "nothing was written"
    assert list(tmp_path.iterdir()) == []
