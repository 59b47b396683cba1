"""Which units were under way on workers that have died, and when they are held to have killed them.

A worker that dies says nothing of why. Two things tell a unit that kills from one that was near:
it was alone there, and it goes on dying where others come through.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from trackbench.results.chunks import FailureKind
from trackbench.running.messages import SpoiledBy

MOST_DEATHS = 3
"""Workers that may die over a unit before it is held to have killed them."""


class Verdict(Enum):
    """What becomes of a unit whose worker has died."""

    AGAIN = "it is run again, beside others"
    ALONE = "it is run again, with nothing beside it: one of several has killed three workers"
    KILLER = "it has killed them"


@dataclass
class Casualties:
    """Deaths over one unit.

    Attributes:
        died: names of the workers that have died while they carried it out.
    """

    died: list[str] = field(default_factory=list)

    def lost(self, name: str, *, alone: bool, survived: int) -> Verdict:
        """Note that a worker died, and return what that means.

        Args:
            name: of the worker.
            alone: it carried out nothing else.
            survived: the most deaths that another unit of the run came through. Workers die here
                of something else, too, as often as that.
        """
        self.died.append(name)
        if len(self.died) < MOST_DEATHS + survived:
            return Verdict.AGAIN
        return Verdict.KILLER if alone else Verdict.ALONE

    def why(self) -> SpoiledBy:
        """Return what is stored of the unit then."""
        where = ", ".join(dict.fromkeys(self.died))
        return SpoiledBy(
            FailureKind.KILLED,
            f"{len(self.died)} workers of the cluster died while they ran it ({where})",
        )
