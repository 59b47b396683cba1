"""Damaged annotations and images: refused in one line that names the file, or read as they are.

``TRACKBENCH_FUZZ=full`` tries 4,000 cases, ``TRACKBENCH_FUZZ_SEED`` other ones.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fuzzing import Fuzzing
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from video_trees import numbered, picture, rows, write, write_images

from trackbench.datasets.readers.decoding import read_frame
from trackbench.datasets.readers.opening import open_videos
from trackbench.errors import DataError

FUZZING = Fuzzing(share=20)
cases, DONE, REFUSED = FUZZING.cases, FUZZING.done, FUZZING.refused

WORDS = st.one_of(
    st.sampled_from(["1", "2.5", "-1", "0", "nan", "inf", "1e999", "m0", "m1", "1,5", "x", '"']),
    st.sampled_from(["\ufeff", "\0", "\u0661", "9" * 400, "", "1_0", "0x1", "-0", "=1+1", ".."]),
    st.sampled_from(["\x1b[2J", "/", "[", "="]),
)
LINES = st.lists(st.lists(WORDS, max_size=9), max_size=6)
TEXTS = st.one_of(
    st.tuples(LINES, st.sampled_from([",", " ", "\t", ";", ", "]), st.sampled_from("\n\r")).map(
        lambda made: made[2].join(made[1].join(line) for line in made[0]).encode()
    ),
    st.binary(max_size=60),
)


@pytest.fixture(scope="module", autouse=True)
def _told() -> Iterator[None]:
    yield
    FUZZING.tell()


@pytest.fixture(scope="module")
def trees(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, list[Path]]]:
    """Data sets by layout, each with the files that are damaged."""
    top = tmp_path_factory.mktemp("trees")
    vot, got, nfs, own = (top / name for name in ("vot", "got", "nfs", "own"))
    write_images(vot / "a" / "color", numbered(1, 3, "{:08d}.jpg"))
    write_images(got / "val" / "a", numbered(1, 3, "{:08d}.jpg"))
    write_images(nfs / "a" / "30" / "a", numbered(1, 3, "{:05d}.jpg"))
    write_images(own / "a" / "img", numbered(1, 3))
    labels = ("cover.label", "absence.label", "meta_info.ini", "groundtruth.txt")
    in_vot = ("groundtruth.txt", "sequence", "a.tag", "b.value")
    return {
        "vot": (vot, [*(vot / "a" / name for name in in_vot), vot / "list.txt"]),
        "got10k": (got, [*(got / "val" / "a" / name for name in labels), got / "val" / "list.txt"]),
        "nfs": (nfs, [nfs / "a" / "30" / "a.txt"]),
        "folder": (own, [own / "a" / "boxes.txt", own / "dataset.toml"]),
    }


WHOLE = {
    "groundtruth.txt": rows(3),
    "sequence": "channels.color=color/%08d.jpg\n",
    "list.txt": "a\n",
    "a.txt": "0 2 5 8\n1 2 6 8\n2 2 7 8\n",
    "boxes.txt": rows(3),
    "dataset.toml": 'boxes = "xywh"\norigin = 0\n',
    "meta_info.ini": "[METAINFO]\nobject_class: bear\n",
}


def check_message(error: DataError, begins: str) -> None:
    assert str(error).startswith(begins)
    assert str(error).isprintable()  # and so it is one line


@pytest.mark.thorough
@cases(2000)
@given(st.sampled_from(["vot", "got10k", "nfs", "folder"]), st.integers(0, 4), TEXTS)
def test_annotations(trees: Any, layout: str, which: int, text: bytes) -> None:
    root, files = trees[layout]
    for path in files:
        write(path, WHOLE.get(path.name, "1\n0\n1\n"))
    damaged = files[which % len(files)]
    damaged.write_bytes(text)
    DONE["annotations"] += 1
    try:
        videos = [source.read() for source in open_videos(layout, root).videos]
    except DataError as error:
        REFUSED["annotations"] += 1
        check_message(error, str(root))
        return
    for video in videos:
        count = len(video.images)
        assert video.boxes.shape == (count, 4)
        assert video.absent.shape == (count,)
        assert np.isfinite(video.boxes[0]).all()
        nowhere = np.isnan(video.boxes)
        assert (nowhere.all(axis=1) == nowhere.any(axis=1)).all()
        assert nowhere[video.absent].all()
        assert all(len(values) == count for values in video.attributes.values())


def encoded(form: str) -> bytes:
    out = io.BytesIO()
    Image.fromarray(picture(1)).save(out, format=form)
    return out.getvalue()


IMAGES = {form: encoded(form) for form in ("PNG", "JPEG", "BMP", "TIFF", "WEBP", "PPM", "GIF")}


@cases(2000)
@given(st.sampled_from(sorted(IMAGES)), st.data())
def test_images(tmp_path_factory: pytest.TempPathFactory, form: str, data: st.DataObject) -> None:
    content = bytearray(IMAGES[form])
    # where a file says what it is there is more to break
    for _ in range(data.draw(st.integers(1, 4))):
        end = data.draw(st.sampled_from([64, len(content)]))
        at = data.draw(st.integers(0, min(end, len(content)) - 1))
        content[at] = data.draw(st.integers(0, 255))
    length = data.draw(st.sampled_from([len(content), data.draw(st.integers(0, len(content)))]))
    path = tmp_path_factory.getbasetemp() / "damaged.jpg"
    path.write_bytes(content[:length])
    DONE["images"] += 1
    try:
        frame = read_frame(path)
    except DataError as error:
        REFUSED["images"] += 1
        check_message(error, f"{path}: ")
        return
    assert frame.dtype == np.uint8
    assert frame.ndim == 2 or frame.shape[2:] == (3,)
