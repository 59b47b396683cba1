"""What is tracked in one process, in which order: the steps of a check."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import Enum
from typing import Any

from trackbench.testing.clips import EASY, ROBUST
from trackbench.testing.colour_clips import COLOUR


class Task(Enum):
    """What a step does."""

    VIDEO = "track one video"
    BATCH = "track several videos in lockstep"
    ENDURE = "track for long, and look at the memory"


@dataclass(frozen=True)
class Step:
    """One step.

    Attributes:
        name: of it; its recordings are found by it.
        clips: videos.
        tracker: number of the tracker's object; one that is not there yet is built.
        task: what is done.
        frames: of a long run.
    """

    name: str
    clips: tuple[str, ...]
    tracker: int = 0
    task: Task = Task.VIDEO
    frames: int = 0

    @property
    def plain(self) -> dict[str, Any]:
        """The step as what JSON can hold."""
        return {**asdict(self), "task": self.task.value}

    @staticmethod
    def of_plain(plain: dict[str, Any]) -> Step:
        """Return the step of which this is :attr:`plain`."""
        return Step(**{**plain, "clips": tuple(plain["clips"]), "task": Task(plain["task"])})


ALONE = "two, the first of all"
AFTER = "two, after another video"
BY_ANOTHER = "two, by another object"
ONE_AFTER = "one, after another video"
TOGETHER = "a batch"
ENDURANCE = "endurance"
FIRST_OF_ALL = "one, the first of all"
ALIKE = "a target as large as that of two"

STATE = (
    Step(ALONE, ("two",)),
    Step(ONE_AFTER, ("one",)),
    Step(AFTER, ("two",)),
    Step(BY_ANOTHER, ("two",), 1),
)
"""The same videos alone, after another, and by another object of the same process."""

OTHER_WAY_ROUND = (
    Step(FIRST_OF_ALL, ("one",)),
    Step(ALIKE, ("alike",)),
    Step(AFTER, ("two",)),
)
"""For a second process, in which the class or its module may keep something of another video.

Before "two" comes a video of the same sizes, and of another target: what is kept by sizes, as in a
dictionary, is taken for that of "two" in no other way.
"""


def whole_script(*, batched: bool, frames: int, fresh: bool = True) -> tuple[Step, ...]:
    """Return the steps of the first process.

    Args:
        batched: the tracker follows several videos in lockstep.
        frames: of the long run; 0: there is none.
        fresh: more objects of the tracker can be built.
    """
    other, third = (1, 2) if fresh else (0, 0)
    singles = [Step(name, (name,), other) for name in ("three", "still", "fraction")]
    colour = [Step(name, (name,), third) for name in COLOUR]
    batch = [Step(TOGETHER, EASY, other, Task.BATCH)] if batched else []
    robust = [Step(name, (name,), other) for name in ROBUST]
    state = STATE if fresh else STATE[:3]
    endure = [Step(ENDURANCE, ("three",), other, Task.ENDURE, frames)] if frames else []
    return (*state, *singles, *colour, *batch, *endure, *robust)
