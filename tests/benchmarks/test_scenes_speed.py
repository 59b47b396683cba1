"""How fast scenes are made on one core: the base, and each level of each factor."""

from __future__ import annotations

import time

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from trackbench.contracts import DatasetSpec
from trackbench.datasets.scenes.catalogue import SCENES
from trackbench.plugins import registry
from trackbench.plugins.start_noise import NoisySpec

AT_LEAST = 400
"""Frames of a second of the processor."""
SEQUENCE, ROUNDS = 3, 20
LEVELS = [spec for spec in SCENES.datasets if not isinstance(spec, NoisySpec)]


@pytest.mark.benchmark(group="generation of scenes", timer=time.process_time)
@pytest.mark.parametrize("spec", LEVELS, ids=lambda spec: spec.id)
def test_a_level_is_made_at_400_frames_a_second(
    benchmark: BenchmarkFixture, spec: DatasetSpec
) -> None:
    """Its world is made before: there are twelve for all sequences of a process."""
    dataset = registry.build_dataset(spec)
    benchmark.pedantic(lambda: dataset.sequence(SEQUENCE), rounds=ROUNDS, warmup_rounds=1)
    speed = spec.length / benchmark.stats.stats.min
    benchmark.extra_info["frames/s"] = speed
    assert speed >= AT_LEAST
