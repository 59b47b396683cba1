"""A plan and what it is carried out with: settings, the store, and functions to call meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from trackbench.contracts import TrackerSpec
from trackbench.results.json_codec import MOST
from trackbench.results.record_checks import LEAST_SECONDS
from trackbench.results.shard_file import check_takes
from trackbench.results.shards import Shard
from trackbench.results.writer import Store
from trackbench.running.cluster.address import Cluster
from trackbench.running.limits import Limits
from trackbench.running.orders import Orders
from trackbench.running.plan import Plan
from trackbench.running.progress import Progress
from trackbench.running.versions import Versions


@dataclass(frozen=True)
class Settings:
    """How a plan is carried out; none of it changes a number.

    Attributes:
        jobs: makers, at most; there are never more than units of work.
        limits: what one tracker may take.
        timeout_asked: the time among them was asked for, so it holds for all; else a tracker may
            have its own.
        retry_failed: run again what failed for reasons of time, memory, or from outside.
        fresh: forget what is stored of the plan's runs.
        dry: only say what would be done; nothing is written.
        shard: run these units alone; None: all.
        cluster: whose workers make the units; None: this machine does.
    """

    jobs: int
    limits: Limits
    retry_failed: bool = False
    fresh: bool = False
    dry: bool = False
    timeout_asked: bool = True
    shard: Shard | None = None
    cluster: Cluster | None = None

    def limits_of(self, tracker: TrackerSpec) -> Limits:
        """Return what a tracker may take."""
        if self.timeout_asked or tracker.timeout is None:
            return self.limits
        return replace(self.limits, timeout=min(max(tracker.timeout, LEAST_SECONDS), MOST))


@dataclass(frozen=True)
class Listeners:
    """Functions that are called while a run goes on.

    Attributes:
        progress: before the first frame, and then several times a second: how far it is.
        output: with what trackers print, when they do: (tracker's id, bytes); None: never.
        tell: with one line that a user should know.
        warn: with one line without which a user might take a number for another.
        read: with what a tracker was seen to read that its hash did not stand for: (its id, notes
            of :mod:`trackbench.host.reads`).
    """

    progress: Callable[[Progress], None]
    output: Callable[[str, bytes], None] | None
    tell: Callable[[str], None]
    warn: Callable[[str], None]
    read: Callable[[str, Iterable[str]], None] = lambda *_: None


class Announcer:
    """Passes each line on to the listeners once."""

    def __init__(self, listeners: Listeners) -> None:
        self._listeners = listeners
        self._said: set[str] = set()

    def tell(self, line: str | None) -> None:
        """Pass on what a user should know; None: nothing."""
        self._once(self._listeners.tell, line)

    def warn(self, line: str) -> None:
        """Pass on what a user must know."""
        self._once(self._listeners.warn, line)

    def read(self, tracker: str, notes: Iterable[str]) -> None:
        """Pass on what a tracker was seen to read."""
        self._listeners.read(tracker, notes)

    def _once(self, say: Callable[[str], None], line: str | None) -> None:
        if line is not None and line not in self._said:
            self._said.add(line)
            say(line)


@dataclass(frozen=True)
class Execution:
    """A plan, and what it is carried out with.

    Attributes:
        plan: what is run.
        settings: how.
        store: where it is kept.
        versions: of its trackers and data sets.
        orders: what is made and tracked, for other processes to do.
        announcer: of what a user should know.
    """

    plan: Plan
    settings: Settings
    store: Store
    versions: Versions
    orders: Orders
    announcer: Announcer

    @classmethod
    def of(cls, plan: Plan, settings: Settings, listeners: Listeners) -> Execution:
        """Begin with a plan.

        Raises:
            TrackbenchError: its results cannot be written where it says, or a file that a tracker
                or data set says it reads does not exist.
            IncompatibleResultsError: a shard is stored there, and this is not that.
        """
        store = Store(plan.out)
        store.check_writable()
        check_takes(plan.out, settings.shard)
        versions = Versions(plan)
        orders = Orders(settings.limits_of, versions, may_differ=settings.fresh)
        # A maker without a unit would be started, and import what the tracker needs, for nothing.
        settings = replace(settings, jobs=max(1, min(settings.jobs, _units(plan, settings))))
        return cls(plan, settings, store, versions, orders, Announcer(listeners))


def _units(plan: Plan, settings: Settings) -> int:
    """Return how many units there are if nothing of them is stored."""
    shard = settings.shard
    return plan.units if shard is None else len(shard.share(0, plan.units))
