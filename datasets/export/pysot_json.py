"""The JSON that pysot and pysot-toolkit read: a data set in one file beside its images.

``toolkit.datasets.OTBDataset(name, dataset_root)`` (STVIR/pysot; ``pysot.datasets`` in
StrangerZhang/pysot-toolkit) opens ``dataset_root/name.json`` of the form ::

    {"<sequence>": {"video_dir": "<folder>", "init_rect": [x, y, w, h],
                    "img_names": ["<folder>/img/0001.jpg", ...],
                    "gt_rect": [[x, y, w, h], ...], "attr": ["OCC", ...]}, ...}

Images are named from ``dataset_root``. Boxes are those of the layout's own files: pysot's JSON of
OTB has its numbers as they stand. Rows without a box are NaN, which Python's ``json`` reads, and
which is how pysot's JSON of UAV123 has them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path


def pysot_json(boxes: str, images: str, folder: Path, tags: Mapping[str, tuple[str, ...]]) -> str:
    """Return the JSON of sequences that are written, a sequence a line.

    Args:
        boxes: name of the file of ``x,y,w,h`` in a sequence's folder.
        images: name of the folder of its images there.
        folder: of the sequences.
        tags: name of a sequence -> what its data set says of it; in their order.
    """
    sequences = (
        f"{json.dumps(name)}: {json.dumps(_sequence(folder / name, boxes, images, said))}"
        for name, said in tags.items()
    )
    return "{" + ",\n".join(sequences) + "}\n"


def _sequence(
    folder: Path, boxes: str, images: str, tags: tuple[str, ...]
) -> dict[str, str | list[str] | list[float] | list[list[float]]]:
    rows = (folder / boxes).read_text(encoding="utf-8").splitlines()
    rects = [[float(number) for number in row.split(",")] for row in rows]
    files = sorted(path.name for path in (folder / images).iterdir())
    return {
        "video_dir": folder.name,
        "init_rect": rects[0],
        "img_names": [f"{folder.name}/{images}/{file}" for file in files],
        "gt_rect": rects,
        "attr": list(tags),
    }
