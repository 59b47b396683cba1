from __future__ import annotations

import pickle
import re
import struct
import sys
from contextlib import nullcontext
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from video_trees import numbers, picture, rows, write

from trackbench.datasets.on_disk import dataset_at
from trackbench.datasets.readers.decoded_frames import DecodedFrames
from trackbench.datasets.readers.opening import open_videos
from trackbench.datasets.readers.verifying import verify_videos
from trackbench.datasets.readers.video_decoder import VideoDecoder
from trackbench.datasets.readers.video_file import VideoFile
from trackbench.errors import DataError, TrackbenchError

SAID = 'boxes = "xywh"\norigin = 0\n'


needs_av = pytest.mark.skipif(not find_spec("av"), reason="needs the extra video")


def record(
    path: Path,
    codec: str,
    pixels: str,
    count: int = 12,
    size: Any = (48, 64),
    options: dict[str, str] | None = None,
) -> None:
    """Write a video; ffv1 is exact."""
    import av

    grey = pixels == "gray"
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=25)
        stream.height, stream.width, stream.pix_fmt = *size, pixels
        stream.options = options or {}
        stream.codec_context.thread_count = 1  # how many there are decides what some encoders write
        for index in range(count):
            shown = picture(index, size, grey=grey)
            frame = av.VideoFrame.from_ndarray(shown, format="gray" if grey else "rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def only(root: Path) -> Any:
    (source,) = open_videos("folder", root).videos
    return source.read()


@pytest.mark.parametrize("pixels", ["bgr0", "gray"])
@needs_av
def test_frames_are_exact_in_any_order(tmp_path: Path, pixels: str) -> None:
    record(tmp_path / "a.avi", "ffv1", pixels)
    write(tmp_path / "a.txt", rows(12))
    write(tmp_path / "dataset.toml", SAID)
    video = only(tmp_path)
    frames = DecodedFrames.of(video)
    np.testing.assert_array_equal(video.boxes, numbers(12))
    assert frames.shape == ((12, 48, 64) if pixels == "gray" else (12, 48, 64, 3))
    for index in [*range(12), 3, 4, 11, 0]:
        np.testing.assert_array_equal(
            frames[index], picture(index, (48, 64), grey=pixels == "gray")
        )
    part = pickle.loads(pickle.dumps(frames[5:9]))
    np.testing.assert_array_equal(part[1], picture(6, (48, 64), grey=pixels == "gray"))


@pytest.mark.parametrize(
    ("name", "codec", "pixels"),
    [
        ("a.mp4", "libx264", "yuv420p"),
        ("a.mov", "mpeg4", "yuv420p"),
        ("a.avi", "mjpeg", "yuvj420p"),
    ],
)
@needs_av
def test_frames_are_counted_without_decoding(
    tmp_path: Path, name: str, codec: str, pixels: str
) -> None:
    import av

    if codec not in av.codecs_available:
        pytest.skip(f"this PyAV has no {codec}")
    record(tmp_path / name, codec, pixels, 30)
    file = VideoFile(tmp_path / name)
    assert file.count() == len(list(file.frames())) == 30
    assert file.frame_shape() == (48, 64, 3)


@needs_av
def test_in_a_folder_of_its_own_or_named_itself(tmp_path: Path) -> None:
    record(tmp_path / "clip" / "a.avi", "ffv1", "bgr0")
    write(tmp_path / "clip" / "boxes.txt", rows(12))
    write(tmp_path / "dataset.toml", SAID)
    assert only(tmp_path).name == "clip"
    write(tmp_path / "clip" / "a.csv", rows(12))
    write(tmp_path / "clip" / "dataset.toml", SAID)
    assert only(tmp_path / "clip" / "a.avi").name == "a"


@needs_av
def test_what_lies_beside_one_is_watched_while_it_runs(tmp_path: Path) -> None:
    record(tmp_path / "a.avi", "ffv1", "bgr0")
    write(tmp_path / "a.txt", rows(12))
    write(tmp_path / "dataset.toml", SAID)
    spec = dataset_at("folder", str(tmp_path / "a.avi"))
    beside = ("a.avi", "a.txt", "dataset.toml")
    assert spec.files == tuple(str(tmp_path / name) for name in beside)
    assert dataset_at("folder", str(tmp_path)).files == (str(tmp_path),)


@needs_av
def test_frames_without_rows_are_left_out_and_said(tmp_path: Path) -> None:
    record(tmp_path / "a.avi", "ffv1", "bgr0")
    write(tmp_path / "a.txt", rows(10))
    write(tmp_path / "dataset.toml", SAID)
    video = only(tmp_path)
    assert len(DecodedFrames.of(video)) == 10
    assert video.notes == ("12 images, 10 rows: the last 2 images left out",)
    write(tmp_path / "a.txt", "0,0,0,0\n" + rows(11))
    with pytest.raises(DataError, match="begins with 1 row without a box: cut the video"):
        only(tmp_path)


@needs_av
def test_a_damaged_video_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.avi"
    write(path, "no video")
    with pytest.raises(DataError, match=r"a\.avi: cannot be read as a video \(Invalid data"):
        VideoFile(path).count()
    record(path, "ffv1", "bgr0", 50)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match=r"a\.avi"):
        list(DecodedFrames.of(_of(path, 50)))


@needs_av
@pytest.mark.parametrize(("name", "codec"), [("a.mp4", "libx265"), ("a.avi", "mjpeg")])
def test_damage_on_the_way_is_no_frame_less(tmp_path: Path, name: str, codec: str) -> None:
    import av

    if codec not in av.codecs_available:
        pytest.skip(f"this PyAV has no {codec}")
    path = tmp_path / name
    quiet = {"x265-params": "log-level=none"}
    record(path, codec, "yuvj420p" if codec == "mjpeg" else "yuv420p", options=quiet)
    with av.open(str(path)) as container:
        packets = [packet for packet in container.demux(video=0) if packet.size]
    at = packets[5].pos + (6 if codec == "libx265" else packets[5].size // 2)
    content = bytearray(path.read_bytes())
    damage = bytes(20) if codec == "libx265" else b"\xff" * 200  # most zeros are codes, too
    content[at : at + len(damage)] = damage
    path.write_bytes(content)
    # as it comes, PyAV goes on with the next frame, or gives what it could read of this one
    said = rf"{name}: is damaged at frame [345] or a few after it"
    with pytest.raises(DataError, match=said):
        list(VideoFile(path).frames())
    write(tmp_path / "a.txt", rows(12))
    write(tmp_path / "dataset.toml", SAID)
    (finding,) = verify_videos(open_videos("folder", tmp_path))
    assert re.search(said, finding.what)


def test_of_frames_after_a_damaged_one_nothing_is_decoded(tmp_path: Path) -> None:
    class Damaged(VideoFile):
        opened = 0

        def frame_shape(self) -> tuple[int, ...]:
            return (24, 32, 3)

        def frames(self) -> Any:
            Damaged.opened += 1
            yield from map(picture, range(3))
            raise DataError("is damaged")

    decoder = VideoDecoder(Damaged(tmp_path / "a.avi"))
    for index in (*range(3, 100), 2, 3):
        with pytest.raises(DataError, match="is damaged") if index > 2 else nullcontext():
            decoder.frame(index)
    assert Damaged.opened == 2


@needs_av
@pytest.mark.parametrize("ending", ["mkv", "mp4"])
def test_a_video_cut_between_frames_that_stand_alone(tmp_path: Path, ending: str) -> None:
    import av

    every_sixth = {"g": "6", "sc_threshold": "1000000000"}  # whatever the pictures look like
    record(tmp_path / "whole.mp4", "mpeg4", "yuv420p", options=every_sixth)
    cut = tmp_path / f"a.{ending}"
    with av.open(str(tmp_path / "whole.mp4")) as whole, av.open(str(cut), "w") as container:
        stream = container.add_stream_from_template(whole.streams.video[0])
        for packet in list(whole.demux(video=0))[2:]:
            if packet.size:
                packet.stream = stream
                container.mux(packet)
    with pytest.raises(DataError, match=rf"a\.{ending}: begins with a frame that is made of"):
        VideoFile(cut).count()


@needs_av
@pytest.mark.parametrize(
    ("pixels", "said"),
    [
        ("gray10le", "has 10 bits a channel: convert it to 8"),
        ("gbrp16le", "has 16 bits a channel"),
        ("bgra", "is transparent in part"),
    ],
)
def test_more_than_a_frame_can_hold(tmp_path: Path, pixels: str, said: str) -> None:
    import av

    path = tmp_path / "a.mkv"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("ffv1", rate=25, width=64, height=48)
        stream.pix_fmt = pixels
        shown = np.full((48, 64, 4), 100, np.uint8)
        frame = av.VideoFrame.from_ndarray(shown, format="rgba")
        container.mux([*stream.encode(frame), *stream.encode(None)])
    with pytest.raises(DataError, match=said):
        next(VideoFile(path).frames())


@needs_av
def test_a_turned_video_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    record(path, "mpeg4", "yuv420p")
    content = bytearray(path.read_bytes())
    at = content.index(b"tkhd") + 44  # the matrix of the track's header, ISO 14496-12
    matrix = (0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x40000000)
    content[at : at + 36] = struct.pack(">9i", *matrix)
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"a\.mp4: is turned by -?90 degrees when it is shown"):
        next(VideoFile(path).frames())


@needs_av
@pytest.mark.parametrize("name", ["a:b.avi", "-a.avi", "ä %03d.avi"])
def test_names_that_mean_something_to_ffmpeg(tmp_path: Path, name: str) -> None:
    record(tmp_path / "a.avi", "ffv1", "bgr0", 3)
    (tmp_path / "a.avi").rename(tmp_path / name)
    assert VideoFile(tmp_path / name).count() == 3


@needs_av
def test_a_list_of_other_files_is_no_video(tmp_path: Path) -> None:
    record(tmp_path / "a.avi", "ffv1", "bgr0", 3)
    write(tmp_path / "b.mp4", f"ffconcat version 1.0\nfile '{tmp_path}/a.avi'\n")
    with pytest.raises(DataError, match=r"b\.mp4: cannot be read as a video"):
        VideoFile(tmp_path / "b.mp4").count()


def _of(path: Path, count: int) -> Any:
    from trackbench.datasets.readers.annotated_video import AnnotatedVideo

    boxes = np.tile([1.0, 2, 3, 4], (count, 1))
    return AnnotatedVideo(
        name="a", images=VideoFile(path), boxes=boxes, absent=np.zeros(count, bool)
    )


def test_a_video_without_boxes_is_said(tmp_path: Path) -> None:
    write(tmp_path / "a.mp4", "")
    with pytest.raises(DataError, match=r"a\.mp4: has no file of boxes beside it \(a\.txt\)"):
        only(tmp_path)


def test_what_to_install_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    write(tmp_path / "a.mp4", "x")
    with pytest.raises(TrackbenchError, match=r"pip install 'trackbench\[video\]'"):
        VideoFile(tmp_path / "a.mp4").count()
