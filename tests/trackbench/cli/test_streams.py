"""A command ends with its own verdict, whoever reads what it prints, and wherever that goes."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Collection
from pathlib import Path

import numpy as np
import pytest
from forked_process import forked_trackbench
from python_server import command_server
from terminal import on_terminal

StoreIou = Callable[..., Path]

TRACKBENCH = (sys.executable, "-m", "trackbench")

COMMANDS = {
    "check worse -b b.json": 1,
    "check worse -b b.json -f json": 1,
    "check good -b b.json -f junit": 0,
    "check nowhere -b b.json": 2,
    "report good -f html": 0,
    "report good -f csv": 0,
    "compare a-v1 b-v1 -r good": 0,
    "show mnist-single-same -o a.png --length 2": 0,
    "export mnist-single-same -l vot -o exported --sequences 1 --length 2": 0,
    "list": 0,
    "check --help": 0,
    "": 2,
}
"""Command -> the code of its own verdict."""
FEW = ("check worse -b b.json", "report good -f html", "list", "")
"""One of each verdict, and one that prints much."""

HARMLESS = {
    "| true": FEW,
    "| head -c 1": FEW,
    "2>&1 | head -c 1": COMMANDS,
    "2>&1 | true": FEW,
    ">&-": FEW,
    "2>&-": FEW,
    ">&- 2>&-": FEW,
    "<&- >&- 2>&-": COMMANDS,
    "<&-": FEW,
    "2> /dev/full": FEW,
}
"""What is done to the streams, and must change no code -> the commands that it is tried with."""


@pytest.fixture(scope="module")
def made(store: StoreIou, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make what each ``folder`` is a copy of."""
    path = tmp_path_factory.mktemp("made")
    good = np.random.default_rng(1).random((30, 40))
    for name, iou in (("good", good), ("worse", good / 2)):
        store(path / name, {t: {"d-v1": iou} for t in ("a-v1", "b-v1")}, lengths=(20, 40))
    assert run(path, "baseline good -o b.json")[0] == 0
    return path


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """Hold results, a baseline of them, and results that are worse."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path


def run(folder: Path, command: str, how: str = "", **environment: str) -> tuple[int, str]:
    """Run trackbench in a real shell; return its own code and what reached standard error.

    It is started where an interpreter's start has to do with it: with a stream that is closed, and
    with other variables. Else it is forked: what comes of its streams is decided later.
    """
    program = TRACKBENCH
    if not environment and "&-" not in how:
        program = forked_trackbench()
    line = f"{shlex.join(program)} {command} {how}\necho ${{PIPESTATUS[0]}} >&9"
    done = subprocess.run(
        ["bash", "-c", f"exec 9> code\n{line}"],
        cwd=folder,
        env={k: v for k, v in os.environ.items() if k != "GITHUB_STEP_SUMMARY"} | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=120,
        check=False,
    )
    return int((folder / "code").read_text()), done.stderr.decode(errors="surrogateescape")


@pytest.mark.thorough
@pytest.mark.parametrize(("how", "commands"), HARMLESS.items(), ids=HARMLESS)
def test_whoever_reads_the_verdict_is_the_commands_own(
    folder: Path, how: str, commands: Collection[str]
) -> None:
    for command in commands:
        code, said = run(folder, command, how)
        assert (command, code) == (command, COMMANDS[command])
        assert "Traceback" not in said
        assert "Exception" not in said


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("how", "commands"),
    [("> /dev/full", COMMANDS), ("> /dev/full 2>&1", FEW), ("1< /dev/null", FEW)],
    ids=["full", "both full", "not for writing"],
)
def test_what_was_not_written_is_no_success(
    folder: Path, how: str, commands: Collection[str]
) -> None:
    for command in commands:
        verdict = COMMANDS[command]
        code, said = run(folder, command, how)
        # without a command or with a wrong one, nothing but errors is printed
        assert (command, code) == (command, verdict or 2)
        assert "Traceback" not in said
        assert len(said.splitlines()) <= 2
        if verdict == 0 and "2>" not in how:
            assert "standard output cannot be written: " in said


@pytest.mark.thorough
def test_files_that_are_read_or_written_are_none_of_the_closed_streams(folder: Path) -> None:
    """With standard output closed, the next file that is opened would be standard output."""
    before = (folder / "b.json").read_bytes()
    for how in (">&-", "<&- >&- 2>&-"):
        for command in ("list", "check good -b b.json", "baseline good -o c.json"):
            assert run(folder, command, how) == (0, "")
    assert run(folder, "run -t static --sequences 2 --lengths 3 -o r -j 1", "<&- >&- 2>&-")[0] == 0
    assert (folder / "b.json").read_bytes() == before == (folder / "c.json").read_bytes()
    assert run(folder, "report r -f csv -o r.csv", ">&-") == (0, "")
    assert len((folder / "r.csv").read_text().splitlines()) == 5


@pytest.mark.thorough
def test_a_run_whose_reader_goes_is_finished_and_stored(folder: Path) -> None:
    small = "run -t static -d mnist-single-same --sequences 2 --lengths 3 -j 1"
    assert run(folder, f"{small} -o r", "2>&1 | true")[0] == 0
    assert run(folder, f"{small} -o s")[0] == 0
    stored = sorted(path.name for path in (folder / "r").rglob("*.parquet"))
    assert stored == sorted(path.name for path in (folder / "s").rglob("*.parquet"))
    assert stored


@pytest.mark.thorough
def test_a_reader_that_is_slow_gets_everything_from_a_pipe_that_does_not_block(
    folder: Path,
) -> None:
    ours, its = os.pipe()
    os.set_blocking(its, False)
    with subprocess.Popen([*TRACKBENCH, "report", "good", "-f", "html"], cwd=folder, stdout=its):
        os.close(its)
        time.sleep(1)
        text = b""
        while part := os.read(ours, 4096):
            text += part
    os.close(ours)
    assert len(text) > 2**16  # more than a pipe holds
    assert text.rstrip().endswith(b"</html>")


NONSENSE = (
    {"MPLBACKEND": "nonsense"},
    {"COLUMNS": "nonsense"},
    {"COLUMNS": "0"},
    {"COLUMNS": "²"},
    {"COLUMNS": "9" * 30},
    {"COLUMNS": "-5", "LINES": "-5"},
    {"TERMINAL_WIDTH": "nonsense"},
    {"TERM": "nonsense"},
    {"TERM": ""},
    {"NO_COLOR": "nonsense", "FORCE_COLOR": "nonsense"},
    {"PYTHONWARNINGS": "nonsense"},
    {"PYTHONWARNINGS": "error"},
    {"LC_ALL": "C"},
    {"LC_ALL": "nonsense", "LANG": "nonsense"},
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    {"PYTHONIOENCODING": "ascii"},
    {"PYTHONIOENCODING": "utf-16"},
    {"PYTHONIOENCODING": "ascii:strict"},
    {"PYTHONUNBUFFERED": "1"},
    {"SOURCE_DATE_EPOCH": "x"},
    {"TMPDIR": "/nonexistent"},
    {"HOME": "/nonexistent"},
    {"_TRACKBENCH_COMPLETE": "nonsense"},
)


@pytest.mark.thorough
@pytest.mark.parametrize("environment", NONSENSE, ids=str)
def test_nonsense_in_the_environment(folder: Path, environment: dict[str, str]) -> None:
    for command, verdict in {
        "check worse -b b.json": 1,
        "report good -f html -o r.html": 0,
    }.items():
        code, said = run(folder, command, "> out", **environment)
        assert "Traceback" not in said, command
        # what a shell asks for is not a verdict
        expected = 2 if "_TRACKBENCH_COMPLETE" in environment else verdict
        assert (command, code) == (command, expected)


@pytest.mark.thorough
def test_a_run_leaves_nothing_open_that_python_warns_of(tmp_path: Path) -> None:
    short = "run -t static -d mnist-single-same --sequences 1 --lengths 2 -j 1 -o r"
    code, said = run(tmp_path, short, "> out", PYTHONWARNINGS="error")
    assert (code, said) == (0, "")


@pytest.mark.thorough
def test_names_that_are_no_text(folder: Path) -> None:
    """Bytes of a file's name that are not UTF-8, wherever a name can be given."""
    for command, verdict in {
        "baseline good -o $'b\\xff.json'": 0,
        "check worse -b $'b\\xff.json'": 1,
        "check $'w\\xffrse' -b b.json": 2,
        "check good -b $'\\xff'": 2,
        "report good -o $'r\\xff.md'": 0,
        "report good -f html -o $'r\\xff.html'": 0,
        "report $'\\xff'": 2,
        "report good -f $'\\xff'": 2,
        "report good -m $'\\xff'": 2,
        "report good --protocol $'\\xff'": 2,
        "report good --plugin $'\\xff'": 2,
        "compare a-v1 $'\\xff' -r good": 2,
        "compare a-v1 b-v1 -r $'\\xff'": 2,
        "show mnist-single-same -o $'s\\xff.png' --length 2": 0,
        "show mnist-single-same -o $'s\\xff.mp4' --length 2": 0,
        "show $'\\xff' -o a.png": 2,
        "show mnist-single-same -o a.png -t $'\\xff'": 2,
        "show mnist-single-same -o a.png -t rectracker-id --weights $'\\xff'": 2,
        "export mnist-single-same -l got10k -o $'e\\xff' --sequences 1 --length 2": 0,
        "export mnist-single-same -l $'\\xff' -o e": 2,
        "export $'\\xff' -l otb -o e": 2,
        "verify $'\\xff'": 2,
        "list $'\\xff'": 2,
        "new tracker $'\\xff'": 2,
        "new tracker mine -o $'m\\xff.py'": 0,
        "new package mine -o $'p\\xff'": 0,
        "train $'\\xff'": 2,
        "train rectracker-id --recipe $'\\xff'": 2,
        "train rectracker-id --device $'\\xff'": 2,
        "train rectracker-id --start $'\\xff' -o $'t\\xff'": 2,
        "run -t $'\\xff'": 2,
        "run -t $'\\xff:\\xff'": 2,
        "run -t static -p $'a=\\xff' --sequences 1 --lengths 2 -o x": 2,
        "$'\\xff'": 2,
        "--$'\\xff'": 2,
    }.items():
        words = shlex.split(command.replace("$'", "'").replace("\\xff", os.fsdecode(b"\xff")))
        done = command_server().run(["-m", "trackbench", *words], folder)
        code, said = done.returncode, done.stderr
        assert (command, code) == (command, verdict)
        assert "Traceback" not in said, command
        if verdict == 2:
            assert said.startswith("trackbench: "), command
            assert said.count("\n") == 1, command
            assert said[:-1].isprintable(), command


@pytest.mark.thorough
@pytest.mark.parametrize(
    "formats",
    [("csv",), ("html", "markdown", "latex", "json")],
    ids=["one", "others"],
)
def test_results_in_a_folder_whose_name_is_no_text(folder: Path, formats: tuple[str, ...]) -> None:
    """Stored, or refused in one line: not every library takes such names."""
    out = "$'run\\xff'"
    code, said = run(folder, f"run -t static --sequences 1 --lengths 2 -j 1 -o {out}")
    assert (code, said.count("\n")) in {(0, 0), (2, 1)}
    for format_ in formats:
        assert run(folder, f"report {out} -f {format_} -o r")[0] == code


def hang_up(folder: Path, command: str, *, when: Callable[[bytes], bool], wait: float) -> int:
    """Run trackbench on a terminal that is closed; return its code, negative for a signal's."""
    with on_terminal([*TRACKBENCH, *shlex.split(command)], 80, folder) as terminal:
        said = b""
        while not when(said):
            said += terminal.read()
        time.sleep(wait)
        terminal.close()
    return int(terminal.process.returncode)


SLOW = """\
import time

class Slow:
    def init(self, frame, box):
        self.box = box

    def update(self, frame):
        open("begun", "w").close()
        time.sleep(0.2)
        return self.box
"""
LONG_RUN = "run --plugin slow.py -t slow -d mnist-single-same --sequences 2 --lengths 160 -j 1 -o r"


def begun(folder: Path) -> None:
    until = time.monotonic() + 60
    while not (folder / "begun").exists():
        assert time.monotonic() < until
        time.sleep(0.05)


@pytest.mark.thorough
def test_a_closed_terminal_interrupts_a_run(tmp_path: Path) -> None:
    (tmp_path / "slow.py").write_text(SLOW)

    def working(_: bytes) -> bool:
        begun(tmp_path)
        return True

    assert hang_up(tmp_path, LONG_RUN, when=working, wait=0.5) == 129


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGHUP, 129), (signal.SIGTERM, 143), (signal.SIGINT, 130)]
)
def test_a_signal_interrupts_a_run(tmp_path: Path, number: int, code: int) -> None:
    (tmp_path / "slow.py").write_text(SLOW)
    with subprocess.Popen(
        [*TRACKBENCH, *shlex.split(LONG_RUN)], cwd=tmp_path, stderr=subprocess.PIPE, text=True
    ) as process:
        begun(tmp_path)
        process.send_signal(number)
        _, said = process.communicate(timeout=60)
    assert process.returncode == code
    assert said.count("interrupted: what is finished is stored") == 1
    assert "Traceback" not in said


@pytest.mark.thorough
def test_a_run_that_was_told_to_outlive_its_terminal_does(tmp_path: Path) -> None:
    (tmp_path / "slow.py").write_text(SLOW)
    short = LONG_RUN.replace("160", "4")
    with subprocess.Popen(
        ["nohup", *TRACKBENCH, *shlex.split(short)],
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        begun(tmp_path)
        process.send_signal(signal.SIGHUP)
        process.communicate(timeout=60)
    assert process.returncode == 0
