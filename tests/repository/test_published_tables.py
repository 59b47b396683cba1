"""The README's table is that of docs/results.md, and the script that writes both can."""

from __future__ import annotations

import re
import runpy
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = runpy.run_path(str(ROOT / "scripts" / "update_results.py"))
PAGE = """# Results

<!-- output of: trackbench report results/smoke -->
old
<!-- end of output -->

<!-- output of: trackbench report results/smoke --layout paper -->
older
<!-- end of output -->
"""
README = "a\n<!-- summary of docs/results.md -->\nold\n<!-- end of summary -->\nb\n"


def test_the_readme_says_what_the_results_say() -> None:
    readme, results = ((ROOT / name).read_text() for name in ("README.md", "docs/results.md"))
    assert SCRIPT["with_summary"](readme, results) == readme
    rows = re.findall(r"^\| (\S+-v\d) \| ([\d. |]+) \| ([\d,]+) \|$", readme, re.MULTILINE)
    assert len(rows) == 8
    for tracker, means, speed in rows:
        parts = re.findall(rf"^\| {tracker} \| \d .*$", results, re.MULTILINE)
        at_160 = [part.split("|")[column] for part in parts for column in (7, 11)]
        assert means.split(" | ") == [re.findall(r"[\d.]+", cell)[0] for cell in at_160]
        assert f"- {tracker}: {speed} frames/s" in results


@pytest.mark.thorough
def test_both_are_written_from_stored_results(
    trackbench_cli: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = ("run", "-t", "static", "-t", "ncc", "-d", "mnist-single-same", "-d", "mnist-multi-same")
    made = trackbench_cli(*run, "--sequences", 2, "--lengths", "20,160", "-o", "results/smoke")
    assert made.returncode == 0, made.stderr
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    results = SCRIPT["with_outputs"](PAGE, tmp_path)
    printed = trackbench_cli("report", "results/smoke").stdout.strip()
    paper = trackbench_cli("report", "results/smoke", "--layout", "paper").stdout.strip()
    assert results == PAGE.replace("older", paper).replace("old\n", printed + "\n")
    table = SCRIPT["with_summary"](README, results).splitlines()
    assert table[2] == "| Tracker | MNIST-Single-Same | MNIST-Multi-Same | Frames/s |"
    (ncc,) = (line for line in table if line.startswith("| ncc-v1 |"))
    (whole,) = (line for line in printed.splitlines() if line.startswith("| ncc-v1 |"))
    means = re.findall(r"(\d\.\d\d) ±", whole)
    assert ncc.split(" | ")[1:3] == [means[1], means[3]]
    assert (table[0], table[-1]) == ("a", "b")


@pytest.mark.parametrize(
    ("readme", "results", "error", "said"),
    [
        ("no place", (ROOT / "docs/results.md").read_text(), ValueError, "has 0 places"),
        (README, "nothing", ValueError, "holds no output"),
        (README, PAGE, ValueError, "no table of every tracker"),
    ],
)
def test_what_cannot_be_written_is_said(
    readme: str, results: str, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        SCRIPT["with_summary"](readme, results)


def test_a_command_that_fails_replaces_nothing(tmp_path: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        SCRIPT["with_outputs"](PAGE, tmp_path)  # no results there
    with pytest.raises(ValueError, match="no place"):
        SCRIPT["with_outputs"]("a page of words", tmp_path)
