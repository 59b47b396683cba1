"""Where each toolkit looks for the boxes of a sequence, tracked once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from trackbench.exchange.result_layouts import ResultLayout


@dataclass(frozen=True)
class Written:
    """The files of a sequence, tracked once, from the folder of its data set.

    Attributes:
        boxes: a line a frame.
        sure: a confidence a line.
    """

    boxes: PurePosixPath
    sure: PurePosixPath


def written_at(
    layout: ResultLayout, tracker: str, name: str, run: int, *, repeated: bool
) -> Written:
    """Return the files of a sequence.

    Args:
        layout: whose.
        tracker: id.
        name: of the sequence.
        run: number, from 0.
        repeated: there are several.
    """
    root = PurePosixPath(tracker)
    numbered = f"{name}_{run + 1:03d}"
    match layout:
        case ResultLayout.GOT10K:
            folder = root / name
            return Written(folder / f"{numbered}.txt", folder / f"{numbered}_confidence.value")
        case ResultLayout.VOT:
            folder = root / "unsupervised" / name
            return Written(folder / f"{numbered}.txt", folder / f"{numbered}_confidence.value")
        case ResultLayout.PYTRACKING:
            folder = root / (f"default_{run:03d}" if repeated else "default")
            sure = folder / f"{name}_object_presence_scores.txt"
            return Written(folder / f"{name}.txt", sure)
        case ResultLayout.PYSOT:
            return Written(root / f"{name}.txt", root / f"{name}_confidence.value")
