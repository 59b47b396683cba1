"""Sequences to be played on the page: frames side by side in one picture, and boxes as numbers."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from trackbench.contracts import Boxes, Frame
from trackbench.errors import TrackbenchError
from trackbench.metrics import valid
from trackbench.report_contract import FramesOf
from trackbench.results.directory import Results
from trackbench.results.run import Run

_QUALITY = 55
_LARGEST_SHEET = 8000
"""Side of a picture, pixels: browsers decode no picture of any size."""


@dataclass(frozen=True)
class Size:
    """How much of a sequence is taken along.

    Attributes:
        frames: at most; of more, every second, third, ... is taken.
        side: of a frame, pixels, at most.
    """

    frames: int
    side: int


SERVED = Size(frames=400, side=480)
"""Of a sequence that is asked for alone."""


def clip_of(
    results: Results, dataset: str, sequence: int, frames: FramesOf, size: Size
) -> dict[str, Any]:
    """Return what the page's player needs of a sequence, for JSON.

    ``frames`` are numbers of frames; ``sheet`` is a data URI of all of them, ``columns`` in a row;
    ``truth`` and ``boxes`` (by tracker's id) have a box ``[x, y, w, h]`` or null for each of them,
    in pixels of a frame of ``width`` and ``height``, and ``iou`` a number or null.

    Raises:
        TrackbenchError: the frames cannot be made again.
    """
    runs = [run for run in results.runs if run.dataset.id == dataset]
    length = runs[0].record.extent.frames_of(sequence)
    made = frames(dataset, sequence, length)
    if len(made) != length:
        raise TrackbenchError(f"{len(made)} frames were made, not {length}")
    step = max(1, ceil(length / size.frames))
    shown = list(range(0, length, step))
    height, width = made.shape[1:3]
    sheet, columns = _sheet(made, shown, size.side)
    tracked = {run.record.tracker: run.trajectory(sequence) for run in runs}
    truth = next(iter(tracked.values())).truth[0]
    return {
        "frames": shown,
        "step": step,
        "columns": columns,
        "width": width,
        "height": height,
        "sheet": sheet,
        "truth": _boxes(truth, shown, width, height),
        "boxes": {
            name: _boxes(each.predicted[0], shown, width, height) for name, each in tracked.items()
        },
        "iou": {name: numbers(each.iou[0, shown], 2) for name, each in tracked.items()},
        "note": "" if step == 1 else f"one frame of every {step}, of {length}",
    }


def numbers(values: NDArray[np.float64], decimals: int) -> list[float | None]:
    """Return numbers for JSON, null for NaN.

    What is rounded again where it is shown needs many more decimals than are shown.
    """
    return [None if np.isnan(value) else round(float(value), decimals) for value in values]


def _boxes(boxes: Boxes, shown: Sequence[int], width: int, height: int) -> list[list[float] | None]:
    """Return boxes, brought near to the frame where they are far away."""
    size = np.array([width, height], np.float64)
    found: list[list[float] | None] = []
    for t in shown:
        if not valid(boxes[t]):
            found.append(None)
            continue
        with np.errstate(over="ignore"):
            corners = np.clip([boxes[t][:2], boxes[t][:2] + boxes[t][2:]], -size, 2 * size)
        first, last = corners.round(1)
        found.append([float(v) for v in (*first, *(last - first).round(1))])
    return found


def _sheet(frames: Frame, shown: Sequence[int], side: int) -> tuple[str, int]:
    """Return frames in one picture, about as wide as high, as a data URI; and how many in a row."""
    height, width = frames.shape[1:3]
    columns = ceil(sqrt(len(shown) * height / width))
    rows = ceil(len(shown) / columns)
    fits = min(side / max(height, width), _LARGEST_SHEET / max(columns * width, rows * height), 1.0)
    size = max(1, int(width * fits)), max(1, int(height * fits))
    whole = Image.new("L" if frames.ndim == 3 else "RGB", (columns * size[0], rows * size[1]))
    for number, t in enumerate(shown):
        row, column = divmod(number, columns)
        picture = Image.fromarray(np.ascontiguousarray(frames[t]))
        if fits < 1:
            picture = picture.resize(size, Image.Resampling.BOX)
        whole.paste(picture, (column * size[0], row * size[1]))
    out = io.BytesIO()
    whole.convert("RGB").save(out, format="WEBP", quality=_QUALITY, method=2)
    return f"data:image/webp;base64,{base64.b64encode(out.getvalue()).decode()}", columns


def embedded(
    results: Results, wanted: Sequence[tuple[Run, int]], frames: FramesOf | None, most: int
) -> Mapping[str, Any]:
    """Return clips by ``"DATASET/SEQUENCE"``, of ``most`` frames together or a few more.

    A data set whose frames cannot be made again has none: the strips beside it say why.
    """
    if frames is None:
        return {}
    keys = dict.fromkeys((run.dataset.id, sequence) for run, sequence in wanted)
    size = Size(frames=max(_FEWEST, most // max(1, len(keys))), side=_EMBEDDED_SIDE)
    found = {}
    for dataset, sequence in keys:
        try:
            found[f"{dataset}/{sequence}"] = clip_of(results, dataset, sequence, frames, size)
        except TrackbenchError:
            continue
    return found


_FEWEST = 24
_EMBEDDED_SIDE = 160
