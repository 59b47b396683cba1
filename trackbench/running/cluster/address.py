"""Which cluster a run is to use, as ``--cluster`` and ``trackbench.run(cluster=...)`` name it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

from trackbench.errors import TrackbenchError, parameter

MOST_WORKERS = 1000
"""Processes that one machine is asked for."""


class ClusterKind(Enum):
    """How a cluster is reached."""

    LOCAL = "processes that are started here for this run"
    SCHEDULER = "a scheduler that is running"
    CLIENT = "a client of the caller's"


@dataclass(frozen=True)
class Cluster:
    """A cluster that is to be used, and how.

    Attributes:
        kind: how it is reached.
        address: of the scheduler; empty unless it is one that is running.
        workers: to be started; 0 unless it is a local one.
        client: the caller's ``distributed.Client``.
        resources: what each unit takes of its worker, such as ``{"GPU": 1}``.
        allow_mixed: workers may have other versions of libraries than this process.
        dashboard: say where the scheduler shows what it does.
    """

    kind: ClusterKind
    address: str = ""
    workers: int = 0
    client: Any = None
    resources: Mapping[str, float] = field(default_factory=dict)
    allow_mixed: bool = False
    dashboard: bool = False

    @property
    def name(self) -> str:
        """What it is called in messages."""
        return self.address or (f"local:{self.workers}" if self.workers else "the client's cluster")


def cluster_named(
    given: Any,
    resources: str | Mapping[str, float] | None = None,
    *,
    allow_mixed: bool = False,
    dashboard: bool = False,
) -> Cluster:
    """Return the cluster that somebody has named; nothing is connected to, or started.

    Args:
        given: ``tcp://host:port``, ``host:port``, a scheduler file, ``local:N``, or a client.
        resources: ``"GPU=1"``, several as ``"GPU=1,DISK=2"``, or a dictionary.
        allow_mixed: as :attr:`Cluster.allow_mixed`.
        dashboard: as :attr:`Cluster.dashboard`.

    Raises:
        TrackbenchError: that names none, or what it is to be used with makes no sense.
    """
    cluster = _of(given)
    return Cluster(
        cluster.kind,
        cluster.address,
        cluster.workers,
        cluster.client,
        _resources(resources),
        allow_mixed,
        dashboard,
    )


def _of(given: Any) -> Cluster:
    if not isinstance(given, str | Path):
        if hasattr(given, "submit") and hasattr(given, "scheduler"):
            if given.asynchronous:
                raise TrackbenchError(
                    f"{parameter('cluster')} is a Client with asynchronous=True: give one without"
                )
            return Cluster(ClusterKind.CLIENT, client=given)
        raise TrackbenchError(
            f"{parameter('cluster')} is an address, a scheduler file, local:N or a Client, and no "
            f"{type(given).__name__}"
        )
    text = str(given)
    kind, colon, rest = text.partition(":")
    if kind == "local" and colon:
        return Cluster(ClusterKind.LOCAL, workers=_workers(text, rest))
    if "://" in text:
        return Cluster(ClusterKind.SCHEDULER, address=text)
    if Path(text).exists():
        return Cluster(ClusterKind.SCHEDULER, address=_address_in(Path(text)))
    if colon and rest.isdecimal():
        return Cluster(ClusterKind.SCHEDULER, address=f"tcp://{text}")
    raise TrackbenchError(
        f"{parameter('cluster')} {text!r} is no cluster, and there is no such scheduler file: "
        "write tcp://HOST:PORT, the path of a scheduler file, or local:2"
    )


def _workers(text: str, count: str) -> int:
    if not count.isdecimal() or not 1 <= int(count) <= MOST_WORKERS:
        raise TrackbenchError(
            f"{parameter('cluster')} {text}: write how many workers, from 1 to {MOST_WORKERS}, "
            "such as local:2"
        )
    return int(count)


def _address_in(file: Path) -> str:
    """Return the address in a file of ``dask scheduler --scheduler-file``."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))["address"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise TrackbenchError(
            f"{file} is no scheduler file: dask scheduler --scheduler-file writes one"
        ) from error
    if not isinstance(found, str) or not found:
        raise TrackbenchError(f"the scheduler file {file} has no address")
    return found


def _resources(given: str | Mapping[str, float] | None) -> Mapping[str, float]:
    if given is None:
        return {}
    pairs: list[tuple[str, Any]]
    if isinstance(given, str):
        pairs = [(name.strip(), amount) for name, _, amount in _split(given)]
    else:
        pairs = list(given.items())
    found = {}
    for name, amount in pairs:
        try:
            found[name] = float(amount)
        except (TypeError, ValueError):
            found[name] = 0.0
        if not name or not 0 < found[name] < float("inf"):
            raise TrackbenchError(
                f"{parameter('resources')} {given!r}: write NAME=AMOUNT, such as GPU=1"
            )
    return found


def _split(given: str) -> list[tuple[str, str, str]]:
    return [item.partition("=") for item in given.split(",")]
