"""What a host's end means and when a tracker has hung: pure functions, no processes."""

import pytest

from trackbench.host.shared_memory import BUILDING, CLOSING, IDLE, WHOLE_BATCH, Place
from trackbench.results.chunks import Failure, FailureKind
from trackbench.running.deadline import (
    BETWEEN_SECONDS,
    LONGEST_STOP_SECONDS,
    PAUSE_SECONDS,
    Deadline,
)
from trackbench.running.ending import Ending, Reason
from trackbench.running.other_order import sequences_to_make
from trackbench.running.segment import (
    Next,
    Segment,
    advanced,
    alone,
    judge,
    repeated,
    slot_in_hand,
    stopped,
)

KILLED = Ending(Reason.NONE, -9)
CRASHED = Ending(Reason.NONE, -11)
TIMEOUT = Ending(Reason.TIMEOUT, -9, timeout=5.0)


def looked(times: list[float], *, call: int = 1, timeout: float = 1.0) -> Deadline:
    deadline = Deadline(timeout)
    for time in times:
        deadline.look(call, time, stopped=False)
    return deadline


def test_a_call_is_over_after_its_time() -> None:
    assert not looked([10.0, 10.5, 11.0]).over
    assert looked([10.0, 10.5, 11.0, 11.1]).over


def test_a_pause_of_the_harness_counts_as_one_look() -> None:
    deadline = looked([10.0, 10.1, 3600.0], timeout=5.0)
    assert deadline.waited == pytest.approx(0.1 + PAUSE_SECONDS)
    # However long the call in hand had lasted, the pause alone does not end it.
    assert not looked([10.0, 10.8, 3600.0]).over


def test_every_call_has_its_own_time() -> None:
    deadline = Deadline(1.0)
    for number in range(100):
        deadline.look(1 + number // 5, 0.2 * number + 1, stopped=False)
        assert not deadline.over


@pytest.mark.parametrize(("timeout", "allowed"), [(0.001, BETWEEN_SECONDS), (60.0, 60.0)])
def test_between_two_calls_it_has_time_that_is_no_calls(timeout: float, allowed: float) -> None:
    deadline = Deadline(timeout)
    deadline.look(1, 1.0, stopped=False)
    for second in range(int(allowed) + 1):
        deadline.look(0, 1.5 + second, stopped=False)
        assert not deadline.over
    deadline.look(0, 2.5 + allowed, stopped=False)
    assert deadline.over
    assert deadline.allowed == allowed


def test_a_stopped_host_has_no_deadline_but_is_given_up_at_last() -> None:
    deadline = Deadline(1.0)
    for second in range(1, int(LONGEST_STOP_SECONDS)):
        deadline.look(1, float(second), stopped=True)
        assert not deadline.over
        assert not deadline.abandoned
    for second in range(int(LONGEST_STOP_SECONDS), int(LONGEST_STOP_SECONDS) + 3):
        deadline.look(1, float(second), stopped=True)
    assert deadline.abandoned
    deadline.look(1, 1e4, stopped=False)
    assert not deadline.abandoned


@pytest.mark.parametrize("signal", [9, 15, 2, 1, 3])
def test_signals_of_people_and_schedulers_are_from_outside(signal: int) -> None:
    ending = Ending(Reason.NONE, -signal)
    assert ending.from_outside
    assert ending.kind is FailureKind.KILLED


@pytest.mark.parametrize("code", [0, 1, 7, 255, -11, -6, -8, -7, -4, -14, -64])
def test_crashes_and_exits_are_the_trackers(code: int) -> None:
    ending = Ending(Reason.NONE, code)
    assert not ending.from_outside
    assert ending.kind is FailureKind.DIED


def test_a_kill_of_ours_is_what_it_was_for() -> None:
    assert (TIMEOUT.kind, TIMEOUT.from_outside) == (FailureKind.TIMEOUT, False)
    eaten = Ending(Reason.MEMORY, -9, memory=3 << 30, limit=2 << 30)
    assert (eaten.kind, eaten.from_outside) == (FailureKind.MEMORY, False)
    assert eaten.message == "it held 3 GiB, and the limit is 2 GiB"


def test_an_abort_is_a_matter_of_memory_only_if_it_says_so() -> None:
    assert Ending(Reason.NONE, -6, said_memory=True).kind is FailureKind.MEMORY
    assert Ending(Reason.NONE, 70, said_memory=True).kind is FailureKind.MEMORY
    assert Ending(Reason.NONE, 70, limit=1 << 20, said_memory=True).message == (
        "its process ended with exit code 70 for want of memory, and the limit is 1 MiB"
    )
    assert Ending(Reason.NONE, 70).kind is FailureKind.DIED
    assert Ending(Reason.NONE, -6).kind is FailureKind.DIED
    # What it once printed of memory is no reason for a crash or an exit of another kind.
    assert Ending(Reason.NONE, -11, said_memory=True).kind is FailureKind.DIED
    assert Ending(Reason.NONE, 1, said_memory=True).kind is FailureKind.DIED


def test_what_the_kernel_killed_for_memory_is_a_matter_of_memory() -> None:
    ending = Ending(Reason.NONE, -9, memory=5 << 30, out_of_memory=True, machine="4 GiB here")
    assert ending.from_outside
    assert ending.kind is FailureKind.MEMORY
    assert "it held 5 GiB (4 GiB here); the kernel has ended processes" in ending.message


@pytest.mark.parametrize("slot", [BUILDING, 1, WHOLE_BATCH, IDLE, CLOSING])
def test_from_outside_it_is_repeated_once_for_each_place(slot: int) -> None:
    segment, place = Segment(3, batch=slot == WHOLE_BATCH), Place(slot, 4, 1, IDLE)
    assert judge(segment, place, KILLED) is Next.REPEAT
    assert judge(repeated(segment, place), place, KILLED) is not Next.REPEAT
    elsewhere = place._replace(slot=2)
    assert judge(repeated(segment, place), elsewhere, KILLED) is Next.REPEAT


@pytest.mark.parametrize("ending", [CRASHED, TIMEOUT])
@pytest.mark.parametrize(
    ("slot", "batch", "expected"),
    [
        (1, False, Next.ADVANCE),
        (IDLE, False, Next.ADVANCE),
        (WHOLE_BATCH, True, Next.ALONE),
        (BUILDING, False, Next.STOP),
        (BUILDING, True, Next.STOP),
        (CLOSING, False, Next.FINISHED),
    ],
)
def test_what_follows_an_end_of_the_trackers_own(
    ending: Ending, slot: int, batch: bool, expected: Next
) -> None:
    assert judge(Segment(3, batch=batch), Place(slot, 0, 1, IDLE), ending) is expected


def test_between_sequences_the_next_one_is_in_hand() -> None:
    segment = Segment(5, first=2)
    assert slot_in_hand(segment, Place(IDLE, 0, 0, IDLE)) == 2
    assert slot_in_hand(segment, Place(IDLE, 0, 0, 3)) == 4
    assert slot_in_hand(segment, Place(IDLE, 0, 0, 4)) == 4


def test_a_segment_ends_where_nothing_is_left() -> None:
    failure = Failure(1, 0, FailureKind.DIED, "it died")
    segment = advanced(alone(Segment(2, batch=True)), failure, 0)
    assert segment.left
    assert not advanced(segment, failure, 1).left
    assert stopped(Segment(2), {0: failure, 1: failure}).failures.keys() == {0, 1}


@pytest.mark.parametrize(
    ("units", "made"),
    [
        ([(0, 3), (3, 6), (6, 7)], [6, 2]),
        ([(3, 6)], [5]),  # all others are stored
        ([(6, 9), (3, 6), (6, 9)], [8, 5]),  # of two trackers
    ],
)
def test_what_is_made_in_another_order_is_of_what_is_to_be_run(
    units: list[tuple[int, int]], made: list[int]
) -> None:
    assert sequences_to_make(units) == made
