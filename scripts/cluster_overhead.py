"""Time whole runs by a cluster of two workers beside runs by two jobs, in turn, on this machine.

    python scripts/cluster_overhead.py FOLDER [--rounds 2] [--sequences 500] [--tracker kcf ...]

Each round runs the suite ``paper`` once by ``--jobs 2``, once by ``--cluster local:2`` and once on
a scheduler and two workers that live on. Nothing else may run meanwhile: the time is by the clock.
Printed are the times of each round, their medians and ratios, and the processor time of
``--jobs 2`` and ``local:2``, whose processes are all children of this one. The parts of all three
must be the same bytes.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

JOBS, LOCAL, APART = "--jobs 2", "--cluster local:2", "--cluster, started before"


def main() -> None:
    """Run the rounds and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("--rounds", type=int, default=2)
    options.add_argument("--sequences", type=int, default=500)
    options.add_argument("--tracker", nargs="+", default=["kcf", "rectracker-att1"])
    given = options.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    clock: dict[str, list[float]] = {}
    used: dict[str, list[float]] = {}
    with living_cluster(given.folder) as address:
        where = {JOBS: ["--jobs", "2"], LOCAL: ["--cluster", "local:2"]}
        where[APART] = ["--cluster", address]
        for number in range(given.rounds):
            stored = {}
            for name, words in where.items():
                out = given.folder / "results"
                shutil.rmtree(out, ignore_errors=True)
                trackers = [word for tracker in given.tracker for word in ("-t", tracker)]
                sequences = ["--sequences", str(given.sequences)]
                run = [*trackers, "--suite", "paper", *sequences, *words, "--out", str(out)]
                begun, before = time.monotonic(), processor_time()
                subprocess.run(
                    [sys.executable, "-m", "trackbench", "run", "--quiet", *run],
                    check=True,
                    stdout=subprocess.DEVNULL,
                )
                clock.setdefault(name, []).append(time.monotonic() - begun)
                used.setdefault(name, []).append(processor_time() - before)
                stored[name] = {
                    part.relative_to(out): part.read_bytes() for part in out.rglob("*.parquet")
                }
                print(f"round {number + 1}, {name}: {clock[name][-1]:.1f} s", flush=True)
            if not stored[JOBS] == stored[LOCAL] == stored[APART]:
                sys.exit("the parts differ")
    base = statistics.median(clock[JOBS])
    for name, times in clock.items():
        median = statistics.median(times)
        processor = statistics.median(used[name])
        by = "" if name == APART else f", {processor:.1f} s of processors"
        print(f"{name}: median {median:.1f} s by the clock, {median / base:.3f} of --jobs 2{by}")
    print(f"the same {len(stored[JOBS])} parts, byte for byte, in each round")


@contextmanager
def living_cluster(folder: Path) -> Iterator[str]:
    """Have a scheduler and two workers of one thread each, as processes of their own."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    here = ("--host", "127.0.0.1", "--no-dashboard")
    worker = ("distributed.cli.dask_worker", address, *here, "--nthreads", "1", "--no-nanny")
    commands = [
        ("distributed.cli.dask_scheduler", *here, "--port", str(port)),
        *[(*worker, "--local-directory", str(folder / f"worker{n}")) for n in (0, 1)],
    ]
    started = [
        subprocess.Popen(
            [sys.executable, "-m", *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for words in commands
    ]
    try:
        time.sleep(5)
        yield address
    finally:
        for process in reversed(started):  # workers first: one without a scheduler may wait for it
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(15)
            process.kill()
            process.wait()


def processor_time() -> float:
    """Return the seconds of processors that children which have ended have used."""
    found = resource.getrusage(resource.RUSAGE_CHILDREN)
    return found.ru_utime + found.ru_stime


if __name__ == "__main__":
    main()
