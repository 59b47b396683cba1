"""An interrupted run says so and goes on later; no worker outlives its parent."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from processes import alive, children

COMMAND = [
    *(sys.executable, "-m", "trackbench", "run", "--tracker", "static", "--jobs", "2"),
    *("--dataset", "mnist-single-same", "--sequences", "500", "--out", "r"),
]


@pytest.fixture
def running(tmp_path: Path) -> tuple[subprocess.Popen[str], list[int]]:
    """Start a real run and wait until both workers are there and a chunk is stored."""
    (tmp_path / "scratch").mkdir()
    environment = {**os.environ, "TMPDIR": str(tmp_path / "scratch")}
    process = subprocess.Popen(
        COMMAND,
        env=environment,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 60
    stored: list[Path] = []
    while not stored:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.01)
        with suppress(FileNotFoundError):  # whether it can be made is tried, and it is removed
            stored = list((tmp_path / "r").rglob("runs/**/part-*.parquet"))
    workers = children(process.pid)
    assert len(workers) == 2
    return process, workers


def wait_for_end(workers: list[int]) -> None:
    deadline = time.monotonic() + 30
    while any(alive(worker) for worker in workers):
        assert time.monotonic() < deadline, "a worker outlives its parent"
        time.sleep(0.05)


@pytest.mark.thorough
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize(
    ("sent", "code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143)],
)
def test_an_interrupt_ends_the_workers_and_keeps_what_is_stored(
    running: tuple[subprocess.Popen[str], list[int]], tmp_path: Path, sent: int, code: int
) -> None:
    process, workers = running
    process.send_signal(sent)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == code
    assert not list((tmp_path / "scratch").iterdir())
    assert "interrupted: what is finished is stored" in errors
    assert "Traceback" not in errors
    wait_for_end(workers)
    again = subprocess.run(COMMAND, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert again.returncode == 0, again.stderr


@pytest.mark.thorough
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_workers_end_with_a_killed_parent(
    running: tuple[subprocess.Popen[str], list[int]],
) -> None:
    process, workers = running
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)
    wait_for_end(workers)


HANGING = """import time


class Hanging:
    def init(self, frame, box):
        pass

    def update(self, frame):
        time.sleep(600)
"""


def makers_of(process: subprocess.Popen[str], count: int) -> list[int]:
    deadline = time.monotonic() + 60
    while len(found := children(process.pid)) < count or not all(map(children, found)):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return found


@pytest.mark.thorough
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_makers_that_cannot_end_keep_nobody_waiting(tmp_path: Path) -> None:
    """What is stopped cannot end until it is killed; a second Ctrl-C does not wait for that."""
    (tmp_path / "hanging.py").write_text(HANGING)
    data = ("-d", "mnist-single-same", "--sequences", "150", "--lengths", "3", "-o", "r")
    command = [sys.executable, "-m", "trackbench", "run", "-t", "hanging.py:Hanging", *data]
    process = subprocess.Popen(
        [*command, "-j", "3"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    makers = makers_of(process, 3)
    started = [*makers, *(child for maker in makers for child in children(maker))]
    for maker in makers:
        os.kill(maker, signal.SIGSTOP)
    process.send_signal(signal.SIGINT)
    assert process.stderr is not None
    said = process.stderr.readline()
    assert said == "trackbench: ending what was begun; Ctrl-C once more ends at once\n"
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 130
    wait_for_end(started)


SLOW_TO_END = """import sys
import time
from trackbench.cli.signals import Signals

signals = Signals()
try:
    print("begun", flush=True)
    time.sleep(600)
except KeyboardInterrupt:
    time.sleep(600)
"""


@pytest.mark.thorough
def test_a_second_interrupt_ends_at_once() -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW_TO_END],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline() == "begun\n"
    process.send_signal(signal.SIGINT)
    said = process.stderr.readline()
    assert said == "trackbench: ending what was begun; Ctrl-C once more ends at once\n"
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert errors == "trackbench: interrupted twice: ended at once; what is finished is stored\n"
    assert process.returncode == 130


def test_where_it_came_within_an_exec_the_code_is_the_same(tmp_path: Path) -> None:
    (tmp_path / "interrupted.py").write_text(
        "from trackbench.cli import app\n"
        "app._run = lambda _: exec('raise KeyboardInterrupt')\n"
        "app.main()\n"
    )
    done = subprocess.run([sys.executable, "-m", "interrupted"], cwd=tmp_path, check=False)
    assert done.returncode == 130


@pytest.mark.parametrize("sent", ["SIGINT", "SIGTERM", "SIGHUP"])
@pytest.mark.parametrize("when", ["atexit.register(again)", "ended = Ended()"])
def test_what_comes_while_libraries_end_changes_no_code(
    tmp_path: Path, sent: str, when: str
) -> None:
    """Python has forgotten its handlers when modules are taken down, and a signal would kill."""
    (tmp_path / "ending.py").write_text(
        "import atexit, os, signal\n"
        "from trackbench.cli import app\n"
        f"def again(kill=os.kill, pid=os.getpid(), sent=signal.{sent}):\n"
        "    kill(pid, sent)\n"
        "class Ended:\n"
        "    def __del__(self, again=again):\n"
        "        again()\n"
        "def run(_):\n"
        "    global ended\n"
        f"    {when}\n"
        "    return 3\n"
        "app._run = run\n"
        "app.main()\n"
    )
    done = subprocess.run(
        [sys.executable, "ending.py"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (3, "")


@pytest.mark.thorough
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_processes_that_have_just_begun_print_no_traceback(tmp_path: Path) -> None:
    """A terminal sends Ctrl-C to all of them, and they are importing modules."""
    exported = ("export", "mnist-single-same", "--sequences", "400", "--layout", "got10k")
    process = subprocess.Popen(
        [sys.executable, "-m", "trackbench", *exported, "--out", "e", "--jobs", "2"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + 60
    while len(started := children(process.pid)) < 3:  # Python's resource tracker, and two
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
    time.sleep(0.1)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    said = "trackbench: interrupted: what is finished stays, and the same command goes on\n"
    assert errors == said
    wait_for_end(started)
