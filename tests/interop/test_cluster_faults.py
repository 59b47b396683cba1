"""Killed workers and schedulers, interrupted runs: in the end it is as if nothing had been."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from dask_processes import DaskProcesses
from processes import children

from trackbench.results.chunks import FailureKind
from trackbench.results.directory import Results

PLUGIN = Path(__file__).parents[1] / "plugins" / "sleepers.py"
SEED = int(os.environ.get("TRACKBENCH_CHAOS_SEED", "1"))
KILLS = 20
BETWEEN_KILLS = 3
"""Units that are finished between two kills."""
GONE = "the scheduler of {} has gone: what is finished is stored, and the same command goes on"


def command(out: Path, *options: str, tracker: str = "sleeper", data: str = "many") -> list[str]:
    run = ("-m", "trackbench", "run", "--quiet", "--plugin", str(PLUGIN), "--out", str(out))
    return [sys.executable, *run, "-t", tracker, "-d", data, *options]


def parts(out: Path) -> dict[str, bytes]:
    return {part.relative_to(out).as_posix(): part.read_bytes() for part in out.rglob("*.parquet")}


@contextmanager
def started(out: Path, cluster: str) -> Iterator[subprocess.Popen[str]]:
    """Start a run, and wait until something is stored of it."""
    words = command(out, "--cluster", cluster)
    with subprocess.Popen(words, stdout=-1, stderr=-1, text=True) as run:
        try:
            wait_for(lambda: run.poll() is not None or parts(out))
            yield run
        finally:
            run.kill()


def wait_for(condition: object, seconds: float = 120) -> None:
    assert callable(condition)
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_after_many_kills_of_workers_and_schedulers_the_bytes_are_the_same(tmp_path: Path) -> None:
    subprocess.run(command(tmp_path / "alone", "--jobs", "2"), check=True, capture_output=True)
    rng = random.Random(SEED)  # noqa: S311 - to be repeated
    out = tmp_path / "r"
    with DaskProcesses(tmp_path) as cluster:
        kills = schedulers = stored = 0
        while True:
            words = command(out, "--cluster", cluster.address)
            with subprocess.Popen(words, stdout=-1, stderr=-1, text=True) as run:
                while run.poll() is None:
                    time.sleep(rng.uniform(0.3, 1.5))
                    replace_ended(cluster)
                    at_work = [w for w in cluster.worker_processes() if children(w)]
                    # Not again and again over one unit, which would be held to be what kills.
                    if at_work and kills < KILLS and len(parts(out)) >= stored + BETWEEN_KILLS:
                        os.kill(rng.choice(at_work), signal.SIGKILL)
                        kills, stored = kills + 1, len(parts(out))
                    if parts(out) and schedulers < 2 and kills >= 7 * (schedulers + 1):
                        cluster.scheduler.kill()
                        cluster.scheduler.wait()
                        schedulers += 1
                        break
                said = run.communicate()[1]
            if cluster.scheduler.poll() is None:
                assert run.returncode == 0, said
                if kills == KILLS:
                    break
                out, stored = out.with_name(f"{out.name}r"), 0  # it was through too soon
                continue
            if run.returncode == 0:  # all was stored when its scheduler was killed: once more
                assert parts(out) == parts(tmp_path / "alone"), said
                cluster.start_scheduler()
                out, stored, schedulers = out.with_name(f"{out.name}r"), 0, schedulers - 1
                continue
            assert run.returncode == 2, said
            assert said.splitlines()[-1] == f"trackbench: {GONE.format(cluster.address)}"
            cluster.start_scheduler()
    assert schedulers == 2
    assert parts(out) == parts(tmp_path / "alone")
    assert [run.record.failures for run in Results.load(out).runs] == [()]
    assert cluster.left == []


def replace_ended(cluster: DaskProcesses) -> None:
    """Start workers in place of those whose nanny has given up, as a batch queue does."""
    for worker in [each for each in cluster.workers if each.poll() is not None]:
        cluster.workers.remove(worker)
        cluster.start_worker(f"again-{worker.pid}")


def test_a_unit_that_kills_three_workers_is_the_trackers_failure(tmp_path: Path) -> None:
    with DaskProcesses(tmp_path, workers=2) as cluster:
        cluster.wait_for_workers(2)
        options = ("--cluster", cluster.address, "--sequences", "2")
        words = command(tmp_path / "r", *options, tracker="killer", data="few")
        done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 3, done.stderr
    (run,) = Results.load(tmp_path / "r").runs
    assert {failure.kind for failure in run.record.failures} == {FailureKind.KILLED}
    assert [failure.sequence for failure in run.record.failures] == [0, 1]
    assert all("workers of the cluster died" in f.message for f in run.record.failures)
    assert "(w0 (tcp://" in run.record.failures[0].message.replace("w1", "w0")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_run_that_is_stopped_leaves_no_task_and_goes_on(
    tmp_path: Path, how: signal.Signals
) -> None:
    out = tmp_path / "r"
    with DaskProcesses(tmp_path) as cluster:
        cluster.wait_for_workers(2)
        with started(out, cluster.address) as run:
            run.send_signal(how)
            assert run.wait(60) == (130 if how is signal.SIGINT else -how)
        wait_for(lambda: cluster.tasks() == [] and cluster.makers() == [], 90)
        stored = parts(out)
        assert 0 < len(stored) < 90
        done = subprocess.run(
            command(out, "--cluster", cluster.address), capture_output=True, text=True, check=False
        )
    assert done.returncode == 0, done.stderr
    assert {name: content for name, content in parts(out).items() if name in stored} == stored
    assert len(parts(out)) == 90


def test_workers_that_are_taken_away_have_their_units_run_elsewhere(tmp_path: Path) -> None:
    with DaskProcesses(tmp_path) as cluster:
        cluster.wait_for_workers(2)
        with started(tmp_path / "r", cluster.address) as run:
            for name in ("w2", "w3"):  # as a queue that ends a job and starts another
                cluster.start_worker(name)
                cluster.end_worker()
            said = run.communicate(timeout=300)[1]
    assert run.returncode == 0, said
    assert [run.record.failures for run in Results.load(tmp_path / "r").runs] == [()]
