"""The command line as a user meets it: one clear line for a mistake, the right exit code."""

import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import trackbench

Commands = Callable[..., Any]
CommandLine = Callable[..., subprocess.CompletedProcess[str]]

ROOT = Path(__file__).parents[3]
PLUGIN = Path(__file__).parents[2] / "plugins" / "misbehaving.py"
EXPORT = ("export", "mnist-single-same", "--out", "s")
SMALL = ("--dataset", "mnist-single-same", "--sequences", "2", "--lengths", "3")
COMMANDS = [
    "run",
    "merge",
    "report",
    "view",
    "list",
    "show",
    "verify",
    "train",
    "compare",
    "baseline",
    "check",
    "bisect",
    "check-tracker",
    "export",
    "new",
]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("run", "--tracker", "kfc"), "unknown tracker 'kfc': did you mean kcf?"),
        (("run", "--tracker", "kcf-v7"), "unknown tracker 'kcf-v7': did you mean kcf-v1?"),
        (("run", "-t", "kcf", "--suite", "papr"), "unknown suite 'papr': did you mean paper?"),
        (
            ("run", "-t", "kcf", "--dataset", "mnist-single-some"),
            "unknown data set 'mnist-single-some': did you mean mnist-single-same?",
        ),
        (
            ("run", "-t", "kcf", "-d", "mnist-single-same-v9"),
            "unknown data set 'mnist-single-same-v9': did you mean mnist-single-same-v1?",
        ),
        (("run", "-t", "kcf", "--sequences", "0"), "--sequences must be at least 1, not 0"),
        (("run", "-t", "kcf", "--sequences", "501"), "has 500 sequences, not 501"),
        (("run", "-t", "kcf", "--lengths", "20,200"), "has 160 frames a sequence, not 200"),
        (("run", "-t", "kcf", "--lengths", "40,20"), "--lengths must ascend, such as 20,40,80"),
        (("run", "-t", "kcf", "--lengths", "0"), "--lengths must be at least 1, not 0"),
        (("run", "-t", "kcf", "--lengths", "many"), "bad --lengths 'many': write numbers"),
        (
            ("run", "-t", "kcf", "--lengths", "1", "--protocol", "ope-v1"),
            "--lengths must be at least 2, not 1",
        ),
        (("run", "-t", "kcf", "--protocol", "ope"), "unknown protocol 'ope': did you mean ope-v1"),
        (("run", "-t", "kcf", "--jobs", "0"), "--jobs must be at least 1, not 0"),
        (("run", "-t", "kcf", "--timeout", "0"), "--timeout must be positive, not 0"),
        (("run", "-t", "kcf", "--param", "n"), "bad --param 'n': write NAME=VALUE"),
        (("run", "-t", "kcf", "-p", "n=1", "-p", "n=2"), "--param n is given twice"),
        pytest.param(
            *(("train", "rectracker-att99999999999"), "has too large a grid: N is 1000 at most"),
            marks=pytest.mark.needs_torch,
        ),
        (
            ("run", "-t", "kcf", "--param", "detect_thresh=low"),
            "kcf-v1 takes a number for detect_thresh, such as 0.0, not 'low'",
        ),
        (
            ("run", "-t", "rectracker-id", "--param", "device=0"),
            "rectracker-id-v1 takes a word for device, such as 'cpu', not 0",
        ),
        (
            ("run", "-t", "medianflow", "--param", "algorithm=mosse"),
            "medianflow-v1 has algorithm='medianflow' for ever: for another, choose another",
        ),
        (("run", "-t", "rectracker-id", "-p", "architecture=convtracker"), "for ever"),
        (("run", "-t", "kcf", "-t", "kcf-v1"), "a tracker is given twice: kcf-v1, kcf-v1"),
        (("run", "-t", "kcf", "-s", "smoke", "-d", "mnist-single-same"), "not both"),
        (("run", "-t", "kcf", "-d", "mnist-train-single"), "is endless"),
        (("run", "-t", "nowhere:X"), "there is no module 'nowhere' (nowhere:X)"),
        (("run", "-t", "kcf", "--plugin", "none.py"), "there is no plugin file none.py"),
        (("run", "-t", "kcf", "--weights", "w"), "kcf-v1 takes no weights: leave --weights out"),
        (("run",), "which tracker? choose with --tracker, or give a bench.toml"),
        (("run", "--trcker", "kcf"), "No such option: --trcker"),
        (("rum",), "No such command 'rum'"),
        (("report", "nowhere"), "there is no results directory nowhere"),
        (("report", "."), "holds no results"),
        (("report", ".", "--format", "latx"), "unknown report format 'latx': did you mean latex?"),
        (("show", "mnist-single-same", "--out", "x.bmp"), "end it in .png, .gif, .mp4 or .webm"),
        (("show", "mnist-single-same", "--out", "no/x.png"), "is not a file in an existing folder"),
        (
            ("show", "mnist-single-same", "-n", "500", "--out", "x.png"),
            "mnist-single-same-v1 has no sequence 500: 0..499",
        ),
        (
            ("show", "mnist-single-same", "-n", "-1", "--out", "x.png"),
            "--sequence must be at least 0, not -1",
        ),
        (("show", "mnist-single-same", "--length", "161", "--out", "x.png"), "not in 1..160"),
        (("verify", "mnist"), "unknown data set 'mnist'"),
        (("view", "nowhere"), "there is no results directory nowhere"),
        (("list", "trakers"), "trakers"),
        (EXPORT, "Missing option '--layout'"),
        ((*EXPORT, "-l", "got10"), "unknown layout 'got10': did you mean got10k?"),
        ((*EXPORT, "-l", "vot", "--image", "gif"), "'gif' is not one of 'png', 'jpeg'"),
        ((*EXPORT, "-l", "vot", "--jobs", "0"), "--jobs must be at least 1, not 0"),
        ((*EXPORT, "-l", "vot", "--sequences", "501"), "has 500 sequences, not 501"),
        ((*EXPORT, "-l", "vot", "--length", "161"), "has 160 frames a sequence, not 161"),
        (("export", "mnist-train-single", "-l", "vot", "-o", "s"), "is endless: say how much"),
        (("export", "mnst", "-l", "vot", "-o", "s"), "unknown data set 'mnst'"),
    ],
)
def test_a_mistake_gets_one_line_and_exit_code_2_and_writes_nothing(
    tmp_path: Path, commands: Commands, arguments: tuple[str, ...], message: str
) -> None:
    done = commands(*arguments)
    assert message in done.err
    assert done.code == 2
    assert done.err.startswith("trackbench: ")
    assert done.err.count("\n") == 1
    assert not done.out
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("run", "--tracker", "kfc"), "unknown tracker 'kfc': did you mean kcf?"),
        (("report", "nowhere"), "there is no results directory nowhere"),
        (("rum",), "No such command 'rum'"),
    ],
)
def test_a_process_of_its_own_says_the_same(
    tmp_path: Path, trackbench_cli: CommandLine, arguments: tuple[str, ...], message: str
) -> None:
    done = trackbench_cli(*arguments)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith(f"trackbench: {message}")
    assert not list(tmp_path.iterdir())


def test_debug_shows_the_traceback(trackbench_cli: CommandLine) -> None:
    done = trackbench_cli("run", "--tracker", "kfc", "--debug")
    assert "Traceback" in done.stderr
    assert done.returncode == 2


def test_an_output_directory_that_is_a_file(tmp_path: Path, trackbench_cli: CommandLine) -> None:
    (tmp_path / "file").write_text("mine")
    for out in ("file", "file/below"):
        done = trackbench_cli("run", "-t", "static", *SMALL, "--out", out)
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)
        assert "file is a file: results need a directory" in done.stderr
    assert (tmp_path / "file").read_text() == "mine"


def test_an_output_directory_of_something_else(tmp_path: Path, trackbench_cli: CommandLine) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis/chapter.tex").touch()
    done = trackbench_cli("run", "-t", "static", *SMALL, "--out", "thesis")
    assert done.returncode == 2
    assert "thesis is not empty and holds no results" in done.stderr


def test_an_output_directory_that_is_not_writable(
    tmp_path: Path, trackbench_cli: CommandLine
) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o555)
    if os.geteuid() == 0:
        locked = Path("/proc")  # root may write to any folder but one of the kernel's
    done = trackbench_cli("run", "-t", "static", *SMALL, "--out", locked / "r")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert f"{locked / 'r'} is not writable" in done.stderr


def test_a_results_file_from_a_newer_schema(tmp_path: Path, trackbench_cli: CommandLine) -> None:
    assert trackbench_cli("run", "-t", "static", *SMALL, "--out", "r").returncode == 0
    for path in (tmp_path / "r").rglob("record.json"):
        path.write_text(json.dumps(json.loads(path.read_text()) | {"schema": 99}))
    for command in (("report", "r"), ("run", "-t", "static", *SMALL, "--out", "r")):
        done = trackbench_cli(*command)
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)
        assert "follows schema 99, newer than this trackbench knows (7)" in done.stderr


def test_a_parameter_that_the_tracker_does_not_take(trackbench_cli: CommandLine) -> None:
    done = trackbench_cli("run", "-t", "static", *SMALL, "--param", "n=5", "--out", "r")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "static-v1 has no parameter 'n': it takes none" in done.stderr


def test_a_tracker_that_fails_ends_with_exit_code_3(trackbench_cli: CommandLine) -> None:
    done = trackbench_cli(
        *("run", "--plugin", PLUGIN, "--tracker", "misbehaving", "--param", "way=raise"),
        *("--dataset", "mnist-single-same", "--sequences", "2", "--lengths", "6", "--out", "r"),
    )
    assert done.returncode == 3
    assert "2 failed sequences" in done.stdout
    assert "sequence 0, frame 5: ValueError: lost | in" in done.stdout


@pytest.mark.thorough
def test_a_tracker_may_print_and_the_table_stays_clean(
    tmp_path: Path, trackbench_cli: CommandLine
) -> None:
    (tmp_path / "loud.py").write_text(
        "class Loud:\n"
        "    def init(self, frame, box): print('LOUD'); self.box = box\n"
        "    def update(self, frame): return self.box\n"
    )
    done = trackbench_cli("run", "--plugin", "loud.py", "-t", "loud", *SMALL, "--out", "r")
    assert done.returncode == 0
    assert "LOUD" not in done.stdout + done.stderr
    shown = trackbench_cli(
        *("run", "--plugin", "loud.py", "-t", "loud", *SMALL, "--out", "s", "--show-output")
    )
    assert "LOUD" not in shown.stdout
    assert "LOUD" in shown.stderr


def test_every_command_has_help_with_an_example(commands: Commands) -> None:
    for command in ("run", "report", "list", "show", "verify", "train", "export", "check-tracker"):
        done = commands(command, "--help")
        assert done.code == 0
        assert f"Example: trackbench {command}" in " ".join(done.out.split())


@pytest.mark.thorough
def test_listing_imports_neither_torch_nor_cv2() -> None:
    program = (
        "import sys; sys.argv = ['trackbench', 'list', sys.argv[1]]\n"
        "from trackbench.cli.app import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print([m for m in ('torch', 'cv2', 'pandas', 'pyarrow') if m in sys.modules])"
    )
    for what in ("trackers", "datasets", "suites", "reports"):
        done = subprocess.run(
            [sys.executable, "-c", program, what], capture_output=True, text=True, check=True
        )
        assert done.stdout.splitlines()[-1] == "[]"
        assert "-v1" in done.stdout or what == "reports"


@pytest.mark.thorough
def test_help_imports_nothing_that_only_a_run_needs() -> None:
    program = (
        "import sys\n"
        "from trackbench.cli.app import main\n"
        "for command in sys.argv[1:]:\n"
        "    sys.argv = ['trackbench', *command.split(), '--help']\n"
        "    try: main()\n"
        "    except SystemExit as ended: assert ended.code == 0, ended.code\n"
        "print([m for m in ('numpy', 'scipy', 'PIL', 'jinja2') if m in sys.modules])"
    )
    commands = ("", *COMMANDS, "new tracker", "new package")
    done = subprocess.run(
        [sys.executable, "-c", program, *commands], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
    assert done.stdout.count("Usage: trackbench") == len(commands)


def test_report_to_a_file_and_to_standard_output(
    tmp_path: Path, trackbench_cli: CommandLine
) -> None:
    assert trackbench_cli("run", "-t", "static", *SMALL, "--out", "r").returncode == 0
    shown = trackbench_cli("report", "r", "--format", "csv")
    assert trackbench_cli("report", "r", "--format", "csv", "--out", "t.csv").stdout == ""
    assert (tmp_path / "t.csv").read_text() == shown.stdout
    assert shown.stdout.startswith("tracker,dataset,length,mean,std,sequences,fps,failures,invalid")


def test_version(trackbench_cli: CommandLine) -> None:
    said = trackbench_cli("--version").stdout.splitlines()
    assert said[0] == f"trackbench {trackbench.__version__}"
    assert re.fullmatch("commit [0-9a-f]{12}(, and changed since)?", said[1])
    weights = {path.stem: path for path in (ROOT / "trackers/weights").glob("*.safetensors")}
    stated = {name: sha256 for _, sha256, name in map(str.split, said[2:])}
    assert stated.keys() == weights.keys()
    for name, sha256 in stated.items():
        assert hashlib.sha256(weights[name].read_bytes()).hexdigest().startswith(sha256)
