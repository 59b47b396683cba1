"""A base and the levels of its factors, made into data sets and the suite that they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from trackbench.contracts import DatasetSpec
from trackbench.factor_contract import Factor, FactorLevel, FactorSuite
from trackbench.plugins.start_noise import NoisySpec, first_box_factor, noisy_spec

START_NOISE = (0.7, 0.8, 0.9)
"""IoU of the first box that is given with the true one; that of a base is 1."""


@dataclass(frozen=True)
class Levels:
    """The levels of one factor.

    Attributes:
        field: the field of the generator's parameters that is the factor; it gives the ids.
        values: by ascending value; that of the base is one of them.
        unit: what the values count.
        attribute: of the videos, which says what the factor changes; empty: none does.
    """

    field: str
    values: tuple[float, ...]
    unit: str
    attribute: str = ""

    @property
    def name(self) -> str:
        """The field in words."""
        return self.field.replace("_", " ")


@dataclass(frozen=True)
class FactorData:
    """A factor suite and its data sets, the base first."""

    suite: FactorSuite
    datasets: tuple[DatasetSpec, ...]


def factor_data(
    base: DatasetSpec, levels: tuple[Levels, ...], fingerprints: Mapping[str, str]
) -> FactorData:
    """Return the base, a data set for each other level of each factor, and their suite.

    To the factors noise in the start is added, which needs no field of the generator.

    The level 4 of the field ``speed`` of ``name-v1`` is ``name-speed-4-v1``.

    Args:
        base: its generator has the levels' fields; the suite gets its id and description.
        levels: of each factor.
        fingerprints: by id, of the levels' data sets.
    """
    datasets: list[DatasetSpec] = [base]
    factors = []
    for each in levels:
        found = []
        for value in each.values:
            spec = base
            if value != getattr(base.generator, each.field):
                spec = _at(base, each, value, fingerprints)
                datasets.append(spec)
            found.append(FactorLevel(value=value, dataset=spec.id))
        factors.append(
            Factor(name=each.name, unit=each.unit, levels=tuple(found), attribute=each.attribute)
        )
    noisy = _first_boxes(base, fingerprints)
    datasets += noisy
    factors.append(first_box_factor(base.id, {spec.iou: spec.id for spec in noisy}))
    suite = FactorSuite(
        id=base.id, base=base.id, factors=tuple(factors), description=base.description
    )
    return FactorData(suite, tuple(datasets))


def _first_boxes(base: DatasetSpec, fingerprints: Mapping[str, str]) -> list[NoisySpec]:
    """Return the base with noise in its start, as ``--init-noise`` gives it, too."""
    found = [noisy_spec(base, iou) for iou in START_NOISE]
    return [replace(spec, fingerprint=fingerprints[spec.id]) for spec in found]


def _at(
    base: DatasetSpec, levels: Levels, value: float, fingerprints: Mapping[str, str]
) -> DatasetSpec:
    name, version = base.id.rsplit("-", 1)
    spec_id = f"{name}-{levels.field.replace('_', '-')}-{value:g}-{version}"
    return replace(
        base,
        id=spec_id,
        generator=replace(base.generator, **{levels.field: value}),
        fingerprint=fingerprints[spec_id],
        description=f"{base.id} with {levels.name} {value:g} ({levels.unit})",
    )
