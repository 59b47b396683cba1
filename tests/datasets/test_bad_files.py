"""Damaged and hostile files of every layout, through the command line: one line, exit code 2."""

from __future__ import annotations

import functools
import io
import os
import shutil
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from layout_trees import LAYOUTS, SIZE, write_tree
from PIL import Image
from video_trees import picture, rows, write

Commands = Callable[..., Any]


def run(commands: Commands, name: str) -> Any:
    return commands("run", "-d", name, "-t", "static", "-o", "r")


def check_refused(done: Any, path: Path, said: str = "") -> None:
    """One line that begins with the file's name, and nothing is written."""
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1), done
    assert done.err.startswith(f"trackbench: {path}"), done.err
    assert said in done.err
    assert not Path("r").exists()


def replaced_by_link(path: Path, target: Path) -> None:
    path.unlink()
    path.symlink_to(target)


def replaced_by_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)  # to open it would wait for ever


ROWS: dict[str, Callable[[str], bytes]] = {
    "is empty": lambda _: b"",
    "is no number": lambda whole: whole.encode() + b"a,b,c,d\n",
    "'inf' is no number": lambda whole: whole.encode() + b"1,2,inf,4\n",
    "no frame has so many pixels": lambda whole: whole.encode() + b"1,2,1e300,4\n",
    "numbers": lambda whole: whole.encode() + b"1,2,3,4,5\n",
    "is empty, and so belongs to no frame": lambda whole: b"\n" + whole.encode(),
    "has a decimal comma": lambda _: b"1,5;2,5;3,5;4,5\n" * 6,
    "it begins as UTF-16 does": lambda whole: whole.encode("utf-16"),
    "is no text in UTF-8": lambda whole: b"\x80" + whole.encode(),
    "negative": lambda whole: whole.encode() + b"9,9,-3,-3\n",
    "has no box in any row": lambda _: b"nan,nan,nan,nan\n" * 6,
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_rows_that_are_none(layout: str, tmp_path: Path, commands: Commands) -> None:
    tree = write_tree(layout, tmp_path / "data")
    for said, damaged in ROWS.items():
        tree.boxes.write_bytes(damaged(tree.whole))
        check_refused(run(commands, tree.name), tree.boxes, said)


@pytest.mark.parametrize("layout", [each for each in LAYOUTS if each != "folder"])
def test_files_of_boxes_that_are_none(layout: str, tmp_path: Path, commands: Commands) -> None:
    tree = write_tree(layout, tmp_path / "data")
    outside = write(tmp_path / "outside.txt", tree.whole)
    damages = [
        (lambda: replaced_by_pipe(tree.boxes), "is no file"),
        (lambda: replaced_by_link(tree.boxes, Path("/dev/zero")), "leads out of the data folder"),
        (lambda: replaced_by_link(tree.boxes, outside), "leads out of the data folder"),
        (lambda: replaced_by_link(tree.boxes, tree.boxes), "cannot be reached"),
        (lambda: (tree.boxes.unlink(), tree.boxes.mkdir()), "is no file"),
    ]
    if not layout.startswith("uav"):  # whose sequences are known: those missing are told, by name
        damages.append((tree.boxes.unlink, "is missing"))
    for damage, said in damages:
        damage()
        check_refused(run(commands, tree.name), tree.boxes, said)
        tree.boxes.rmdir() if tree.boxes.is_dir() else tree.boxes.unlink(missing_ok=True)
        write(tree.boxes, tree.whole)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_images_that_are_no_files(layout: str, tmp_path: Path, commands: Commands) -> None:
    tree = write_tree(layout, tmp_path / "data")
    last, outside = tree.images[-1], tmp_path / "outside.jpg"
    content = last.read_bytes()
    outside.write_bytes(content)
    for damage, said in (
        (lambda: replaced_by_pipe(last), "is no file"),
        (lambda: replaced_by_link(last, Path("/dev/zero")), "is no file"),
        (lambda: replaced_by_link(last, outside), "leads out of the data folder"),
        (lambda: replaced_by_link(last, last), "leads nowhere"),
        (lambda: replaced_by_link(last, tmp_path / "nowhere.jpg"), "leads nowhere"),
    ):
        damage()
        check_refused(run(commands, tree.name), last, said)
        last.unlink()
        last.write_bytes(content)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_folder_of_images_that_leads_out(layout: str, tmp_path: Path, commands: Commands) -> None:
    tree = write_tree(layout, tmp_path / "data")
    folder = tree.images[0].parent
    shutil.move(folder, tmp_path / "outside")
    folder.symlink_to(tmp_path / "outside")
    check_refused(run(commands, tree.name), folder, "leads out of the data folder")


@pytest.mark.parametrize(
    ("layout", "file", "text", "said"),
    [
        ("got10k", "val/list.txt", "../A\n", "is no name of a folder beside it"),
        ("got10k", "val/list.txt", "A\n/etc\n", "is no name of a folder beside it"),
        ("vot", "list.txt", "a\n..\\b\n", "is no name of a folder beside it"),
        ("vot", "list.txt", "", "is empty: it names no sequence"),
        ("folder", "dataset.toml", "boxes = xywh\n", "is no TOML"),
        ("folder", "dataset.toml", 'boxes = "xywh"\norigin = 2\n', "origin must be 0 or 1"),
        ("folder", "dataset.toml", 'box = "xywh"\norigin = 0\n', "did you mean boxes?"),
        (
            "folder",
            "dataset.toml",
            'boxes = "xywh"\norigin = 0\nimages = "../other"\n',
            "images must be the name of a file or folder, without slashes",
        ),
        (
            "folder",
            "dataset.toml",
            'boxes = "xywh"\norigin = 0\nannotations = "/etc/passwd"\n',
            "annotations must be the name of a file or folder, without slashes",
        ),
        ("tc128", "Ball_ce1/Ball_ce1_frames.txt", "1;2;3\n", "must be the numbers"),
    ],
)
def test_lists_and_settings(
    layout: str, file: str, text: str, said: str, tmp_path: Path, commands: Commands
) -> None:
    tree = write_tree(layout, tmp_path / "data")
    path = write(tmp_path / "data" / file, text)
    for words in (("verify", tree.name), ("show", tree.name, "--out", "a.png")):
        check_refused(commands(*words), path, said)
    check_refused(run(commands, tree.name), path, said)


def test_a_sequence_of_images_without_boxes_is_not_left_out(
    tmp_path: Path, commands: Commands
) -> None:
    tree = write_tree("nfs", tmp_path / "data")
    shutil.rmtree(tree.boxes.parent)
    (tree.boxes.parent.with_name("240") / "a").mkdir(parents=True)
    check_refused(run(commands, tree.name), tree.boxes.with_suffix(""), "is missing")
    packed = tmp_path / "packed"
    (packed / "sequences" / "b").mkdir(parents=True)
    missing = packed / "anno" / "nfs_b.txt"
    missing.parent.mkdir()
    check_refused(run(commands, f"nfs:{packed}"), missing, "is missing")


def test_all_that_cannot_be_read_are_named(tmp_path: Path, commands: Commands) -> None:
    tree = write_tree("otb", tmp_path / "data")
    for number in range(5):
        write(tmp_path / "data" / f"Z{number}" / "groundtruth_rect.txt", "x\n")
        (tmp_path / "data" / f"Z{number}" / "img").mkdir()
    write(tree.boxes, "x\n")
    done = run(commands, tree.name)
    check_refused(done, tree.boxes, "(and 5 other sequences cannot be read: Z0, Z1, Z2 and 2 more)")


def test_an_empty_target_of_two_is_no_target_less(tmp_path: Path, commands: Commands) -> None:
    tree = write_tree("otb", tmp_path / "data")
    one, two = (tree.boxes.with_name(f"groundtruth_rect.{n}.txt") for n in (1, 2))
    tree.boxes.rename(two)
    write(one, "")
    check_refused(run(commands, tree.name), one, "is empty")


def encoded(image: Image.Image, form: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def of(mode: str) -> Image.Image:
    return Image.fromarray(picture(1, SIZE)).convert(mode)


@functools.cache
def huge_png() -> bytes:
    """Return a whole image of 20,000 x 20,000 grey pixels, in 400 KiB."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + check

    header = struct.pack(">IIBBBBB", 20_000, 20_000, 8, 0, 0, 0, 0)
    packer = zlib.compressobj(1)
    pixels = b"".join(packer.compress(bytes(20_001)) for _ in range(20_000)) + packer.flush()
    content = chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + content


def turned() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = 6
    return exif


def glass() -> Image.Image:
    image = of("RGBA")
    image.putalpha(100)
    return image


DEEP = Image.fromarray(np.full(SIZE, 3000, np.uint16))
IMAGES: dict[str, tuple[Callable[[], bytes], str]] = {
    "0 bytes": (lambda: b"", "is empty (0 bytes)"),
    "a truncated JPEG": (lambda: encoded(of("RGB"), "JPEG")[:300], "is truncated"),
    "a truncated PNG": (lambda: encoded(of("RGB"), "PNG")[:300], "is truncated"),
    "text": (lambda: b"hello", "is no image"),
    "20,000 x 20,000": (huge_png, "is 20000 x 20000 pixels"),
    "16 bits": (lambda: encoded(DEEP, "PNG"), "has 16 bits a channel"),
    "16 bits, TIFF": (lambda: encoded(DEEP, "TIFF"), "convert it to 8-bit"),
    "CMYK": (lambda: encoded(of("CMYK"), "JPEG"), "is CMYK"),
    "an animated GIF": (
        lambda: encoded(of("P"), "GIF", save_all=True, append_images=[of("L").convert("P")]),
        "is animated",
    ),
    "an animated PNG": (
        lambda: encoded(of("RGB"), "PNG", save_all=True, append_images=[of("L").convert("RGB")]),
        "is animated",
    ),
    "an animated WebP": (
        lambda: encoded(of("RGB"), "WEBP", save_all=True, append_images=[of("L").convert("RGB")]),
        "is animated",
    ),
    "to be turned": (lambda: encoded(of("RGB"), "JPEG", exif=turned()), "Exif orientation 6"),
    "transparent": (lambda: encoded(glass(), "PNG"), "is transparent in part"),
}


@pytest.mark.parametrize("kind", IMAGES)
def test_first_images_that_are_no_frames(kind: str, tmp_path: Path, commands: Commands) -> None:
    content, said = IMAGES[kind]
    for layout in ("otb", "folder"):
        tree = write_tree(layout, tmp_path / layout)
        tree.images[0].write_bytes(content())
        check_refused(run(commands, tree.name), tree.images[0], said)


@pytest.mark.parametrize("kind", IMAGES)
def test_other_images_that_are_no_frames_are_found(
    kind: str, tmp_path: Path, commands: Commands
) -> None:
    content, said = IMAGES[kind]
    tree = write_tree("got10k", tmp_path / "data")
    tree.images[3].write_bytes(content())
    found = commands("verify", tree.name)
    assert (found.code, found.err) == (1, "")
    assert f"error: A: {tree.images[3]}: " in found.out
    assert said in found.out
    shown = commands("show", tree.name, "--out", "a.png")
    assert (shown.code, shown.err.count("\n")) == (2, 1)
    assert f"frame 3 cannot be read: {tree.images[3]}: " in shown.err
    assert not Path("a.png").exists()


@pytest.mark.parametrize("kind", ["palette", "opaque", "grey among colour"])
def test_images_that_are_frames(kind: str, tmp_path: Path, commands: Commands) -> None:
    tree = write_tree("otb", tmp_path / "data")
    mode = {"palette": "P", "opaque": "RGBA", "grey among colour": "L"}[kind]
    tree.images[3].write_bytes(encoded(of(mode), "PNG"))
    assert commands("verify", tree.name).code == 0


@pytest.mark.parametrize("layout", LAYOUTS)
def test_texts_of_other_systems_are_the_same(
    layout: str, tmp_path: Path, commands: Commands
) -> None:
    tree = write_tree(layout, tmp_path / "data")
    drawn = []
    for text in (tree.whole, tree.whole.replace("\n", "\r\n"), "\ufeff" + tree.whole):
        write(tree.boxes, text)
        done = commands("show", tree.name, "--out", "a.png", "--zoom", "1")
        assert (done.code, done.err) == (0, "")
        drawn.append(Path("a.png").read_bytes())
    assert drawn[0] == drawn[1] == drawn[2]


@pytest.mark.parametrize(
    "name",
    ["with space", "ünï-日本", "a\nb", "a\x1b[31mb", "-x", "a:b", "=1+1", "x" * 200, "a\udcffb"],
)
def test_names_of_all_kinds(name: str, tmp_path: Path, commands: Commands) -> None:
    tree = write_tree("otb", tmp_path / "data")
    tree.boxes.parent.rename(tmp_path / "data" / name)
    assert commands("verify", tree.name).code == 0
    write(tmp_path / "data" / name / "groundtruth_rect.txt", "x\n")
    done = run(commands, tree.name)
    assert (done.code, done.err.count("\n"), done.err.isprintable()) == (2, 1, False)
    assert done.err.rstrip("\n").isprintable()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_files_that_may_not_be_read(layout: str, tmp_path: Path, commands: Commands) -> None:
    tree = write_tree(layout, tmp_path / "data")
    for path in (tree.boxes, tree.images[0], tree.images[0].parent):
        mode = path.stat().st_mode
        path.chmod(0)
        if os.access(path, os.R_OK):
            pytest.skip("root may read everything")
        try:
            done = run(commands, tree.name)
        finally:
            path.chmod(mode)
        assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
        assert done.err.startswith(f"trackbench: {path}")


@pytest.mark.parametrize("kind", ["text", "0 bytes", "no pictures", "damaged at the beginning"])
def test_video_files_that_are_none(kind: str, tmp_path: Path, commands: Commands) -> None:
    av = pytest.importorskip("av")
    root = tmp_path / "data"
    write(root / "dataset.toml", 'boxes = "xywh"\norigin = 0\n')
    write(root / "drive.txt", rows(4))
    video = root / "drive.avi"
    with av.open(str(video), "w") as container:
        if kind == "no pictures":
            stream = container.add_stream("pcm_s16le", rate=8000, layout="mono")
            sound = np.zeros((1, 800), np.int16)
            frames = [av.AudioFrame.from_ndarray(sound, format="s16", layout="mono")]
            frames[0].rate = 8000
        else:
            stream = container.add_stream("mpeg4", rate=25, width=64, height=48)
            made = (picture(number, SIZE) for number in range(4))
            frames = [av.VideoFrame.from_ndarray(each, format="rgb24") for each in made]
        for frame in (*frames, None):
            container.mux(stream.encode(frame))
    content = video.read_bytes()
    half = content[: len(content) // 3] + bytes(2000) + content[len(content) // 3 + 2000 :]
    video.write_bytes({"text": b"hello", "0 bytes": b"", "no pictures": content}.get(kind, half))
    check_refused(run(commands, f"folder:{root}"), video)


def test_a_tree_that_leads_into_itself(tmp_path: Path, commands: Commands) -> None:
    for layout in LAYOUTS:
        tree = write_tree(layout, tmp_path / layout)
        (tmp_path / layout / "loop").symlink_to(tmp_path / layout)
        done = commands("list", "datasets", "--at", tmp_path / layout)
        assert done.out.startswith(f"{tree.name}  ("), done


def test_a_link_to_nowhere_among_the_sequences(tmp_path: Path, commands: Commands) -> None:
    tree = write_tree("otb", tmp_path / "data")
    link = tmp_path / "data" / "Dog"
    link.symlink_to(tmp_path / "disk-that-is-not-there")
    check_refused(run(commands, tree.name), link, "leads nowhere")
