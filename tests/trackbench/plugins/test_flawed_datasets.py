"""A data set of the user's that breaks the contract is said in one line; one that keeps it runs."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

CommandLine = Callable[..., subprocess.CompletedProcess[str]]

PLUGIN = Path(__file__).parents[2] / "plugins" / "flawed.py"


def run(trackbench_cli: CommandLine, dataset: str) -> subprocess.CompletedProcess[str]:
    return trackbench_cli(
        *("run", "--plugin", PLUGIN, "--tracker", "static", "--dataset", dataset, "--out", "r")
    )


@pytest.mark.parametrize("dataset", ["fine", "two-sizes"])
def test_rgb_frames_and_frames_of_several_sizes_run(
    trackbench_cli: CommandLine, dataset: str
) -> None:
    done = run(trackbench_cli, dataset)
    assert done.returncode == 0, done.stderr
    assert "1.00 ± 0.00" in done.stdout  # the target stands still


@pytest.mark.parametrize(
    ("dataset", "message"),
    [
        ("raises", "raises sequence 1 cannot be made: RuntimeError: no such video"),
        ("floats", "floats sequence 0 breaks the contract: frames are float64 (6, 40, 60, 3)"),
        ("short", "short sequence 0 breaks the contract: boxes are float64 (5, 4)"),
        ("empty-box", "the true box of frame 5 is [5.0, 6.0, 0.0, 18.0]"),
        ("not-built", "not-built cannot be built: OSError: no such folder"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(
    tmp_path: Path, trackbench_cli: CommandLine, dataset: str, message: str
) -> None:
    done = run(trackbench_cli, dataset)
    assert message in done.stderr
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert not list(tmp_path.iterdir())
