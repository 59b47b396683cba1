"""Trackers side by side on one video: truth, prediction, and what attention makes of the frame.

Figures 3 and 4 of arXiv 1511.06425: the frame with both boxes on top; of a tracker with attention
the mask in the middle and the masked frame at the bottom.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from trackbench.contracts import Boxes, Frame
from trackbench.host.tracking import Remarks
from trackbench.plugins.read_frames import ReadFrames
from trackbench.reports.drawing import BACKGROUND, GAP, TRUTH_COLOUR, draw, rim, tinted

PREDICTION_COLOUR = (255, 120, 60)
TITLE_HEIGHT = 12
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
    """

    name: str
    boxes: Boxes
    masks: NDArray[np.float32] | None = None
    remarks: Remarks | None = None
    answered: Mapping[int, NDArray[np.bool_]] = field(default_factory=dict)

    def title(self, t: int) -> str:
        """Return what stands above frame ``t``."""
        words = [str(t), self.name]
        if self.remarks is not None and self.remarks.absent[t]:
            words.append("absent")
        if self.remarks is not None and not np.isnan(self.remarks.confidence[t]):
            words.append(f"{self.remarks.confidence[t]:.3g}")
        return " ".join(words)


def scenes(
    frames: Frame | ReadFrames,
    truth: Boxes,
    panels: Sequence[Panel],
    shown: Sequence[int],
    zoom: int,
    true_masks: Mapping[int, NDArray[np.bool_]] = _NO_MASKS,
) -> Iterator[Image.Image]:
    """Yield a picture for each frame number in ``shown``: the panels from left to right.

    Args:
        frames: (T, H, W[, 3]); of those that are read one by one no more than one is held.
        truth: (T, 4).
        panels: the trackers; none: the frames with the truth alone.
        shown: frame numbers.
        zoom: enlargement.
        true_masks: frame number -> the true mask (H, W) bool, whose rim is drawn.
    """
    columns = panels or [Panel("truth", np.full(truth.shape, np.nan))]
    rows = 3 if any(panel.masks is not None for panel in columns) else 1
    for t in shown:
        frame, mask = frames[t], true_masks.get(t)
        yield _beside([_column(frame, truth[t], panel, t, zoom, rows, mask) for panel in columns])


def _column(
    frame: Frame,
    truth: Boxes,
    panel: Panel,
    t: int,
    zoom: int,
    rows: int,
    true_mask: NDArray[np.bool_] | None,
) -> Image.Image:
    boxes = [(truth, TRUTH_COLOUR), (panel.boxes[t], PREDICTION_COLOUR)]
    shown = frame
    if (mask := panel.answered.get(t)) is not None:
        shown = tinted(shown, mask, PREDICTION_COLOUR)
    if true_mask is not None:
        shown = tinted(shown, rim(true_mask), TRUTH_COLOUR)
    parts = [draw(shown, boxes, zoom)]
    if panel.masks is not None and np.isfinite(panel.masks[t]).all():
        weights = panel.masks[t] / max(float(panel.masks[t].max()), 1e-12)
        weighted = frame * (weights if frame.ndim == 2 else weights[..., None])
        parts += [
            draw((255 * weights).astype(np.uint8), [(truth, TRUTH_COLOUR)], zoom),
            draw(weighted.astype(np.uint8), [], zoom),
        ]
    width, height = parts[0].size
    whole = Image.new("RGB", (width, TITLE_HEIGHT + rows * (height + GAP) - GAP), BACKGROUND)
    ImageDraw.Draw(whole).text((2, 0), panel.title(t), fill=(255, 255, 255))
    for row, part in enumerate(parts):
        whole.paste(part, (0, TITLE_HEIGHT + row * (height + GAP)))
    return whole


def _beside(columns: Sequence[Image.Image]) -> Image.Image:
    width, height = columns[0].size
    whole = Image.new("RGB", (len(columns) * (width + GAP) - GAP, height), BACKGROUND)
    for number, column in enumerate(columns):
        whole.paste(column, (number * (width + GAP), 0))
    return whole
