"""A name or a place that will not do: one line, exit code 2, nothing written and nothing lost."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from trackbench.results.atomic_files import create_text, creating_folder

CommandLine = Callable[..., subprocess.CompletedProcess[str]]
Commands = Callable[..., Any]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("tracker", "a/b"), "bad id 'a/b': use letters, digits"),
        (("tracker", "mine-v0"), "bad id 'mine-v0': versions are -v1, -v2"),
        (("tracker", "class"), "'class' is a keyword of Python: choose another name"),
        (("dataset", "None"), "'None' is a keyword of Python"),
        (("report", "2fast"), "the name '2fast' makes no Python module 2fast: begin it with a"),
        (("tracker", "x" * 41), "is too long: use at most 40 characters"),
        (("tracker", "kcf"), "the tracker 'kcf-v1' is registered already: choose another name"),
        (("tracker", "kcf-v1"), "the tracker 'kcf-v1' is registered already"),
        (("dataset", "mnist-single-same"), "'mnist-single-same-v1' is registered already"),
        (("dataset", "smoke"), "the suite 'smoke-v1' is registered already"),
        (("report", "latex"), "the report format 'latex' is registered already"),
        (("package", "kcf"), "the tracker 'kcf-v1' is registered already"),
        (("tracker", "random"), "a module random would hide Python's own random"),
        (("tracker", "cv2"), "a module cv2 would hide the one that is installed"),
        (("tracker", "mine", "--out", "numpy.py"), "a module numpy would hide the one that is"),
        (("package", "cv2"), "a module cv2 would hide the one that is installed"),
        (("package", "Pillow"), "a package Pillow is installed already: choose another name"),
        (("package", "x", "--with", "dataset", "--batched"), "--batched is for a tracker"),
        (("tracker", "x", "--out", "no/x.py"), "there is no folder no: make it first, or"),
        (("package", "x", "--out", "no/x"), "there is no folder no: make it first, or"),
        (("tracker", "x", "--out", "x.txt"), "--out x.txt: a plugin is a Python file"),
        (("tracker", "x", "--out", "."), ". is there already and stays as it is"),
        (("package", "x", "--out", "."), ". is there already and stays as it is"),
        (("tracker", "x", "--out", "/proc/x.py"), "/proc/x.py cannot be written"),
        (("package", "x", "--out", "/proc/x"), "/proc/x cannot be written"),
        (("trakcer", "x"), "No such command 'trakcer'"),
        (("tracker",), "Missing argument"),
        (("package", "x", "--with", "suite"), "'suite' is not one of"),
    ],
)
def test_one_line_and_nothing_written(
    tmp_path: Path, commands: Commands, arguments: tuple[str, ...], message: str
) -> None:
    done = commands("new", *arguments)
    assert message in done.err
    assert done.err.startswith("trackbench: ")
    assert done.err.count("\n") == 1
    assert (done.code, done.out) == (2, "")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("arguments", [(), ("new",)])
def test_without_a_command_the_help_says_all(
    commands: Commands, arguments: tuple[str, ...]
) -> None:
    done = commands(*arguments)
    assert "Example: trackbench" in done.out
    assert (done.code, done.err) == (2, "")


@pytest.mark.parametrize("kind", ["tracker", "dataset", "report", "package"])
def test_help_has_an_example(commands: Commands, kind: str) -> None:
    done = commands("new", kind, "--help")
    assert f"Example: trackbench new {kind}" in " ".join(done.out.split())


def test_what_is_there_stays_as_it_is(tmp_path: Path, commands: Commands) -> None:
    (tmp_path / "mine.py").write_text("my thesis")
    (tmp_path / "empty").mkdir()
    (tmp_path / "nowhere.py").symlink_to("a/b")
    for arguments in (
        ("tracker", "mine"),
        ("tracker", "x", "--out", "mine.py"),
        ("tracker", "x", "--out", "nowhere.py"),
        ("package", "empty"),
        ("package", "x", "--out", "mine.py"),
    ):
        done = commands("new", *arguments)
        assert "is there already and stays as it is: choose another --out" in done.err
        assert (done.code, done.err.count("\n")) == (2, 1)
    assert (tmp_path / "mine.py").read_text() == "my thesis"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "mine.py", "nowhere.py"]
    assert not list((tmp_path / "empty").iterdir())


def test_a_module_of_the_working_folder_hides_nothing(
    tmp_path: Path, trackbench_cli: CommandLine
) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "mine.py").touch()
    assert trackbench_cli("new", "tracker", "mine", "--out", "below/mine.py").returncode == 0


def test_what_came_meanwhile_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("older")
    with pytest.raises(FileExistsError):
        create_text(tmp_path / "file", "newer")
    assert (tmp_path / "file").read_text() == "older"
    with pytest.raises(FileExistsError), creating_folder(tmp_path / "folder"):
        (tmp_path / "folder").mkdir()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder"]


def test_a_file_system_without_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, _target: Path) -> None:
        raise PermissionError(1, "Operation not permitted", str(path))

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    create_text(tmp_path / "file", "text")
    assert (tmp_path / "file").read_text() == "text"
    with pytest.raises(FileExistsError):
        create_text(tmp_path / "file", "newer")
    assert [path.read_text() for path in tmp_path.iterdir()] == ["text"]


def test_others_may_read_what_is_written(tmp_path: Path, commands: Commands) -> None:
    mask = os.umask(0o022)
    try:
        # Names that no other test registers in this process.
        assert commands("new", "tracker", "read-by-others").code == 0
        assert commands("new", "package", "pack").code == 0
    finally:
        os.umask(mask)
    assert stat.S_IMODE((tmp_path / "read_by_others.py").stat().st_mode) == 0o644
    assert stat.S_IMODE((tmp_path / "pack").stat().st_mode) == 0o755
    assert stat.S_IMODE((tmp_path / "pack/src/pack/tracker.py").stat().st_mode) == 0o644


@pytest.mark.parametrize(
    ("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -9)]
)
def test_a_package_that_is_not_finished_is_not_there(
    tmp_path: Path, sent: signal.Signals, code: int
) -> None:
    program = (
        "import os, subprocess, sys\n"
        "from pathlib import Path\n"
        "from trackbench.cli.app import main\n"
        "write = Path.write_text\n"
        "def stopped(path, *args, **kwargs):\n"
        "    if path.name == 'test.yml':\n"
        # from outside: no code in a command may end it
        f"        subprocess.run(['kill', '-{int(sent)}', str(os.getpid())])\n"
        "    return write(path, *args, **kwargs)\n"
        "Path.write_text = stopped\n"
        "sys.argv = ['trackbench', 'new', 'package', 'mine']\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, check=False
    )
    assert done.returncode == code
    assert not (tmp_path / "mine").exists()
    assert code == -9 or not list(tmp_path.iterdir())
