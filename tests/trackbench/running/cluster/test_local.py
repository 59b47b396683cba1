"""A cluster of this machine's processes, as it is started for one run."""

from __future__ import annotations

import socket
import urllib.error
import urllib.request
import warnings
from contextlib import suppress

import pytest

from trackbench.running.cluster.address import cluster_named
from trackbench.running.cluster.connection import connected

distributed = pytest.importorskip("distributed", reason="needs the extra cluster")

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
