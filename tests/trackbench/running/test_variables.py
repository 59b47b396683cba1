"""Variables that a tracker is given: their values decide, and are shown nowhere."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

PROGRAM = Path(__file__).parents[3] / "examples" / "programs" / "first_box.sh"
SMALL = ("--dataset", "mnist-single-same", "--sequences", "1", "--lengths", "2", "--jobs", "1")
OF_INI = ("--tracker", "trackers.ini:Mine", "--param", "reads=[]")
OF_TOML = ("--trackers", "trackers.toml", "--tracker", "mine")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return the working folder, with a tracker in a file of either kind."""
    shutil.copy(PROGRAM, tmp_path)
    write(tmp_path, "hunter2")
    return tmp_path


def write(folder: Path, value: str) -> None:
    (folder / "trackers.ini").write_text(
        "[Mine]\nprotocol = trax\ncommand = ./first_box.sh\n"
        f"env_LICENCE_KEY = {value}\nenv_ANOTHER = 1\n"
    )
    (folder / "trackers.toml").write_text(
        "[mine]\ntracker = 'trax:./first_box.sh'\nparameters = { reads = [] }\n"
        f"environment = {{ LICENCE_KEY = '{value}', ANOTHER = '1' }}\n"
    )


@pytest.mark.parametrize("given", [OF_INI, OF_TOML], ids=["ini", "toml"])
def test_tables_say_their_names_and_nothing_their_values(
    given: tuple[str, ...], place: Path, commands: Callable[..., Any]
) -> None:
    done = commands("run", *given, *SMALL, "--out", "r")
    assert done.code == 0, done.err
    assert commands("report", "r", "--format", "html", "--out", "r/page.html").code == 0
    said = "variables ANOTHER, LICENCE_KEY (their values count, and are not shown)"
    assert said in " ".join(done.out.split())
    assert said in (place / "r" / "page.html").read_text()
    listed = commands("list", "trackers", "--long", "--trackers", "trackers.toml")
    assert "hunter2" not in done.out + done.err + listed.out
    files = [file for file in (place / "r").rglob("*") if file.is_file()]
    assert any(file.suffix == ".parquet" for file in files)
    assert not [file for file in files if b"hunter2" in file.read_bytes()]


@pytest.mark.thorough
@pytest.mark.parametrize("given", [OF_INI, OF_TOML], ids=["ini", "toml"])
def test_with_another_value_it_is_another_tracker(
    given: tuple[str, ...], place: Path, commands: Callable[..., Any]
) -> None:
    for value in ("one", "two"):
        write(place, value)
        done = commands("run", *given, *SMALL, "--out", "r")
        assert done.code == 0, done.err
        assert "all stored" not in done.err
    assert len(list((place / "r" / "runs").glob("mine*/*/*/*/record.json"))) == 2
