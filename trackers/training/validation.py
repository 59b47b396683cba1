"""How well a network tracks on held-out videos while it is being trained."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import torch
from msgspec import Meta
from numpy.typing import NDArray
from torch import Tensor

from trackbench.contracts import Boxes, Dataset
from trackbench.metrics import mask_iou
from trackbench.plugins.checked_sequence import make_sequence
from trackbench.results.json_codec import Count, Share
from trackbench.trackers.grey import grey
from trackbench.trackers.networks import Network
from trackbench.trackers.networks.coordinates import decode, encode

LENGTHS = (20, 40, 80, 160)
"""The paper's lengths; those longer than a data set's sequences are left out."""


@dataclass(frozen=True)
class Cell:
    """Mean IoU on one data set over the first ``length`` frames, frame 0 included."""

    dataset: str
    length: Count
    iou: Share


@dataclass(frozen=True)
class Validation:
    """One validation; ``score`` is the mean of its cells."""

    cells: Annotated[tuple[Cell, ...], Meta(min_length=1)]

    @property
    def score(self) -> float:
        """Mean IoU over data sets and lengths."""
        return sum(cell.iou for cell in self.cells) / len(self.cells)


class Validator:
    """Tracks the first sequences of each validation set, all in one batch a set."""

    def __init__(self, datasets: Sequence[Dataset], *, sequences: int = 64) -> None:
        self._videos = [_Videos.of(dataset, sequences) for dataset in datasets]

    def __call__(self, network: Network, device: torch.device) -> Validation:
        """Validate a network on its device."""
        cells = []
        for videos in self._videos:
            predicted = track(network, videos.frames, videos.boxes, device)
            side = network.spec.frame
            iou = mask_iou(predicted, videos.boxes, (side, side))
            length = len(iou)
            at = [known for known in LENGTHS if known <= length] or [length]
            cells += [Cell(videos.dataset, known, float(iou[:known].mean())) for known in at]
        return Validation(tuple(cells))


@torch.inference_mode()
def track(network: Network, frames: Tensor, boxes: Boxes, device: torch.device) -> Boxes:
    """Follow B targets from their first boxes.

    Args:
        network: on ``device``.
        frames: (T, B, K, K) uint8, anywhere.
        boxes: (T, B, 4) true boxes in pixels; only the first are used.
        device: where to compute.

    Returns:
        (T, B, 4) boxes in pixels; those of frame 0 are the true ones.
    """
    side = network.spec.frame
    first = torch.from_numpy(boxes[0]).to(device, torch.float32)
    state = network.start(frames[0].to(device), encode(first, side))
    predicted = [state.corners]
    for frame in frames[1:]:
        state = network.step(frame.to(device), state)  # type: ignore[arg-type]  # its own kind of state
        predicted.append(state.corners)
    found: NDArray[np.float64] = decode(torch.stack(predicted), side).double().cpu().numpy()
    found[0] = boxes[0]
    return found


@dataclass(frozen=True)
class _Videos:
    dataset: str
    frames: Tensor  # (T, B, K, K) uint8
    boxes: Boxes  # (T, B, 4)

    @staticmethod
    def of(dataset: Dataset, sequences: int) -> _Videos:
        spec = dataset.spec
        length = min(spec.length, max(LENGTHS))
        made = [make_sequence(dataset, i, length) for i in range(min(sequences, spec.sequences))]
        frames = np.stack([grey(video.frames, axes=3) for video in made], axis=1)
        return _Videos(spec.id, torch.from_numpy(frames), np.stack([v.boxes for v in made], axis=1))
