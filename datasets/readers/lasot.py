"""LaSOT's layout (Fan et al., CVPR 2019; with LaSOT_ext, IJCV 2021).

* ``CLASS/CLASS-n``: 70 classes of 20 sequences, of which four each are the test set (``test``) and
  the rest is ``train``. LaSOT_ext has 15 classes of its own and is a test set as a whole.
* ``full_occlusion.txt`` and ``out_of_view.txt`` are one row of 0 and 1 with commas: the attributes
  ``full_occlusion`` and ``out_of_view``. Boxes of such frames stand as they stand, for published
  numbers count them; LaSOT's own MATLAB toolkit leaves them out.
* The rows of monkey-17 are not as many as its images: the surplus is left out, with a note.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from trackbench.datasets.readers.annotated_video import AnnotatedVideo, VideoSource
from trackbench.datasets.readers.box_sequence import box_sequence, flags
from trackbench.datasets.readers.data_errors import data_error
from trackbench.datasets.readers.images import list_images, natural_order, subfolders
from trackbench.datasets.readers.reader import Reader, Request
from trackbench.datasets.readers.text_file import read_lines

_TEST = Path(__file__).parent / "data" / "lasot_test.txt"
_FLAGS = ("full_occlusion", "out_of_view")
_SEQUENCES = 20


def _names(split: str) -> tuple[str, ...]:
    """Return the sequences of LaSOT's ``test``, ``train`` or ``all``, in natural order."""
    names = []
    for line in _TEST.read_text(encoding="utf-8").splitlines():
        kind, *numbers = line.split()
        names += [
            f"{kind}-{number}"
            for number in range(1, _SEQUENCES + 1)
            if split == "all" or (str(number) in numbers) is (split == "test")
        ]
    return tuple(names)


def _list_videos(asked: Request) -> list[VideoSource]:
    wanted = set(_names(asked.split)) if asked.split else None
    found = []
    for name, folder in _sequences(asked.root):
        if wanted is not None and name not in wanted:
            continue
        files = [folder / f"{flag}.txt" for flag in _FLAGS]
        found.append(
            VideoSource(
                name=name,
                root=asked.root,
                annotations=(folder / "groundtruth.txt", *files, folder / "nlp.txt"),
                settings=asked.settings,
                reading=partial(_read, asked, name, folder),
            )
        )
    if not found:
        split = f" of {asked.split}" if asked.split else ""
        raise data_error(asked.root, f"has no sequence{split} (CLASS/CLASS-1/groundtruth.txt)")
    return found


def _sequences(root: Path) -> list[tuple[str, Path]]:
    """Return names and folders of all sequences there are, in natural order."""
    found = [
        (name, root / kind / name)
        for kind in subfolders(root, root)
        for name in subfolders(root, root / kind)
        if name.startswith(f"{kind}-")
    ]
    return sorted(found, key=lambda pair: natural_order(pair[0]))


def _read(asked: Request, name: str, folder: Path) -> AnnotatedVideo:
    spoken = folder / "nlp.txt"
    said = read_lines(asked.root, spoken, words=True) if spoken.exists() else []
    return box_sequence(
        asked,
        name,
        folder / "groundtruth.txt",
        list_images(asked.root, folder / "img"),
        attributes=flags(asked.root, {flag: folder / f"{flag}.txt" for flag in _FLAGS}),
        tags=(f"class: {folder.parent.name}", *(f"language: {line}" for line in said[:1])),
    )


def _signs(path: Path) -> tuple[str, ...]:
    for name, folder in _sequences(path):
        if (folder / "groundtruth.txt").is_file():
            return (f"{folder.parent.name}/{name}/groundtruth.txt",)
    return ()


def _signs_of_lasot(path: Path) -> tuple[str, ...]:
    known = {name.rpartition("-")[0] for name in _names("all")}
    return _signs(path) if known & set(subfolders(path, path)) else ()


def _signs_of_extension(path: Path) -> tuple[str, ...]:
    return () if _signs_of_lasot(path) else _signs(path)


_TREE = "CLASS/CLASS-1/img/00000001.jpg\n"
_TREE += "CLASS/CLASS-1/groundtruth.txt full_occlusion.txt out_of_view.txt"
_COUNTING = "not said; every reader hands the numbers on as they stand"

LASOT = Reader(
    id="lasot",
    description="LaSOT: CLASS/CLASS-n/img and groundtruth.txt; 280 to test, 1,120 to train",
    tree=_TREE,
    splits=("test", "train", "all"),
    counts_from=None,
    counting=_COUNTING,
    reference="Fan et al., LaSOT, CVPR 2019",
    list_videos=_list_videos,
    signs=_signs_of_lasot,
    expected=_names,
)
"""LaSOT."""

LASOT_EXT = Reader(
    id="lasot-ext",
    description="LaSOT_ext: 150 sequences of 15 more classes",
    tree=_TREE,
    counts_from=None,
    counting=_COUNTING,
    reference="Fan et al., LaSOT: A high-quality large-scale benchmark, IJCV 2021",
    list_videos=_list_videos,
    signs=_signs_of_extension,
)
"""The extension of LaSOT."""
