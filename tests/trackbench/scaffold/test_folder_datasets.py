"""A reader of a folder, written by ``trackbench new dataset --from-folder``, runs as written."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from video_trees import numbered, rows, write, write_images

import trackbench
from trackbench.datasets.readers.decoded_frames import DecodedFrames
from trackbench.datasets.readers.opening import open_videos
from trackbench.plugins import registry
from trackbench.plugins.loading import load_plugin
from trackbench.testing import check_dataset

Commands = Callable[..., Any]
PrintedCommands = Callable[[str], list[str]]
ROOT = Path(__file__).parents[3]

TOML = 'boxes = "xywh"\norigin = 0\n'


def own(root: Path, images: str, boxes: str, *, settings: str = TOML) -> Path:
    """Write two sequences of 12 and 9 frames and of two sizes."""
    for name, frames, size in (("walk2", 9, (40, 56)), ("walk10", 12, (48, 64))):
        names = numbered(0, frames - 1, "{}.png")
        write_images(root / images.format(name=name), names, size=size)
        lines = rows(frames, separator="\t").splitlines()
        lines[4] = "-1 -1 -1 -1"
        write(root / boxes.format(name=name), "\n".join(lines))
    if settings:
        write(root / "dataset.toml", settings)
    return root


@pytest.mark.parametrize(
    ("name", "images", "boxes"),
    [
        ("walks-bare", "{name}", "{name}/groundtruth.txt"),
        ("walks-img", "{name}/img", "{name}/boxes.csv"),
        ("walks-beside", "{name}/frames", "{name}.txt"),
    ],
)
def test_it_reads_what_the_folder_has(
    name: str, images: str, boxes: str, tmp_path: Path, commands: Commands
) -> None:
    root = own(tmp_path / "my {walks}", images, boxes)
    made = commands("new", "dataset", name, "--from-folder", root)
    assert (made.code, made.err) == (0, "")
    load_plugin(tmp_path / f"{name.replace('-', '_')}.py")
    assert check_dataset(name).raise_if_wrong().names == ()
    dataset = registry.build_dataset(registry.datasets().get(name))
    opened = open_videos("folder", root).videos
    assert dataset.spec.names == ("walk2", "walk10") == tuple(each.name for each in opened)
    for index, source in enumerate(opened):
        theirs, ours = source.read(), dataset.sequence(index)
        np.testing.assert_array_equal(ours.boxes, theirs.boxes)
        np.testing.assert_array_equal(ours.absent, theirs.absent)
        np.testing.assert_array_equal(list(ours.frames), list(DecodedFrames.of(theirs)))


@pytest.mark.thorough
def test_the_printed_commands_run(
    tmp_path: Path, commands: Commands, printed_commands: PrintedCommands
) -> None:
    root = own(tmp_path / "walks", "{name}/img", "{name}/groundtruth.txt", settings="")
    made = commands("new", "dataset", "guessed", "--from-folder", root)
    assert "How boxes are taken, which is yours to change: xywh: " in made.out
    verify, run = printed_commands(made.out)
    assert commands(*verify.split()[1:]).code == 0
    assert commands(*run.split()[1:]).code == 0
    (cell,) = trackbench.Results.load("results/guessed").cells()[:1]
    assert (cell.dataset, cell.sequences, cell.length_label) == ("guessed-v1", 2, "full")


def test_corners_that_count_from_1(tmp_path: Path, commands: Commands) -> None:
    root = own(tmp_path / "d", "{name}", "{name}/gt.txt", settings='boxes = "xyxy"\norigin = 1\n')
    write(root / "walk2" / "gt.txt", "".join(f"{x + 1} 3 {x + 6} 9\n" for x in range(9)))
    write(root / "walk10" / "gt.txt", "".join(f"{x + 1} 3 {x + 6} 9\n" for x in range(12)))
    assert commands("new", "dataset", "corners", "--from-folder", root).code == 0
    load_plugin(tmp_path / "corners.py")
    dataset = registry.build_dataset(registry.datasets().get("corners"))
    np.testing.assert_array_equal(dataset.sequence(0).boxes[3], [3, 2, 5, 6])


def test_what_is_written_passes_the_tools(tmp_path: Path, commands: Commands) -> None:
    root = own(tmp_path / "d", "{name}/img", "{name}/groundtruth.txt")
    assert commands("new", "dataset", "mine", "--from-folder", root).code == 0
    text = (tmp_path / "mine.py").read_text()
    plugin = write(tmp_path / "short.py", text.replace(str(root), "d"))
    config = ROOT / "pyproject.toml"
    for arguments in (
        ("ruff", "check", "--config", config, "--ignore", "INP001", plugin),
        ("ruff", "format", "--check", "--config", config, plugin),
    ):
        command = [sys.executable, "-m", *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


def test_it_refuses_what_the_folders_reader_refuses(tmp_path: Path, commands: Commands) -> None:
    root = own(tmp_path / "d", "{name}", "{name}/gt.txt")
    for number in (7, 8):  # in front, there are no numbers to go by
        (root / "walk2" / f"{number}.png").rename(root / "walk2" / f"then {8 - number}.png")
    text = (root / "walk2" / "gt.txt").read_text()
    write(root / "walk2" / "gt.txt", text.replace("\n", ",\r\n") + "\n\n")
    write(root / "walk2" / "._1.png", "left by macOS")
    assert commands("new", "dataset", "strict", "--from-folder", root).code == 0
    load_plugin(tmp_path / "strict.py")
    dataset = registry.build_dataset(registry.datasets().get("strict"))
    first = open_videos("folder", root).videos[0].read()
    assert dataset.sequence(0).images == tuple(map(str, first.images))
    turned = Image.Exif()
    turned[0x0112] = 6
    Image.new("RGB", (56, 40)).save(root / "walk2" / "3.png", exif=turned)
    with pytest.raises(trackbench.DataError, match=r"3\.png: is to be turned"):
        dataset.sequence(0).frames[3]
    write_images(root / "walk3", ["1.png"])
    for boxes, said in (
        (None, "gt.txt: is missing"),
        ("1,2,-3,4", "gt.txt, line 1: a width or height is negative"),
        ("1,nan,3,4", "gt.txt, line 1: only a part of the box is NaN"),
        ("1,2,3,4\n1,2,3,4", "gt.txt: 2 rows for 1 images"),
    ):
        if boxes is not None:
            write(root / "walk3" / "gt.txt", boxes)
        done = commands("verify", "--plugin", "strict.py", "strict")
        assert (done.code, done.err.count("\n")) == (2, 1)
        assert f"trackbench: {root}/walk3/{said}" in done.err


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("no folder", "is no folder"),
        ("a row less", "(9 images, 8 rows: the last 1 image left out)"),
        ("no boxes", "needs one file of boxes and has none"),
        ("one sequence", "is one sequence's folder: name the one above it"),
        ("two ways", "holds walk2 and walk10, which lie in different ways"),
        ("no number", "line 1: 'x' is no number"),
        ("nothing", "holds no sequence"),
    ],
)
def test_folders_that_will_not_do(
    damage: str, said: str, tmp_path: Path, commands: Commands
) -> None:
    root = own(tmp_path / "d", "{name}/img", "{name}/groundtruth.txt")
    boxes = root / "walk2" / "groundtruth.txt"
    asked = root
    if damage == "no folder":
        asked = tmp_path / "nowhere"
    elif damage == "no boxes":
        boxes.unlink()
    elif damage == "one sequence":
        asked = root / "walk2"
    elif damage == "two ways":
        (root / "walk2" / "img").rename(root / "walk2" / "imgs")
    elif damage == "a row less":
        write(boxes, rows(8))
    elif damage == "no number":
        (root / "dataset.toml").unlink()
        write(boxes, "x 2 3 4\n")
    else:
        asked = tmp_path / "empty"
        asked.mkdir()
    done = commands("new", "dataset", "mine", "--from-folder", asked)
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert said in done.err
    assert not (tmp_path / "mine.py").exists()
