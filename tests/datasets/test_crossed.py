"""Two factors changed together: the data set of a pair of levels, and what a diagnosis says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import trackbench
from trackbench.errors import TrackbenchError
from trackbench.plugins import registry
from trackbench.plugins.dataset_naming import dataset_named
from trackbench.plugins.start_noise import NoisySpec, noisy_spec

PAIR = "crossed:mnist-factors:speed=4:twins=2"


def test_it_has_what_each_of_both_twins_has() -> None:
    spec = dataset_named(PAIR)
    assert spec.id == "mnist-factors-speed-4-twins-2-v1"
    assert (spec.generator.speed, spec.generator.twins, spec.fingerprint) == (4.0, 2, None)
    both, fast = (
        registry.build_dataset(each).sequence(3, 6)
        for each in (spec, registry.datasets().get("mnist-factors-speed-4-v1"))
    )
    assert np.array_equal(both.boxes, fast.boxes)
    assert not np.array_equal(both.frames, fast.frames)
    assert np.isfinite(both.attributes["twin_distance"]).all()


def test_noise_in_the_start_is_crossed_with_what_generators_tell() -> None:
    found = dataset_named("crossed:mnist-factors:first box=0.8:speed=4")
    assert found == noisy_spec(registry.datasets().get("mnist-factors-speed-4"), 0.8)
    found = dataset_named("crossed:mnist-factors:twins=2:first box=0.8:speed=4")
    assert isinstance(found, NoisySpec)
    assert found.base.generator == dataset_named(PAIR).generator


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("crossed:mnist-factors:speed=4", "name two factors or more, each once"),
        ("crossed:mnist-factors:speed=4:speed=8", "name two factors or more, each once"),
        ("crossed:mnist-factors:speed=3:twins=2", "speed has no level '3' but 1, 4, 8"),
        ("crossed:mnist-factors:speed=2:twins=2", "speed has no level '2' but 1, 4, 8"),
        ("crossed:mnist-factors:sped=4:twins=2", "did you mean speed?"),
        ("crossed:mnist-factrs:speed=4:twins=2", "did you mean mnist-factors?"),
        ("crossed:mnist-factors:speed:twins=2", "bad factor 'speed'"),
    ],
)
def test_what_is_wrong_is_said(name: str, message: str) -> None:
    with pytest.raises(TrackbenchError, match=message.replace("?", r"\?")):
        dataset_named(name)


@pytest.mark.thorough
def test_what_both_do_beyond_their_sum(tmp_path: Path) -> None:
    alone = ("mnist-factors-v1", "mnist-factors-speed-4-v1", "mnist-factors-twins-2-v1")
    results = trackbench.run(
        "static", datasets=[*alone, PAIR], sequences=12, lengths=(8,), jobs=1, out=tmp_path / "r"
    )
    found = trackbench.diagnose(results, interactions=True).diagnosis
    (one,) = found.interactions
    scores = [
        next(run for run in results.runs if run.dataset.id == name).scores[:, 0]
        for name in (*alone, dataset_named(PAIR).id)
    ]
    base, fast, twins, both = scores
    assert one.beyond == pytest.approx((both - fast - twins + base).mean())
    assert one.effects == pytest.approx(((fast - base).mean(), (twins - base).mean()))
    assert (one.sequences, one.crossed.factors) == (12, ("speed", "twins"))
    # Digits behind the target do not move a box that never moves.
    assert (one.beyond, one.low, one.high, one.p_adjusted) == (0.0, 0.0, 0.0, 1.0)
    assert found.tests == 2
    assert "two factors at once" in str(trackbench.diagnose(results, interactions=True))
    assert "No data set with two factors changed" not in " ".join(found.notes)
    assert "not run on 34 of 36 twins" in " ".join(found.notes)


@pytest.mark.thorough
def test_a_twin_with_noise_is_known_as_both_and_as_nothing_else(tmp_path: Path) -> None:
    alone = [f"mnist-factors{twin}-v1" for twin in ("", "-speed-4", "-init-0.9", "-init-0.8")]
    both = "crossed:mnist-factors:speed=4:first box=0.8"
    results = trackbench.run(
        "static", datasets=[*alone, both], sequences=4, lengths=(4,), jobs=1, out=tmp_path / "r"
    )
    (one,) = trackbench.diagnose(results, interactions=True).diagnosis.interactions
    assert one.crossed.factors == ("speed", "first box")
    assert [level.value for level in one.crossed.levels] == [4.0, 0.8]
