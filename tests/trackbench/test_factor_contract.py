"""A factor suite that says nothing that can be compared is refused."""

import pytest

from trackbench import Factor, FactorLevel, FactorSuite, TrackbenchError
from trackbench.plugins.kinds import Kind
from trackbench.plugins.registry import specs_of
from trackbench.plugins.specs_by_id import Registry


def factor(*levels: tuple[float, str], name: str = "speed") -> Factor:
    made = tuple(FactorLevel(value=value, dataset=dataset) for value, dataset in levels)
    return Factor(name=name, unit="pixels a frame", levels=made)


SLOW, BASE, FAST = (1.0, "mine-slow-v1"), (2.0, "mine-v1"), (4.0, "mine-fast-v1")


def suite(*factors: Factor) -> FactorSuite:
    return FactorSuite(id="mine-v1", base="mine-v1", factors=factors)


def test_its_data_sets_are_the_base_and_each_level_once() -> None:
    noisy = factor(BASE, (8.0, "mine-noisy-v1"), name="noise")
    made = suite(factor(SLOW, BASE, FAST), noisy)
    assert made.datasets == ("mine-v1", "mine-slow-v1", "mine-fast-v1", "mine-noisy-v1")
    assert made.base_level(noisy).value == 2.0


def test_a_plugin_brings_one() -> None:
    made = suite(factor(SLOW, BASE))
    registered: Registry[FactorSuite] = Registry(Kind.FACTOR_SUITE)
    for each in specs_of(Kind.FACTOR_SUITE, "mine", made):
        registered.add(each)
    assert registered.get("mine") is made
    with pytest.raises(TrackbenchError, match="mine is int, not FactorSuite"):
        specs_of(Kind.FACTOR_SUITE, "mine", 3)


@pytest.mark.parametrize(
    ("factors", "message"),
    [
        ((), "name one factor or more"),
        ((factor(SLOW, BASE), factor(BASE, FAST)), "each differently"),
        ((factor(BASE),), "two levels or more"),
        ((factor(FAST, BASE),), "ascending"),
        ((factor(BASE, BASE),), "ascending"),
        ((factor(SLOW, FAST),), "must be that of the base, mine-v1"),
        ((factor(BASE, (3.0, "mine-v1")),), "must be that of the base, mine-v1"),
    ],
)
def test_what_is_wrong_is_said(factors: tuple[Factor, ...], message: str) -> None:
    with pytest.raises(TrackbenchError, match=message):
        suite(*factors)
