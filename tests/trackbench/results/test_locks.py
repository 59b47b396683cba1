"""Locks between processes, and what a process is told that does not get one."""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from trackbench.errors import TrackbenchError
from trackbench.results.locks import HeldError, locked

HOLD = """
import sys, time
from pathlib import Path
from trackbench.results.locks import locked

with locked(Path(sys.argv[1]), shared=sys.argv[2] == "shared"):
    print("held", flush=True)
    time.sleep(300)
"""


@contextmanager
def another(path: Path, how: str) -> Iterator[subprocess.Popen[str]]:
    """Start a process that holds a lock, when it is free, until it is ended."""
    command = [sys.executable, "-c", HOLD, str(path), how]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_until_held(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"


@pytest.mark.parametrize(
    ("theirs", "ours", "together"),
    [
        ("alone", "alone", False),
        ("alone", "shared", False),
        ("shared", "alone", False),
        ("shared", "shared", True),
    ],
)
def test_who_holds_with_whom(tmp_path: Path, theirs: str, ours: str, together: bool) -> None:
    path, shared = tmp_path / ".lock", ours == "shared"
    with another(path, theirs) as process:
        wait_until_held(process)
        if together:
            with locked(path, shared=shared, wait=False) as lock:
                assert lock.there
        else:
            with (
                pytest.raises(HeldError, match=r"^another run holds .*\.lock$"),
                locked(path, shared=shared, wait=False),
            ):
                pass
    with locked(path, wait=False) as lock:  # freed when its process ends, however it ends
        assert lock.there


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("how", ["alone", "shared"])
def test_who_waits_can_be_interrupted_and_else_gets_it(tmp_path: Path, how: str) -> None:
    path = tmp_path / ".lock"
    with another(path, how) as waiting, another(path, how) as interrupted:
        with locked(path):
            deadline = time.monotonic() + 60
            while not all(has_open(process.pid, path) for process in (waiting, interrupted)):
                assert time.monotonic() < deadline
                time.sleep(0.01)
            interrupted.send_signal(signal.SIGINT)
            said, errors = interrupted.communicate(timeout=60)
            assert (said, errors.splitlines()[-1]) == ("", "KeyboardInterrupt")
            assert waiting.poll() is None
        wait_until_held(waiting)


def has_open(process: int, path: Path) -> bool:
    files = Path(f"/proc/{process}/fd").iterdir()
    return any(os.path.realpath(file) == str(path) for file in files)


@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize("number", [errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP])
def test_a_file_system_without_locks_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, shared: bool
) -> None:
    def none(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", none)
    path = tmp_path / ".lock"
    said = f"^{path} cannot be locked: {os.strerror(number)}$"
    with pytest.raises(TrackbenchError, match=said), locked(path, shared=shared):
        pass
