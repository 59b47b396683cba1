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
  counts as visible, as in trackbench's metrics.
* ``absence.label``: 1 where the object is absent from the frame: the box lies wholly outside, and
  cover is 0. A covered target is not absent.
* ``cut_by_image.label``: 1 where the box hangs out of the frame.
* ``meta_info.ini``: ``key: value`` in GOT-10k's order, which pytracking relies on. ``resolution``
  is (width, height) and bounds the evaluation. What our videos do not have is ``unknown``; they
  have no frame rate, either: 30 Hz is what VOT assumes where nothing is said.
"""

from __future__ import annotations

import numpy as np

from trackbench.contracts import DatasetSpec, Video
from trackbench.datasets.export.images import ImageFormat
from trackbench.datasets.export.layout import Layout, TextFiles, box_lines, lines
from trackbench.errors import TrackbenchError

_COVER = (0.0, 0.15, 0.30, 0.45, 0.60, 0.75, 0.90)
"""Upper ends of the levels 0 to 6; 7 is below 1, 8 is 1."""


def _folder(spec: DatasetSpec) -> str:
    return "train" if spec.split == "train" else "val"


def _annotate(sequence: Video, name: str, _: ImageFormat) -> TextFiles:
    height, width = sequence.frames.shape[1:3]
    corner, size = sequence.boxes[:, :2], sequence.boxes[:, 2:]
    frame = np.array([width, height], np.float64)
    absent = ((corner >= frame) | (corner + size <= 0)).any(axis=1)
    cut = ((corner < 0) | (corner + size > frame)).any(axis=1) & ~absent
    cover = np.where(absent, 0, _cover(sequence, name))
    return {
        "groundtruth.txt": box_lines(sequence.boxes, decimals=4),
        "absence.label": lines(absent.astype(int)),
        "cover.label": lines(cover),
        "cut_by_image.label": lines(cut.astype(int)),
        "meta_info.ini": _meta(width, height),
    }


def _cover(sequence: Video, name: str) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """Return the levels (T,) 0 to 8."""
    if "visibility" not in sequence.attributes:
        return np.full(len(sequence), 8)
    visibility = np.asarray(sequence.attributes["visibility"], np.float64)
    wrong = np.flatnonzero(~((visibility >= 0) & (visibility <= 1)))
    if wrong.size:
        raise TrackbenchError(
            f"{name}: visibility is {visibility[wrong[0]]:g} in frame {wrong[0]}, no share of "
            "0 to 1 that cover.label could tell"
        )
    return np.where(visibility == 1, 8, np.searchsorted(_COVER, visibility, side="left"))


def _meta(width: int, height: int) -> str:
    return (
        "[METAINFO]\n"
        "url: unknown\n"
        "begin: unknown\n"
        "end: unknown\n"
        "anno_fps: 30Hz\n"
        "object_class: unknown\n"
        "motion_class: unknown\n"
        "major_class: unknown\n"
        "root_class: unknown\n"
        "motion_adverb: unknown\n"
        f"resolution: ({width}, {height})\n"
    )


def _notes(attributes: tuple[str, ...]) -> tuple[str, ...]:
    if "visibility" in attributes:
        return ()
    return ("cover.label is 8 in every frame: the data set does not say how much is visible",)


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
