"""What the parent and a maker say to each other: orders, answers, and news before an answer."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from enum import Enum

from trackbench.plugins.dataset_identity import MadeOf
from trackbench.plugins.reads import Known
from trackbench.results.chunks import FailureKind, Tracked
from trackbench.running.limits import Limits
from trackbench.running.recipe import Recipe

NO_LIMITS = Limits(float("inf"))


class Task(Enum):
    """What a maker is to do."""

    TRACK = "make the videos of a unit, have a host track them, and score"
    TRY = "have a host build the tracker, and end it"
    MAKE = "make the videos of a unit, for their truth"
    DESCRIBE = "make the sample that a data set is known by"
    WARM = "start the server that a tracker's hosts are forked from"


@dataclass(frozen=True)
class Identify:
    """What a host is to hash as it has it, imported anew.

    Attributes:
        source: the factory's source counts.
        parameters: names of parameters whose contents count.
    """

    source: bool
    parameters: tuple[str, ...]


@dataclass(frozen=True)
class Brought:
    """A data set that is not built in, as every maker of a run imports it.

    Attributes:
        id: of the data set.
        recipe: how to make it.
        known: what of all it reads need not be noted.
    """

    id: str
    recipe: Recipe
    known: Known | None


@dataclass(frozen=True, eq=False)  # an order is itself alone, however alike another is
class Order:
    """One piece of work. The user's objects are in recipes, as bytes.

    Attributes:
        task: what to do.
        dataset: id of the data set.
        dataset_recipe: how to make it; None where it is not needed.
        start, stop: sequences, half-open.
        length: frames of each.
        tracker: id of the tracker.
        tracker_recipe: how to build it; None where it is not needed.
        preload: installed packages that it imports.
        batched: it follows several videos in lockstep.
        family: the toolkit whose interface it has; empty: ours.
        limits: what it may take.
        identify: tell the hash of this, as it is there; None: of nothing.
        spoiled: why no host need be started: it could not build the tracker.
        may_differ: videos that are others each time that they are made are said, not refused.
        tracker_known, dataset_known: what of all they read need not be noted; None: nothing is.
        brought: all data sets of the run that are not built in. A maker imports them all, in this
            order, before it makes the first sequence: what one module does to another must not
            depend on what the maker was asked for first.
    """

    task: Task
    dataset: str = ""
    dataset_recipe: Recipe | None = None
    start: int = 0
    stop: int = 0
    length: int = 0
    tracker: str = ""
    tracker_recipe: Recipe | None = None
    preload: tuple[str, ...] = ()
    batched: bool = False
    family: str = ""
    limits: Limits = NO_LIMITS
    identify: Identify | None = None
    spoiled: Spoiled | None = None
    may_differ: bool = False
    tracker_known: Known | None = None
    dataset_known: Known | None = None
    brought: tuple[Brought, ...] = ()

    @property
    def sequences(self) -> int:
        """How many sequences."""
        return self.stop - self.start

    @property
    def frames(self) -> int:
        """How many frames."""
        return self.sequences * self.length

    def packed(self) -> bytes:
        """Return the order as bytes; it has no objects but ours."""
        return pickle.dumps(self)

    @staticmethod
    def unpacked(content: bytes) -> Order:
        """Return the order that a parent has packed."""
        found: Order = pickle.loads(content)
        return found


@dataclass(frozen=True)
class Spoiled:
    """Why no sequence of a tracker can be tracked."""

    kind: FailureKind
    message: str
    traceback: str = ""
    output: str = ""


@dataclass(frozen=True)
class Made(Tracked):
    """Answer to :attr:`Task.TRACK` and (with predictions for no sequence) :attr:`Task.MAKE`.

    Attributes:
        differs: which sequence is another each time that it is made; None: none that was looked at.
        reads: notes of what the tracker was seen to read that its hash does not stand for.
        dataset_reads: and of the data set.
    """

    differs: str | None = None
    reads: tuple[str, ...] = ()
    dataset_reads: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tried:
    """Answer to :attr:`Task.TRY`: the tracker can be built, or its process ends over it.

    Attributes:
        spoiled: how it ends over it.
        source_sha256: hash of the tracker's source there; None if it was not asked for.
        reads: notes of what it was seen to read that its hash does not stand for.
    """

    spoiled: Spoiled | None
    source_sha256: str | None = None
    reads: tuple[str, ...] = ()


@dataclass(frozen=True)
class Described:
    """Answer to :attr:`Task.DESCRIBE`.

    Attributes:
        fingerprint: SHA-256 over the sample, held to the published one.
        frame: (height, width) of the first sequence, pixels.
        reads: notes of what it was seen to read that its hash does not stand for.
        made_of: what it is made of in the maker; None of a built-in one.
    """

    fingerprint: str
    frame: tuple[int, int]
    reads: tuple[str, ...] = ()
    made_of: MadeOf | None = None


@dataclass(frozen=True)
class Refusal:
    """A piece of work that cannot be done because of what the user asked for or brought.

    Attributes:
        message: one line for the user.
        detail: the traceback, for ``--debug``.
    """

    message: str
    detail: str


@dataclass(frozen=True)
class News:
    """Not an answer yet: frames tracked so far, and what was printed."""

    frames: int
    output: bytes


Answer = Made | Tried | Described | Refusal
"""What a maker answers to an order."""


def made(answer: Answer) -> Made:
    """Return the answer to an order to make videos, or to have them tracked."""
    assert isinstance(answer, Made)  # noqa: S101 - as was ordered
    return answer
