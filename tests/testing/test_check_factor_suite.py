"""``check_factor_suite``, on suites with one thing wrong each."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from trackbench.contracts import DatasetSpec, Video
from trackbench.factor_contract import Factor, FactorLevel, FactorSuite
from trackbench.plugins import registry
from trackbench.plugins.kinds import Kind
from trackbench.plugins.specs_by_id import Registry
from trackbench.plugins.start_noise import noisy_spec
from trackbench.testing import check_factor_suite


class Greys:
    """Frames of one grey, which the spec's generator is."""

    def __init__(self, spec: DatasetSpec) -> None:
        self.spec = spec

    def sequence(self, index: int, length: int | None = None) -> Video:
        length = self.spec.length if length is None else length
        boxes = np.tile([4.0, 4.0, 8.0, 8.0], (length, 1))
        return Video(np.full((length, 20, 20), self.spec.generator, np.uint8), boxes)


BASE = DatasetSpec(
    id="greys-v1", factory=Greys, seed=1, sequences=3, length=2, generator=10, source="greys"
)
LIGHT = replace(BASE, id="greys-light-v1", generator=20)


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    known = Registry[DatasetSpec](Kind.DATASET)
    same = replace(BASE, id="greys-same-v1")
    longer = replace(LIGHT, id="greys-longer-v1", length=3)
    for spec in (BASE, LIGHT, same, longer, noisy_spec(BASE, 0.8)):
        known.add(spec)
    monkeypatch.setattr(registry, "datasets", lambda: known)


def suite(twin: str, attribute: str = "") -> FactorSuite:
    levels = (FactorLevel(value=1, dataset=BASE.id), FactorLevel(value=2, dataset=twin))
    factor = Factor(name="grey", unit="tens", levels=levels, attribute=attribute)
    return FactorSuite(id="greys-v1", base=BASE.id, factors=(factor,))


@pytest.mark.parametrize("twin", [LIGHT.id, "greys-init-0.8-v1"])
def test_a_right_one_has_no_points(twin: str) -> None:
    checked = check_factor_suite(suite(twin)).raise_if_wrong()
    assert checked.points == ()


@pytest.mark.parametrize(
    ("wrong", "name", "said"),
    [
        (suite("greys-dark-v1"), "unknown", "unknown data set 'greys-dark-v1'"),
        (suite("greys-longer-v1"), "sizes", "greys-longer-v1 has other sequences than greys-v1"),
        (suite("greys-same-v1"), "no-effect", "at grey 2 (greys-same-v1) are the base's"),
        (suite(LIGHT.id, "speed"), "attribute", "grey 2 (greys-light-v1) has no attribute speed"),
    ],
)
def test_what_is_wrong_is_named(wrong: FactorSuite, name: str, said: str) -> None:
    checked = check_factor_suite(wrong)
    assert checked.names == (name,)
    assert said in str(checked)
    assert checked.ok == (name == "no-effect")
