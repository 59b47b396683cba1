"""True masks go into VOT's layout, and come back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from trackbench.datasets.export.vot_regions import is_shown, mask_line
from trackbench.datasets.readers.opening import open_videos
from trackbench.datasets.readers.vot_region import RunLengths, region_of


@given(arrays(np.bool_, st.tuples(st.integers(1, 9), st.integers(1, 9))))
def test_any_mask_is_read_back(mask: Any) -> None:
    region = region_of(mask_line(mask), Path("groundtruth.txt"), 1)
    assert isinstance(region, RunLengths)
    np.testing.assert_array_equal(region.pixels(mask.shape), mask)


@pytest.mark.parametrize("dataset", ["discs-v1", "discs-read-v1"])
def test_masks_come_back(tmp_path: Path, export: Any, dataset: str) -> None:
    made = export(tmp_path / "set", dataset, "vot", sequences=2, length=None)
    for source, truth in zip(open_videos("vot", made.path).videos, made.truth, strict=True):
        video = source.read()
        assert video.masks is not None
        for t in range(len(truth)):
            mask = video.masks.mask(t, truth.masks[t].shape)
            if np.isnan(truth.boxes[t, 0]):
                assert mask is None
            else:
                np.testing.assert_array_equal(mask, truth.masks[t])
        shown = [bool(truth.masks[t].any()) for t in range(len(truth))]
        np.testing.assert_array_equal(video.boxes[shown], truth.boxes[shown])
        anchored = np.flatnonzero(video.attributes["anchor"])
        assert anchored.size
        assert all(shown[t] for t in anchored)
        folder = made.path / "sequences" / source.name
        assert is_shown((folder / "groundtruth.txt").read_text()).tolist() == shown
    assert not shown[5]
