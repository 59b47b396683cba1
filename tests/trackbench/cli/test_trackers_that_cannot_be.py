"""What cannot be run is one line that says what, where and what to do; nothing is written."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

GOOD = "class Good:\n    def init(self, frame, box): ...\n    def update(self, frame): ...\n"
MODULES = {
    "good_one": GOOD + "number = 3\n",
    "raises_one": "raise RuntimeError('no licence')\n",
    "exits_one": "import sys\nprint('a word')\nsys.exit(3)\n",
    "ends_one": "import os\nos._exit(9)\n",
    "broken_one": "def f(:\n",
    "needs_one": "import no_such_package\n",
}
OLD = {"python": [3, 7, 9], "libraries": {"numpy": "1.21"}, "path": [], "installed": []}
BARE = {"python": [3, 12, 0], "libraries": {}, "path": [], "installed": []}
PYTHONS = {
    "old": f"echo {shlex.quote(json.dumps(OLD))}",
    "bare": f"echo {shlex.quote(json.dumps(BARE))}",
    "silent": "exit 0",
    "noisy": "echo hello",
    "killed": "kill -9 $$",
}
INI = {
    "matlab": "protocol = traxmatlab\ncommand = x",
    "octave": "protocol = traxoctave\ncommand = x",
    "program": "protocol = trax\ncommand = matlab -r run",
    "bare": "protocol = trax",
    "mute": "command = ./x",
    "other": "protocol = smoke\ncommand = ./x",
    "wrong": "protocol = trax\ncomand = ./x",
    "gone": "protocol = trax\ncommand = ./gone",
    "half": "protocol = trax\ncommand = 'x",
    "twice": "protocol = trax\nprotocol = trax",
}
OF_MODULES = [
    ("nowhere_one:Good", "there is no module 'nowhere_one'"),
    ("good_one:Goof", "good_one has no 'Goof'"),
    ("good_one:number", "good_one:number is not a class or function"),
    ("good_one:", "good_one has no ''"),
    ("raises_one:Good", "raises_one:Good cannot be imported: RuntimeError: no licence"),
    ("exits_one:Good", "exits_one:Good cannot be imported: SystemExit: 3"),
    ("ends_one:Good", "ends_one:Good cannot be imported: EndOfProcess: _exit(9) would end"),
    ("broken_one:Good", "broken_one:Good cannot be imported: SyntaxError: invalid syntax"),
    (
        "needs_one:Good",
        "cannot be imported: ModuleNotFoundError: No module named 'no_such_package'",
    ),
]
NAMED = [
    *(("" + name, said) for name, said in OF_MODULES),
    *(
        (f"{family}:{name}", said)
        for family in ("got10k", "pysot", "pytracking", "video")
        for name, said in OF_MODULES
    ),
    ("got10k:good_one", "names no module: write got10k:package.module:Class"),
    (
        "got10k:good_one.py",
        "names no class: write got10k:package.module:Class or got10k:path/to/fil",
    ),
    ("pysot:gone.py:Good", "there is no file gone.py"),
    ("pysot:good_one.py:Good", "Good has no method track: a pysot tracker needs init(img, bbox)"),
    ("video:good_one.py:Goof", "unknown tracker of good_one.py 'Goof': did you mean Good?"),
    ("pysot:good_one:Good", "Good has no method track: a pysot tracker needs init(img, bbox)"),
    ("pisot:good_one:Good", "unknown scheme 'pisot': did you mean pysot?"),
    ("trax", "trax names no tracker: write trax:COMMAND"),
    ("trax:", "the command is empty"),
    ("trax:nowhere", "nowhere is no program that is there"),
    ("trax:.", ". is no program that is there"),
    ("trax:./text", "./text is not executable (chmod +x)"),
    ("folder:nowhere {frames} {boxes}", "nowhere is no program that is there"),
    ("folder:true {frames}", "says nothing of {boxes}"),
    ("vot", "vot names no tracker: write vot:SCRIPT.py"),
    ("vot:nowhere.py", "there is no script nowhere.py"),
    ("vot:text", "vot:text names no script: write vot:SCRIPT.py"),
    ("lib:nowhere:a:b", "nowhere is no checkout of this family: it has no"),
    ("lib:a:b", "does not say enough: write lib:CHECKOUT:NAME:PARAMETER"),
    ("replay:nowhere", "there is no folder nowhere to replay"),
    ("replay:inis", "holds no boxes: neither results of trackbench nor"),
    ("opencv:TrackerVat", "did you mean TrackerVit?"),
    ("trackers.ini", "trackers.ini names no tracker: write trackers.ini:NAME"),
    ("trackers.ini:Mine", "trackers.ini cannot be read: No such file or directory"),
    ("inis:Mine", "inis has no 'Mine'"),
    ("inis/empty.ini:Mine", "inis/empty.ini has no tracker: write [NAME], protocol and command"),
    ("inis/latin.ini:Mine", "inis/latin.ini is no UTF-8 text"),
    ("inis/matlab.ini:Mime", "unknown tracker of inis/matlab.ini 'Mime': did you mean Mine?"),
    ("inis/matlab.ini:Mine", "Mine of inis/matlab.ini is a Matlab tracker"),
    ("inis/octave.ini:Mine", "Mine of inis/octave.ini is a Matlab tracker"),
    ("inis/program.ini:Mine", "Mine of inis/program.ini: it is a Matlab tracker"),
    ("inis/bare.ini:Mine", "Mine of inis/bare.ini has no command: write what is to be started"),
    ("inis/mute.ini:Mine", "Mine of inis/mute.ini has no protocol: only trax and traxpython"),
    ("inis/other.ini:Mine", "Mine of inis/other.ini has the protocol 'smoke'"),
    (
        "inis/wrong.ini:Mine",
        "unknown key of Mine of inis/wrong.ini: 'comand': did you mean command?",
    ),
    ("inis/gone.ini:Mine", "Mine of inis/gone.ini: ./gone is no program that is there"),
    ("inis/half.ini:Mine", "Mine of inis/half.ini: bad command"),
    ("inis/twice.ini:Mine", "option 'protocol' in section 'Mine' already exists"),
]
SAID_OF_PYTHONS = [
    ("nowhere/python", "nowhere/python is not there: give a Python interpreter"),
    ("", "is not there: give a Python interpreter"),
    ("inis", "inis is no program: give a Python interpreter"),
    ("./inis", "./inis is no program: give a Python interpreter"),
    ("./text", "./text is no program: give a Python interpreter"),
    ("old", "old is not on the shell's path: write ./old, or give another interpreter"),
    ("./old", "old is Python 3.7.9: 3.8 or newer is needed"),
    ("./bare", "bare has no NumPy: install numpy into that environment"),
    ("./silent", "silent does not answer as a Python interpreter does"),
    ("./noisy", "noisy does not answer as a Python interpreter does"),
    ("./killed", "killed does not answer as a Python interpreter does"),
]
OF_PYTHONS = ("good_one:Good", "pysot:good_one:Good", "vot:good_one.py", "lib:checkout:ours:any")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working folder, with all that the cases name."""
    monkeypatch.setattr(sys, "path", [*sys.path])
    for name, text in MODULES.items():
        (tmp_path / f"{name}.py").write_text(text)
        monkeypatch.delitem(sys.modules, name, raising=False)
    for name, text in PYTHONS.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{text}\n")
        (tmp_path / name).chmod(0o755)
    (tmp_path / "text").touch()
    (tmp_path / "inis").mkdir()
    for name, text in INI.items():
        (tmp_path / "inis" / f"{name}.ini").write_text(f"[Mine]\n{text}\n")
    (tmp_path / "inis" / "empty.ini").touch()
    (tmp_path / "inis" / "latin.ini").write_bytes(b"[Mine]\nlabel = \xe9\n")
    for part in ("tracker", "parameter"):
        (folder := tmp_path / "checkout" / "lib" / "test" / part).mkdir(parents=True)
        (folder / "ours.py").touch()
    return tmp_path


def refused(done: Any, said: str, place: Path) -> None:
    assert done.code == 2
    (line,) = done.err.splitlines()
    assert said in line
    assert "Traceback" not in done.out
    assert not (place / "r").exists()


@pytest.mark.parametrize(("name", "said"), NAMED, ids=[name for name, _ in NAMED])
def test_it_is_refused(name: str, said: str, place: Path, commands: Callable[..., Any]) -> None:
    refused(commands("run", "-t", name, "--suite", "smoke", "--out", "r"), said, place)


@pytest.mark.parametrize(("name", "said"), NAMED, ids=[name for name, _ in NAMED])
def test_it_is_refused_of_a_file_of_trackers(
    name: str, said: str, place: Path, commands: Callable[..., Any]
) -> None:
    (place / "trackers.toml").write_text(f"[mine]\ntracker = {json.dumps(name)}\n")
    done = commands(
        *("run", "--trackers", "trackers.toml", "-t", "mine", "--suite", "smoke", "--out", "r")
    )
    refused(done, said, place)
    assert "[mine] of trackers.toml: " in done.err


@pytest.mark.parametrize("name", OF_PYTHONS)
@pytest.mark.parametrize(("python", "said"), SAID_OF_PYTHONS)
def test_an_interpreter_is_refused(
    name: str, python: str, said: str, place: Path, commands: Callable[..., Any]
) -> None:
    done = commands("run", "-t", name, "--python", python, "--suite", "smoke", "--out", "r")
    refused(done, said, place)


@pytest.mark.thorough
def test_a_network_that_is_not_given(place: Path, commands: Callable[..., Any]) -> None:
    done = commands("run", "-t", "opencv:TrackerVit", "--suite", "smoke", "--out", "r")
    refused(done, "TrackerVit needs its network (net): give --weights FILE", place)


@pytest.mark.parametrize(
    "name", ["trax:true", "folder:true {frames} {boxes}", "opencv:TrackerKCF", "kcf"]
)
def test_what_has_none_takes_none(name: str, place: Path, commands: Callable[..., Any]) -> None:
    done = commands("run", "-t", name, "--python", sys.executable, "--suite", "smoke", "--out", "r")
    refused(done, "leave --python out", place)


def test_a_file_may_come_from_another_system(place: Path, commands: Callable[..., Any]) -> None:
    """It has a mark of its encoding, and lines end in two characters."""
    small = ("--dataset", "mnist-single-same", "--sequences", "1", "--lengths", "2", "--out", "r")
    (place / "trackers.toml").write_bytes(b"\xef\xbb\xbf[mine]\r\ntracker = 'static'\r\n")
    done = commands("run", "--trackers", "trackers.toml", "-t", "mine", *small)
    assert done.code == 0, done.err
    (place / "inis" / "windows.ini").write_bytes(
        b"\xef\xbb\xbf[Mine]\r\nprotocol = smoke\r\ncommand = x\r\n"
    )
    done = commands("run", "-t", "inis/windows.ini:Mine", *small)
    assert "Mine of inis/windows.ini has the protocol 'smoke'" in done.err
