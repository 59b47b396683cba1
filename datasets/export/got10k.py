"""GOT-10k's layout (Huang, Zhao and Huang, arXiv 1810.11981).

::

    DIR/val/list.txt
    DIR/val/<sequence>/00000001.jpg ... groundtruth.txt meta_info.ini
                       absence.label cover.label cut_by_image.label

What each convention is taken from:

* Folders, names and labels: the annotation description on http://got-10k.aitestunion.com/downloads
  and ``got10k.datasets.GOT10k`` (toolkit 0.1.3), which reads ``list.txt``, sorts ``*.jpg`` and
  loads the three labels of ``train`` and ``val`` with ``numpy.loadtxt``.
* Subset: training streams are ``train``; every other set is ``val``, the only subset that
  ``ExperimentGOT10k.report`` evaluates (of ``test`` it makes a file to send in).
* Images are looked for as ``*.jpg`` by this toolkit, by pytracking (``{:08}.jpg``) and by VOT's.
  It opens them with Pillow, pytracking's evaluation with OpenCV, and both go by the content: a PNG
  of that name is read exactly. pytracking's training uses jpeg4py, which reads JPEG alone.
* Boxes: ``x,y,w,h`` with four decimals (more where float64 needs them). The origin is the frame's
  corner, as in trackbench, for that is how ``rect_iou(..., bound)`` takes them: it clips x to 0..W
  and w to 0..W-x. (The authors say that GOT-10k's own annotations are 1-based, got-10k/toolkit
  issue 6, and some trackers subtract 1; but then their evaluation would cut a box that touches
  the far edge.) So ``ao@got10k`` is this toolkit's number on an export.
* ``cover.label``: 0 to 8 for a visible ratio of 0 %, (0, 15], (15, 30], (30, 45], (45, 60],
  (60, 75], (75, 90], (90, 100) and 100 %. It is the attribute ``visibility``; a set without one
  counts as visible, as in trackbench's metrics. It is 0, too, where there is no true box, and where
  the attribute ``full_occlusion`` (LaSOT's) says yes: ``ExperimentGOT10k.report`` leaves out the
  frames of cover 0.
* ``absence.label``: 1 where the object is absent from the frame: the box lies wholly outside, or
  there is none because the target is absent, or the attribute ``absence`` (GOT-10k's) or
  ``out_of_view`` (LaSOT's) says yes. Cover is 0 there. A covered target is not absent.
* Where there is no box the row is ``0,0,0,0`` if the target is absent, and NaN if nobody knows
  where it is. GOT-10k itself has no such frames; its toolkit reads both and scores neither.
* ``cut_by_image.label``: 1 where the box hangs out of the frame, or the attribute ``cut_by_image``
  says so.
* ``meta_info.ini``: ``key: value`` in GOT-10k's order, which pytracking relies on. ``resolution``
  is (width, height) and bounds the evaluation. What our videos do not have is ``unknown``,
  unless a tag such as ``object_class: bear`` says it; they have no frame rate, either: 30 Hz is
  what VOT assumes where nothing is said.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trackbench.contracts import DatasetSpec, Video
from trackbench.datasets.export.images import ImageFormat
from trackbench.datasets.export.layout import (
    Layout,
    NamedVideo,
    Summary,
    TextFiles,
    box_lines,
    lines,
)
from trackbench.errors import TrackbenchError
from trackbench.printing.amounts import counted
from trackbench.printing.text import visible

_COVER = (0.0, 0.15, 0.30, 0.45, 0.60, 0.75, 0.90)
"""Upper ends of the levels 0 to 6; 7 is below 1, 8 is 1."""


def _folder(spec: DatasetSpec) -> str:
    return "train" if spec.split == "train" else "val"


def _annotate(named: NamedVideo, _: ImageFormat) -> TextFiles:
    video = named.video
    height, width = video.frames.shape[1:3]
    boxless = np.isnan(video.boxes).any(axis=1)
    corner, size = video.boxes[:, :2], video.boxes[:, 2:]
    frame = np.array([width, height], np.float64)
    outside = ((corner >= frame) | (corner + size <= 0)).any(axis=1)  # NaN is not
    absent = outside | _said(video, "absence") | _said(video, "out_of_view")
    boxes = video.boxes
    if video.absent is not None:
        absent = absent | video.absent
        boxes = np.where(video.absent[:, None], 0.0, boxes)
    cut = ((corner < 0) | (corner + size > frame)).any(axis=1) | _said(video, "cut_by_image")
    unseen = absent | boxless | _said(video, "full_occlusion")
    return {
        "groundtruth.txt": box_lines(boxes, decimals=4),
        "absence.label": lines(absent.astype(int)),
        "cover.label": lines(np.where(unseen, 0, _cover(named, unseen))),
        "cut_by_image.label": lines((cut & ~absent).astype(int)),
        "meta_info.ini": _meta(named.tags, width, height),
    }


def _said(video: Video, attribute: str) -> NDArray[np.bool_]:
    """Return (T,) bool: an attribute of yes and no says yes; no where there is none."""
    values = video.attributes.get(attribute)
    if values is None or values.dtype.kind != "b":
        return np.zeros(len(video), np.bool_)
    return np.asarray(values)


def _cover(named: NamedVideo, unseen: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the levels (T,) 0 to 8, where the target is not ``unseen`` (T,)."""
    if "visibility" not in named.video.attributes:
        return np.full(len(named.video), 8)
    visibility = np.asarray(named.video.attributes["visibility"], np.float64)
    wrong = np.flatnonzero(~((visibility >= 0) & (visibility <= 1)) & ~unseen)
    if wrong.size:
        raise TrackbenchError(
            f"{named.name}: visibility is {visibility[wrong[0]]:g} in frame {wrong[0]}, no share "
            "of 0 to 1 that cover.label could tell"
        )
    return np.where(visibility == 1, 8, np.searchsorted(_COVER, visibility, side="left"))


def _meta(tags: tuple[str, ...], width: int, height: int) -> str:
    said = dict(tag.split(": ", 1) for tag in tags if ": " in tag)
    classes = ("object_class", "motion_class", "major_class", "root_class", "motion_adverb")
    known = "".join(f"{name}: {visible(said.get(name, 'unknown'))}\n" for name in classes)
    return (
        "[METAINFO]\n"
        "url: unknown\n"
        "begin: unknown\n"
        "end: unknown\n"
        "anno_fps: 30Hz\n"
        f"{known}"
        f"resolution: ({width}, {height})\n"
    )


def _notes(about: Summary) -> tuple[str, ...]:
    notes = []
    if "visibility" not in about.attributes:
        seen = "in every frame" if not about.absent + about.unknown else "wherever there is a box"
        notes.append(f"cover.label is 8 {seen}: the data set does not say how much is visible")
    if flags := sorted({"full_occlusion", "out_of_view"} & set(about.attributes)):
        notes.append(f"cover.label is 0 where {' or '.join(flags)} says yes: got10k scores no such")
    if about.absent:
        notes.append(f"{counted(about.absent, 'frame')} without the target: rows of 0, and absent")
    if about.unknown:
        notes.append(
            f"{counted(about.unknown, 'frame')} whose box nobody knows: rows of NaN, of cover 0"
        )
    return tuple(notes)


def _opened_with(folder: str, spec: DatasetSpec) -> str:
    return f"got10k.datasets.GOT10k({folder!r}, subset={_folder(spec)!r})"


GOT10K = Layout(
    id="got10k",
    description="GOT-10k: %08d.jpg, groundtruth.txt and labels",
    folder=_folder,
    images="",
    digits=8,
    suffixes=(".jpg", ".jpg"),
    annotate=_annotate,
    notes=_notes,
    opened_with=_opened_with,
    scoring="got10k's ExperimentGOT10k(..., subset='val').report gives a sequence's AO and SR as "
    "trackbench's ao@got10k, sr50@got10k and sr75@got10k; overall it takes the mean over frames",
)
