"""First boxes given with an error: which boxes, and what a data set of them is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from trackbench.contracts import DatasetSpec, Video
from trackbench.errors import DamagedFileError, TrackbenchError
from trackbench.metrics.rectangle_iou import box_iou
from trackbench.plugins import registry
from trackbench.plugins.dataset_naming import with_start_noise
from trackbench.plugins.fingerprints import published_fingerprint
from trackbench.plugins.start_noise import NoisySpec, given_box, noisy_spec

SIZE = (100, 140)
PLACES = {
    "inside": (30.0, 40.0, 20.0, 12.0),
    "in a corner": (0.0, 0.0, 24.0, 18.0),
    "at the edge": (110.5, 50.25, 29.5, 20.0),
    "partly outside": (-12.0, 80.0, 30.0, 30.0),
    "a pixel": (7.0, 8.0, 1.0, 1.0),
    "the frame": (0.0, 0.0, 140.0, 100.0),
}


def base(**changes: Any) -> DatasetSpec:
    spec = DatasetSpec(id="some-v1", factory="some:Thing", seed=7, sequences=500, length=1)
    return replace(spec, **changes)


def video(box: tuple[float, ...]) -> Video:
    return Video(np.zeros((1, *SIZE), np.uint8), np.array([box]))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("iou", [0.9, 0.7, 0.2])
def test_it_has_the_iou_and_is_no_farther_outside_than_the_true_box(place: str, iou: float) -> None:
    true = np.array(PLACES[place])
    spec = noisy_spec(base(), iou)
    given = np.array([given_box(spec, index, video(PLACES[place])) for index in range(6)])
    np.testing.assert_allclose(box_iou(given, true), iou, rtol=0, atol=1e-9)
    height, width = SIZE
    assert (given[:, 2:] > 0).all()
    assert (given[:, :2] >= np.minimum(true[:2], 0)).all()
    ends, most = given[:, :2] + given[:, 2:], np.maximum(true[:2] + true[2:], (width, height))
    assert (ends <= most).all()


@pytest.mark.thorough
def test_it_goes_all_ways_and_a_sequence_goes_one_way_at_all_levels() -> None:
    true = np.array(PLACES["inside"])
    levels = [noisy_spec(base(), iou) for iou in (0.7, 0.8, 0.9)]
    given = np.array(
        [[given_box(spec, i, video(tuple(true))) for i in range(400)] for spec in levels]
    )
    shift = (given[..., :2] + given[..., 2:] / 2) - (true[:2] + true[2:] / 2)
    growth = given[..., 2:] / true[2:]
    assert (np.sign(shift) == np.sign(shift[0])).all()
    assert (np.sign(growth - 1) == np.sign(growth[0] - 1)).all()
    for parts in (shift[2], growth[2] - 1):  # of 400 fair coins, 5 standard deviations
        assert (np.abs((parts > 0).mean(axis=0) - 0.5) < 0.125).all()
    assert (np.abs(shift[0]) > np.abs(shift[2])).all()


def test_it_depends_on_seed_and_sequence_alone() -> None:
    place = video(PLACES["inside"])

    def given(index: int = 3, iou: float = 0.8, **changes: Any) -> bytes:
        return given_box(noisy_spec(base(**changes), iou), index, place).tobytes()

    assert given() == given(sequences=9, id="a-twin-v1", length=5)
    others = [given(), given(4), given(seed=8), given(iou=0.81)]
    assert len(set(others)) == len(others)


def test_without_noise_the_true_box_is_given() -> None:
    assert given_box(base(), 0, video(PLACES["inside"])).tolist() == list(PLACES["inside"])


@pytest.mark.parametrize("iou", [0.0, 1.0, -0.5, 1e-9, float("nan"), float("inf")])
def test_an_iou_that_no_error_has_is_refused(iou: float) -> None:
    with pytest.raises(TrackbenchError, match=r"^iou must be from 0.01 to below 1"):
        noisy_spec(base(), iou)


def test_noise_upon_noise_and_ids_that_are_too_long_are_refused() -> None:
    with pytest.raises(TrackbenchError, match=r"some-init-0\.8-v1 has noise in its start already"):
        noisy_spec(noisy_spec(base(), 0.8), 0.9)
    with pytest.raises(TrackbenchError, match="too long"):
        noisy_spec(base(id="a" * 93 + "-v1"), 0.9)


def test_a_level_of_a_factor_suite_is_what_the_option_makes() -> None:
    of = registry.datasets().get("mnist-factors")
    assert with_start_noise(of, 0.9) is registry.datasets().get("mnist-factors-init-0.9-v1")
    other = with_start_noise(of, 0.85)
    assert (other.id, other.fingerprint) == ("mnist-factors-init-0.85-v1", None)


def test_an_id_that_is_something_elses_is_refused() -> None:
    of = replace(registry.datasets().get("mnist-factors"), seed=1)
    with pytest.raises(TrackbenchError, match=r"'mnist-factors-init-0.9-v1' is registered already"):
        with_start_noise(of, 0.9)


def test_its_fingerprint_is_of_the_base_and_of_the_noise() -> None:
    of = replace(registry.datasets().get("mnist-factors"), sequences=2)
    known = replace(
        of, fingerprint=published_fingerprint(registry.build_dataset(replace(of, fingerprint=None)))
    )
    made = {iou: fingerprint(noisy_spec(known, iou)) for iou in (0.8, 0.9)}
    assert len({*made.values(), known.fingerprint}) == 3
    with pytest.raises(DamagedFileError, match="mnist-factors-v1 made here is not the published"):
        fingerprint(noisy_spec(replace(of, fingerprint="0" * 64), 0.8))
    with pytest.raises(DamagedFileError, match=r"mnist-factors-init-0\.8-v1 made here is not"):
        fingerprint(replace(noisy_spec(known, 0.8), fingerprint=made[0.9]))


def fingerprint(spec: NoisySpec) -> str:
    return published_fingerprint(registry.build_dataset(spec))
