"""Which sequences of a unit are still to be tracked, and what a host's end changes about that.

A host tracks a run of sequences, a *segment*: from the first that is left until it ends. A tracker
may carry something from one sequence into the next (a generator that belongs to its module), so a
host that was ended from outside is repeated from its segment's beginning: so the answers are those
that it would have given.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum

from trackbench.host.shared_memory import BUILDING, CLOSING, IDLE, Place
from trackbench.results.chunks import Failure
from trackbench.running.ending import Ending


class Next(Enum):
    """What comes after a host has ended."""

    REPEAT = "another host tracks the same segment again"
    ALONE = "the sequences of a batch are tracked one by one"
    ADVANCE = "the sequence in hand is spoiled; another host tracks the rest"
    STOP = "no sequence of the unit can be tracked any more"
    FINISHED = "every sequence had been tracked"


@dataclass(frozen=True)
class Segment:
    """What a host has in hand.

    Attributes:
        sequences: of the unit.
        first: slot of the first sequence that this host tracks.
        batch: all sequences are tracked in lockstep.
        repeats: slots (or stages) at which a host was lost from outside, once each.
        failures: slot -> what spoiled it.
    """

    sequences: int
    first: int = 0
    batch: bool = False
    repeats: frozenset[int] = frozenset()
    failures: dict[int, Failure] = field(default_factory=dict)

    @property
    def left(self) -> bool:
        """There are sequences to be tracked."""
        return self.first < self.sequences


def judge(segment: Segment, place: Place, ending: Ending) -> Next:
    """Say what comes after a host has ended in the middle of its work.

    Args:
        segment: what it had in hand.
        place: where it was.
        ending: how it ended.
    """
    if ending.from_outside and _in_hand(segment, place) not in segment.repeats:
        return Next.REPEAT
    if place.slot == CLOSING:
        return Next.FINISHED
    if place.slot == BUILDING:
        return Next.STOP
    return Next.ALONE if segment.batch else Next.ADVANCE


def repeated(segment: Segment, place: Place) -> Segment:
    """Return the segment, to be tracked a second time."""
    return replace(segment, repeats=segment.repeats | {_in_hand(segment, place)})


def alone(segment: Segment) -> Segment:
    """Return the segment with its sequences to be tracked one by one."""
    return replace(segment, batch=False)


def advanced(segment: Segment, failure: Failure, slot: int) -> Segment:
    """Return what is left after a sequence was spoiled."""
    return replace(segment, first=slot + 1, failures={**segment.failures, slot: failure})


def resumed(segment: Segment, slot: int) -> Segment:
    """Return what is left after a sequence was tracked by a host that could not go on."""
    return replace(segment, first=slot + 1)


def stopped(segment: Segment, failures: dict[int, Failure]) -> Segment:
    """Return the unit as finished: what was left is spoiled."""
    return replace(segment, first=segment.sequences, failures={**segment.failures, **failures})


def slot_in_hand(segment: Segment, place: Place) -> int:
    """Return the sequence that a host was at, or would have been at next."""
    if place.slot >= 0:
        return place.slot
    if place.slot == IDLE and place.done >= 0:
        return min(place.done + 1, segment.sequences - 1)
    return segment.first


def _in_hand(segment: Segment, place: Place) -> int:
    return slot_in_hand(segment, place) if place.slot == IDLE else place.slot
