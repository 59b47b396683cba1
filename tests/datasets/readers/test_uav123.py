from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from got10k.datasets import UAV123
from video_trees import numbered, numbers, picture, rows, write, write_images

from trackbench.datasets.readers.decoded_frames import DecodedFrames
from trackbench.datasets.readers.opening import open_videos
from trackbench.errors import DataError

JPG = "{:06d}.jpg"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a tree whose folders have as many images as the toolkit's tables say: thousands."""
    tmp_path = tmp_path_factory.mktemp("uav123")
    data = tmp_path / "data_seq" / "UAV123"
    write_images(data / "bird1", numbered(1, 2437, JPG), (2, 3))
    write_images(data / "bike2", numbered(1, 553, JPG), (2, 3))
    anno = tmp_path / "anno" / "UAV123"
    nan = "NaN,NaN,NaN,NaN\n"
    write(anno / "bird1_2.txt", rows(700) + nan * 3)
    write(anno / "bike2.txt", rows(553))
    write(tmp_path / "anno" / "UAV20L" / "bird1.txt", rows(2437))
    (tmp_path / "more").mkdir()
    (tmp_path / "even_more").mkdir()  # the toolkit takes a folder of three for a broken download
    return tmp_path


def test_a_sequence_is_a_part_of_a_folder(root: Path) -> None:
    bike, bird = (source.read() for source in open_videos("uav123", root).videos)
    assert (bike.name, len(bike)) == ("bike2", 553)
    assert (bird.images[0].name, bird.images[-1].name) == ("000775.jpg", "001477.jpg")
    np.testing.assert_array_equal(DecodedFrames.of(bird)[0], picture(774, (2, 3)))
    np.testing.assert_array_equal(bird.boxes[:700], numbers(700))


def test_a_row_of_nan_is_absence(root: Path) -> None:
    bird = open_videos("uav123", root).videos[1].read()
    assert np.isnan(bird.boxes[700:]).all()
    assert bird.absent.tolist() == [False] * 700 + [True] * 3


def test_uav20l_is_of_whole_folders(root: Path) -> None:
    (source,) = open_videos("uav20l", root).videos
    assert len(source.read()) == 2437


def test_the_toolkit_reads_the_same(root: Path) -> None:
    theirs = UAV123(str(root), "UAV123")
    ours = open_videos("uav123", root).videos
    assert [video.name for video in ours] == theirs.seq_names
    for source, (files, boxes) in zip(ours, theirs, strict=True):
        video = source.read()
        assert [str(image) for image in video.images] == files
        np.testing.assert_array_equal(video.boxes, boxes)


def test_what_is_not_there_is_said(root: Path) -> None:
    assert len(open_videos("uav123", root).missing) == 121
    assert len(open_videos("uav20l", root).missing) == 19


def test_an_image_that_is_missing_is_named(root: Path, tmp_path: Path) -> None:
    image = root / "data_seq" / "UAV123" / "bird1" / "000900.jpg"
    image.rename(tmp_path / "away.jpg")
    try:
        with pytest.raises(DataError, match="bird1: image 900 of 775 to 1477 is missing"):
            open_videos("uav123", root).videos[1].read()
    finally:
        (tmp_path / "away.jpg").rename(image)
