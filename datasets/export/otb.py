"""OTB's layout (Wu, Lim and Yang, CVPR 2013 and PAMI 2015).

::

    DIR/list.txt
    DIR/<sequence>/groundtruth_rect.txt img/0001.jpg ...

What each convention is taken from:

* Boxes are ``x,y,w,h`` and **1-based**: the first pixel is 1, as MATLAB counts. So x and y are
  trackbench's + 1, w and h are the same. OTB's own Python benchmark (jwlim/tracker_benchmark)
  gives trackers that count from 0 ``init_rect[0] - 1`` and ``init_rect[1] - 1``; to its
  ``calc_rect_int`` a box ends with pixel x + w - 1.
* What readers make of it: ``got10k.datasets.OTB`` (0.1.3), ``vot.dataset.otb`` (0.9.0) and
  pytracking hand the numbers to the tracker as they stand, 1 too far right and down for one that
  counts from 0. Truth and answers are then shifted alike, so IoU and centre error are right; what
  the tracker sees of the target is a pixel off, as on OTB itself. Where that matters, the layouts
  ``got10k`` and ``vot`` count from 0.
* Commas part the numbers, and whole numbers have no point: OTB's files have commas, tabs or blanks,
  and some readers take integers alone.
* Images: ``img/*.jpg`` for got10k, ``img/%04d.jpg`` for VOT's and pytracking's lists; opened with
  Pillow or OpenCV, which go by the content, so that a PNG of that name is read exactly.
* ``list.txt`` is ours: OTB's readers have the names of its sequences built in. Nor has OTB labels
  of frames; what it has for whole sequences (OCC, FM, ...) are judgements of people.
"""

from __future__ import annotations

import numpy as np

from trackbench.contracts import DatasetSpec, Video
from trackbench.datasets.export.images import ImageFormat
from trackbench.datasets.export.layout import Layout, TextFiles, box_lines

_ORIGIN = 1


def _annotate(sequence: Video, _name: str, _image: ImageFormat) -> TextFiles:
    counted = sequence.boxes + np.array([_ORIGIN, _ORIGIN, 0, 0])
    return {"groundtruth_rect.txt": box_lines(counted, decimals=0)}


def _notes(_: tuple[str, ...]) -> tuple[str, ...]:
    return ("x and y of groundtruth_rect.txt begin at 1, as in OTB; those of attributes.csv at 0",)


def _opened_with(folder: str, _: DatasetSpec) -> str:
    return f"a reader of OTB that is given the names in {folder}/list.txt"


OTB = Layout(
    id="otb",
    description="OTB: img/%04d.jpg, groundtruth_rect.txt (counted from 1)",
    folder=lambda _: "",
    images="img",
    digits=4,
    suffixes=(".jpg", ".jpg"),
    annotate=_annotate,
    notes=_notes,
    opened_with=_opened_with,
    scoring="OTB's success and precision scores are trackbench's auc@otb and precision20@otb, of "
    "boxes that count from 1 as the truth does",
    origin=_ORIGIN,
)
