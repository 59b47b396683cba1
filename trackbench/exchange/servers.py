"""What evaluation servers, and a toolkit that has none, want to be sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from trackbench.datasets.readers.layouts import reader_named
from trackbench.errors import UnknownIdError


@dataclass(frozen=True)
class Server:
    """Who wants what.

    Attributes:
        id: on the command line.
        sequences: of its test set.
        name_fits: whether a name is one of its sequences'.
        called: what such a name is like.
        boxes: (tracker, sequence) -> the file of its boxes in the archive.
        times: (tracker, sequence) -> the file of its times; None: it wants none.
        how: where it goes.
    """

    id: str
    sequences: int
    name_fits: Callable[[str], bool]
    called: str
    boxes: Callable[[str, str], str]
    times: Callable[[str, str], str] | None
    how: str


def server_named(given: str) -> Server:
    """Return the server of an id.

    Raises:
        UnknownIdError: there is none.
    """
    found = {server.id: server for server in SERVERS}
    if given not in found:
        raise UnknownIdError("server", given, found)
    return found[given]


def _is_lasot(name: str) -> bool:
    return name in reader_named("lasot").expected("test")


_GOT10K = frozenset(f"GOT-10k_Test_{number:06d}" for number in range(1, 181))


SERVERS: Sequence[Server] = (
    Server(
        id="got10k",
        sequences=180,
        name_fits=lambda name: name in _GOT10K,
        called="GOT-10k_Test_000001",
        boxes=lambda _, name: f"{name}/{name}_001.txt",
        times=lambda _, name: f"{name}/{name}_time.txt",
        how="upload it at got-10k.aitestunion.com",
    ),
    Server(
        id="trackingnet",
        sequences=511,
        name_fits=lambda name: re.fullmatch(r"[A-Za-z0-9_-]{11}_[0-9]+", name) is not None,
        called="0-6LB4FqxoE_0",
        boxes=lambda _, name: f"{name}.txt",
        times=None,
        how="upload it at eval.tracking-net.org",
    ),
    Server(
        id="lasot",
        sequences=280,
        name_fits=_is_lasot,
        called="airplane-1",
        boxes=lambda tracker, name: f"{tracker}_tracking_result/{name}.txt",
        times=None,
        how="unpack it in tracking_results/ of LaSOT's evaluation toolkit",
    ),
)
"""GOT-10k's archive is the one that its toolkit makes (got10k 0.1.3), TrackingNet's that of
pytracking's ``pack_trackingnet_results``; LaSOT has no server, and its own toolkit reads the folder
``TRACKER_tracking_result`` (``utils/eval_tracker.m``)."""
