"""What a factor suite is: twins, data sets that are the same but for one thing at a time.

A third party's are found by the entry-point group ``trackbench.factor_suites``.
"""

from __future__ import annotations

from dataclasses import dataclass

from trackbench.errors import TrackbenchError


@dataclass(frozen=True, kw_only=True)
class FactorLevel:
    """One level of a factor, and the data set that has it.

    Attributes:
        value: how much of it there is, in the factor's unit.
        dataset: id of the data set.
    """

    value: float
    dataset: str


@dataclass(frozen=True, kw_only=True)
class Factor:
    """One thing that is changed while all else stays: sequence i has the same seeds at each level.

    Attributes:
        name: a word or two, such as ``speed``.
        unit: what a level's value counts, in words, such as ``pixels a frame``.
        levels: by ascending value; that of the base is one of them.
        attribute: name of the attribute of the videos that says of each frame what the factor
            changes; empty: none does.
    """

    name: str
    unit: str
    levels: tuple[FactorLevel, ...]
    attribute: str = ""


@dataclass(frozen=True, kw_only=True)
class FactorSuite:
    """A base data set and its twins: for each factor the same sequences at other levels of it.

    Attributes:
        id: ``name`` or ``name-vN``.
        base: id of the base data set.
        factors: each has one level whose data set is the base.
        description: one line.
        superseded_by: id of the version that replaces this one.

    Raises:
        TrackbenchError: there is no factor, two have one name, a factor has fewer than two levels,
            or not ascending ones, or not exactly one of them is the base.
    """

    id: str
    base: str
    factors: tuple[Factor, ...]
    description: str = ""
    superseded_by: str | None = None

    def __post_init__(self) -> None:
        names = [factor.name for factor in self.factors]
        if not names or len(set(names)) < len(names):
            raise TrackbenchError(f"{self.id}: name one factor or more, each differently")
        for factor in self.factors:
            values = [level.value for level in factor.levels]
            if len(values) < 2 or values != sorted(set(values)):
                raise TrackbenchError(
                    f"{self.id}: give {factor.name} two levels or more, by ascending value"
                )
            if [level.dataset for level in factor.levels].count(self.base) != 1:
                raise TrackbenchError(
                    f"{self.id}: one level of {factor.name} must be that of the base, {self.base}"
                )

    @property
    def datasets(self) -> tuple[str, ...]:
        """Ids of all its data sets, the base first."""
        levels = (level.dataset for factor in self.factors for level in factor.levels)
        return tuple(dict.fromkeys((self.base, *levels)))

    def base_level(self, factor: Factor) -> FactorLevel:
        """Return the level of a factor that the base has."""
        return next(level for level in factor.levels if level.dataset == self.base)
