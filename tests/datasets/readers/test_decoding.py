"""An image becomes a frame as it is stored, or it is refused by name."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image
from video_trees import picture

from trackbench.datasets.readers.decoding import read_frame, read_header_of
from trackbench.errors import DataError
from trackbench.plugins.decoder_complaints import watched

COLOUR = Image.fromarray(picture(1))
GREY = Image.fromarray(picture(1, grey=True))
OPAQUE = Image.fromarray(np.dstack([picture(1), np.full((24, 32), 255, np.uint8)]))
CLEAR = Image.fromarray(np.dstack([picture(1), np.full((24, 32), 254, np.uint8)]))


def encoded(image: Image.Image, form: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, format=form, **options)
    return out.getvalue()


def stored(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("form", ["PNG", "BMP", "TIFF", "PPM", "WEBP", "GIF"])
@pytest.mark.parametrize("grey", [True, False])
def test_what_is_exact_stays_exact_whatever_the_file_is_called(
    tmp_path: Path, form: str, grey: bool
) -> None:
    image = GREY if grey else COLOUR
    options: dict[str, Any] = {"lossless": True} if form == "WEBP" else {}
    if form == "GIF":
        image = image.quantize(16)
    path = stored(tmp_path / "a.jpg", encoded(image, form, **options))
    with Image.open(path) as opened:
        kind = "L" if opened.mode == "L" else "RGB"
        expected = np.asarray(opened.convert(kind))
    frame = read_frame(path)
    assert frame.dtype == np.uint8
    np.testing.assert_array_equal(frame, expected)
    assert read_header_of(path).grey is (frame.ndim == 2)


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"subsampling": 0}])
@pytest.mark.parametrize("grey", [True, False])
def test_jpeg_is_what_opencv_makes_of_it(tmp_path: Path, grey: bool, options: Any) -> None:
    path = stored(tmp_path / "a.jpg", encoded(GREY if grey else COLOUR, "JPEG", **options))
    kind = cv2.IMREAD_GRAYSCALE if grey else cv2.IMREAD_COLOR
    expected = cv2.imread(str(path), kind)
    assert expected is not None
    np.testing.assert_array_equal(read_frame(path), expected if grey else expected[..., ::-1])


@pytest.mark.parametrize(
    "image", [OPAQUE, OPAQUE.convert("LA"), COLOUR.quantize(7), GREY.convert("1")]
)
def test_palettes_bits_and_opaque_alpha_are_read(tmp_path: Path, image: Image.Image) -> None:
    path = stored(tmp_path / "a.png", encoded(image, "PNG"))
    kind = "L" if image.mode in {"LA", "1"} else "RGB"
    np.testing.assert_array_equal(read_frame(path), np.asarray(image.convert(kind)))


@pytest.mark.parametrize("orientation", [0, 1])
def test_an_upright_image_may_say_so(tmp_path: Path, orientation: int) -> None:
    path = stored(tmp_path / "a.jpg", encoded(COLOUR, "JPEG", exif=exif(orientation)))
    assert read_frame(path).shape == (24, 32, 3)


def exif(orientation: int) -> Image.Exif:
    said = Image.Exif()
    said[0x0112] = orientation
    return said


def png_header(width: int, height: int) -> bytes:
    """Return the beginning of a PNG of any size, without its pixels."""
    chunk = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    framed = struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return b"\x89PNG\r\n\x1a\n" + framed + b"\0\0\0\0IEND\xaeB`\x82"


def jpeg_header(width: int, height: int, channels: int = 3, depth: int = 8) -> bytes:
    frame = struct.pack(">BHHB", depth, height, width, channels) + b"\x01\x11\x00" * channels
    start = b"\xff\xd8\xff\xc0" + struct.pack(">H", 2 + len(frame)) + frame
    return start + b"\xff\xda\x00\x02\x00\xff\xd9"


PNG = encoded(COLOUR, "PNG")
JPEG = encoded(COLOUR, "JPEG")
DEEP = Image.fromarray(picture(1, grey=True).astype(np.uint16) * 257)
OTHER = Image.fromarray(picture(2))
BAD = {
    "empty": (b"", r"is empty \(0 bytes\)"),
    "text": (b"<html>404</html>", "is no image"),
    "one byte": (b"\xff", "is no image"),
    "half a png": (PNG[: len(PNG) // 2], "is truncated"),
    "png without its last byte": (PNG[:-1], "is truncated"),
    "png of a few bytes": (PNG[:20], "is truncated"),
    "half a jpeg": (JPEG[: len(JPEG) // 2], "is truncated"),
    "jpeg without its last byte": (JPEG[:-1], "is truncated"),
    "jpeg of a few bytes": (JPEG[:4], "is truncated"),
    "half a bmp": (encoded(COLOUR, "BMP")[:999], "is damaged"),
    "half a tiff": (encoded(COLOUR, "TIFF")[:999], "is damaged"),
    "half a webp": (encoded(COLOUR, "WEBP")[:200], "is damaged"),
    "png with a wrong byte": (PNG[:100] + bytes([PNG[100] ^ 255]) + PNG[101:], "is damaged"),
    "jpeg with a wrong marker": (JPEG[:20] + b"\0\0\0\0" + JPEG[24:], "is a damaged JPEG"),
    "large png": (png_header(20_000, 20_000), "is 20000 x 20000 pixels"),
    "large jpeg": (jpeg_header(20_000, 20_000), "is 20000 x 20000 pixels"),
    "png without pixels": (png_header(0, 5), "is 0 x 5 pixels"),
    "cmyk": (encoded(COLOUR.convert("CMYK"), "JPEG"), "is CMYK"),
    "cmyk tiff": (encoded(COLOUR.convert("CMYK"), "TIFF"), "has pixels of the kind CMYK"),
    "12 bits": (jpeg_header(8, 8, depth=12), "has 12 bits a channel"),
    "16 bits": (encoded(DEEP, "PNG"), "has 16 bits a channel"),
    "16 bits tiff": (encoded(DEEP, "TIFF"), "has pixels of the kind I;16"),
    "turned jpeg": (encoded(COLOUR, "JPEG", exif=exif(6)), r"\(Exif orientation 6\)"),
    "turned png": (encoded(COLOUR, "PNG", exif=exif(3)), r"\(Exif orientation 3\)"),
    "turned webp": (encoded(COLOUR, "WEBP", exif=exif(8)), r"\(Exif orientation 8\)"),
    "gif": (encoded(COLOUR, "GIF", save_all=True, append_images=[OTHER]), "is animated"),
    "apng": (encoded(COLOUR, "PNG", save_all=True, append_images=[OTHER]), "is animated"),
    "webp": (encoded(COLOUR, "WEBP", save_all=True, append_images=[OTHER]), "is animated"),
    "pages": (encoded(COLOUR, "TIFF", save_all=True, append_images=[OTHER]), "several pages"),
    "clear": (encoded(CLEAR, "PNG"), "is transparent in part"),
    "clear webp": (encoded(CLEAR, "WEBP", lossless=True), "is transparent in part"),
    "clear colour": (encoded(COLOUR.quantize(4), "PNG", transparency=1), "is transparent in part"),
}


@pytest.mark.parametrize("kind", BAD)
def test_what_is_no_frame_is_refused_by_name(
    tmp_path: Path, kind: str, capfd: pytest.CaptureFixture[str]
) -> None:
    content, said = BAD[kind]
    path = stored(tmp_path / "0001.jpg", content)
    with pytest.raises(DataError, match=said) as raised:
        read_frame(path)
    assert str(raised.value).startswith(f"{path}: ")
    assert "\n" not in str(raised.value)
    capfd.readouterr()  # libraries print to the terminal on their own


@pytest.mark.thorough
def test_a_large_image_is_not_decoded(tmp_path: Path) -> None:
    content = encoded(Image.new("1", (20_000, 20_000)), "PNG")
    with pytest.raises(DataError, match="20000 x 20000 pixels: a frame has 67,108,864"):
        read_frame(stored(tmp_path / "a.png", content))


def test_without_opencvs_rgb_the_channels_are_swapped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = stored(tmp_path / "a.jpg", JPEG)
    expected = read_frame(path)
    monkeypatch.delattr(cv2, "IMREAD_COLOR_RGB", raising=False)
    np.testing.assert_array_equal(read_frame(path), expected)


def test_trailing_bytes_do_no_harm(tmp_path: Path) -> None:
    expected = read_frame(stored(tmp_path / "a.jpg", JPEG))
    np.testing.assert_array_equal(
        read_frame(stored(tmp_path / "b.jpg", JPEG + b"\0" * 9)), expected
    )
    np.testing.assert_array_equal(
        read_frame(stored(tmp_path / "c.png", PNG + b"\0" * 9)), picture(1)
    )


def test_a_file_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"a\.jpg: cannot be read \(No such file"):
        read_frame(tmp_path / "a.jpg")


def test_cut_anywhere_it_is_refused(tmp_path: Path) -> None:
    for content in (PNG, JPEG):
        for length in range(0, len(content), 37):
            with pytest.raises(DataError):
                read_frame(stored(tmp_path / "a.jpg", content[:length]))


def of_another_version(content: bytes) -> bytes:
    return content.replace(b"JFIF\0\1", b"JFIF\0\2", 1)


def of_an_unknown_kind_of_colours(content: bytes) -> bytes:
    jfif = 2 + struct.unpack_from(">H", content, 4)[0]
    adobe = b"\xff\xee\0\x0eAdobe\0\x64\0\0\0\0\7"
    return content[:2] + adobe + content[2 + jfif :]


def as_some_cameras_write_scans(content: bytes) -> bytes:
    return content.replace(b"\0\x3f\0", bytes(3), 1)


@pytest.mark.parametrize(
    "odd",
    [of_another_version, of_an_unknown_kind_of_colours, as_some_cameras_write_scans],
)
def test_what_does_no_harm_hides_no_damage(
    tmp_path: Path, odd: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.jpg"
    Image.fromarray(picture(1, (48, 64))).save(path, format="JPEG", quality=95)
    whole = path.read_bytes()
    frame = read_frame(path)
    content = odd(whole)
    assert content != whole
    path.write_bytes(content)
    middle = len(content) // 2
    with watched():
        np.testing.assert_array_equal(read_frame(path), frame)
        path.write_bytes(content[:middle] + b"\xff" * 200 + content[middle + 200 :])
        with pytest.raises(DataError, match="is damaged, and decoded all the same"):
            read_frame(path)
    assert capfd.readouterr().err == ""
