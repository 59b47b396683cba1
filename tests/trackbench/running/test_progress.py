"""How far a run is, and how long the rest takes."""

from collections.abc import Callable
from pathlib import Path

import pytest

from trackbench.printing.amounts import duration
from trackbench.results.directory import Results
from trackbench.running.progress import Part, Progress, TimeLeft
from trackbench.running.progress_words import plain_lines, plan_lines

RunTiny = Callable[..., Results]


def test_each_part_counts_at_its_own_speed() -> None:
    slow = Part("slow", "a", total=100, frames=50, seconds=50.0, processes=1)
    fast = Part("fast", "a", total=10_000, frames=1000, seconds=1.0, processes=1)
    assert slow.seconds_left == 50.0
    assert fast.seconds_left == 9.0
    # Two processes share 59 s of work, and one of them alone has 50 s to go.
    assert Progress(1050, 10_100, (slow, fast), jobs=2).time_left == TimeLeft(50.0)
    assert Progress(1050, 10_100, (slow, fast), jobs=1).time_left == TimeLeft(59.0)


def test_a_tracker_that_has_not_answered_has_the_speed_of_its_other_data_or_none() -> None:
    begun = Part("a", "x", total=100, frames=100, seconds=10.0)
    later = Part("a", "y", total=50)
    other = Part("b", "x", total=50)
    assert Progress(100, 150, (begun, later)).time_left == TimeLeft(5.0)
    state = Progress(100, 200, (begun, later, other))
    assert state.time_left == TimeLeft(5.0, ("b",))
    assert plain_lines(state, 10.0) == ["all: 100 of 200 frames, 10 frames/s, more than 5 s left"]


def test_durations_are_read_at_a_glance() -> None:
    seconds = (0.2, 59.1, 200, 7500)
    assert [duration(each) for each in seconds] == ["1 s", "1 min 0 s", "3 min 20 s", "2 h 5 min"]


def test_a_run_tells_its_plan_first_and_counts_every_frame(run_tiny: RunTiny) -> None:
    told: list[Progress] = []
    run_tiny("chance.py", ["ncc"], datasets=["tiny"], sequences=2, progress=told.append)
    run_tiny("chance.py", ["ncc"], sequences=2, datasets=["tiny"], progress=told.append)
    plan, *_, last, again = told
    assert plan.plan
    assert (plan.frames, last.frames, plan.total, last.total) == (0, 16, 16, 16)
    assert plan_lines(plan)[0] == "  ncc-v1  tiny-v1  to be done: 16 frames"
    assert again.plan
    assert plan_lines(again) == ["  ncc-v1  tiny-v1  stored: 16 frames"]
    (part,) = last.parts
    assert part.seconds > 0


def test_a_dry_run_estimates_and_writes_nothing(run_tiny: RunTiny, tmp_path: Path) -> None:
    told: list[Progress] = []
    results = run_tiny("chance.py", ["ncc"], datasets=["tiny"], dry_run=True, progress=told.append)
    (plan,) = told
    assert plan.total == 9 * 8
    assert plan.time_left.seconds > 0
    assert plan.time_left.unknown == ()
    assert results.runs == ()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.thorough
def test_repetitions_of_a_deterministic_tracker_are_skipped_with_a_reason(
    run_tiny: RunTiny,
) -> None:
    told: list[Progress] = []
    run_tiny("chance.py", ["ncc"], datasets=["tiny"], sequences=2, runs=4, progress=told.append)
    run_tiny("chance.py", ["ncc"], datasets=["tiny"], sequences=2, runs=4, progress=told.append)
    (line,) = plan_lines(told[-1])
    assert line.endswith(
        "stored: 48 frames; skipped: deterministic: further runs would be the same"
    )
