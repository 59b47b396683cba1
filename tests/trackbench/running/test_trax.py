"""Trackers that are programs and talk TraX."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import forked_process
import numpy as np
import pytest

import trackbench
from trackbench.plugins.tracker_identity import tracker_identity
from trackbench.results.chunks import FailureKind
from trackbench.results.directory import Results
from trackbench.results.run import Run
from trackbench.running.chosen_trackers import tracker_named, with_parameters

PROGRAM = Path(__file__).parents[2] / "plugins" / "programs" / "trax_program.py"
RunTiny = Callable[..., Results]
Runs = dict[str, Run]


def command(way: str) -> str:
    return f"trax:{shlex.join([sys.executable, str(PROGRAM), way])}"


def spec(way: str, **parameters: Any) -> trackbench.TrackerSpec:
    return with_parameters(tracker_named(command(way)), {"timeout": 20.0, **parameters})


def predicted(run: Run) -> Any:
    return np.concatenate([tracked.predicted for tracked in run.trajectories()])


RIGHT = ("well", "four", "memory", "polygon", "once")
WRONG = ("die", "crash", "hang", "rubbish", "quit", "mask")


def runs_of(
    run_tiny_in: RunTiny, folder: Path, ways: tuple[str, ...], timeout: float, **options: Any
) -> Runs:
    """Return the runs of a program in several ways, and of a built-in tracker."""
    trackers = [replace(spec(way, timeout=timeout), id=way) for way in ways]
    options = {"datasets": ["tiny-other"], **options}
    results = run_tiny_in(folder, "tiny.py", [*trackers, "ncc"], **options)
    return {run.record.tracker: run for run in results.runs}


@pytest.fixture(scope="module")
def right(run_tiny_in: RunTiny, tmp_path_factory: pytest.TempPathFactory) -> Runs:
    folder = tmp_path_factory.mktemp("right")
    return runs_of(run_tiny_in, folder, (*RIGHT, "absent"), 20.0, sequences=3)


@pytest.fixture(scope="module")
def wrong(run_tiny_in: RunTiny, tmp_path_factory: pytest.TempPathFactory) -> Runs:
    folder = tmp_path_factory.mktemp("wrong")
    return runs_of(run_tiny_in, folder, WRONG, 5.0, sequences=2, jobs=1)


@pytest.mark.thorough
@pytest.mark.parametrize("way", RIGHT)
def test_it_answers_what_the_same_tracker_does_here(way: str, right: Runs) -> None:
    theirs, ours = right[way], right["ncc-v1"]
    assert not theirs.record.failures
    assert np.allclose(predicted(theirs), predicted(ours), rtol=0, atol=1e-9)
    (tracked, *_) = theirs.trajectories()
    assert tracked.confidence is not None
    assert (tracked.confidence[:, 1:] == 0.25).all()


@pytest.mark.thorough
def test_a_special_code_says_that_the_target_is_absent(right: Runs) -> None:
    (tracked, *_) = right["absent"].trajectories()
    assert tracked.absent is not None
    assert tracked.absent[:, 1:].all()


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("way", "message"),
    [
        ("die", "ended with exit code 7; its last words: out of memory on the card"),
        ("crash", r"was ended by signal 6 \(SIGABRT\); its last words: a word beside"),
        ("hang", "did not answer within 5 s: a state is due; its last words: waiting for a lock"),
        ("rubbish", "breaks the TraX protocol: 'of' is no region; its last words: debug: hello"),
        ("quit", "quits: no licence; its last words: a word beside"),
        ("mask", "breaks the TraX protocol: it answers with a mask, and rectangles are read"),
    ],
)
def test_what_it_does_wrong_is_named_with_its_last_words(
    way: str, message: str, wrong: Runs
) -> None:
    run = wrong[way]
    assert [(failure.sequence, failure.frame) for failure in run.record.failures] == [
        (0, 2),
        (1, 2),
    ]
    for failure in run.record.failures:
        assert re.search(f"trax_program.py {message}", failure.message), failure.message
        assert "a word beside" in failure.output


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("given", "message"),
    [
        (command("dead"), "trax_program.py ended with exit code 1; its last words: no such device"),
        (command("mute"), r"within 1 s: its hello \(@@TRAX:hello\) is due; .*: loading weights"),
        (command("chatter"), r"within 1 s: its hello \(@@TRAX:hello\) is due; .*: step 1, loss"),
        (command("masks"), "asks for regions as mask: polygon or rectangle;"),
        ("trax:true", "true ended with exit code 0; it has said nothing"),
        ("trax:no-such-program --fast", "no-such-program is no program that is there"),
        ("trax:./text", r"./text is not executable \(chmod \+x\)"),
        ("trax:'half", "bad command .*: No closing quotation"),
        ("trax:", "the command is empty"),
        ("trax:true --reads", "there is no nowhere to read: see --param reads"),
    ],
)
def test_what_cannot_begin_is_one_line_and_nothing_is_written(
    given: str, message: str, commands: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "text").touch()
    reads = "['nowhere']" if "reads" in given else "[]"
    timeout = [] if "true" in given or "'half" in given else ["--param", "timeout=1.0"]
    done = commands(
        *("run", "-t", given, "--param", f"reads={reads}", *timeout),
        *("--suite", "smoke", "--sequences", "1", "--out", "r"),
    )
    assert done.code == 2
    (line,) = done.err.splitlines()
    assert re.search(message, line), line
    assert not list((tmp_path / "r").rglob("*.parquet"))


def test_an_interpreter_is_part_of_the_command(commands: Callable[..., Any]) -> None:
    done = commands("run", "-t", "trax:true", "--python", sys.executable, "--suite", "smoke")
    assert done.code == 2
    assert "write its interpreter into the command and leave --python out" in done.err


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program in the working folder, with a file that it names."""
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "program"
    file.write_text("#!/bin/sh\n")
    file.chmod(0o755)
    (tmp_path / "config").write_text("a")
    return file


def test_the_files_that_a_command_names_count_by_their_content(
    program: Path, tmp_path: Path
) -> None:
    def fingerprint(given: str = "trax:./program config --weights=net", **more: Any) -> str:
        named = with_parameters(tracker_named(given), {"reads": [], **more})
        identity = tracker_identity(named)
        assert identity.unhashed is None
        return identity.fingerprint

    (tmp_path / "net").write_text("a")
    seen = {fingerprint()}
    assert fingerprint() in seen
    for change in (
        lambda: program.write_text("#!/bin/sh\n# another\n"),
        lambda: (tmp_path / "config").write_text("b"),
        lambda: (tmp_path / "net").write_text("b"),
    ):
        change()
        assert fingerprint() not in seen
        seen.add(fingerprint())
    (tmp_path / "other").write_text("a")
    seen |= {before := fingerprint(reads=["other"])}
    (tmp_path / "other").write_text("b")
    assert fingerprint(reads=["other"]) not in seen
    assert before != fingerprint("trax:./program config --weights=net --fast")


@pytest.mark.thorough
@pytest.mark.usefixtures("program")
def test_what_cannot_be_known_is_said_and_not_reused(run_tiny: RunTiny) -> None:
    told: list[str] = []
    records = []
    for reads in (None, None, [], []):
        told.clear()
        results = run_tiny(
            "tiny.py",
            [spec("well", reads=reads)],
            datasets=["tiny-other"],
            sequences=1,
            tell=told.append,
        )
        records.append(results.runs[0].record)
        unseen = any("what it reads beside the files that its command names" in t for t in told)
        assert unseen == (reads is None)
    assert len({record.fingerprint for record in records}) == 3
    assert any("all stored" in line for line in told)


@pytest.mark.thorough
@forked_process.started()  # by the variables of a forked one, its own are not known from outside
def test_nothing_is_left_behind(
    tmp_path: Path, run_tiny: RunTiny, monkeypatch: pytest.MonkeyPatch
) -> None:
    (temporary := tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    tagged = spec("hang", timeout=60.0, arguments={"tag": "of this test"})
    options = {"datasets": ["tiny-other"], "sequences": 2, "timeout": 5.0}
    (run,) = run_tiny("tiny.py", [tagged], **options).runs
    assert {failure.kind for failure in run.record.failures} == {FailureKind.TIMEOUT}
    assert "waiting for a lock" in run.record.failures[0].output
    assert not list(temporary.iterdir())
    for process in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):  # another's, or it has ended
            assert f"TMPDIR={temporary}".encode() not in process.read_bytes().split(b"\0")


INI = """
[Mine]
label = My tracker
protocol = trax
command = ./program config
env_Mode = fast
arg_scale = 2
timeout = 5

[Python]
protocol = traxpython
command = my_module
paths = code:more

[Matlab]
protocol = traxmatlab
command = my_tracker

[Hidden]
protocol = trax
command = /opt/matlab/bin/matlab -r my_tracker

[Folder]
protocol = folder
command = my_tracker

[Socket]
protocol = trax
command = ./program
socket = true

[Wrong]
protocol = trax
comand = ./program

[Nothing]
protocol = trax

[Slow]
protocol = trax
command = ./program
timeout = soon
"""


@pytest.fixture
def ini(program: Path, tmp_path: Path) -> Path:  # noqa: ARG001 - a section names it
    file = tmp_path / "trackers.ini"
    file.write_text(INI)
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "my_module.py").touch()
    return file


@pytest.mark.usefixtures("ini")
def test_a_section_says_how_it_is_started(
    program: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    mine = tracker_named("../trackers.ini:Mine")
    here = str(tmp_path / "elsewhere" / "..")
    assert mine.id == "mine"
    assert mine.description == "My tracker"
    assert mine.parameters == {
        "command": [str(program), f"{here}/config"],
        "environment": {"Mode": "fast"},
        "arguments": {"scale": "2"},
        "folder": here,
        "timeout": 5.0,
        "reads": None,
    }
    python = tracker_named(f"{tmp_path}/trackers.ini:Python").parameters
    paths = [f"{tmp_path}/code", f"{tmp_path}/more"]
    line = f"import sys; sys.path[:0] = {paths!r}; import my_module"
    assert python["command"] == [sys.executable, "-c", line]
    assert python["files"] == [f"{tmp_path}/code/my_module.py"]


@pytest.mark.usefixtures("ini")
@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("trackers.ini:Mime", "unknown tracker of trackers.ini 'Mime': did you mean Mine?"),
        ("nowhere.ini:Mine", "nowhere.ini cannot be read: No such file"),
        ("trackers.ini:Matlab", "Matlab of trackers.ini is a Matlab tracker: only trax and trax"),
        ("trackers.ini:Folder", "Folder of trackers.ini has the protocol 'folder': only trax"),
        ("trackers.ini:Hidden", "it is a Matlab tracker: only trax and traxpython are run"),
        ("trackers.ini:Socket", "talks over a socket"),
        ("trackers.ini:Wrong", "unknown key of Wrong of trackers.ini: 'comand': did you mean comm"),
        ("trackers.ini:Nothing", "Nothing of trackers.ini has no command"),
        ("trackers.ini:Slow", "timeout = 'soon' of Slow of trackers.ini: write seconds"),
        ("program.ini:Mine", "program.ini is no trackers.ini: File contains no section headers"),
    ],
)
def test_what_is_wrong_with_a_section_is_one_line(
    given: str, message: str, commands: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "program.ini").write_text("#!/bin/sh\necho\n")
    done = commands("run", "-t", given, "--suite", "smoke", "--out", "r")
    assert done.code == 2
    (line,) = done.err.splitlines()
    assert message in line
    assert not (tmp_path / "r").exists()


@pytest.mark.thorough
def test_what_a_section_says_reaches_its_program(tmp_path: Path, run_tiny: RunTiny) -> None:
    (tmp_path / "trackers.ini").write_text(
        "[Asks]\nprotocol = traxpython\ncommand = asks\npaths = .\nenv_Mode = fast\narg_scale = 2\n"
    )
    (tmp_path / "asks.py").write_text(
        "import os, re, sys\n"
        "print('@@TRAX:hello \"trax.version=1\"', flush=True)\n"
        "for line in sys.stdin:\n"
        "    word = line.split()[0]\n"
        "    if word == '@@TRAX:initialize':\n"
        "        assert os.environ['Mode'] == 'fast' and 'TRAX' in os.environ\n"
        "        assert '\"scale=2\"' in line and os.path.exists('trackers.ini')\n"
        "        box = re.search('\"([-0-9.,e]+)\"', line)[1]\n"
        "    if word == '@@TRAX:quit': break\n"
        "    print('@@TRAX:state \"' + box + '\"', flush=True)\n"
    )
    given = f"{tmp_path}/trackers.ini:Asks"
    theirs, ours = run_tiny("tiny.py", [given, "static"], datasets=["tiny-other"]).runs
    assert not theirs.record.failures
    assert np.array_equal(predicted(theirs), predicted(ours))
