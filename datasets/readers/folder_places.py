"""Where the parts of one's own videos lie: images or a video file, boxes, masks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from trackbench.datasets.readers import video_file
from trackbench.datasets.readers.data_errors import data_error
from trackbench.datasets.readers.folder_settings import NAME, FolderSettings
from trackbench.datasets.readers.images import SUFFIXES, has_images, natural_order, subfolders
from trackbench.datasets.readers.inside import check_inside
from trackbench.datasets.readers.text_file import begins_with_a_box

_TEXTS = frozenset({".txt", ".csv"})
_USUAL = ("groundtruth.txt", "groundtruth_rect.txt", "boxes.txt", "gt.txt")
_NO_BOXES = frozenset({"list.txt", "readme.txt", "attributes.csv", "nlp.txt", "language.txt"})
IMAGES = ("img", "imgs", "images", "frames", "color")
"""Folders that a sequence's images may lie in."""
MASKS = "masks"
"""Folder with a mask a frame."""
_ENDINGS = ", ".join(sorted(ending[1:] for ending in SUFFIXES))
_VIDEOS = ", ".join(sorted(ending[1:] for ending in video_file.SUFFIXES))


@dataclass(frozen=True)
class Place:
    """Where a sequence lies.

    Attributes:
        name: of the sequence.
        pictures: the folder of its images, or its video file.
        boxes: the file.
        masks: the folder of its masks, or None.
    """

    name: str
    pictures: Path
    boxes: Path
    masks: Path | None = None

    @property
    def is_video(self) -> bool:
        """It is a video file."""
        return self.pictures.suffix.lower() in video_file.SUFFIXES


def find_places(root: Path, settings: FolderSettings | None) -> list[Place]:
    """Return the sequences in a folder, in natural order.

    Each is a folder with images, or with one video file, and a file of boxes in it; or a video file
    in ``root`` with a file of boxes beside it, which has the same name. ``root`` may also be one
    sequence's folder, or a video file.

    Raises:
        DataError: there is none, or one has no boxes, or it cannot be said which file has them, or
            there are boxes without pictures.
    """
    if root.is_file():
        return [_beside(check_inside(root.parent, root))]
    found = [_beside(video) for video in _videos(root, root)]
    for name in subfolders(root, root):
        if name in {*IMAGES, MASKS} and not _usual(root / name):
            continue
        place = _in_folder(root, root / name, settings)
        if place is not None:
            found.append(place)
    if found:
        _check_all_are_taken(root, found)
    else:
        own = _in_folder(root, root, settings)
        if own is None:
            raise data_error(
                root,
                "holds no sequence: a folder with images and a file of boxes, or a video file with "
                "a file of boxes beside it",
            )
        found.append(own)
    return sorted(found, key=lambda place: natural_order(place.name))


def _in_folder(root: Path, folder: Path, settings: FolderSettings | None) -> Place | None:
    """Return the sequence in a folder; None: there are neither pictures nor boxes."""
    pictures = _pictures(root, folder, settings.images if settings else "")
    if pictures is None:
        alone = _usual(folder) or _texts_of_boxes(root, folder)
        if alone and folder != root:
            raise data_error(
                folder, f"has boxes ({alone[0].name}) and neither images ({_ENDINGS}) nor a video"
            )
        return None
    masks = folder / MASKS
    boxes = _boxes(root, folder, settings.annotations if settings else "")
    return Place(folder.name, pictures, boxes, masks if masks.is_dir() else None)


def _pictures(root: Path, folder: Path, named: str) -> Path | None:
    for name in (named,) if named else IMAGES:
        if (folder / name).is_dir():
            return folder / name
    if named:
        raise data_error(folder / named, f"is missing, which {NAME} names")
    if has_images(root, folder):
        return folder
    videos = _videos(root, folder) if folder != root else []
    if len(videos) > 1:
        raise data_error(folder, f"has several videos: {videos[0].name}, {videos[1].name}")
    return videos[0] if videos else None


def _boxes(root: Path, folder: Path, named: str) -> Path:
    if named:
        return check_inside(root, folder / named)
    usual = _usual(folder)
    if usual:
        return usual[0]
    texts = [path for path in _files(folder, _TEXTS) if path.name.lower() not in _NO_BOXES]
    outside = [folder.with_name(folder.name + ending) for ending in sorted(_TEXTS)]
    texts = texts or [path for path in outside if folder != root and path.is_file()]
    if len(texts) != 1:
        what = f"several: {texts[0].name}, {texts[1].name}" if texts else "none"
        raise data_error(
            folder,
            f"needs one file of boxes and has {what}; call it groundtruth.txt, or name it in {NAME}"
            ' (annotations = "...")',
        )
    return texts[0]


def _usual(folder: Path) -> list[Path]:
    return [folder / name for name in _USUAL if (folder / name).is_file()]


def _check_all_are_taken(root: Path, found: list[Place]) -> None:
    """Make sure that no boxes lie beside the sequences whose pictures are not read.

    A text with the name of a sequence that has boxes elsewhere may be anything about it.
    """
    names = {place.name for place in found}
    for path in _texts_of_boxes(root, root):
        if path.stem not in names:
            raise data_error(
                path,
                f"has boxes, and beside it are neither a folder {path.stem} with images nor a "
                f"video of that name ({_VIDEOS})",
            )


def _texts_of_boxes(root: Path, folder: Path) -> list[Path]:
    texts = [path for path in _files(folder, _TEXTS) if path.name.lower() not in _NO_BOXES]
    return [path for path in texts if begins_with_a_box(root, path)]


def _beside(video: Path) -> Place:
    texts = [path for ending in sorted(_TEXTS) if (path := video.with_suffix(ending)).is_file()]
    if not texts:
        raise data_error(video, f"has no file of boxes beside it ({video.stem}.txt)")
    return Place(video.stem, video, texts[0])


def _videos(root: Path, folder: Path) -> list[Path]:
    """Return the video files in a folder.

    Raises:
        DataError: a link leads out of ``root`` or nowhere, or what is called a video is none.
    """
    called = (path for path in folder.iterdir() if path.suffix.lower() in video_file.SUFFIXES)
    for path in called:
        if path.name.startswith(".") or path.is_dir():  # images may lie in a folder of that name
            continue
        check_inside(root, path)
        if not path.is_file():
            nowhere = path.is_symlink() and not path.exists()
            why = "is a link that leads nowhere" if nowhere else "is called a video, and is no file"
            raise data_error(path, why)
    return _files(folder, video_file.SUFFIXES)


def _files(folder: Path, suffixes: frozenset[str]) -> list[Path]:
    every = (path for path in folder.iterdir() if path.suffix.lower() in suffixes)
    seen = [path for path in every if path.is_file() and not path.name.startswith(".")]
    return sorted(seen, key=lambda path: natural_order(path.name))
