"""A cluster of this machine's processes, as it is started for one run."""

from __future__ import annotations

import os
import socket
import urllib.error
import urllib.request
import warnings
from contextlib import suppress
from pathlib import Path
from unittest import mock

import pytest

import trackbench
from trackbench.running.cluster.address import cluster_named
from trackbench.running.cluster.connection import connected
from trackbench.running.cluster.place import not_for_makers

dask = pytest.importorskip("dask", reason="needs the extra cluster")
distributed = pytest.importorskip("distributed", reason="needs the extra cluster")

TRIM = "MALLOC_TRIM_THRESHOLD_"
# As C's library sees it: of a variable that Python reads, workers get the parent's value.
PLUGIN = """
import ctypes

class Allocating:
    def init(self, frame, box):
        getenv = ctypes.CDLL(None).getenv
        getenv.restype = ctypes.c_char_p
        raise RuntimeError(f"it has {getenv(b'MALLOC_TRIM_THRESHOLD_')}")

    def update(self, frame):
        raise NotImplementedError
"""
EVERYBODYS_PORT = 8787
"""Where Dask serves pages unless it is told otherwise."""


def served(address: str) -> int:
    """Return the status of a page; 0: nobody answers."""
    try:
        with urllib.request.urlopen(address, timeout=20) as page:  # noqa: S310 - it is http
            return int(page.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


@pytest.mark.thorough
@pytest.mark.parametrize("dashboard", [False, True])
def test_pages_are_served_only_where_they_are_asked_for(dashboard: bool) -> None:
    with socket.socket() as taken:
        with suppress(OSError):  # somebody else's has it already
            taken.bind(("127.0.0.1", EVERYBODYS_PORT))
            taken.listen()
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            with connected(cluster_named("local:1", dashboard=dashboard)) as client:
                client.wait_for_workers(1, timeout=60)
                ports = client.run_on_scheduler(
                    lambda dask_scheduler: [
                        socket_.getsockname()
                        for socket_ in dask_scheduler.http_server._sockets.values()
                    ]
                )
                pages = [
                    served(f"http://{host}:{port}/info/main/workers.html") for host, port in ports
                ]
    assert [host for host, _ in ports] == ["127.0.0.1"]
    assert EVERYBODYS_PORT not in [port for _, port in ports]
    assert pages == ([200] if dashboard else [404])
    assert [str(each.message) for each in said if "ort" in str(each.message)] == []


@pytest.mark.thorough
def test_its_workers_do_not_look_at_their_own_stacks() -> None:
    with connected(cluster_named("local:2")) as client:
        client.wait_for_workers(2, timeout=60)
        callbacks = client.run(lambda dask_worker: [*dask_worker.periodic_callbacks])
    assert len(callbacks) == 2
    assert all("profile" not in each for each in callbacks.values())


@pytest.mark.thorough
def test_neither_this_process_nor_its_workers_get_variables_from_dask(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The last is there, too, if a nanny was started in this process before.
    for name in (TRIM, "OMP_NUM_THREADS", "PYTHONHASHSEED", "__DASK_PARENT_PID"):
        monkeypatch.delenv(name, raising=False)
    before = dict(os.environ)
    with connected(cluster_named("local:1")) as client:
        client.wait_for_workers(1, timeout=60)
        (there,) = client.run(lambda: dict(os.environ)).values()
    assert dict(os.environ) == before
    assert {name for name in there if name.endswith(("_NUM_THREADS", "_THRESHOLD_"))} <= {*before}


@pytest.mark.parametrize("configured", [None, [], {}, {TRIM: None}, {TRIM: 7}, {"OTHER": 65536}])
def test_an_allocator_that_no_nanny_has_set_is_the_users(
    configured: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a worker without a nanny has in Dask's configuration."""
    monkeypatch.setenv(TRIM, "65536")
    with dask.config.set({"distributed.nanny.pre-spawn-environ": configured}):
        assert not_for_makers() == {}


@pytest.mark.thorough
@pytest.mark.parametrize("own", [None, "1000000"])
def test_trackers_do_without_the_allocator_that_a_nanny_sets(
    own: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a cluster as Dask starts it; what the user has set stays."""
    monkeypatch.delenv(TRIM, raising=False)
    if own is not None:
        monkeypatch.setenv(TRIM, own)
    plugin = tmp_path / "allocating.py"
    plugin.write_text(PLUGIN)
    with (
        mock.patch.dict(os.environ),  # nannies set variables in the process that they start in
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=1, dashboard_address="127.0.0.1:0"
        ) as cluster,
        distributed.Client(cluster, set_as_default=False) as client,
    ):
        (of_worker,) = client.run(os.environ.get, TRIM).values()
        if own is None:  # the nanny has set it here, too: where workers are of another machine
            monkeypatch.delenv(TRIM)
        out = tmp_path / "results"
        trackbench.run(
            trackers=f"{plugin}:Allocating",
            datasets="mnist-single-same",
            sequences=1,
            cluster=client,
            out=out,
        )
    assert (of_worker == own) == (own is not None)
    records = "".join(record.read_text() for record in out.rglob("record.json"))
    assert f"it has {own and own.encode()}" in records
