"""A tracker built in a host and ended again: is it refused, and what is its source there?"""

from __future__ import annotations

import re
import shlex
import sys

from trackbench.errors import RefusedBuildError
from trackbench.running import segment as segments
from trackbench.running.host_process import Answer, HostProcess, where
from trackbench.running.hosts import Hosts, Look
from trackbench.running.messages import Order, SpoiledBy, Tried
from trackbench.running.segment import Next, Segment
from trackbench.running.servers import Servers

_EXTRAS = {"torch": "torch", "safetensors": "torch"}
"""Module -> the extra that brings it."""
_MISSING = re.compile(rf"No module named '({'|'.join(_EXTRAS)})[.']")


def try_tracker(order: Order, servers: Servers, look: Look) -> Tried:
    """Build a tracker in a host, and let it end.

    One whose process ends from outside meanwhile is built a second time.

    Raises:
        RefusedBuildError: it says, or raises, that it cannot be built.
    """
    hosts = Hosts(order, servers, look)
    try:
        segment = Segment(1)
        while True:
            host, answer = hosts.build()
            if answer is Answer.REFUSED:
                return _refused(order, hosts, host)
            if answer is Answer.BUILT:
                return _built(hosts, host)
            place, ending = hosts.scratch.place(), hosts.gone(host)
            if segments.judge(segment, place, ending) is not Next.REPEAT:
                message = where(place.slot) + ending.message
                return Tried(SpoiledBy(ending.kind, message, "", host.output))
            segment = segments.repeated(segment, place)
    finally:
        hosts.free()


def _refused(order: Order, hosts: Hosts, host: HostProcess) -> Tried:
    """Return that a tracker was not built for want of memory; raise what else it says."""
    says = hosts.scratch.reported()
    if says.get("memory") and order.limits.memory is not None:
        return Tried(hosts.error_of(host))  # no refusal: with more memory it might be built
    host.abandon()
    message = str(says.get("message"))
    assert order.tracker_recipe is not None  # noqa: S101 - an order about a tracker has one
    advice = _advice(message, order.tracker_recipe.python)
    raise RefusedBuildError(f"{message}{advice}", str(says.get("traceback", "")))


def _advice(message: str, python: str) -> str:
    """Return what to install, where a module of an extra of ours is missing; empty: another is.

    An interpreter of the tracker's own needs the module alone.
    """
    missing = _MISSING.search(message)
    if missing is None:
        return ""
    if python != sys.executable:
        return f": {shlex.quote(python)} -m pip install {missing[1]}"
    return f": pip install 'trackbench[{_EXTRAS[missing[1]]}]'"


def _built(hosts: Hosts, host: HostProcess) -> Tried:
    source = hosts.scratch.reported().get("source")
    host.close()
    source = source if isinstance(source, str) else None
    return Tried(None, source, tuple(sorted(hosts.scratch.notes())))
