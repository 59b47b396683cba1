"""The whole pipeline at its two ends: the truth scores 1 in every cell, the floor nearly 0."""

from pathlib import Path

import numpy as np
import pytest

import trackbench
from trackbench.plugins import registry
from trackbench.plugins.loading import load_plugin
from trackbench.running.chosen_trackers import with_parameters

ORACLE = Path(__file__).parents[1] / "plugins" / "oracle.py"
DATASETS = [
    f"mnist-{name}-v1" for name in ("single-same", "single-diff", "multi-same", "multi-diff")
]
SEQUENCES = 60  # two chunks, so that the oracle must know the second one too


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make every video once more, and keep what the oracle knows of it."""
    sets = [registry.build_dataset(registry.datasets().get(name)) for name in DATASETS]
    videos = [dataset.sequence(index) for dataset in sets for index in range(SEQUENCES)]
    first = np.stack([video.frames[0] for video in videos])
    assert len({each.tobytes() for each in first}) == len(videos)
    file = tmp_path_factory.mktemp("truth") / "truth.npz"
    np.savez(file, first=first, boxes=np.stack([video.boxes for video in videos]))
    return file


@pytest.mark.parametrize(
    "protocol", ["paper-v1", pytest.param("ope-v1", marks=pytest.mark.thorough)]
)
def test_the_truth_against_itself_is_exactly_1_in_every_cell(
    tmp_path: Path, truth: Path, protocol: str
) -> None:
    load_plugin(ORACLE)
    oracle = with_parameters(registry.trackers().get("oracle"), {"truth": str(truth)})
    table = trackbench.run(
        oracle, "paper", sequences=SEQUENCES, out=tmp_path / "r", protocol=protocol
    ).table()
    assert len(table) == 4 * 4
    assert set(table["mean"]) == {1.0}
    assert set(table["std"]) == {0.0}
    assert set(table["invalid"]) == set(table["failures"]) == {0}


def test_standing_still_is_under_a_quarter_everywhere(tmp_path: Path) -> None:
    table = trackbench.run("static", "paper", out=tmp_path / "r").table()
    assert len(table) == 4 * 4
    assert set(table["sequences"]) == {500}
    assert table["mean"].max() < 0.25
    assert table["mean"].min() > 0  # frame 0 counts
