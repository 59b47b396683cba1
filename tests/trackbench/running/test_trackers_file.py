"""``trackers.toml``: an author's trackers by name, run by the command line and from Python."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from without_progress import without_progress

import trackbench

CommandLine = Callable[..., subprocess.CompletedProcess[str]]
SMALL = ("--dataset", "mnist-single-same", "--sequences", "1", "--lengths", "4", "--jobs", "1")
DRIFTS = '''
import os

SHIFT = float(os.environ.get("SHIFT", "0"))


class Drifts:
    """Drifts to the right."""

    def __init__(self, step: float = 1.0, reach: int = 2, file=None, weights=None):
        self.step = step + SHIFT
        for name in (file, weights):
            if name is not None:
                with open(name) as text:
                    self.step += float(text.read())

    def init(self, frame, box):
        self.box = box.copy()

    def update(self, frame):
        self.box[0] += self.step
        return self.box.copy()


class Sleeps(Drifts):
    def update(self, frame):
        import time

        time.sleep(20)
'''


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with a module, beside the one that commands are started in."""
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "drifting.py").write_text(DRIFTS)
    return folder


def fingerprints(out: Path) -> dict[str, set[str]]:
    """Return the fingerprints under which trackers are stored, by their ids."""
    found: dict[str, set[str]] = {}
    for path in out.rglob("record.json"):
        record = json.loads(path.read_text())
        if "tracker" in record:
            found.setdefault(record["tracker"], set()).add(str(path.parent))
    return found


@pytest.mark.thorough
def test_what_a_section_says_reaches_its_tracker(
    home: Path, tmp_path: Path, trackbench_cli: CommandLine
) -> None:
    (home / "two.txt").write_text("2")
    (home / "sub").mkdir()
    (home / "sub" / "drifting.py").write_text(DRIFTS.replace("self.step = step", "self.step = 9"))
    (home / "plug.py").write_text(DRIFTS)
    (home / "trackers.toml").write_text(
        f"""
        [as-it-is]
        tracker = "drifting:Drifts"
        [stepping]
        tracker = "drifting:Drifts"
        parameters = {{ step = 3 }}
        [reading]
        tracker = "drifting:Drifts"
        parameters = {{ step = 3.0, file = "two.txt" }}
        [weighed]
        tracker = "drifting:Drifts"
        weights = "two.txt"
        [shifted]
        tracker = "drifting:Drifts"
        environment = {{ SHIFT = "0.25" }}
        [there]
        tracker = "drifting:Drifts"
        environment = {{ SHIFT = "0.5" }}
        python = {json.dumps(sys.executable)}
        [other]
        tracker = "drifting:Drifts"
        folder = "sub"
        [plugged]
        tracker = "drifts"
        plugin = "plug.py"
        [built-in]
        tracker = "static"
        """
    )
    expected = {
        "as-it-is": 1.0,
        "stepping": 3.0,
        "reading": 5.0,
        "weighed": 3.0,
        "shifted": 1.25,
        "there": 1.5,
        "other": 9.0,
        "plugged": 1.0,
        "built-in": 0.0,
        "static-v1": 0.0,
    }
    named = [word for name in expected for word in ("-t", name.removesuffix("-v1"))]
    command = ("run", "--trackers", "home/trackers.toml", *named, *SMALL, "--out", "r")
    done = trackbench_cli(*command)
    assert (done.returncode, without_progress(done.stderr)) == (0, "")
    results = trackbench.Results.load(tmp_path / "r")
    steps = {}
    for run in results.runs:
        (tracked,) = run.trajectories()
        steps[run.record.tracker] = step_of(tracked.predicted[0])
    assert steps == expected
    again = trackbench_cli(*command)
    assert "all stored" in again.stderr


def step_of(boxes: NDArray[np.float64]) -> float:
    """Return how far boxes (T, 4) move from frame 1 to frame 2, pixels."""
    return round(float(boxes[2, 0] - boxes[1, 0]), 6)


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("parameters = { step = 3 }", "parameters = { step = 4 }"),
        ('environment = { SHIFT = "1" }', 'environment = { SHIFT = "2" }'),
        ('folder = "one"', 'folder = "two"'),
        ('weights = "one.txt"', 'weights = "two.txt"'),
        ('environment = { FILE = "one.txt" }', 'environment = { FILE = "two.txt" }'),
    ],
)
def test_two_files_with_one_name_do_not_share_results(
    before: str, after: str, home: Path, tmp_path: Path, trackbench_cli: CommandLine
) -> None:
    for name, text in (("one", "1"), ("two", "2")):
        (home / f"{name}.txt").write_text(text)
        (home / name).mkdir()
        (home / name / "drifting.py").write_text(DRIFTS)
    for line in (before, after):
        (home / "trackers.toml").write_text(f'[mine]\ntracker = "drifting:Drifts"\n{line}\n')
        done = trackbench_cli(
            "run", "--trackers", "home/trackers.toml", "-t", "mine", *SMALL, "--out", "r"
        )
        assert (done.returncode, without_progress(done.stderr)) == (0, "")
    assert len(fingerprints(tmp_path / "r")["mine"]) == 2


@pytest.mark.thorough
def test_its_time_is_its_own_and_the_command_line_goes_before(
    home: Path, trackbench_cli: CommandLine
) -> None:
    (home / "trackers.toml").write_text('[mine]\ntracker = "drifting:Sleeps"\ntimeout = 0.5\n')
    command = ("run", "--trackers", "home/trackers.toml", "-t", "mine", *SMALL, "--out", "r")
    done = trackbench_cli(*command)
    assert done.returncode == 3
    assert "no answer within 0.5 s" in done.stdout
    done = trackbench_cli(*command, "--timeout", "0.75")
    assert "no answer within 0.75 s" in done.stdout


def test_the_command_line_goes_before_the_file(
    home: Path, tmp_path: Path, trackbench_cli: CommandLine
) -> None:
    (home / "trackers.toml").write_text(
        '[mine]\ntracker = "drifting:Drifts"\nparameters = { step = 3 }\n'
    )
    command = ("run", "--trackers", "home/trackers.toml", "-t", "mine", *SMALL, "--out", "r")
    assert trackbench_cli(*command, "--param", "step=7").returncode == 0
    (run,) = trackbench.Results.load(tmp_path / "r").runs
    (tracked,) = run.trajectories()
    assert step_of(tracked.predicted[0]) == 7.0


@pytest.mark.thorough
def test_show_and_check_tracker_take_it(home: Path, trackbench_cli: CommandLine) -> None:
    (home / "trackers.toml").write_text(
        '[mine]\ntracker = "drifting:Drifts"\n[again]\ntracker = "static"\ntimeout = 3\n'
    )
    file = ("--trackers", "home/trackers.toml")
    shown = trackbench_cli(
        *("show", "mnist-single-same", *file, "-t", "mine", "-t", "again", "--length", "3"),
        *("--out", "a.png"),
    )
    assert (shown.returncode, without_progress(shown.stderr)) == (0, "")
    checked = trackbench_cli("check-tracker", *file, "again", "--frames", "0")
    assert (checked.returncode, without_progress(checked.stderr)) == (0, "")
    assert checked.stdout.startswith("tracker again: nothing is wrong")


def test_from_python_it_is_a_dictionary(home: Path, tmp_path: Path) -> None:
    (home / "trackers.toml").write_text(
        '[mine]\ntracker = "kcf"\ndescription = "mine"\n[other]\ntracker = "no.such:Tracker"\n'
    )
    mine = trackbench.read_trackers(home / "trackers.toml")
    assert list(mine) == ["mine", "other"]
    assert (mine["mine"].id, mine["mine"].description) == ("mine", "mine")
    results = trackbench.run(
        [mine["mine"], "static"],
        datasets="mnist-single-same",
        sequences=1,
        lengths=[3],
        out=tmp_path / "r",
    )
    assert [run.record.tracker for run in results.runs] == ["mine", "static-v1"]
    with pytest.raises(trackbench.TrackbenchError, match=r"^\[other\] of .*no module 'no.such'"):
        mine["other"]


WRONG = [
    ("tracker = kcf", "no TOML: Invalid value (at line 2, column 11)"),
    ("tracker = 'kcf'\nparam = {}", "unknown key 'param': did you mean parameters?"),
    ("tracker = 'kcf'\ntimout = 3", "unknown key 'timout': did you mean timeout?"),
    ("tracker = 'kcf'\ntimeout = 0", "timeout = 0: write a positive number of seconds"),
    ("tracker = 'kcf'\ntimeout = '5'", "timeout = '5': write a positive number of seconds"),
    ("tracker = 'kcf'\ntimeout = true", "timeout = True: write a positive number of seconds"),
    ("tracker = 'kcf'\ntimeout = nan", "timeout = nan: write a positive number of seconds"),
    ("tracker = 'kcf'\nfolder = 'none'", "there is no folder"),
    ("plugin = 'drifting.py'", "has no tracker: write tracker"),
    ("tracker = 3", "tracker = 3: write a word in quotation marks"),
    ("tracker = ''", "tracker is empty"),
    ("tracker = 'kcf'\nplugin = 'none.py'", "none.py is not there"),
    ("tracker = 'drifting:Drifts'\nweights = 'none.pth'", "none.pth is not there"),
    ("tracker = 'kcf'\nweights = 'drifting.py'", "mine has no parameter weights"),
    ("tracker = 'rectracker-id'\nweights = 'drifting.py'", "drifting.py"),
    ("tracker = 'drifting:Drifts'\npython = 'no/python'", "no/python is not there"),
    ("tracker = 'drifting:Drifts'\npython = './drifting.py'", "is no program"),
    ("tracker = 'drifting:Drifts'\npython = 'python2.0'", "python2.0 is not there"),
    ("tracker = 'kcf'\npython = 'python3'", "python is for trackers that are named module:Class"),
    ("tracker = 'pisot:drifting:Drifts'", "unknown scheme 'pisot': did you mean pysot?"),
    ("tracker = 'drifting:Drafts'", "drifting has no 'Drafts'"),
    ("tracker = 'kfc'", "unknown tracker 'kfc': did you mean kcf?"),
    ("tracker = 'kcf'\nparameters = 3", "parameters = 3: write a table"),
    ("tracker = 'kcf'\nparameters = { a = 1979-05-27 }", "parameter a holds a date"),
    ("tracker = 'drifting:Drifts'\nparameters = { stp = 1 }", "no parameter 'stp': did you mean"),
    (
        f"tracker = 'drifting:Drifts'\npython = '{sys.executable}'\nparameters = {{ rech = 1 }}",
        "mine has no parameter 'rech': did you mean reach?",
    ),
    (
        "tracker = 'drifting:Drifts'\nfolder = '.'\nparameters = { reach = 'far' }",
        "mine takes a whole number for reach, such as 2, not 'far'",
    ),
    ("tracker = 'drifting:Drifts'\nparameters = { reach = 1.5 }", "takes a whole number for reach"),
    ("tracker = 'kcf'\nenvironment = { A = 1 }", 'the variable A is a text: write A = "1"'),
    ("tracker = 'kcf'\nenvironment = { 'A B' = 'x' }", "'A B' is no name of a variable"),
    ("tracker = 'kcf'\nenvironment = { OMP_NUM_THREADS = '4' }", "is the same for all trackers"),
    ("tracker = 'static'\ndevice = 'cpu'", "mine has no parameter 'device'"),
]


@pytest.mark.thorough
@pytest.mark.parametrize(("lines", "said"), WRONG, ids=[said for _, said in WRONG])
def test_what_is_wrong_is_said_in_one_line(
    lines: str, said: str, home: Path, tmp_path: Path, trackbench_cli: CommandLine
) -> None:
    (home / "trackers.toml").write_text(f"[mine]\n{lines}\n")
    done = trackbench_cli(
        "run", "--trackers", "home/trackers.toml", "-t", "mine", *SMALL, "--out", "r"
    )
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert said in done.stderr
    assert not (tmp_path / "r").exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "has no tracker: write [name]"),
        ("tracker = 'kcf'\n", "tracker stands in no section: write [name] above it"),
        ("[kcf]\ntracker = 'kcf'\n", "[kcf] of home/trackers.toml is a built-in tracker's name"),
        ("[kcf-v7]\ntracker = 'kcf'\n", "is a built-in tracker's name"),
        ("['a b']\ntracker = 'kcf'\n", "bad id 'a b'"),
        ("[a.b]\ntracker = 'kcf'\n", 'a name with a dot is quoted: ["a.b"]'),
        ("[mine]\ntracker = 'kcf'\n[mine]\n", "(at line 3, column"),
        ("[nine]\ntracker = 'kcf'\n", "unknown tracker 'mine': did you mean nine?"),
        (b"[mine]\ntracker = '\xff'\n", "is no UTF-8 text (line 2)"),
    ],
)
def test_a_file_that_is_wrong(
    text: str | bytes, said: str, home: Path, tmp_path: Path, trackbench_cli: CommandLine
) -> None:
    (home / "trackers.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
    done = trackbench_cli(
        "run", "--trackers", "home/trackers.toml", "-t", "mine", *SMALL, "--out", "r"
    )
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert said in done.stderr
    assert not (tmp_path / "r").exists()


def test_a_file_that_is_not_there(trackbench_cli: CommandLine) -> None:
    done = trackbench_cli("run", "--trackers", "no.toml", "-t", "mine", *SMALL)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "no.toml cannot be read: No such file or directory" in done.stderr


def test_a_python_that_is_too_old(home: Path, tmp_path: Path, trackbench_cli: CommandLine) -> None:
    answer = '{"python": [3, 7, 9], "libraries": {"numpy": "1.21.0"}, "path": [], "installed": []}'
    old = home / "oldpython"
    old.write_text(f"#!/bin/sh\necho {shlex.quote(answer)}\n")
    os.chmod(old, 0o755)  # noqa: PTH101, S103 - a program
    (home / "trackers.toml").write_text(
        "[mine]\ntracker = 'drifting:Drifts'\npython = './oldpython'\n"
    )
    done = trackbench_cli("run", "--trackers", "home/trackers.toml", "-t", "mine", "--out", "r")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert re.search(r"oldpython is Python 3\.7\.9: 3\.8 or newer is needed", done.stderr)
    assert not (tmp_path / "r").exists()


@pytest.mark.thorough
def test_a_file_with_other_variables_is_another_tracker_each_time(
    commands: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "stepping.py").write_text(
        "import os\n\nSTEP = float(os.environ['STEP'])\n\n\nclass Stepping:\n"
        "    def init(self, frame, box):\n        self.box = list(box)\n\n"
        "    def update(self, frame):\n        self.box[0] += STEP\n        return self.box\n"
    )
    section = '[{}]\ntracker = "{}"\nenvironment = {{ STEP = "{}" }}\n'
    named = (("still", "stepping.py:Stepping", 0), ("far", "stepping.py:Stepping", 9))
    module = ("module", "stepping:Stepping", 9)
    (tmp_path / "t.toml").write_text("".join(section.format(*one) for one in (*named, module)))
    where = ("-d", "mnist-single-same", "--sequences", 1, "--lengths", 4, "-o", "r", "-j", 1)
    done = commands("run", "--trackers", "t.toml", "-t", "still,far,module", *where)
    assert (done.code, done.err) == (0, "")
    found = trackbench.Results.load(tmp_path / "r").runs
    far, by_module, still = (run.scores[0, 0] for run in found)
    assert far == by_module < still
