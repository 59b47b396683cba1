"""Several names in one word: ids, classes in files, commands and paths, in any order."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from trackbench.cli.listed_names import separated, separated_trackers

Commands = Callable[..., Any]

CLASS = """
class {name}:
    def init(self, frame, box):
        self.box = box

    def update(self, frame):
        return self.box
"""


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, place in (("A", "a.py"), ("B", "b.py"), ("C", "my, dir/c,1.py")):
        file = tmp_path / place
        file.parent.mkdir(exist_ok=True)
        file.write_text(CLASS.format(name=name))


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["kcf"], ["kcf"]),
        (["kcf,ncc", "static"], ["kcf", "ncc", "static"]),
        (["a.py:A,kcf"], ["a.py:A", "kcf"]),
        (["kcf,a.py:A"], ["kcf", "a.py:A"]),
        (["a.py:A, b.py:B", " kcf "], ["a.py:A", "b.py:B", "kcf"]),
        (["my, dir/c,1.py:C"], ["my, dir/c,1.py:C"]),
        (["kcf,my, dir/c,1.py:C,a.py:A"], ["kcf", "my, dir/c,1.py:C", "a.py:A"]),
        (["opencv:KCF,pkg.mod:Class"], ["opencv:KCF", "pkg.mod:Class"]),
        (["kcf,trax:run --sizes 1,2,3"], ["kcf", "trax:run --sizes 1,2,3"]),
        (["folder:prog a,kcf"], ["folder:prog a,kcf"]),
    ],
)
def test_where_a_trackers_name_ends(words: list[str], names: list[str]) -> None:
    assert separated_trackers(words) == names


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["folder:my, dir,mnist-single-same"], ["folder:my, dir", "mnist-single-same"]),
        (["otb:my, dir:otb50,got10k:x"], ["otb:my, dir:otb50", "got10k:x"]),
        (
            ["crossed:scenes:speed=6:twins=2,scenes"],
            ["crossed:scenes:speed=6:twins=2", "scenes"],
        ),
    ],
)
def test_where_a_data_sets_name_ends(words: list[str], names: list[str]) -> None:
    assert separated(words) == names


def test_a_mixed_list_is_run(commands: Commands) -> None:
    small = ("-d", "mnist-single-same", "--sequences", "1", "--lengths", "2", "-j", "1", "-q")
    trackers = ("-t", "static,a.py:A, my, dir/c,1.py:C", "-t", "b.py:B")
    done = commands("run", *trackers, *small, "-o", "r")
    assert done.code == 0, done.err
    table = commands("report", "r").out
    assert all(f"| {name} |" in table for name in ("static-v1", "a", "b", "c"))


@pytest.mark.parametrize("word", ["kcf,", ",kcf", "kcf,,ncc"])
def test_a_comma_too_many_is_told(commands: Commands, word: str) -> None:
    done = commands("run", "-t", word, "-s", "smoke")
    assert done.code == 2
    assert done.err.startswith(f"trackbench: a name is missing beside a comma of '{word}'")
