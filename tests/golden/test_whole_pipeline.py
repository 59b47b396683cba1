"""The whole pipeline at its two ends: the truth scores 1 in every cell, the floor nearly 0."""

from pathlib import Path

import pytest

import trackbench
from trackbench.plugins import registry

DATASETS = [
    f"mnist-{name}-v1" for name in ("single-same", "single-diff", "multi-same", "multi-diff")
]
SEQUENCES = 60  # two chunks


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make every video once more, and write its true boxes, a file for each."""
    folder = tmp_path_factory.mktemp("truth")
    for name in DATASETS:
        (folder / name).mkdir()
        dataset = registry.build_dataset(registry.datasets().get(name))
        for index in range(SEQUENCES):
            rows = dataset.sequence(index).boxes.tolist()
            text = "".join(f"{','.join(map(repr, row))}\n" for row in rows)
            (folder / name / f"{index}.txt").write_text(text)
    return folder


@pytest.mark.thorough
@pytest.mark.parametrize("protocol", ["paper-v1", "ope-v1"])
def test_the_truth_against_itself_is_exactly_1_in_every_cell(
    tmp_path: Path, truth: Path, protocol: str
) -> None:
    oracle = f"replay:{truth}"
    table = trackbench.run(
        oracle, "paper", sequences=SEQUENCES, out=tmp_path / "r", protocol=protocol
    ).table(every=True)
    assert len(table) == 4 * 4
    assert set(table["mean"]) == {1.0}
    assert set(table["std"]) == {0.0}
    assert set(table["invalid"]) == set(table["failures"]) == {0}


@pytest.mark.thorough
def test_standing_still_is_under_a_quarter_everywhere(tmp_path: Path) -> None:
    table = trackbench.run("static", "paper", out=tmp_path / "r").table(every=True)
    assert len(table) == 4 * 4
    assert set(table["sequences"]) == {500}
    assert table["mean"].max() < 0.25
    assert table["mean"].min() > 0  # frame 0 counts
