"""Trackers on one video: truth, prediction, and what attention makes of the frame.

Figures 3 and 4 of arXiv 1511.06425: the frame with both boxes on top; of a tracker with attention
the mask in the middle and the masked frame at the bottom. Each tracker has a colour of its own, in
which its name stands above. Its box is dashed, so that the truth is seen where both are the same,
as in frame 0.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from trackbench.contracts import Boxes, Frame
from trackbench.host.tracking import Remarks
from trackbench.plugins.read_frames import ReadFrames
from trackbench.reports.drawing import BACKGROUND, GAP, Outline, draw, rim, tinted
from trackbench.reports.titles import TITLE_HEIGHT, Title, title_rows, titled, width_of
from trackbench.reports.tracker_colours import TRACKER_COLOURS, TRUTH_COLOUR, Colour

PREDICTION_COLOUR = TRACKER_COLOURS[0]
_SIDE_BY_SIDE = 3
"""Panels in a row; more make a grid that is about as wide as high."""
_WIDE_ENOUGH = 240
"""Pixels of a panel that has room for outlines two pixels wide."""
_ENLARGED, _SMALL = 3, 400
"""How much small frames are enlarged, and how wide they become by that at most."""
_WIDEST = 1920
"""Of a whole picture of frames that are large."""
_NO_MASKS: Mapping[int, NDArray[np.bool_]] = {}


@dataclass(frozen=True)
class Panel:
    """One tracker on the video.

    Attributes:
        name: of the tracker.
        boxes: (T, 4) predictions.
        masks: (T, H, W) weights that the tracker put on the pixels, NaN where it had none; None:
            the tracker has no attention.
        remarks: (T,) each, what it said beside its boxes; None: nothing is known.
        answered: frame number -> the mask (H, W) bool that it answered.
        colour: of its boxes, its masks and its name.
        iou: (T,) scores of the frames, which stand beside its name; None: they do not.
    """

    name: str
    boxes: Boxes
    masks: NDArray[np.float32] | None = None
    remarks: Remarks | None = None
    answered: Mapping[int, NDArray[np.bool_]] = field(default_factory=dict)
    colour: Colour = PREDICTION_COLOUR
    iou: NDArray[np.float64] | None = None

    def title(self, t: int) -> Title:
        """Return what it is called, and what it said in frame ``t``."""
        words = [self.name]
        if self.iou is not None and not np.isnan(self.iou[t]):
            words.append(f"IoU {self.iou[t]:.2f}")
        if self.remarks is not None and self.remarks.absent[t]:
            words.append("absent")
        if self.remarks is not None and not np.isnan(self.remarks.confidence[t]):
            words.append(f"{self.remarks.confidence[t]:.3g}")
        return Title(" ".join(words), self.colour)


def scenes(
    frames: Frame | ReadFrames,
    truth: Boxes,
    panels: Sequence[Panel],
    shown: Sequence[int],
    zoom: float,
    true_masks: Mapping[int, NDArray[np.bool_]] = _NO_MASKS,
    *,
    together: bool = False,
) -> Iterator[Image.Image]:
    """Yield a picture for each frame number in ``shown``: the panels in a grid.

    Args:
        frames: (T, H, W[, 3]); of those that are read one by one no more than one is held.
        truth: (T, 4).
        panels: the trackers; none: the frames with the truth alone.
        shown: frame numbers.
        zoom: enlargement.
        true_masks: frame number -> the true mask (H, W) bool, whose rim is drawn.
        together: all trackers' boxes on one frame, without what attention makes of it.
    """
    groups = [list(panels)] if together or not panels else [[panel] for panel in panels]
    masked = not together and any(panel.masks is not None for panel in panels)
    width = max(1, round(frames.shape[2] * zoom))
    lines = max(title_rows(_titles(group, t), width) for group in groups for t in shown)
    for t in shown:
        frame, mask = frames[t], true_masks.get(t)
        drawn = [_column(frame, truth[t], group, t, zoom, masked, mask, lines) for group in groups]
        yield _grid(drawn, columns_of(len(drawn)))


def columns_of(count: int) -> int:
    """Return how many panels stand in a row."""
    return count if count <= _SIDE_BY_SIDE else math.ceil(math.sqrt(count))


def fitting_zoom(width: int, names: Sequence[str], *, together: bool = False) -> float:
    """Return the enlargement with which names are read, and large frames fit a window.

    Args:
        width: of a frame, pixels.
        names: of the trackers.
        together: they stand above one frame.
    """
    columns = 1 if together else columns_of(max(1, len(names)))
    longest = max((width_of(f"000 {name} absent 0.99") for name in names), default=0)
    if width * columns <= _WIDEST:
        return max(min(_ENLARGED, max(1, _SMALL // width)), math.ceil(longest / width))
    smaller = min(math.ceil(width * columns / _WIDEST), width // max(longest, 1))
    return 1 / max(1, smaller)


def _titles(group: Sequence[Panel], t: int) -> list[Title]:
    named = [panel.title(t) for panel in group] or [Title("truth", TRUTH_COLOUR)]
    return [Title(str(t)), *named]


def _column(
    frame: Frame,
    truth: Boxes,
    group: Sequence[Panel],
    t: int,
    zoom: float,
    masked: bool,
    true_mask: NDArray[np.bool_] | None,
    lines: int,
) -> Image.Image:
    """Return a frame with the boxes of some trackers, and under it one tracker's attention."""
    shown = frame
    for panel in group:
        if (mask := panel.answered.get(t)) is not None:
            shown = tinted(shown, mask, panel.colour)
    if true_mask is not None:
        shown = tinted(shown, rim(true_mask), TRUTH_COLOUR)
    wide = 2 if frame.shape[1] * zoom >= _WIDE_ENOUGH else 1
    true = Outline(truth, TRUTH_COLOUR, width=wide)
    predicted = [Outline(p.boxes[t], p.colour, dashed=True, width=wide) for p in group]
    parts = [draw(shown, [true, *predicted], zoom)]
    if masked:
        parts += _attention(frame, group[0].masks, true, t, zoom)
    width, height = parts[0].size
    rows = 3 if masked else 1
    whole = Image.new("RGB", (width, lines * TITLE_HEIGHT + rows * (height + GAP) - GAP))
    whole.paste(BACKGROUND, (0, 0, *whole.size))
    titled(whole, _titles(group, t), lines)
    for row, part in enumerate(parts):
        whole.paste(part, (0, lines * TITLE_HEIGHT + row * (height + GAP)))
    return whole


def _attention(
    frame: Frame, masks: NDArray[np.float32] | None, true: Outline, t: int, zoom: float
) -> list[Image.Image]:
    """Return the mask, and the frame as it lets it be seen; nothing where there is none."""
    if masks is None or not np.isfinite(masks[t]).all():
        return []
    weights = masks[t] / max(float(masks[t].max()), 1e-12)
    weighted = frame * (weights if frame.ndim == 2 else weights[..., None])
    return [
        draw((255 * weights).astype(np.uint8), [true], zoom),
        draw(weighted.astype(np.uint8), [], zoom),
    ]


def _grid(panels: Sequence[Image.Image], columns: int) -> Image.Image:
    width, height = panels[0].size
    rows = -(-len(panels) // columns)
    size = columns * (width + GAP) - GAP, rows * (height + GAP) - GAP
    whole = Image.new("RGB", size, BACKGROUND)
    for number, panel in enumerate(panels):
        row, column = divmod(number, columns)
        whole.paste(panel, (column * (width + GAP), row * (height + GAP)))
    return whole
