"""Where something cannot be written is told before anything else is looked at."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_type_hints

import pytest

from trackbench.cli.commands import app

Commands = Callable[..., Any]

FILES = {
    "report": ("report", "none", "-o"),
    "diagnose": ("diagnose", "none", "-o"),
    "baseline": ("baseline", "none", "-o"),
    "show": ("show", "none", "-t", "none", "-o"),
    "submit": ("submit", "none", "none", "-o"),
    "bisect": ("bisect", "none", "-t", "none", "--chart"),
}
FOLDERS = {
    "run": ("run", "-t", "none", "-o"),
    "bisect": ("bisect", "none", "-t", "none", "-o"),
    "export": ("export", "none", "-l", "none", "-o"),
    "export-results": ("export-results", "none", "-l", "none", "-o"),
    "import": ("import", "none", "-d", "none", "-o"),
    "merge": ("merge", "none", "-o"),
    "train": ("train", "none", "-o"),
}
ENDINGS = {"show": ".png", "bisect": ".svg"}
NOT_MADE_HERE = {"init", "tracker", "dataset", "package"}
"""They write at once what they write, and nothing is done before."""


def test_every_command_that_writes_is_tried_here() -> None:
    """What is added here is told of its own accord: a command with a file or folder to write."""
    found = set()
    groups = [app, *(group.typer_instance for group in app.registered_groups)]
    for command in (command for group in groups if group for command in group.registered_commands):
        assert command.callback is not None
        hints = get_type_hints(command.callback, include_extras=True)
        for name in {"out", "chart"} & hints.keys():
            declared = hints[name].__metadata__[0]
            if "Write" in declared.help or name == "out":
                found.add((command.name, name))
    tried = {(name, "chart" if "--chart" in words else "out") for name, words in FILES.items()}
    tried |= {(name, "out") for name in FOLDERS}
    own = {(name, "out") for name in NOT_MADE_HERE}
    assert found - own - {("report", "out")} == tried - {("report", "out")}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_cannot_be_is_told_first(commands: Commands, name: str) -> None:
    Path("file").touch()
    Path("folder").mkdir()
    ending = ENDINGS.get(name, "")
    option = "--out" if FILES[name][-1] == "-o" else "--chart"
    lacking = commands(*FILES[name], f"no/x{ending}")
    below = commands(*FILES[name], f"file/x{ending}")
    assert (lacking.code, below.code) == (2, 2)
    said = f"trackbench: {option} no/x{ending} is not a file in an existing folder"
    assert lacking.err == f"{said}: there is no folder no\n"
    assert below.err.endswith("in an existing folder: file is a file\n")
    if not ending:
        folder = commands(*FILES[name], "folder")
        assert folder.code == 2
        assert folder.err.endswith(": it is a folder, so write a file's name behind it\n")


@pytest.mark.parametrize("name", FOLDERS)
def test_a_folder_that_cannot_be_is_told_first(commands: Commands, name: str) -> None:
    Path("file").touch()
    done = commands(*FOLDERS[name], "file/x")
    assert done.code == 2
    assert done.err.startswith("trackbench: file is a file: ")


@pytest.mark.parametrize("words", [*FILES.values(), *FOLDERS.values()])
@pytest.mark.skipif(sys.platform != "linux", reason="/proc takes no files, even of root")
def test_where_the_system_refuses_is_told_first(commands: Commands, words: tuple[str, ...]) -> None:
    ending = ".svg" if "--chart" in words else ENDINGS.get(words[0], "")
    done = commands(*words, f"/proc/x{ending}")
    assert done.code == 2
    assert done.err.startswith(f"trackbench: /proc/x{ending} ")
    assert "cannot be written: " in done.err or "is not writable (" in done.err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_told_first(commands: Commands) -> None:
    Path("locked").mkdir(mode=0o555)
    done = commands("report", "none", "-o", "locked/x.html")
    assert done.err == "trackbench: locked/x.html cannot be written: Permission denied\n"
