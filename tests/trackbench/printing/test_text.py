"""What others wrote never acts: not on a terminal, not in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trackbench.printing.text import QUOTED, quoted, spreadsheet, visible

StoreIou = Callable[..., Path]
Commands = Callable[..., Any]

CONTROLS = "\x00\x07\x08\t\n\x0b\r\x1b\x7f\x80\x9b\u2028\u202e\u2066\ufeff\udcff"


@pytest.mark.thorough
@given(st.text())
def test_what_is_visible_is_one_line_that_can_be_encoded_and_acts_on_nothing(text: str) -> None:
    shown = visible(text)
    assert shown.isprintable()
    assert shown.encode().decode() == shown
    assert visible(shown) == shown


@pytest.mark.parametrize("control", CONTROLS)
def test_a_control_character_is_written_out(control: str) -> None:
    assert visible(f"a{control}b") == f"a{control!r}b".replace("'", "")


@pytest.mark.parametrize(
    "value",
    ["x" * 10**7, "\x1b" * 10**7, 10**5000, -(10**5000), [1] * 10**6, {"a": 1}, None, 1.5],
    ids=range(8),
)
def test_a_quotation_is_short_and_visible(value: object) -> None:
    assert len(quoted(value)) <= 4 * QUOTED + 5
    assert quoted(value).isprintable()


@pytest.mark.parametrize(
    "formula",
    ["=1+1", "+1", "-1", "@SUM(A1)", "＝1", "－1", " =1", '=HYPERLINK("http://a","b")', "-2+3|cmd"],
)
def test_a_formula_is_a_text(formula: str) -> None:
    assert spreadsheet(formula) == f"'{formula}"


@pytest.mark.parametrize("control", ["\t", "\r", "\n"])
def test_a_formula_behind_a_control_character_is_a_text(control: str) -> None:
    written = io.StringIO()
    csv.writer(written).writerow([spreadsheet(f"{control}=1+1")])
    assert written.getvalue()[0] == "\\"


@pytest.mark.parametrize("name", ["kcf-v1", "a=b", "käfer", "", "1", "(a)"])
def test_any_other_name_stays(name: str) -> None:
    assert spreadsheet(name) == name


PLUGIN = """\
import trackbench

class Mine:
    def init(self, frame, box): self.box = box
    def update(self, frame): raise ValueError("\\x1b[2Jlost\\x1b]0;title\\x07\\r\\n=1+1")

NAME = "\\x1b[2Jevil\\x1b[0m\\u202e\\x9b31m\\udcff"
TRACKER = trackbench.TrackerSpec(
    id="mine", factory=Mine, description=NAME + "=1", reference=NAME
)
"""


@pytest.mark.thorough
def test_words_of_a_plugin_are_harmless_wherever_they_are_printed(
    tmp_path: Path, trackbench_cli: Callable[..., Any]
) -> None:
    (tmp_path / "mine.py").write_text(PLUGIN)
    listed = trackbench_cli("list", "--plugin", "mine.py")
    assert "x1b" in listed.stdout
    small = ("-d", "mnist-single-same", "--sequences", "2", "--lengths", "3", "-j", "1")
    ran = trackbench_cli("run", "--plugin", "mine.py", "-t", "mine", *small, "-o", "r")
    assert ran.returncode == 3
    assert r"\x1b[2Jlost" in ran.stdout
    done = [listed, ran, trackbench_cli("list", "\x1b[2J"), trackbench_cli("run", "-t", "\x1b[2J")]
    done += [trackbench_cli("report", "r", "-f", f) for f in ("markdown", "latex", "html", "csv")]
    for each in done:
        for line in (each.stdout + each.stderr).split("\n"):
            assert line.isprintable(), each.args


def test_names_in_messages_of_a_check_are_harmless(store_iou: StoreIou, commands: Commands) -> None:
    good = np.full((30, 4), 0.5)
    name = "=evil\x1b[2J\u202e"
    store_iou("good", {name: {"d-v1": good}, "a": {"d-v1": good}})
    store_iou("bad", {name: {"d-v1": good / 2}, "a": {"d-v1": good}})
    assert commands("baseline", "good", "-o", "b.json").code == 0
    for form in ("table", "markdown", "junit", "json"):
        done = commands("check", "bad", "-b", "b.json", "-f", form)
        assert done.code == 1
        assert all(line.isprintable() for line in done.out.split("\n"))
