"""Real videos as a data set: ``otb:PATH``, ``got10k:PATH:val``, ``folder:PATH``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from trackbench.contracts import DatasetSpec, Video
from trackbench.datasets.crossed import CROSSED
from trackbench.datasets.readers.annotated_video import AnnotatedVideo
from trackbench.datasets.readers.decoded_frames import DecodedFrames
from trackbench.datasets.readers.fingerprint import fingerprint
from trackbench.datasets.readers.folder_settings import NAME as SETTINGS
from trackbench.datasets.readers.folder_settings import read_settings
from trackbench.datasets.readers.layouts import READERS, reader_named
from trackbench.datasets.readers.opening import OpenedVideos, open_videos
from trackbench.datasets.readers.reader import PolygonBox
from trackbench.datasets.readers.survey import survey, with_attributes
from trackbench.datasets.readers.true_masks import TrueMasks
from trackbench.datasets.readers.verifying import Severity, verify_videos
from trackbench.errors import TrackbenchError, UnknownIdError
from trackbench.plugins.fingerprints import ON_DISK
from trackbench.scheme_contract import LayoutSpec

_CHUNK = 20
_OPTIONS = ("origin", "polygons", "confirmed")


class OnDisk:
    """A data set that lies on disk."""

    def __init__(self, spec: DatasetSpec) -> None:
        self.spec = spec
        self._opened = _opened_again(spec.generator)
        self._read: tuple[int, AnnotatedVideo] | None = None

    def sequence(self, index: int, length: int | None = None) -> Video:
        """Read the annotations of a sequence; its frames are decoded when they are asked for.

        Raises:
            IndexError, ValueError: there is no such sequence, or it has not so many frames.
            DataError: its annotations cannot be read.
        """
        if not 0 <= index < self.spec.sequences:
            raise IndexError(f"{self.spec.id} has no sequence {index}")
        frames = self.spec.frames_of(index)
        length = frames if length is None else length
        if not 1 <= length <= frames:
            raise ValueError(f"{self.spec.id} sequence {index} has 1 to {frames} frames")
        video = self._video(index)
        # A run reads ahead by itself, block by block.
        decoded = DecodedFrames.of(video, ahead=0)[:length]
        return Video(
            frames=decoded,
            boxes=video.boxes[:length].copy(),
            attributes={name: v[:length] for name, v in self._attributes(video).items()},
            absent=video.absent[:length].copy() if video.absent[:length].any() else None,
            images=decoded.images,
            masks=self._masks(video, decoded, length),
            absent_rows=None if video.rows is None else video.rows[:length].copy(),
        )

    def tags(self, index: int) -> tuple[str, ...]:
        """Return what the layout says of a whole sequence, such as OTB's ``"OCC"``."""
        return self._video(index).tags

    @property
    def counts_from(self) -> int:
        """The number that the boxes give the first pixel, as far as the layout's authors say."""
        origin = self.spec.generator.get("origin", self._opened.reader.origin)
        return max((self._opened.reader.counts_from or 0) - int(origin), 0)

    def hash_of_files(self) -> str:
        """Return the hash of names, sizes and annotations as they are now, and where this is."""
        return fingerprint(self._opened.videos)

    def hash_of_content(self) -> str:
        """Return the hash of names, annotations and images, these by their content."""
        return fingerprint(self._opened.videos, content=True)

    def findings(self) -> Iterator[tuple[bool, str]]:
        """Yield what is wrong with the data set: whether it keeps a sequence from being run."""
        for finding in verify_videos(self._opened):
            yield finding.severity is Severity.ERROR, str(finding)

    def _attributes(self, video: AnnotatedVideo) -> dict[str, NDArray[Any]]:
        return with_attributes(video, self.spec.generator.get("attributes", {}))

    def _masks(self, video: AnnotatedVideo, frames: DecodedFrames, length: int) -> TrueMasks | None:
        if "masks" not in self.spec.generator or video.masks is None:
            return None
        height, width = frames.shape[1:3]
        return TrueMasks(video.masks, (height, width), length)

    def _video(self, index: int) -> AnnotatedVideo:
        if self._read is None or self._read[0] != index:
            self._read = index, self._opened.videos[index].read()
        return self._read[1]


def dataset_at(layout: str, rest: str) -> DatasetSpec:
    """Return the data set of a layout that lies at ``PATH[:SPLIT][:OPTION=VALUE]``.

    All annotations are read, once, and the first image of each sequence is looked at, so what is
    wrong with one of them is said before anything runs.

    Raises:
        DataError: the folder, or an annotation, is not what it should be.
        TrackbenchError: an option is unknown or makes no sense.
    """
    path, split, options = _parts(layout, rest)
    described = {"layout": layout, "path": str(path), "split": split, **options}
    opened = _opened_again(described)
    if not opened.videos:
        raise TrackbenchError(f"{path} has no sequence of the layout {layout}")
    seen = survey(opened)
    frames = seen.frames
    generator = {**described, **({"attributes": seen.attributes} if seen.attributes else {})}
    if seen.masks:
        generator["masks"] = "all"
    return DatasetSpec(
        id=_id(layout, path, opened.split),
        factory=ON_DISK,
        seed=0,
        sequences=len(frames),
        length=max(frames),
        frames_each=() if len(set(frames)) == 1 else frames,
        names=tuple(source.name for source in opened.videos),
        pixels_each=seen.pixels if len(set(seen.pixels)) > 1 else (),
        notes=(*opened.notes, *_confirmed(opened, options), *seen.notes),
        generator=generator,
        source=f"{layout} on disk; {_meant(opened)}; boxes: {opened.reader.counting}",
        fingerprint=seen.fingerprint,
        chunk=_CHUNK,
        files=_watched(path, opened),  # by sizes and times: what changed is read, compared again
        description=opened.reader.description,
    )


def _watched(path: Path, opened: OpenedVideos) -> tuple[str, ...]:
    """Return the data folder; or a video file, and what is read beside it."""
    if path.is_dir():
        return (str(path),)
    beside = (*opened.videos[0].annotations, path.parent / SETTINGS)
    return (str(path), *(str(each) for each in beside if each.exists()))


def _meant(opened: OpenedVideos) -> str:
    """Return how boxes are taken, which is the same for all videos: ``origin=1, ...``."""
    return ", ".join(opened.videos[0].settings)


def _confirmed(opened: OpenedVideos, options: dict[str, str]) -> tuple[str, ...]:
    """Return that boxes are taken as was guessed, where nothing else says how they are meant."""
    folder = opened.root.parent if opened.root.is_file() else opened.root
    if "confirmed" not in options or read_settings(folder) is not None:
        return ()
    return (f"boxes are taken as was guessed and confirmed: {_meant(opened)}",)


def _opened_again(described: Any) -> OpenedVideos:
    options = dict(described)
    polygons = options.pop("polygons", None)
    origin = options.pop("origin", None)
    return open_videos(
        options["layout"],
        options["path"],
        options["split"],
        origin=None if origin is None else int(origin),
        polygons=PolygonBox.EXTENT if polygons is None else PolygonBox(polygons),
        confirmed=options.get("confirmed") == "yes",
    )


def _parts(layout: str, rest: str) -> tuple[Path, str, dict[str, str]]:
    """Return the path, the split and options of a name."""
    words = rest.split(":")
    options: dict[str, str] = {}
    while len(words) > 1 and "=" in words[-1] and "/" not in words[-1]:
        name, _, value = words.pop().partition("=")
        options[_option(name)] = value
    _check(options)
    split = ""
    if len(words) > 1 and not Path(":".join(words)).exists():
        split = words.pop()
        if split not in reader_named(layout).splits:
            raise UnknownIdError(f"split of {layout}", split, reader_named(layout).splits)
    path = Path(":".join(words)).expanduser()
    if not words[0]:
        raise TrackbenchError(f"{layout}: names no folder: write {layout}:PATH")
    return path.absolute(), split, options


def _option(name: str) -> str:
    if name not in _OPTIONS:
        raise UnknownIdError("option of a data set on disk", name, _OPTIONS)
    return name


def _check(options: dict[str, str]) -> None:
    allowed = {
        "origin": ("0", "1"),
        "polygons": tuple(each.value for each in PolygonBox),
        "confirmed": ("yes",),
    }
    for name, value in options.items():
        if value not in allowed[name]:
            raise TrackbenchError(f"{name}={value}: it must be {' or '.join(allowed[name])}")


def _id(layout: str, path: Path, split: str) -> str:
    """Return an id that says what it is, whichever folder it lies in; one's own are named so."""
    own = "".join(c if c.isalnum() and c.isascii() else "-" for c in path.stem).strip("-").lower()
    part = "" if split == "all" else split
    words = [layout, own or "videos"] if layout == "folder" else [layout, part]
    return "-".join(word for word in words if word)[:80]


LAYOUTS = (
    *(
        LayoutSpec(
            id=reader.id,
            factory="trackbench.datasets.on_disk:dataset_at",
            form=f"{reader.id}:PATH{'[:' + '|'.join(reader.splits) + ']' if reader.splits else ''}",
            description=reader.description,
        )
        for reader in READERS
    ),
    CROSSED,
)
