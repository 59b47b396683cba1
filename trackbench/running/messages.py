"""What the parent and a maker say to each other: orders, answers, and news before an answer."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from enum import Enum

from trackbench.plugins.dataset_identity import MadeOf
from trackbench.plugins.reads import Known
from trackbench.results.chunks import FailureKind, Tracked
from trackbench.results.machine import Machine
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
    """What of a tracker a host is to hash, as it has imported it.

    Attributes:
        source: hash the factory's source.
        parameters: names of parameters whose contents are to be hashed.
        by: the function that hashes them, ``"module:name"``: hosts know nothing of hashing.
    """

    source: bool
    parameters: tuple[str, ...]
    by: str


@dataclass(frozen=True)
class Brought:
    """A data set that is not built in, as every maker of a run imports it.

    Attributes:
        id: of the data set.
        recipe: how to make it.
        known: what it may read without a note, for its hash stands for it.
    """

    id: str
    recipe: Recipe
    known: Known | None


@dataclass(frozen=True, eq=False)  # two orders are never equal, even for the same work
class Order:
    """One piece of work; objects of the user's are in it as bytes, in recipes.

    Attributes:
        task: what to do.
        dataset: id of the data set.
        dataset_recipe: how to make it; None where it is not needed.
        start, stop: sequences, half-open.
        names: of these sequences; empty: they are called by their numbers.
        length: frames of the longest.
        frames_each: of each; empty: all have ``length``.
        tracker: id of the tracker.
        run: number of its run.
        tracker_recipe: how to build it; None where it is not needed.
        preload: installed packages that it imports.
        batched: it follows several videos in lockstep.
        sees_future: it is handed whole videos.
        family: the toolkit whose interface it has; empty: ours.
        limits: what it may take.
        reseed: the generators that a process shares begin anew with each sequence.
        identify: what of the tracker the host is to hash; None: nothing.
        spoiled: why no host is to be started: none could build the tracker; None: start them.
        may_differ: do not refuse a data set whose videos differ each time that they are made.
        tracker_known, dataset_known: what they may read without a note; None: note nothing.
        brought: all data sets of the run that are not built in. A maker imports them all, in this
            order, before it makes the first sequence: what one module does to another must not
            depend on which data set comes first.
    """

    task: Task
    dataset: str = ""
    dataset_recipe: Recipe | None = None
    start: int = 0
    stop: int = 0
    names: tuple[str, ...] = ()
    length: int = 0
    frames_each: tuple[int, ...] = ()
    tracker: str = ""
    run: int = 0
    tracker_recipe: Recipe | None = None
    preload: tuple[str, ...] = ()
    batched: bool = False
    sees_future: bool = False
    family: str = ""
    limits: Limits = NO_LIMITS
    reseed: bool = False
    identify: Identify | None = None
    spoiled: SpoiledBy | None = None
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
        return sum(self.frames_each) if self.frames_each else self.sequences * self.length

    def frames_of(self, slot: int) -> int:
        """Return how many frames one of the sequences has."""
        return self.frames_each[slot] if self.frames_each else self.length

    def packed(self) -> bytes:
        """Return the order as bytes; all objects in it are of our own classes."""
        return pickle.dumps(self)

    @staticmethod
    def unpacked(content: bytes) -> Order:
        """Return the order of these bytes, which a parent has packed."""
        found: Order = pickle.loads(content)
        return found


@dataclass(frozen=True)
class SpoiledBy:
    """Why no sequence of a tracker can be tracked."""

    kind: FailureKind
    message: str
    traceback: str = ""
    output: str = ""


@dataclass(frozen=True)
class Made(Tracked):
    """Answer to :attr:`Task.TRACK` and (with predictions for no sequence) :attr:`Task.MAKE`.

    Attributes:
        differs: which sequence differs each time that it is made; None: none that was made again.
        reads: notes of what the tracker read that its hash does not stand for.
        dataset_reads: notes of what the data set read that its hash does not stand for.
        machine: what it was made with, where that was not this one.
    """

    differs: str | None = None
    reads: tuple[str, ...] = ()
    dataset_reads: tuple[str, ...] = ()
    machine: Machine | None = None


@dataclass(frozen=True)
class Tried:
    """Answer to :attr:`Task.TRY`: the tracker was built, or its process ended meanwhile.

    Attributes:
        spoiled: how its process ended; None: it was built.
        source_sha256: hash of the tracker's source in the host; None: the order did not want it.
        reads: notes of what it read that its hash does not stand for.
    """

    spoiled: SpoiledBy | None
    source_sha256: str | None = None
    reads: tuple[str, ...] = ()


@dataclass(frozen=True)
class Described:
    """Answer to :attr:`Task.DESCRIBE`.

    Attributes:
        fingerprint: SHA-256 over the sample; it is the published one, if there is one.
        frame: (height, width) of the first sequence, pixels.
        reads: notes of what it read that its hash does not stand for.
        made_of: what it is made of in the maker; None of a built-in data set.
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
