"""Each wrong tracker is named for what is wrong with it, and for nothing else; no right one is."""

import sys
from pathlib import Path

import numpy as np
import pytest

from trackbench.errors import TrackbenchError
from trackbench.testing import Checked, ContractError, Severity, check_tracker
from trackbench.testing.tracker import Stage

sys.path.append(str(Path(__file__).parents[1] / "plugins"))
import contract_breakers
import suspects

LONG = {"Grows", "GrowsSlowly", "GrowsByVideo", "RaisesLate", "Window"}
APART = {
    *("KeepsTemplate", "ClassState", "StateBySize"),
    *("Entropy", "ByTime", "ByEntropy", "ByHash"),
    *("Dies", "Hangs", "DiesWhenBuilt"),
    *LONG,  # the memory of this process is that of whatever was tested in it before, too
}
"""What only processes of their own show, or survive."""


def classes(module: object) -> list[type]:
    return [
        found
        for found in vars(module).values()
        if isinstance(found, type)
        and found.__module__ == module.__name__
        and found.__name__[0] != "_"
    ]


def checked(tracker: type) -> Checked:
    name = tracker.__name__
    return check_tracker(tracker, timeout=2, apart=name in APART, frames=500 if name in LONG else 0)


@pytest.mark.thorough
@pytest.mark.parametrize("tracker", classes(contract_breakers), ids=lambda t: t.__name__)
def test_a_wrong_tracker_is_named_for_that_alone(tracker: type) -> None:
    found = checked(tracker)
    assert found.names == (() if tracker.point is None else (tracker.point,)), found
    warnings = {"grows", "slow-first-frame", "hash-order", "truncated", "refuses-colour", "resized"}
    assert found.ok == (tracker.point in {None, *warnings})


@pytest.mark.thorough
@pytest.mark.parametrize("tracker", classes(suspects), ids=lambda t: t.__name__)
def test_a_right_tracker_is_not_accused(tracker: type) -> None:
    assert checked(tracker).names == ()


def test_twelve_kinds_are_there() -> None:
    named = {tracker.point for tracker in contract_breakers.TWELVE}
    assert len(named) == len(contract_breakers.TWELVE) == 11
    facts = check_tracker(contract_breakers.Right, apart=False, frames=0).facts
    assert "frames/s" in facts[0]  # the twelfth is a number


@pytest.mark.thorough
def test_apart_a_built_in_tracker_passes() -> None:
    found = check_tracker("kalman", frames=300)
    assert found.names == ()
    assert any("memory grew" in fact for fact in found.facts)


@pytest.mark.thorough
def test_a_tracker_that_is_built_is_checked_here() -> None:
    assert check_tracker(contract_breakers.Right(), frames=0).names == ()
    assert check_tracker(contract_breakers.Corners(), frames=0).names == ("corners",)
    random = contract_breakers.GeneratorOfConstructor()
    assert check_tracker(random, frames=0).names == ("keeps-state",)
    batch = contract_breakers.MixesBatch()
    assert check_tracker(batch, frames=0).names == ("batch",)


def test_what_is_wrong_is_raised_on_request_and_printed() -> None:
    found = check_tracker(contract_breakers.Corners, apart=False, frames=0)
    with pytest.raises(ContractError, match=r"wrong: corners: its answers seem to be corners"):
        found.raise_if_wrong()
    right = check_tracker(contract_breakers.Right, apart=False, frames=0)
    assert right.raise_if_wrong() is right
    assert str(right).splitlines()[0] == "tracker right: nothing is wrong"


def test_two_mistakes_are_both_named() -> None:
    class Two(contract_breakers.FromOne):
        def said(self, box: np.ndarray) -> np.ndarray:
            if len(self.history) == 9:
                return box * np.nan
            return super().said(box)

    names = check_tracker(Two, apart=False, frames=0).names
    assert "not-finite" in names


def test_late_corners_are_late_and_corners() -> None:
    class LateCorners(contract_breakers.Late):
        def update(self, frame: np.ndarray) -> np.ndarray:
            x, y, w, h = super().update(frame)
            return np.array([x, y, x + w, y + h])

    assert check_tracker(LateCorners, apart=False, frames=0).names == ("corners", "lagging")


def test_a_slow_tracker_is_checked_on_fewer_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trackbench.testing.performing.PATIENCE_SECONDS", 0.0)
    found = check_tracker(contract_breakers.Swapped, apart=False, frames=25)
    assert found.names == ("swapped",)
    assert [p.name for p in found.points if p.severity is Severity.NOTE] == ["few-frames"]
    assert "easy videos of 10 frames" in str(found)


def test_a_tracker_that_cannot_be_built_is_refused() -> None:
    class NotBuilt(contract_breakers.Right):
        def __init__(self) -> None:
            raise OSError("no such weights")

    for apart in (False, True):
        with pytest.raises(TrackbenchError, match="cannot be built: OSError: no such weights"):
            check_tracker(NotBuilt, apart=apart)


@pytest.mark.thorough
def test_it_tells_how_far_it_is() -> None:
    for apart in (False, True):
        stages: list[Stage] = []
        check_tracker("kalman", frames=300, apart=apart, progress=stages.append)
        assert all(0 <= stage.frames <= stage.expected for stage in stages)
        assert max(stage.frames for stage in stages) > 300
        assert "endurance" in {stage.step for stage in stages}


def test_bad_arguments_are_refused() -> None:
    with pytest.raises(TrackbenchError, match="timeout must be positive"):
        check_tracker("static", timeout=0)
    with pytest.raises(TrackbenchError, match="unknown tracker 'nobody'"):
        check_tracker("nobody")
    with pytest.raises(TrackbenchError, match="is no tracker"):
        check_tracker(3)
