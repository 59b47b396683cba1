"""A Dask scheduler and workers as processes of their own, started by Dask's commands and killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Self

from processes import alive, children, command_line, marked

SECONDS = 60.0


class DaskProcesses:
    """A scheduler and workers on the loopback address; all are gone when it is left.

    Attributes:
        left: processes, makers and hosts among them, that had to be killed then.
    """

    def __init__(self, folder: Path, *worker: str, workers: int = 2, nanny: bool = True) -> None:
        """Start nothing yet.

        Args:
            folder: of what they write.
            worker: options of each worker.
            workers: how many.
            nanny: each has a process that starts it again.
        """
        self.folder, self.nanny = folder, nanny
        self.mark = f"TRACKBENCH_TEST_CLUSTER={folder}"
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{self.port}"
        self._options, self._count = worker, workers
        self.scheduler: subprocess.Popen[bytes]
        self.workers: list[subprocess.Popen[bytes]] = []
        self.left: list[int] = []

    def __enter__(self) -> Self:
        self.start_scheduler()
        for number in range(self._count):
            self.start_worker(f"w{number}")
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.workers:
            process.terminate()
        # Before their scheduler goes: a worker without one may wait for it for ever.
        for process in self.workers:
            with suppress(subprocess.TimeoutExpired):
                process.wait(SECONDS / 4)
        self.scheduler.terminate()
        deadline = time.monotonic() + SECONDS
        while (left := marked(self.mark)) and time.monotonic() < deadline:
            time.sleep(0.1)
            for process in [*self.workers, self.scheduler]:
                process.poll()
        self.left = left
        for number in left:
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        for process in [*self.workers, self.scheduler]:
            process.wait()

    def start_scheduler(self) -> None:
        """Start it, at the same port as before, and wait until it listens."""
        where = ("--host", "127.0.0.1", "--port", str(self.port), "--no-dashboard")
        self.scheduler = self._start("distributed.cli.dask_scheduler", *where)
        deadline = time.monotonic() + SECONDS
        while True:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            assert time.monotonic() < deadline, "the scheduler has not begun"
            time.sleep(0.1)

    def start_worker(
        self,
        name: str,
        *more: str,
        variables: dict[str, str] | None = None,
        before: tuple[str, ...] = (),
    ) -> None:
        """Start a worker with one thread, unless options say otherwise.

        Args:
            name: of the worker.
            more: options of Dask's command.
            variables: of its environment.
            before: a command that starts the rest of the line.
        """
        threads = () if "--nthreads" in self._options else ("--nthreads", "1")
        nanny = "--nanny" if self.nanny else "--no-nanny"
        place = ("--host", "127.0.0.1", "--local-directory", str(self.folder / "workers"))
        options = (*place, *threads, nanny, "--no-dashboard", *self._options, *more)
        what = ("distributed.cli.dask_worker", self.address, "--name", name, *options)
        self.workers.append(self._start(*what, variables=variables, before=before))

    def end_worker(self) -> None:
        """Have the worker that was started first end as it should, and wait until it has."""
        worker = self.workers.pop(0)
        worker.terminate()
        worker.wait(SECONDS)

    def wait_for_workers(self, count: int) -> None:
        """Wait until so many are there.

        Raises:
            TimeoutError: they are not.
        """
        from distributed import Client

        with Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(count, timeout=SECONDS)

    def tasks(self) -> list[str]:
        """Return what the scheduler knows of, and what workers have."""
        from distributed import Client

        with Client(self.address, set_as_default=False) as client:
            there = client.run(lambda dask_worker: [*map(str, dask_worker.state.tasks)])
            known = client.run_on_scheduler(lambda dask_scheduler: [*dask_scheduler.tasks])
        return [*known, *(task for each in there.values() for task in each)]

    def worker_processes(self) -> list[int]:
        """Return the processes that carry out tasks, and not those that start them again."""
        if not self.nanny:
            return [worker.pid for worker in self.workers if alive(worker.pid)]
        return [
            child
            for worker in self.workers
            for child in children(worker.pid)
            if b"spawn_main" in command_line(child)
        ]

    def makers(self) -> list[int]:
        """Return the processes that workers have started for units."""
        return [maker for worker in self.worker_processes() for maker in children(worker)]

    def _start(
        self,
        module: str,
        *options: str,
        variables: dict[str, str] | None = None,
        before: tuple[str, ...] = (),
    ) -> subprocess.Popen[bytes]:
        name, _, value = self.mark.partition("=")
        with (self.folder / "dask.log").open("ab") as log:
            return subprocess.Popen(
                [*before, sys.executable, "-m", module, *options],
                cwd=self.folder,
                env={**os.environ, name: value, **(variables or {})},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
