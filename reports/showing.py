"""``trackbench.show``: a sequence drawn, with the true box and trackers'."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np

from trackbench.contracts import DatasetSpec, TrackerSpec
from trackbench.errors import TrackbenchError, UnknownIdError, parameter
from trackbench.host.context import Context
from trackbench.plugins import registry
from trackbench.plugins.checked_sequence import make_sequence
from trackbench.plugins.dataset_naming import dataset_named
from trackbench.plugins.loading import look_in_working_folder
from trackbench.plugins.start_noise import NoisySpec, given_box
from trackbench.printing.text import visible
from trackbench.reports import drawing
from trackbench.reports.scenes import Panel, scenes
from trackbench.results.atomic_files import check_out_file, writing_to
from trackbench.running.chosen_trackers import tracker_named
from trackbench.running.hosted import is_of_host
from trackbench.running.preview import follow, follow_hosted

if TYPE_CHECKING:
    from PIL.Image import Image

_ZOOM, _WIDE = 3, 400
"""How much frames are enlarged, and how wide they become by that; wider ones stay as they are."""

FRAME_MILLISECONDS = 80


class Form(Enum):
    """What is drawn, by the file's suffix."""

    SHEET = ".png"
    GIF = ".gif"
    MP4 = ".mp4"


@dataclass(frozen=True)
class Shown:
    """A drawing of a sequence.

    Attributes:
        out: the file.
        dataset: id of the data set.
        sequence: index in it.
        frames: how many the sequence has.
        name: of the sequence.
    """

    out: Path
    dataset: str
    sequence: int
    frames: int
    name: str = ""

    def __str__(self) -> str:
        """Return it in a line."""
        called = "" if self.name in {"", str(self.sequence)} else f" ({self.name})"
        which = f"{self.dataset} sequence {self.sequence}{called}"
        return visible(f"{self.out}: {which}, {self.frames} frames")


def show(
    dataset: str,
    out: str | Path,
    *,
    sequence: int | str = 0,
    trackers: str | TrackerSpec | Iterable[str | TrackerSpec] = (),
    length: int | None = None,
    pictures: int = 20,
    columns: int = 5,
    zoom: int | None = None,
) -> Shown:
    """Draw the frames of a sequence with the true box (green) and trackers' boxes (orange).

    Of a tracker with attention, the mask and the masked frame are drawn underneath; of one that
    says how sure it is, or that the target is absent, that stands above the frame. A mask that it
    answers is laid over the frame, and of a true one the rim is drawn.

    Args:
        dataset: id of a data set, or a layout and where it lies (``"otb:PATH"``).
        out: a ``.png`` (a sheet of evenly spread frames), ``.gif`` or ``.mp4`` (all of them).
        sequence: index in the data set, or the name it has there.
        trackers: whose boxes are drawn; several stand side by side. For a
            ``"package.module:Class"`` the working folder is put at the end of ``sys.path``.
        length: frames; None: all.
        pictures: frames on a sheet.
        columns: frames in a row of a sheet.
        zoom: enlargement, a whole number; None: 3, and less of frames that are large already.

    Raises:
        TrackbenchError: an id is unknown, a tracker fails, or the file cannot be written.

    Example:
        >>> import trackbench
        >>> print(trackbench.show("mnist-single-same", "a.png", trackers="kcf"))
        a.png: mnist-single-same-v1 sequence 0, 160 frames
    """
    out = Path(out)
    form = _form(out)
    listed = [trackers] if isinstance(trackers, str | TrackerSpec) else list(trackers)
    look_in_working_folder(listed)
    specs = [tracker_named(each) if isinstance(each, str) else each for each in listed]
    spec = dataset_named(dataset)
    index = _index(spec, sequence)
    made = make_sequence(registry.build_dataset(spec), index, length)
    context = Context(spec.id, index, len(made), 0, spec.name_of(index), made.images or None)
    given = given_box(spec, index, made) if isinstance(spec, NoisySpec) else None
    panels = []
    for one in specs:
        if is_of_host(one):
            followed = follow_hosted(one, spec, index, len(made))
        else:
            followed = follow(one, made, context, given)
        seen = followed.boxes, followed.masks, followed.remarks, followed.answered
        panels.append(Panel(one.id, *seen))
    count = min(pictures, len(made)) if form is Form.SHEET else len(made)
    shown = np.linspace(0, len(made) - 1, count).round().astype(int).tolist()
    if zoom is None:
        zoom = min(_ZOOM, max(1, _WIDE // made.frames.shape[2]))
    masks = {} if made.masks is None else {t: np.asarray(made.masks[t]) for t in shown}
    drawn = scenes(made.frames, made.boxes, panels, shown, zoom, masks)
    with writing_to(out) as temporary:
        if form is Form.SHEET:
            drawing.tile(list(drawn), columns).save(temporary, format="PNG")
        elif form is Form.GIF:
            drawing.save_gif(drawn, temporary, FRAME_MILLISECONDS)
        else:
            _save_mp4(drawn, temporary)
    return Shown(out, spec.id, index, len(made), spec.name_of(index))


def _index(spec: DatasetSpec, wanted: int | str) -> int:
    """Return the index of a sequence, by itself or by the sequence's name.

    Raises:
        UnknownIdError: there is no sequence of this name.
    """
    if isinstance(wanted, int):
        return wanted
    if wanted in spec.names:
        return spec.names.index(wanted)
    try:
        return int(wanted)
    except ValueError:
        raise UnknownIdError(f"sequence of {spec.id}", wanted, spec.names) from None


def _form(out: Path) -> Form:
    try:
        form = Form(out.suffix.lower())
    except ValueError:
        raise TrackbenchError(f"{parameter('out')} {out}: end it in .png, .gif or .mp4") from None
    check_out_file(out)
    return form


def _save_mp4(drawn: Iterable[Image], out: Path) -> None:
    """Write it elsewhere first.

    OpenCV knows the format by the suffix, which a temporary file lacks, and is ended by the system
    when it is given a name that is no text.
    """
    with TemporaryDirectory() as folder:
        named = Path(folder) / "drawn.mp4"
        drawing.save_mp4(drawn, named, FRAME_MILLISECONDS)
        copyfile(named, out)
