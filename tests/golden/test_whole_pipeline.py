"""The whole pipeline at its two ends: the truth scores 1 in every cell, the floor nearly 0."""

from pathlib import Path

import pytest

import trackbench
from trackbench.plugins import registry
from trackbench.plugins.loading import load_plugin
from trackbench.running.plan import with_parameters

ORACLE = Path(__file__).parents[1] / "plugins" / "oracle.py"
SEQUENCES = 60  # two chunks, so that the oracle must know the second one too


@pytest.mark.parametrize(
    "protocol", ["paper-v1", pytest.param("ope-v1", marks=pytest.mark.thorough)]
)
def test_the_truth_against_itself_is_exactly_1_in_every_cell(tmp_path: Path, protocol: str) -> None:
    load_plugin(ORACLE)
    oracle = with_parameters(registry.trackers().get("oracle"), {"sequences": SEQUENCES})
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
