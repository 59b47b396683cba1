"""Which units were under way on workers that have died, and how often."""

from __future__ import annotations

from dataclasses import dataclass, field

from trackbench.results.chunks import FailureKind
from trackbench.running.messages import Spoiled

MOST_DEATHS = 3
"""Workers that may die over a unit before it is held to have killed them."""


@dataclass
class Casualties:
    """Deaths over one unit.

    Attributes:
        at: address of the worker that carries it out; nothing: none does, as far as it was told.
        died: names of the workers that have died while they did.
    """

    at: str = ""
    died: list[str] = field(default_factory=list)

    def lost(self, address: str, name: str) -> bool:
        """Note that a worker died; return whether the unit is held to have killed it."""
        if self.at != address:
            return False
        self.at = ""
        self.died.append(name)
        return len(self.died) >= MOST_DEATHS

    def why(self) -> Spoiled:
        """Return what is stored of the unit then."""
        where = ", ".join(self.died)
        return Spoiled(
            FailureKind.KILLED,
            f"{len(self.died)} workers of the cluster died while they ran it ({where})",
        )
