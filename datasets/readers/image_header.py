"""What the first bytes of an image say: its size, its kind, and whether it may be a frame.

JPEG and PNG are looked at here, for it is done for each frame and has to cost nothing beside the
decoding. Everything else is for Pillow.
"""

from __future__ import annotations

import struct
from functools import lru_cache

from trackbench.datasets.readers.data_errors import FilePath, data_error
from trackbench.datasets.readers.frame_image import (
    Encoding,
    ImageHeader,
    check_size,
    check_upright,
)
from trackbench.datasets.readers.pillow_image import header_by_pillow
from trackbench.errors import DataError


def read_header(content: bytes, path: FilePath) -> ImageHeader:
    """Return what an image's bytes say.

    Raises:
        DataError: it is empty, truncated, no image, too large, animated, CMYK, deeper than 8 bits,
            or to be turned when it is shown.
    """
    if not content:
        raise data_error(path, "is empty (0 bytes)")
    if content.startswith(b"\xff\xd8\xff"):
        header = _jpeg(content, path)
    elif content.startswith(b"\x89PNG\r\n\x1a\n"):
        plain = _plain_png(content[:33], content[37:41])
        if plain is not None and content.endswith(_PNG_END):
            return plain
        header = _png(content, path)
    else:
        header = header_by_pillow(content, path)
    check_size(header.height, header.width, path)
    return header


_FRAME_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_KINDS = frozenset({0xE0, 0xEE})
_SCANS = {0xC0: b"\0\x3f\0", 0xC1: b"\0\x3f\0"}
"""What the header of a scan must end with, by the marker of a frame whose scans have all
coefficients. Some cameras write zeros; they have them all the same."""


def _jpeg(content: bytes, path: FilePath) -> ImageHeader:
    found: ImageHeader | None = None
    instead: tuple[tuple[int, bytes], ...] = ()
    scan = b""
    at = 2
    while at + 4 <= len(content):
        if content[at] != 0xFF:
            raise data_error(path, "is a damaged JPEG: no marker where one has to be")
        marker = content[at + 1]
        if marker == 0xFF:  # fill bytes
            at += 1
            continue
        (length,) = struct.unpack_from(">H", content, at + 2)
        segment = content[at + 4 : at + 2 + length]
        if marker == 0xE1 and segment.startswith(b"Exif\0\0"):
            check_upright(_orientation(segment[6:]), path)
        elif marker in _FRAME_MARKERS and len(segment) >= 6:
            depth, height, width, channels = struct.unpack_from(">BHHB", segment)
            _check_depth(depth, path)
            if channels == 4:
                raise data_error(path, "is CMYK: convert it to RGB")
            found = ImageHeader(Encoding.JPEG, height, width, grey=channels == 1, alpha=False)
            scan = _SCANS.get(marker, b"")
        elif marker == 0xDA:  # the pixels: within them, 0xFF is followed by 0
            if found is None or content.rfind(b"\xff\xd9") < at:
                break
            instead += _whole_scan(segment, scan, at + 4)
            return found._replace(instead=instead) if instead else found
        elif marker in _KINDS:
            instead += _known_kind(marker, segment, at + 4)
        at += 2 + length
    raise data_error(path, "is truncated: the JPEG has no end")


def _known_kind(marker: int, segment: bytes, at: int) -> tuple[tuple[int, bytes], ...]:
    """Return what a segment at a place should say, if it does not: see ``ImageHeader.instead``."""
    if marker == 0xE0 and segment.startswith(b"JFIF\0") and len(segment) >= 14:
        return () if segment[5] == 1 else ((at + 5, b"\1"),)  # its version
    if marker == 0xEE and segment.startswith(b"Adobe") and len(segment) >= 12:
        return () if segment[11] <= 1 else ((at + 11, b"\1"),)  # what is unknown is taken for YCbCr
    return ()


def _whole_scan(segment: bytes, end: bytes, at: int) -> tuple[tuple[int, bytes], ...]:
    return () if segment.endswith(end) else ((at + len(segment) - len(end), end),)


_PNG_END = b"\0\0\0\0IEND\xaeB`\x82"


@lru_cache(16)  # the frames of a video begin alike
def _plain_png(begin: bytes, next_chunk: bytes) -> ImageHeader | None:
    """Return what a PNG says that has its pixels right after its header, as nearly all have.

    Args:
        begin: its first 33 bytes.
        next_chunk: the name of the chunk that follows.

    Returns:
        None: there is more to be looked at, or something is wrong.
    """
    if next_chunk != b"IDAT":
        return None
    try:
        header = _png(begin + b"\0\0\0\0IDAT" + _PNG_END, "")
        check_size(header.height, header.width, "")
    except DataError:  # it is raised anew, with the file's name
        return None
    return header


def _png(content: bytes, path: FilePath) -> ImageHeader:
    if len(content) < 33 or content[12:16] != b"IHDR":
        raise data_error(path, "is truncated: the PNG has no header")
    width, height, depth, colour = struct.unpack_from(">IIBB", content, 16)
    _check_depth(max(depth, 8), path)
    alpha = colour in {4, 6}
    at = 33
    while at + 8 <= len(content):
        (length,) = struct.unpack_from(">I", content, at)
        kind = content[at + 4 : at + 8]
        if kind == b"acTL" and struct.unpack_from(">I", content.ljust(at + 12), at + 8)[0] > 1:
            raise data_error(path, "is animated: a frame is one image")
        if kind == b"eXIf":
            check_upright(_orientation(content[at + 8 : at + 8 + length]), path)
        alpha = alpha or kind == b"tRNS"
        if kind == b"IDAT":
            break
        at += 12 + length
    if content[-12:-4] != b"\0\0\0\0IEND" and content.rfind(_PNG_END) < at:
        raise data_error(path, "is truncated: the PNG has no end")
    return ImageHeader(Encoding.PNG, height, width, grey=colour in {0, 4}, alpha=alpha)


def _check_depth(bits: int, path: FilePath) -> None:
    if bits != 8:
        raise data_error(path, f"has {bits} bits a channel: convert it to 8")


def _orientation(tiff: bytes) -> int:
    """Return Exif's orientation; 0 where there is none that can be read."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 10:
        return 0
    (start,) = struct.unpack_from(f"{order}I", tiff, 4)
    if start + 2 > len(tiff):
        return 0
    (entries,) = struct.unpack_from(f"{order}H", tiff, start)
    for at in range(start + 2, min(start + 2 + 12 * entries, len(tiff) - 11), 12):
        tag, kind, _, value = struct.unpack_from(f"{order}HHIH", tiff, at)
        if tag == 0x0112 and kind == 3:
            return int(value)
    return 0
