"""What answers at an address is another Dask's scheduler, or none, or Dask is not installed."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path

import pytest

pytest.importorskip("distributed", reason="needs the extra cluster")

OTHER = "2025.3.0"
SERVER = """
import asyncio, sys
from distributed import Scheduler, Worker

class Older(Scheduler):
    def identity(self):  # as before it could be asked for some of the workers alone
        return super().identity()

async def serve(kind, port):
    there = {"host": "127.0.0.1", "dashboard_address": "127.0.0.1:0"}
    async with {"Older": Older, "Scheduler": Scheduler}[kind](port=port, **there) as scheduler:
        if kind == "Older":
            await scheduler.finished()
        async with Worker(scheduler.address, host="127.0.0.1", port=port + 1) as worker:
            await worker.finished()

asyncio.run(serve(sys.argv[1], int(sys.argv[2])))
"""


@contextmanager
def serving(folder: Path, kind: str) -> Iterator[int]:
    """Have a scheduler of another Dask, or one of ours and a worker; yield its port.

    Another Dask is one whose installed metadata say so, and that is asked in another way.
    """
    folder.mkdir()
    for name in ("dask", "distributed") if kind == "Older" else ():
        metadata = folder / f"{name}-{OTHER}.dist-info" / "METADATA"
        metadata.parent.mkdir()
        metadata.write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {OTHER}\n")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER, kind, str(port)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": f"{folder}:{os.environ.get('PYTHONPATH', '')}"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 60
        for each in (port,) if kind == "Older" else (port, port + 1):
            while True:
                with suppress(OSError), socket.create_connection(("127.0.0.1", each), 1):
                    break
                assert time.monotonic() < deadline, "nothing listens"
                assert process.poll() is None
                time.sleep(0.1)
        yield port
    finally:
        process.kill()
        process.wait()


def refused(folder: Path, *options: str, before: str = "") -> str:
    """Return the one line with which a command refuses, having written nothing."""
    folder.mkdir()
    command = (
        f"{before}\nimport sys\nfrom trackbench.cli.app import main\n"
        f"sys.argv[1:] = {['run', '-t', 'static', '--suite', 'smoke', '--out', 'r', *options]!r}\n"
        "sys.exit(main())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", command],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1, done.stderr
    assert list(folder.iterdir()) == []
    return done.stderr.removeprefix("trackbench: ").removesuffix("\n")


@pytest.mark.thorough
@pytest.mark.parametrize("more", [(), ("--allow-mixed",)])
def test_another_dasks_scheduler_is_refused_by_both_versions(
    tmp_path: Path, more: tuple[str, ...]
) -> None:
    with serving(tmp_path / "server", "Older") as port:
        address = f"tcp://127.0.0.1:{port}"
        said = refused(tmp_path / "here", "--cluster", address, *more)
    ours = " and ".join(f"{name} {version(name)}" for name in ("dask", "distributed"))
    assert said == (
        f"the scheduler of {address} is another Dask's (dask {OTHER} and distributed {OTHER}), "
        f"and this process has {ours}: install the same version in both"
    )


@pytest.mark.thorough
def test_a_workers_address_is_no_schedulers(tmp_path: Path) -> None:
    with serving(tmp_path / "server", "Scheduler") as port:
        address = f"tcp://127.0.0.1:{port + 1}"
        said = refused(tmp_path / "here", "--cluster", address)
    assert said.startswith(f"no Dask scheduler answers at {address} (")
    assert "Worker" in said


@pytest.mark.thorough
@pytest.mark.parametrize("where", ["local:2", "tcp://127.0.0.1:9"])
def test_without_the_extra_it_is_said_how_to_install_it(tmp_path: Path, where: str) -> None:
    blocked = (
        "import sys\nclass Blocked:\n    def find_spec(self, name, path=None, target=None):\n"
        "        if name.partition('.')[0] in {'dask', 'distributed'}:\n"
        "            raise ModuleNotFoundError(f'No module named {name!r}', name=name)\n"
        "sys.meta_path.insert(0, Blocked())\n"
    )
    said = refused(tmp_path / "here", "--cluster", where, before=blocked)
    assert said == (
        "--cluster needs Dask, which is not installed: pip install 'trackbench[cluster]'"
    )
