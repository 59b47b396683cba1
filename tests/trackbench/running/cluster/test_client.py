"""Runs from Python on a client's cluster, whose workers are in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import trackbench
from trackbench.errors import TrackbenchError
from trackbench.plugins.loading import load_plugin
from trackbench.running.progress import Progress
from trackbench.running.progress_words import plain_lines, plan_lines

distributed = pytest.importorskip("distributed", reason="needs the extra cluster")

PLUGINS = Path(__file__).parents[3] / "plugins"


@contextmanager
def cluster(**options: Any) -> Iterator[Any]:
    """A client of workers in this process, with a thread each unless options say otherwise."""
    options = {
        "n_workers": 2,
        "threads_per_worker": 1,
        "dashboard_address": "127.0.0.1:0",
        **options,
    }
    with (
        distributed.LocalCluster(processes=False, **options) as started,
        distributed.Client(started, set_as_default=False) as client,
    ):
        yield client


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Path]:
    """Run trackers on the data set tiny."""

    def call(name: str, **options: Any) -> Path:
        load_plugin(PLUGINS / "tiny.py")
        options = {"trackers": ["static", "ncc"], "datasets": "tiny", "tell": str, **options}
        trackbench.run(out=tmp_path / name, **options)
        return tmp_path / name

    return call


def parts(out: Path) -> dict[str, bytes]:
    return {part.relative_to(out).as_posix(): part.read_bytes() for part in out.rglob("*.parquet")}


@pytest.mark.thorough
def test_a_client_is_used_and_left_as_it_was(run: Callable[..., Path]) -> None:
    told: list[Progress] = []
    lines: list[str] = []
    with cluster() as client:
        out = run("r", cluster=client, progress=told.append, tell=lines.append, dashboard=True)
        assert client.status == "running"
        assert client.run_on_scheduler(lambda dask_scheduler: [*dask_scheduler.tasks]) == []
        assert parts(run("again", cluster=client, trackers="static")) == {
            name: content for name, content in parts(out).items() if "ncc" not in name
        }
    assert parts(out) == parts(run("alone", jobs=1))
    assert len(parts(out)) == 9
    assert [line.partition(" http://")[0] for line in lines] == ["the scheduler's page:"]
    plan, last = told[0], told[-1]
    assert plan_lines(plan)[-1] == "144 frames to be tracked by 2 processes"
    assert sum(worker.frames for worker in last.workers) == 144
    said = plain_lines(last, 1.0)
    assert [line.partition(" (inproc")[0] for line in said[:-1]] == ["worker 0", "worker 1"]
    assert said[-1].startswith("all: 144 of 144 frames, ")


@pytest.mark.thorough
def test_a_unit_takes_what_its_worker_has_of_a_resource(run: Callable[..., Path]) -> None:
    told: list[Progress] = []
    with cluster(threads_per_worker=4, resources={"GPU": 2, "DISK": 1}) as client:
        run("r", cluster=client, resources="GPU=1", progress=told.append)
        run("s", cluster=client, resources={"GPU": 1, "DISK": 1}, progress=told.append)
        for wanted in ("GPU=3", "TPU=1"):
            name, _, amount = wanted.partition("=")
            with pytest.raises(
                TrackbenchError,
                match=rf"no worker of the client's cluster has {wanted}: .* --resources {name}=",
            ):
                run("none", cluster=client, resources=wanted)
            assert amount
    plans = [state for state in told if state.plan]
    assert [plan.jobs for plan in plans] == [4, 2]
    assert not (run("alone", jobs=1).parent / "none").exists()


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"cluster": 3}, "cluster must be a text, a path, a Client or None, not 3"),
        ({"cluster": "local:0"}, "cluster local:0: write how many workers, from 1 to 1000"),
        ({"cluster": "local:1", "jobs": 2}, "give jobs or cluster, not both"),
        ({"cluster": "local:1", "resources": "GPU"}, "resources 'GPU': write NAME=AMOUNT"),
        ({"cluster": "local:1", "resources": {"GPU": 0}}, "write NAME=AMOUNT"),
        ({"resources": "GPU=1"}, "resources needs cluster"),
        ({"allow_mixed": True}, "allow_mixed needs cluster"),
        ({"dashboard": True}, "dashboard needs cluster"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_started(
    run: Callable[..., Path], tmp_path: Path, options: dict[str, Any], why: str
) -> None:
    with pytest.raises(TrackbenchError, match=why.replace("(", r"\(")):
        run("r", **options)
    assert list(tmp_path.iterdir()) == []
