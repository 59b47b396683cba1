"""A real Dask cluster gives the bytes that this machine's own processes give."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

RUN = ("-m", "trackbench", "run", "-t", "static", "-t", "kcf", "--suite", "smoke")


def run(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *RUN, *options],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def parts(out: Path) -> dict[str, bytes]:
    return {part.relative_to(out).as_posix(): part.read_bytes() for part in out.rglob("*.parquet")}


@contextmanager
def scheduler_and_workers(folder: Path) -> Iterator[Path]:
    """A scheduler and two workers, each a process started by Dask's own commands."""
    file = folder / "scheduler.json"
    common = ("--scheduler-file", str(file), "--no-dashboard")
    here = ("--host", "127.0.0.1")
    scheduler = [sys.executable, "-m", "distributed.cli.dask_scheduler", *common, *here]
    worker = [sys.executable, "-m", "distributed.cli.dask_worker", *common, *here]
    worker += ["--nthreads", "1", "--local-directory", str(folder / "workers")]
    started = [
        subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for command in (scheduler, worker, worker)
    ]
    try:
        deadline = time.monotonic() + 60
        while not file.exists():
            assert time.monotonic() < deadline, "the scheduler has not begun"
            time.sleep(0.1)
        yield file
    finally:
        for process in reversed(started):
            process.terminate()
        for process in started:
            process.wait(60)


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return the parts of a run by this machine's own processes."""
    folder = tmp_path_factory.mktemp("alone")
    done = run(folder, "--jobs", "1", "--out", "r")
    assert done.returncode == 0, done.stderr
    return parts(folder / "r")


def test_a_cluster_of_this_machine(tmp_path: Path, alone: dict[str, bytes]) -> None:
    done = run(tmp_path, "--cluster", "local:2", "--out", "r")
    assert done.returncode == 0, done.stderr
    assert parts(tmp_path / "r") == alone
    assert len(alone) == 12  # of two trackers and the truth, on four data sets


def test_a_scheduler_and_workers_that_were_started_apart(
    tmp_path: Path, alone: dict[str, bytes]
) -> None:
    with scheduler_and_workers(tmp_path) as file:
        done = run(tmp_path, "--cluster", str(file), "--out", "r")
    assert done.returncode == 0, done.stderr
    assert parts(tmp_path / "r") == alone


@pytest.fixture
def something_else() -> Iterator[str]:
    """Return the address of a server that speaks another protocol."""
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"tcp://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def deaf() -> Iterator[str]:
    """Return an address at which connections are taken and nothing is ever said."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"tcp://127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.parametrize(
    "address",
    ["local:0", "tcp://127.0.0.1:9", "nowhere.json", "foo://x", "127.0.0.1:22x", "http", "deaf"],
)
def test_where_there_is_no_cluster_nothing_is_written(
    tmp_path: Path, address: str, something_else: str, deaf: str
) -> None:
    began = time.monotonic()
    there = {"http": something_else, "deaf": deaf}.get(address, address)
    done = run(tmp_path, "--cluster", there, "--out", "r")
    assert done.returncode == 2
    assert done.stderr.startswith("trackbench: ")
    assert done.stderr.count("\n") == 1, done.stderr
    assert time.monotonic() - began < 30  # with the start of a command on a busy machine
    assert list(tmp_path.iterdir()) == []
