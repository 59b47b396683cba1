"""What every layout has: attributes, a card, exact images or a measured loss."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image

import trackbench
from trackbench.datasets.export.images import ImageFormat
from trackbench.datasets.export.layout import decimal
from trackbench.datasets.export.layouts import LAYOUTS
from trackbench.errors import DamagedFileError, TrackbenchError
from trackbench.plugins import registry

LAYOUT_IDS = [layout.id for layout in LAYOUTS]


@pytest.mark.parametrize("layout", LAYOUT_IDS)
@pytest.mark.parametrize("dataset", ["mnist-multi-diff-v1", "colour-v1", "silent"])
def test_attributes_are_read_back_exactly(
    tmp_path: Path, export: Any, dataset: str, layout: str
) -> None:
    made = export(tmp_path / "set", dataset, layout, sequences=2)
    for name, truth in zip(made.names, made.truth, strict=True):
        path = made.path / made.card.folder / name / "attributes.csv"
        # as text: pandas' own way to read numbers is a little off in the last digit
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
        assert list(table.columns) == ["frame", *"xywh", *truth.attributes]
        np.testing.assert_array_equal(table["frame"].astype(int), np.arange(12))
        np.testing.assert_array_equal(table[[*"xywh"]].astype(float), truth.boxes)
        for attribute, values in truth.attributes.items():
            told = table[attribute]
            read = told == "True" if values.dtype.kind == "b" else told.astype(float)
            np.testing.assert_array_equal(read, values)


def test_the_card_says_what_it_is(tmp_path: Path, export: Any) -> None:
    made = export(tmp_path / "set")
    card = json.loads((made.path / "trackbench.json").read_text())
    spec = registry.datasets().get("mnist-multi-diff-v1")
    assert card["dataset"] == spec.id
    assert (card["seed"], card["fingerprint"]) == (spec.seed, spec.fingerprint)
    assert (card["sequences"], card["length"], card["frame"]) == (3, 12, [100, 100])
    assert (card["layout"], card["image"], card["schema"]) == ("got10k", "png", 1)
    assert card["trackbench"] == trackbench.__version__
    assert (card["first"], card["last"]) == (made.names[0], made.names[-1])
    assert (card["exact"], card["largest_error"], card["mean_error"]) == (True, 0, 0.0)


@pytest.mark.parametrize("layout", LAYOUT_IDS)
@pytest.mark.parametrize("dataset", ["mnist-multi-diff-v1", "colour-v1"])
def test_the_loss_of_jpeg_is_that_of_the_files(
    tmp_path: Path, export: Any, dataset: str, layout: str
) -> None:
    made = export(tmp_path / "set", dataset, layout, image=ImageFormat.JPEG)
    differences = []
    for name, truth in zip(made.names, made.truth, strict=True):
        folder = made.path / made.card.folder / name
        for path, frame in zip(sorted(folder.rglob("*.jpg")), truth.frames, strict=True):
            with Image.open(path) as opened:
                assert opened.format == "JPEG"
                differences.append(np.abs(np.asarray(opened).astype(float) - frame))
    assert made.card.largest_error == np.max(differences)
    assert made.card.mean_error == pytest.approx(np.mean(differences), rel=1e-12)
    assert 0 < made.card.largest_error <= 4
    assert not made.card.exact


def test_the_loss_is_measured_again_where_an_export_goes_on(
    tmp_path: Path, export: Any, tree_of: Any
) -> None:
    whole = export(tmp_path / "whole", image=ImageFormat.JPEG)
    for name in whole.names[:2]:
        (whole.path / "val" / name).rename(tmp_path / name)
    before = tree_of(tmp_path / whole.names[0])
    again = export(whole.path, image=ImageFormat.JPEG)
    assert not again.found
    assert again.card == whole.card
    assert tree_of(whole.path / "val" / whole.names[0]) == before


@pytest.mark.thorough
@pytest.mark.parametrize("image", ImageFormat)
@pytest.mark.parametrize("dataset", ["mnist-multi-diff-v1", "colour-v1"])
def test_any_number_of_jobs_writes_the_same_bytes(
    tmp_path: Path, export: Any, tree_of: Any, dataset: str, image: ImageFormat
) -> None:
    seen: list[tuple[int, int]] = []
    alone = export(tmp_path / "1", dataset, image=image, sequences=5)
    export(
        tmp_path / "3",
        dataset,
        image=image,
        sequences=5,
        jobs=3,
        progress=lambda done, total: seen.append((done, total)),
    )
    assert tree_of(tmp_path / "1") == tree_of(alone.path) == tree_of(tmp_path / "3")
    assert seen == [(12 * n, 60) for n in range(1, 6)]


def test_other_data_than_the_published_is_refused_before_anything_is_written(
    tmp_path: Path, export: Any, spec_named: Any
) -> None:
    changed = replace(spec_named("mnist-multi-diff-v1"), seed=1)
    with pytest.raises(DamagedFileError, match="is not the published data"):
        export(tmp_path / "set", changed)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("dataset", "options", "message"),
    [
        ("endless", {"sequences": None}, "is endless: say how much of it with sequences"),
        ("colour-v1", {"sequences": 6}, "colour-v1 has 5 sequences, not 6"),
        ("colour-v1", {"length": 13}, "colour-v1 has 12 frames a sequence, not 13: see length"),
        ("colour-v1", {"length": 1}, "length must be at least 2, not 1"),
    ],
)
def test_what_is_not_there_is_refused(
    tmp_path: Path, export: Any, dataset: str, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(TrackbenchError, match=message):
        export(tmp_path / "set", dataset, **options)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("value", [0.1, 1 / 3, 1e-7, 12.0, 1e17, 2.0**-60, 123456.789012345])
@pytest.mark.parametrize("decimals", [0, 1, 4])
def test_numbers_are_read_back_as_they_were(value: float, decimals: int) -> None:
    text = decimal(value, decimals)
    assert float(text) == value
    assert "e" not in text
    assert len(text.partition(".")[2]) >= decimals


@pytest.mark.parametrize("value", [0, -1, 2**53 + 1, 2**63 - 1, -(2**63), 2**64 - 1])
def test_integers_that_no_float_can_be_are_read_back_as_they_were(value: int) -> None:
    assert decimal(value) == str(value)
