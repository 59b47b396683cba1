"""Messages name parameters to whoever calls from Python, and options to whoever types a command."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import trackbench
from trackbench.errors import TrackbenchError, naming_options, parameter


def test_a_parameter_is_named_as_in_python() -> None:
    assert parameter("speed_tolerance") == "speed_tolerance"
    assert parameter("fresh", True) == "fresh=True"
    assert parameter("device", "cpu") == "device='cpu'"
    assert parameter("alpha", 1) == "alpha=1"


def test_a_command_names_its_options_and_so_does_what_it_starts() -> None:
    before = dict(os.environ)
    with naming_options():
        assert parameter("speed_tolerance") == "--speed-tolerance"
        assert parameter("fresh", True) == "--fresh"
        assert parameter("device", "cpu") == "--device cpu"
        assert parameter("alpha", 1) == "--alpha 1"
        code = "from trackbench.errors import parameter; print(parameter('out'))"
        said = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
        assert said.stdout == "--out\n"
    assert dict(os.environ) == before


def test_a_command_that_fails_leaves_messages_as_they_were() -> None:
    with pytest.raises(KeyError), naming_options():
        raise KeyError
    assert parameter("out") == "out"


def test_the_same_mistake_is_told_in_both_ways(
    tmp_path: Path, trackbench_cli: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    with pytest.raises(TrackbenchError, match=r"^jobs must be at least 1, not 0$"):
        trackbench.run("static", jobs=0, out=tmp_path / "r")
    done = trackbench_cli("run", "-t", "static", "--jobs", "0")
    assert done.stderr == "trackbench: --jobs must be at least 1, not 0\n"
