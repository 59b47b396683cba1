from __future__ import annotations

from pathlib import Path

import numpy as np
from got10k.datasets import DTB70
from video_trees import numbered, numbers, rows, write, write_images

from trackbench.datasets.readers.opening import open_videos


def test_the_toolkit_reads_the_same(tmp_path: Path) -> None:
    write_images(tmp_path / "Gull1" / "img", numbered(1, 4, "{:05d}.jpg"))
    write(tmp_path / "Gull1" / "groundtruth_rect.txt", rows(4))
    ((files, boxes),) = DTB70(str(tmp_path))
    (source,) = open_videos("dtb70", tmp_path).videos
    video = source.read()
    assert [str(image) for image in video.images] == files
    np.testing.assert_array_equal(video.boxes, boxes)
    np.testing.assert_array_equal(video.boxes, numbers(4))
