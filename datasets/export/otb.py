"""OTB's layout (Wu, Lim and Yang, CVPR 2013 and PAMI 2015).

::

    DIR/list.txt OTB.json
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
* Boxes that count from 1 already, as those of ``otb:PATH``, which stand as they stand in the files,
  are written as they are.
* Where there is no true box the row is NaN, as in UAV123, of which the readers for OTB's kind know
  it; OTB itself has none. Nothing tells whether the target is absent or unknown.
* ``OTB.json`` is what pysot (STVIR/pysot, ``toolkit.datasets.OTBDataset``) and pysot-toolkit
  (StrangerZhang) read beside the images: see :mod:`trackbench.datasets.export.pysot_json`.
* Commas part the numbers, and whole numbers have no point: OTB's files have commas, tabs or blanks,
  and some readers take integers alone.
* Images: ``img/*.jpg`` for got10k, ``img/%04d.jpg`` for VOT's and pytracking's lists; opened with
  Pillow or OpenCV, which go by the content, so that a PNG of that name is read exactly.
* ``list.txt`` is ours: OTB's readers have the names of its sequences built in. Nor has OTB labels
  of frames; what it has for whole sequences (OCC, FM, ...) are judgements of people, and are in
  ``OTB.json`` where the data set has such tags.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from trackbench.contracts import DatasetSpec
from trackbench.datasets.export.images import ImageFormat
from trackbench.datasets.export.layout import Layout, NamedVideo, Summary, TextFiles, box_lines
from trackbench.datasets.export.pysot_json import pysot_json
from trackbench.printing.amounts import counted

_ORIGIN = 1
_BOXES = "groundtruth_rect.txt"


def _annotate(named: NamedVideo, _image: ImageFormat) -> TextFiles:
    more = _ORIGIN - named.counts_from
    counted = named.video.boxes + np.array([more, more, 0, 0])
    return {_BOXES: box_lines(counted, decimals=0)}


def _notes(about: Summary) -> tuple[str, ...]:
    if about.counts_from == _ORIGIN:
        notes = ["boxes stand as they stand in the data set, which counts from 1 as OTB does"]
    else:
        notes = [f"x and y of {_BOXES} begin at 1, as in OTB; those of attributes.csv at 0"]
    if without := about.absent + about.unknown:
        notes.append(f"{counted(without, 'frame')} without a true box: rows of NaN, as in UAV123")
    return tuple(notes)


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
    beside={"OTB.json": partial(pysot_json, _BOXES, "img")},
    schema=2,
)
