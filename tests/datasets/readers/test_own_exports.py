"""What ``trackbench export`` writes comes back: the same boxes and, as PNG, the same pixels."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import trackbench
from trackbench.contracts import DatasetSpec
from trackbench.datasets.readers.decoded_frames import DecodedFrames
from trackbench.datasets.readers.opening import open_videos
from trackbench.datasets.readers.recognising import recognise
from trackbench.plugins import registry

MNIST = "mnist-multi-diff-v1"


@pytest.fixture(scope="module", params=["got10k", "vot", "otb"])
def exported(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    out = tmp_path_factory.mktemp(request.param) / "set"
    trackbench.export(MNIST, request.param, out, sequences=3, length=12, jobs=1)
    return request.param, out


def truths() -> list[Any]:
    spec = registry.datasets().get(MNIST)
    assert isinstance(spec, DatasetSpec)
    dataset = registry.build_dataset(spec)
    return [dataset.sequence(index, 12) for index in range(3)]


def test_boxes_and_pixels_are_the_same(exported: tuple[str, Path]) -> None:
    layout, out = exported
    origin = 1 if layout == "otb" else None
    opened = open_videos(layout, out, origin=origin)
    assert len(opened.videos) == 3
    for source, truth in zip(opened.videos, truths(), strict=True):
        video = source.read()
        np.testing.assert_array_equal(video.boxes, truth.boxes)
        assert (video.absent.any(), video.notes, video.scored) == (False, (), True)
        frames = DecodedFrames.of(video)
        assert frames.shape == truth.frames.shape
        for frame, true in zip(frames, truth.frames, strict=True):
            np.testing.assert_array_equal(frame, true)


def test_vot_brings_the_attributes_back(tmp_path: Path) -> None:
    trackbench.export(MNIST, "vot", tmp_path / "set", sequences=3, length=12, jobs=1)
    for source, truth in zip(open_videos("vot", tmp_path / "set").videos, truths(), strict=True):
        attributes = source.read().attributes
        assert set(attributes) == {*truth.attributes, "anchor"}
        for name, values in truth.attributes.items():
            np.testing.assert_array_equal(attributes[name], values)


def test_it_is_recognised(exported: tuple[str, Path]) -> None:
    layout, out = exported
    assert recognise(out)[0].reader.id == layout
