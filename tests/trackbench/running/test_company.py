"""What one plugin does to its process when it is imported is nothing to another's."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from trackbench.results import Results

CommandLine = Callable[..., subprocess.CompletedProcess[str]]

PLUGINS = Path(__file__).parents[2] / "plugins"
LOOKS_AROUND = """
import os
from pathlib import Path
class Looks:
    def init(self, frame, box):
        self.box = box
    def update(self, frame):
        alone = "TRACKBENCH_TEST_COMPANY" not in os.environ and Path("looks.py").is_file()
        return self.box + (0 if alone else 5)
"""


@pytest.mark.parametrize("dataset", ["tiny", "fixed"])
def test_neither_variables_nor_folder_nor_timeouts_of_others(
    trackbench_cli: CommandLine, tmp_path: Path, dataset: str
) -> None:
    (tmp_path / "looks.py").write_text(LOOKS_AROUND)
    done = trackbench_cli(
        *("run", "--plugin", PLUGINS / "tiny.py", "--plugin", PLUGINS / "company.py"),
        *("--plugin", tmp_path / "looks.py", "--tracker", "looks", "--tracker", "company"),
        *("--dataset", dataset, "--out", tmp_path / "r", "--jobs", "2"),
    )
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    one, other = Results.load(tmp_path / "r").runs
    for mine, its in zip(one.trajectories(), other.trajectories(), strict=True):
        np.testing.assert_array_equal(mine.predicted, its.predicted)


def test_a_data_set_with_a_memory_is_refused(trackbench_cli: CommandLine, tmp_path: Path) -> None:
    done = trackbench_cli(
        *("run", "--plugin", PLUGINS / "company.py", "--tracker", "static"),
        *("--dataset", "remembers", "--out", tmp_path / "r", "--jobs", "1"),
    )
    assert done.returncode == 2, done.stdout
    assert "remembers-v1 sequence 0 is another each time that it is made" in done.stderr
    assert not list((tmp_path / "r").rglob("*.parquet"))


@pytest.mark.parametrize(
    ("tracker", "messages"),
    [
        ("keepsinchild", []),
        pytest.param("nested", [], marks=pytest.mark.thorough),
        ("raises", ["ValueError: closed all"] * 4),
    ],
)
def test_children_that_keep_frames_runs_in_runs_and_errors_without_descriptors(
    trackbench_cli: CommandLine, tmp_path: Path, tracker: str, messages: list[str]
) -> None:
    trackbench_cli(
        *("run", "--plugin", PLUGINS / "tiny.py", "--plugin", PLUGINS / "company.py"),
        *("--tracker", tracker, "--dataset", "tiny-other", "--out", tmp_path / "r"),
    )
    (run,) = Results.load(tmp_path / "r").runs
    assert [failure.message for failure in run.record.failures] == messages


def test_a_plugin_that_cannot_be_looked_at_is_said_in_one_line(
    trackbench_cli: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKBENCH_TEST_ODD", "1")
    done = trackbench_cli("run", "--plugin", PLUGINS / "company.py", "--tracker", "static")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert "it has no name" in done.stderr


def test_a_child_of_a_data_set_that_comes_back_makes_nothing(
    trackbench_cli: CommandLine, tmp_path: Path
) -> None:
    for dataset in ("twice", "fixed"):
        done = trackbench_cli(
            *("run", "--plugin", PLUGINS / "company.py", "--tracker", "static"),
            *("--dataset", dataset, "--out", tmp_path / dataset),
        )
        assert done.returncode == 0, done.stderr
    one, other = (Results.load(tmp_path / name).runs[0] for name in ("twice", "fixed"))
    for mine, its in zip(one.trajectories(), other.trajectories(), strict=True):
        np.testing.assert_array_equal(mine.predicted, its.predicted)


def test_a_data_set_that_ends_its_process_is_named(
    trackbench_cli: CommandLine, tmp_path: Path
) -> None:
    done = trackbench_cli(
        *("run", "--plugin", PLUGINS / "company.py", "--tracker", "static"),
        *("--dataset", "exits", "--out", tmp_path / "r"),
    )
    assert done.returncode == 2
    assert done.stderr == (
        "trackbench: exits-v1 cannot be made: its process ended with exit code 3\n"
    )


@pytest.mark.parametrize(
    "limits",
    [
        ("--timeout", "inf", "--memory", "99999999999TiB"),
        pytest.param(("--timeout", "1e300"), marks=pytest.mark.thorough),
    ],
)
def test_limits_beyond_all_bounds_are_stored_and_read_again(
    trackbench_cli: CommandLine, tmp_path: Path, limits: tuple[str, ...]
) -> None:
    for _ in range(2):
        done = trackbench_cli(
            *("run", "--plugin", PLUGINS / "company.py", "--tracker", "static"),
            *("--dataset", "fixed", "--out", tmp_path / "r", *limits),
        )
        assert done.returncode == 0, done.stderr
