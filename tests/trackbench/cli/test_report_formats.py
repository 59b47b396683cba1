"""In which format a report comes, where nobody says it: on a terminal, in a pipe, in a file."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from terminal import seen_on_terminal

import trackbench
from trackbench.errors import TrackbenchError

Commands = Callable[..., Any]
IOU = np.linspace(0.2, 0.8, 24).reshape(4, 6)


@pytest.fixture
def stored(store_iou: Callable[..., Path]) -> Path:
    datasets = {f"data-set-{number}": IOU for number in range(4)}
    return store_iou("r", {"a-tracker-v1": datasets, "other-v1": datasets}, lengths=(2, 4, 6))


@pytest.mark.thorough
def test_on_a_terminal_it_is_tables_of_its_width(stored: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "trackbench", "report", "r"]
    code, lines = seen_on_terminal(command, 80, tmp_path)
    assert code == 0
    assert max(map(len, lines)) <= 80
    assert any(line.startswith("┏━") for line in lines)
    assert not any(line.startswith("| ") for line in lines)
    row = next(line for line in lines if "a-tracker-v1" in line and "│" in line)
    assert "0.5" in row
    assert stored.is_dir()


@pytest.mark.usefixtures("stored")
def test_in_a_pipe_it_is_markdown_as_ever(commands: Commands) -> None:
    plain = commands("report", "r")
    assert plain.code == 0
    assert plain.out == commands("report", "r", "-f", "markdown").out
    assert plain.out == trackbench.report("r", "markdown").text
    assert "| a-tracker-v1 |" in plain.out


@pytest.mark.parametrize(
    ("file", "form"),
    [
        ("x.html", "html"),
        ("x.HTML", "html"),
        ("x.tex", "latex"),
        ("x.csv", "csv"),
        ("x.json", "json"),
        ("x.svg", "svg"),
        ("x.md", "markdown"),
        ("x.txt", "text"),
        ("x", "markdown"),
        (".html", "html"),
        (".x", "markdown"),
    ],
)
@pytest.mark.usefixtures("stored")
def test_a_files_ending_says_its_format(commands: Commands, file: str, form: str) -> None:
    assert commands("report", "r", "-o", file).code == 0
    assert Path(file).read_text() == commands("report", "r", "-f", form).out


@pytest.mark.usefixtures("stored")
def test_an_ending_that_says_something_else_is_refused(commands: Commands) -> None:
    wrong = commands("report", "r", "-f", "latex", "-o", "x.html")
    assert wrong.code == 2
    assert wrong.err == (
        "trackbench: --out x.html has the ending of html and html-table, and --format is latex: "
        "leave one of them out, or end it in .tex\n"
    )
    unknown = commands("report", "r", "-o", "x.docx")
    assert unknown.code == 2
    assert "--out x.docx says no format: end it in .md, .txt, .tex, .html, " in unknown.err
    assert list(Path().glob("x.*")) == []
    with pytest.raises(TrackbenchError, match=r"^out x\.html has the ending of html and html-"):
        trackbench.report("r").write("x.html")


@pytest.mark.usefixtures("stored")
def test_a_format_that_is_said_takes_any_other_ending(commands: Commands) -> None:
    for file, form in (("a.txt", "csv"), ("b.tsv", "csv"), ("c.html", "html-table")):
        assert commands("report", "r", "-f", form, "-o", file).code == 0
        assert Path(file).read_text() == trackbench.report("r", form).text


def test_a_third_partys_ending_is_known(commands: Commands, stored: Path) -> None:
    Path("bars.py").write_text(
        "import trackbench\n"
        "def render(results, options):\n    return 'bars'\n"
        "REPORT = trackbench.ReportSpec(id='bars', factory=render, suffix='.bars')\n"
    )
    assert commands("report", stored, "--plugin", "bars.py", "-o", "x.bars").code == 0
    assert Path("x.bars").read_text() == "bars"
