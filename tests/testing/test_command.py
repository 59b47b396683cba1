"""``trackbench check-tracker``: what it prints, and its exit codes."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from without_progress import without_progress

PLUGINS = Path(__file__).parents[1] / "plugins"
BREAKERS = PLUGINS / "contract_breakers.py"
CommandLine = Callable[..., subprocess.CompletedProcess[str]]


@pytest.mark.thorough
def test_a_right_tracker_is_told_so(trackbench_cli: CommandLine) -> None:
    done = trackbench_cli("check-tracker", "kcf", "--frames", "300")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("tracker kcf-v1: nothing is wrong\n")
    assert "frames/s" in done.stdout
    assert without_progress(done.stderr) == ""


@pytest.mark.thorough
def test_a_wrong_one_of_a_plugin_is_named(trackbench_cli: CommandLine) -> None:
    done = trackbench_cli("check-tracker", "--plugin", BREAKERS, "corners", "--frames", 0)
    assert done.returncode == 1
    assert "tracker corners: 1 thing wrong\n  wrong: corners: its answers seem" in done.stdout


@pytest.mark.thorough
def test_a_warning_is_no_failure(trackbench_cli: CommandLine) -> None:
    done = trackbench_cli("check-tracker", "--plugin", BREAKERS, "slowfirst", "--frames", 0)
    assert done.returncode == 0
    assert "warning: slow-first-frame: one of the first frames of all takes 0.6" in done.stdout


def test_one_that_ends_its_process_is_told(trackbench_cli: CommandLine) -> None:
    done = trackbench_cli("check-tracker", "--plugin", BREAKERS, "dies")
    assert done.returncode == 1
    assert "wrong: dies: its process ended with exit code 3 in frame 5 of an easy" in done.stdout


@pytest.mark.thorough
def test_parameters_are_handed_on(trackbench_cli: CommandLine) -> None:
    done = trackbench_cli("check-tracker", "ncc", "-p", "search=8", "--frames", 0)
    assert done.returncode == 0
    done = trackbench_cli("check-tracker", "ncc", "-p", "serach=8")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1


def test_what_is_not_there_is_a_line(trackbench_cli: CommandLine) -> None:
    done = trackbench_cli("check-tracker", "kfc")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "trackbench: unknown tracker 'kfc': did you mean kcf?\n"
