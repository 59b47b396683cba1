"""Boxes in pixels and boxes as the networks see them.

A network's box is the corners (left, top, right, bottom), *inclusive* as in the paper's code,
scaled so that the frame is [-1, 1): v / (K / 2) - 1. A box (x, y, w, h) has the inclusive corners
(x, y, x + w - 1, y + h - 1).
"""

from __future__ import annotations

import torch
from torch import Tensor


def encode(boxes: Tensor, frame: int) -> Tensor:
    """Boxes (..., 4) ``(x, y, w, h)``, pixels -> corners (..., 4) in network coordinates."""
    x, y, w, h = boxes.unbind(-1)
    return torch.stack((x, y, x + w - 1, y + h - 1), dim=-1) / (frame / 2) - 1


def decode(corners: Tensor, frame: int) -> Tensor:
    """Corners (..., 4) in network coordinates -> boxes (..., 4) ``(x, y, w, h)``, pixels."""
    left, top, right, bottom = ((corners + 1) * (frame / 2)).unbind(-1)
    return torch.stack((left, top, right - left + 1, bottom - top + 1), dim=-1)
