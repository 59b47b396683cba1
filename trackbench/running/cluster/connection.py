"""A Dask client, connected to the cluster that was named, or to one started for the run."""

from __future__ import annotations

import asyncio
import logging
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from trackbench.errors import TrackbenchError, brief, parameter
from trackbench.plugins.importing import variables_kept
from trackbench.running.cluster.address import Cluster, ClusterKind

CONNECT_SECONDS = 6.0
"""In which a scheduler must answer; of what never answers a client could not be ended."""
_ANY_PORT = "127.0.0.1:0"
_WITH_PAGES = {
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "500ms",
    "distributed.nanny.pre-spawn-environ": {},
}
"""What workers of our own leave out: by default they look at their own stack every 10 ms, and
variables are set in this process that it would keep."""
_LEAN = {
    **_WITH_PAGES,
    "distributed.admin.system-monitor.interval": "10s",
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
}
"""The same where nobody looks at the scheduler's pages."""
_OF_NANNIES = ("PYTHONHASHSEED", "__DASK_PARENT_PID")
"""Variables that nannies set, whatever they are told, in the process that they start in."""
_LOGGERS = ("distributed", "tornado", "asyncio")
_DASK = ("dask", "distributed")


@contextmanager
def connected(cluster: Cluster) -> Iterator[Any]:
    """Have a ``distributed.Client`` of a cluster; what was started for it ends with it.

    Raises:
        TrackbenchError: Dask is not installed, nothing answers at the address, or what answers is
            another Dask's scheduler.
    """
    try:
        import distributed
    except ImportError as error:
        raise TrackbenchError(
            f"{parameter('cluster')} needs Dask, which is not installed: "
            "pip install 'trackbench[cluster]'"
        ) from error
    if cluster.kind is ClusterKind.CLIENT:
        _check_dask(cluster.client, cluster.name)
        yield cluster.client
        return
    with _quiet():
        if cluster.kind is ClusterKind.LOCAL:
            with _local(cluster, distributed) as client:
                yield client
        else:
            client = _client_of(cluster, distributed)
            try:
                yield client
            finally:
                _closed(client.close)


@contextmanager
def _local(cluster: Cluster, distributed: Any) -> Iterator[Any]:
    """Start workers on this machine, each a process with one thread, and end them."""
    import dask.config

    with (
        variables_kept(_OF_NANNIES),
        dask.config.set(_WITH_PAGES if cluster.dashboard else _LEAN),
        _closing(
            distributed.LocalCluster(
                n_workers=cluster.workers,
                threads_per_worker=1,
                processes=True,
                memory_limit=0,  # it holds next to nothing; trackers have limits of their own
                dashboard_address=_ANY_PORT,
                # Without an address it would be served at the port that everybody's is.
                scheduler_kwargs={"dashboard": cluster.dashboard},
                silence_logs=logging.CRITICAL,
                resources={**cluster.resources} or None,
            )
        ) as started,
        _closing(distributed.Client(started, set_as_default=False)) as client,
    ):
        yield client


@contextmanager
def _closing(what: Any) -> Iterator[Any]:
    try:
        yield what
    finally:
        _closed(what.close)


def _closed(close: Callable[[], object]) -> None:
    """Close what may be broken already; a run that has its results does not fail over it."""
    with suppress(Exception):
        close()


def _client_of(cluster: Cluster, distributed: Any) -> Any:
    try:
        there = asyncio.run(asyncio.wait_for(_packages_of(cluster.address), CONNECT_SECONDS))
    # An address may be anything, and what answers there, too.
    except Exception as error:
        raise _silent(cluster, error) from error
    # Before a client is made: of another version's scheduler it can neither be used nor closed.
    _check_same_dask(there, cluster.name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of libraries that nothing is computed with there
            return distributed.Client(
                cluster.address, timeout=CONNECT_SECONDS, set_as_default=False, name="trackbench"
            )
    except Exception as error:
        raise _silent(cluster, error) from error


def _silent(cluster: Cluster, error: Exception) -> TrackbenchError:
    return TrackbenchError(
        f"no Dask scheduler answers at {cluster.address} ({brief(error)}): start one with dask "
        "scheduler, or give its address"
    )


async def _packages_of(address: str) -> Mapping[str, str | None]:
    """Ask the scheduler at an address which versions it has, as every version of Dask does."""
    from distributed.comm.core import connect
    from distributed.core import send_recv

    comm = await connect(address, timeout=CONNECT_SECONDS)  # type: ignore[no-untyped-call]  # Dask's
    try:
        answer: Any = await send_recv(comm, op="identity")
        if "workers" not in answer:
            raise ValueError(f"it is a {answer['type']}")
        answer = await send_recv(comm, op="versions")
        return {name: answer["packages"].get(name) for name in _DASK}
    finally:
        comm.abort()


def _check_dask(client: Any, name: str) -> None:
    """Make sure that a client's scheduler is of the Dask of this process.

    Raises:
        TrackbenchError: it is of another, or does not say.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            there = client.get_versions(check=False)["scheduler"]["packages"]
    except Exception as error:
        raise TrackbenchError(f"the scheduler of {name} does not answer: {brief(error)}") from error
    _check_same_dask(there, name)


def _check_same_dask(there: Mapping[str, str | None], name: str) -> None:
    """Make sure that a scheduler is of the Dask of this process, which alone it speaks with.

    Args:
        there: the scheduler's packages with their versions.
        name: of the cluster.

    Raises:
        TrackbenchError: it is of another.
    """
    from distributed.versions import get_versions

    here = get_versions()["packages"]
    other = [f"{lib} {there.get(lib)}" for lib in _DASK if there.get(lib) != here.get(lib)]
    if other:
        ours = " and ".join(f"{lib} {here.get(lib)}" for lib in _DASK)
        raise TrackbenchError(
            f"the scheduler of {name} is another Dask's ({' and '.join(other)}), and this process "
            f"has {ours}: install the same version in both"
        )


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Dask's own log of lost and found connections from a command's output."""
    known = [logging.getLogger(name) for name in (*_LOGGERS, *logging.root.manager.loggerDict)]
    # Each by itself: Dask gives several below its own a level and an output of theirs.
    loud = {each: each.level for each in known if each.name.partition(".")[0] in _LOGGERS}
    for each in loud:
        each.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for each, level in loud.items():
            each.setLevel(level)
