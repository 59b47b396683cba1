"""Several factors of a factor suite changed together: ``crossed:mnist-factors:speed=8:twins=2``.

No catalogue holds all pairs of levels; a data set of one pair is made when it is named.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any

from trackbench.contracts import DatasetSpec
from trackbench.errors import TrackbenchError, UnknownIdError
from trackbench.factor_contract import Factor, FactorLevel, FactorSuite
from trackbench.plugins import registry
from trackbench.plugins.start_noise import NoisySpec, noisy_spec
from trackbench.scheme_contract import LayoutSpec

CROSSED = LayoutSpec(
    id="crossed",
    factory="trackbench.datasets.crossed:crossed",
    form="crossed:SUITE:FACTOR=LEVEL:FACTOR=LEVEL",
    description="a factor suite's base with two factors or more at other levels",
)


def crossed(layout: str, rest: str) -> DatasetSpec:
    """Return the base of a factor suite with several of its factors at levels that it has.

    Args:
        layout: ``crossed``.
        rest: a suite, and ``FACTOR=LEVEL`` twice or more, with colons between.

    Raises:
        UnknownIdError: there is no such suite, factor or level.
        TrackbenchError: it is not of that form, or what the levels change is not told by the
            generators of their data sets.
    """
    name, *settings = rest.split(":")
    suite = registry.factor_suites().get(name)
    chosen = [_level(suite, setting) for setting in settings]
    if len({factor.name for factor, _ in chosen}) < max(2, len(chosen)):
        raise TrackbenchError(
            f"{layout}:{rest}: name two factors or more, each once, as {CROSSED.form} does"
        )
    twins = [registry.datasets().get(level.dataset) for _, level in chosen]
    base = registry.datasets().get(suite.base)
    made = _of_generators(
        base,
        [
            (factor, level, twin)
            for (factor, level), twin in zip(chosen, twins, strict=True)
            if not isinstance(twin, NoisySpec)
        ],
    )
    for twin in twins:
        if isinstance(twin, NoisySpec):
            if twin.base != base:
                raise TrackbenchError(f"{twin.id} is not {base.id} with noise in its start")
            made = noisy_spec(made, twin.iou)
    return made


def _of_generators(
    base: DatasetSpec, chosen: list[tuple[Factor, FactorLevel, DatasetSpec]]
) -> DatasetSpec:
    """Return the base with some factors at levels that are told by generators; of one, its twin."""
    if len(chosen) == 1:
        return chosen[0][-1]
    changed: dict[str, Any] = {}
    for _, _, twin in chosen:
        changed |= _changed(base, twin)
    stem, dash, version = base.id.rpartition("-v")
    words = "-".join(
        f"{factor.name.replace(' ', '-')}-{level.value:g}" for factor, level, _ in chosen
    )
    said = " and ".join(f"{factor.name} {level.value:g}" for factor, level, _ in chosen)
    return replace(
        base,
        id=f"{stem}-{words}-v{version}" if dash else f"{base.id}-{words}",
        generator=replace(base.generator, **changed),
        fingerprint=None,
        description=f"{base.id} with {said}",
    )


def _level(suite: FactorSuite, setting: str) -> tuple[Factor, FactorLevel]:
    name, equals, text = setting.partition("=")
    if not equals:
        raise TrackbenchError(f"bad factor {setting!r}: write FACTOR=LEVEL, such as speed=8")
    factors = {factor.name: factor for factor in suite.factors}
    if name not in factors:
        raise UnknownIdError(f"factor of {suite.id}", name, factors)
    levels = {f"{level.value:g}": level for level in factors[name].levels}
    if text not in levels or levels[text].dataset == suite.base:
        others = [value for value, level in levels.items() if level.dataset != suite.base]
        raise TrackbenchError(f"{name} has no level {text!r} but {', '.join(others)}")
    return factors[name], levels[text]


def _changed(base: DatasetSpec, twin: DatasetSpec) -> dict[str, Any]:
    """Return what a twin's generator has other than the base's."""
    ours, theirs = base.generator, twin.generator
    alike = type(base) is type(twin) and type(ours) is type(theirs) and base.factory == twin.factory
    if not is_dataclass(ours) or not alike:
        raise TrackbenchError(f"{twin.id} does not differ from {base.id} by its parameters alone")
    names = [field.name for field in fields(ours)]
    return {
        name: getattr(theirs, name)
        for name in names
        if getattr(theirs, name) != getattr(ours, name)
    }
