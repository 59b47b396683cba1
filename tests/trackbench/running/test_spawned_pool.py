"""Processes of a ProcessPoolExecutor: their answers, their ends, and that none is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import as_completed
from pathlib import Path
from typing import Any

import pytest
from processes import alive, children, command_line

from trackbench.running.maker_process import RefusedError
from trackbench.running.spawned_pool import LostError, SpawnedPool

# What the processes do, in a file that they import anew.
WORK = """
import os, signal, sys, time
from trackbench.errors import UnknownIdError

def prepare(what):
    if what == "bad":
        raise UnknownIdError("thing", "bad", ["good"])
    print("printed by a plugin")
    return [what, os.getpid()]

def say(prepared, word):
    return prepared[0] + word

def process(prepared):
    return prepared[1], os.getpid()

def end(prepared, code):
    os._exit(code)

def kill(prepared, number):
    os.kill(os.getpid(), number)

def refuse(prepared):
    raise UnknownIdError("thing", "goood", ["good"])

def sleep(prepared):
    time.sleep(300)
"""


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    (tmp_path / "pool_work.py").write_text(WORK)
    monkeypatch.syspath_prepend(tmp_path)
    import pool_work  # type: ignore[import-not-found]  # written just now

    yield pool_work
    del sys.modules["pool_work"]


def test_calls_get_what_was_prepared_once_in_each_process(
    work: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    with SpawnedPool("hello ", "a thing", work.prepare, 2) as pool:
        futures = [pool.submit(work.say, word) for word in ("you", "me", "all")]
        assert [pool.result(future) for future in futures] == ["hello you", "hello me", "hello all"]
        for prepared_in, called_in in (pool.result(pool.submit(work.process)) for _ in range(3)):
            assert prepared_in == called_in != os.getpid()
    said = capfd.readouterr()
    assert (said.out, set(said.err.splitlines())) == ("", {"printed by a plugin"})


def test_what_is_the_users_to_mend_is_an_answer(work: Any) -> None:
    with SpawnedPool("x", "a thing", work.prepare, 1) as pool:
        with pytest.raises(RefusedError, match="unknown thing 'goood': did you mean good") as error:
            pool.result(pool.submit(work.refuse))
        assert "Traceback" in error.value.detail
        assert pool.result(pool.submit(work.say, "y")) == "xy"  # and the process goes on
    with (
        SpawnedPool("bad", "a thing", work.prepare, 1) as pool,
        pytest.raises(RefusedError, match="unknown thing 'bad'"),
    ):
        pool.result(pool.submit(work.say, "y"))


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("how", "value", "ending"),
    [
        ("end", 7, "exit code 7"),
        ("end", 0, "exit code 0"),
        ("kill", signal.SIGKILL, "signal 9"),
        ("kill", signal.SIGSEGV, "signal 11"),
    ],
)
def test_a_process_that_ends_is_told_with_its_call(
    work: Any, how: str, value: int, ending: str
) -> None:
    with SpawnedPool("x", "a thing", work.prepare, 2) as pool:
        pool.result(pool.submit(work.say, "y"))
        futures = [pool.submit(work.sleep), pool.submit(getattr(work, how), value)]
        futures += [pool.submit(work.say, "z") for _ in range(20)]
        with pytest.raises(LostError, match=f"^a process ended with {ending}$") as lost:
            [pool.result(future) for future in as_completed(futures)]
        assert (lost.value.number, lost.value.ending) == (2, ending)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_leaving_ends_processes_whatever_they_are_at(work: Any) -> None:
    before = set(children(os.getpid()))
    with SpawnedPool("x", "a thing", work.prepare, 2) as pool:
        pool.result(pool.submit(work.say, "y"))
        for _ in range(20):
            pool.submit(work.sleep)
        while sum(b"spawn_main" in command_line(one) for one in children(os.getpid())) < 2:
            time.sleep(0.01)
        started = time.monotonic()
    assert time.monotonic() - started < 10
    left = set(children(os.getpid())) - before
    assert not [one for one in left if b"resource_tracker" not in command_line(one)]


@pytest.mark.thorough
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_processes_end_with_their_parent_however_it_ends(work: Any, tmp_path: Path) -> None:
    script = (
        "import sys, time, pool_work\n"
        "from trackbench.running.spawned_pool import SpawnedPool\n"
        "if __name__ == '__main__':\n"
        "    pool = SpawnedPool('x', 'a thing', pool_work.prepare, 2)\n"
        "    for _ in range(2): pool.submit(pool_work.sleep)\n"
        "    pool.submit(pool_work.sleep)\n"
        "    time.sleep(1)\n"
        "    print('at it', flush=True)\n"
        "    time.sleep(300)\n"
    )
    path = os.pathsep.join([str(tmp_path), *sys.path])
    with subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": path},
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"at it\n"
        started = children(parent.pid)
        assert len(started) >= 2
        parent.kill()
        deadline = time.monotonic() + 30
        while any(alive(process) for process in started):
            assert time.monotonic() < deadline, "a process outlives its parent"
            time.sleep(0.05)
    del work
