"""``trackbench list trackers --long``, and trackers of a ``trackers.toml`` in the list."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import trackbench

CommandLine = Callable[..., subprocess.CompletedProcess[str]]
HERE = Path(__file__).parents[2]


def write(folder: Path) -> Path:
    (folder / "drifting.py").write_text(
        "print('imported')\n"
        "class Drifts:\n"
        "    def __init__(self, step: float = 2.5, reach=3, must=None): ...\n"
        "    def init(self, frame, box): self.box = box\n"
        "    def update(self, frame): return self.box\n"
    )
    file = folder / "trackers.toml"
    file.write_text(
        "[here]\ntracker = 'drifting:Drifts'\nparameters = { reach = 5 }\n"
        f"[there]\ntracker = 'drifting:Drifts'\npython = {json.dumps(sys.executable)}\n"
        "[broken]\ntracker = 'nowhere:Drifts'\n"
        f"[none]\ntracker = 'drifting:Nothing'\npython = {json.dumps(sys.executable)}\n"
    )
    return file


@pytest.mark.thorough
def test_parameters_of_the_built_in_of_a_plugin_and_of_a_file(
    tmp_path: Path, trackbench_cli: CommandLine
) -> None:
    write(tmp_path)
    done = trackbench_cli(
        *("list", "trackers", "--long", "--trackers", "trackers.toml"),
        *("--plugin", HERE / "plugins" / "chance.py"),
    )
    assert (done.returncode, done.stderr) == (0, "")
    rows = [" ".join(line.split()) for line in done.stdout.splitlines()]
    for row in (
        "ncc-v1 search int | None None",
        "static-v1 none",
        "jitter std float 2.0",
        "here step float 2.5",
        "reach int 5",
        "there step float 2.5",
        "reach int 3",
        "must None",
    ):
        assert row in rows, done.stdout
    text = " ".join(rows)
    assert "broken cannot be loaded" in text
    assert "there is no module 'nowhere'" in text
    assert "drifting has no 'Nothing'" in text


def test_without_long_nothing_is_imported(tmp_path: Path, trackbench_cli: CommandLine) -> None:
    write(tmp_path)
    done = trackbench_cli("list", "trackers", "--trackers", "trackers.toml")
    assert (done.returncode, done.stderr) == (0, "")
    assert "imported" not in done.stdout
    rows = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert "broken nowhere:Drifts, of trackers.toml" in rows


def test_it_is_about_trackers_alone(tmp_path: Path, trackbench_cli: CommandLine) -> None:
    write(tmp_path)
    for option in (("--long",), ("--trackers", "trackers.toml")):
        done = trackbench_cli("list", "suites", *option)
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)
        assert f"{option[0]} is about trackers, not about suites" in done.stderr


def test_from_python() -> None:
    (ncc,) = (
        each for each in trackbench.available(long=True).parameters if each.tracker == "ncc-v1"
    )
    assert [each.name for each in ncc.parameters] == ["search", "min_score"]
