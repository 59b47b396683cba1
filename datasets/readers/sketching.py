"""A folder of videos of one's own, looked at for a reader to begin with."""

from __future__ import annotations

from pathlib import Path

from trackbench.datasets.readers.box_rows import BoxFormat
from trackbench.datasets.readers.data_errors import data_error
from trackbench.datasets.readers.folder import guess_of, read_place
from trackbench.datasets.readers.folder_places import IMAGES, MASKS, Place, find_places
from trackbench.datasets.readers.folder_settings import NAME, FolderSettings, read_settings
from trackbench.datasets.readers.folder_sketch import FolderSketch

_NAME = "{name}"


def sketch(path: Path) -> FolderSketch:
    """Return how a folder seems to be laid out.

    Raises:
        DataError: it is no folder with a folder of images a sequence, they lie in different ways,
            or a file of boxes cannot be read.
    """
    if not path.is_dir():
        raise data_error(path, "is no folder")
    root = path.absolute()
    settings = read_settings(root)
    places = find_places(root, settings)
    forms = {
        (_pattern(root, place, place.pictures), _pattern(root, place, place.boxes)): place
        for place in places
    }
    (images, boxes), first = next(iter(forms.items()))
    if len(forms) > 1:
        other = next(place for place in forms.values() if place is not first)
        raise data_error(path, f"holds {first.name} and {other.name}, which lie in different ways")
    if settings is not None:
        reasons: tuple[str, ...] = (f"{NAME} says so",)
    else:
        guessed = guess_of(root, places)
        settings, reasons = guessed.settings, guessed.reasons
    for place in places:
        _check_is_even(root, place, settings)
    if any(place.masks is not None for place in places):
        reasons = (*reasons, f"{MASKS} are left out; masks of a video are for Video(masks=...)")
    return FolderSketch(
        path=root,
        images=images,
        boxes=boxes,
        corners=settings.boxes is BoxFormat.XYXY,
        origin=settings.origin,
        reasons=reasons,
    )


def _check_is_even(root: Path, place: Place, settings: FolderSettings) -> None:
    """Make sure that the reader that is written can read a sequence: it leaves nothing out.

    Raises:
        DataError: it has not as many rows as images, or no box to begin with.
    """
    video = read_place(root, place, settings)
    if video.notes:
        raise data_error(
            place.boxes,
            f"does not go with its images ({video.notes[0]}): a reader to begin with wants as many "
            "rows as images, and a box in the first",
        )


def _pattern(root: Path, place: Place, part: Path) -> str:
    """Return where a part of a sequence lies, with ``{name}`` for the sequence.

    Raises:
        DataError: it is a video file, or the folder is one sequence's own.
    """
    if place.is_video:
        raise data_error(place.pictures, f"is a video file, which folder:{root} reads as it is")
    if place.pictures in {root, *(root / each for each in IMAGES)}:
        raise data_error(root, "is one sequence's folder: name the one above it")
    return "/".join(_with_name(word, place.name) for word in part.relative_to(root).parts)


def _with_name(word: str, name: str) -> str:
    """Return a part of a path for ``str.format``: a sequence's name, its file, or as it is."""
    escaped = word.replace("{", "{{").replace("}", "}}")
    if word == name:
        return _NAME
    return _NAME + Path(escaped).suffix if Path(word).stem == name else escaped
