"""A small data set of each layout: two sequences of six frames, 64 x 48 pixels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from video_trees import numbered, numbers, rows, write, write_images

FRAMES = 6
SIZE = (48, 64)


@dataclass(frozen=True)
class Tree:
    """A data set, and the parts of its first sequence.

    Attributes:
        name: what it is called on the command line.
        boxes: the first sequence's file of boxes.
        images: the first sequence's images.
        whole: what the file of boxes says: lines for :data:`FRAMES` frames.
    """

    name: str
    boxes: Path
    images: tuple[Path, ...]
    whole: str


@dataclass(frozen=True)
class _Form:
    """Where the parts of a sequence lie; ``{}`` is its name, or the number of an image."""

    sequences: tuple[str, str]
    images: str
    image: str
    boxes: str
    first: int = 1
    corners: bool = False


_FORMS = {
    "got10k": _Form(("A", "B"), "val/{}", "{:08d}.jpg", "val/{}/groundtruth.txt"),
    "trackingnet": _Form(("a-1", "b-1"), "TEST/frames/{}", "{}.jpg", "TEST/anno/{}.txt", first=0),
    "uav123": _Form(("bike1", "bike2"), "data_seq/UAV123/{}", "{:06d}.jpg", "anno/UAV123/{}.txt"),
    "uav20l": _Form(("car8", "car9"), "data_seq/UAV123/{}", "{:06d}.jpg", "anno/UAV20L/{}.txt"),
    "tc128": _Form(("Ball_ce1", "Ball_ce2"), "{}/img", "{:04d}.jpg", "{0}/{0}_gt.txt"),
    "nfs": _Form(("a", "b"), "{0}/30/{0}", "{:05d}.jpg", "{0}/30/{0}.txt", corners=True),
    "lasot": _Form(("bird-2", "bird-3"), "bird/{}/img", "{:08d}.jpg", "bird/{}/groundtruth.txt"),
    "lasot-ext": _Form(("atv-1", "atv-2"), "atv/{}/img", "{:08d}.jpg", "atv/{}/groundtruth.txt"),
    "dtb70": _Form(("Gull1", "Zebra"), "{}/img", "{:05d}.jpg", "{}/groundtruth_rect.txt"),
    "otb": _Form(("Boy", "Car"), "{}/img", "{:04d}.jpg", "{}/groundtruth_rect.txt"),
    "tnl2k": _Form(("a", "b"), "{}/imgs", "{:05d}.png", "{}/groundtruth.txt"),
    "vot": _Form(("a", "b"), "{}/color", "{:08d}.jpg", "{}/groundtruth.txt"),
    "folder": _Form(("a", "b"), "{}/img", "{}.jpg", "{}/boxes.txt"),
}

LAYOUTS = tuple(_FORMS)
"""All that can be read."""

_BESIDE: dict[str, Callable[[Path], object]] = {
    "got10k": lambda root: write(root / "val" / "list.txt", "A\nB\n"),
    "tc128": lambda root: [
        write(root / f"Ball_ce{n}" / f"Ball_ce{n}_frames.txt", f"1,{FRAMES}\n") for n in (1, 2)
    ],
    "vot": lambda root: write(root / "list.txt", "a\nb\n"),
    "folder": lambda root: write(root / "dataset.toml", 'boxes = "xywh"\norigin = 0\n'),
}


def write_tree(layout: str, root: Path) -> Tree:
    """Write a data set of a layout; its boxes are those of :func:`video_trees.numbers`."""
    form = _FORMS[layout]
    whole = rows(FRAMES)
    if form.corners:
        whole = "".join(f"{x} {y} {x + w} {y + h}\n" for x, y, w, h in numbers(FRAMES))
    trees = []
    for name in form.sequences:
        folder = root / form.images.format(name)
        images = numbered(form.first, form.first + FRAMES - 1, form.image)
        write_images(folder, images, size=SIZE)
        boxes = write(root / form.boxes.format(name), whole)
        trees.append(
            Tree(f"{layout}:{root}", boxes, tuple(folder / each for each in images), whole)
        )
    if layout in _BESIDE:
        _BESIDE[layout](root)
    return trees[0]
