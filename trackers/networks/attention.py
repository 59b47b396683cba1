"""The attentive weight scheme of Sec. 3.1: a mask of N x N Gaussians on every pixel (Eq. 7).

Gaussian (i, j), i, j = 1..N, is centred at ((x0 + x1)/2 + (i - N/2 - 0.5) exp(r) K,
(y0 + y1)/2 + (j - N/2 - 0.5) exp(r) K) with the standard deviation exp(s) K/2; all are summed and
weighted by exp(a). A Gaussian is the product of a profile along x and one along y, so the sum over
the grid is the product of two sums over N profiles: the mask has rank one.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

START_SIGMA = 0.25
"""Standard deviation before training, in K: 25 px, so that the mask covers a target of 28 px."""
START_STRIDE = 0.15
"""Distance between neighbouring Gaussians before training, in K."""
RANGE = (math.log(10.0), math.log(5.0), 2.0)
"""How far log-scale, log-stride and log-amplitude can move from their start, either way."""


def start_focus(n: int) -> Tensor:
    """(3,) log-scale, -stride and -amplitude before training; the mask peaks at 1 for any N."""
    offsets = (torch.arange(n) - (n - 1) / 2) * START_STRIDE / START_SIGMA
    peak = torch.exp(-(offsets**2) / 2).sum().item() ** 2
    return torch.tensor([math.log(2 * START_SIGMA), math.log(START_STRIDE), -math.log(peak)])


def bound_focus(raw: Tensor, start: Tensor, limit: Tensor) -> Tensor:
    """Three outputs (B, 3), any real numbers -> (B, 3) log-scale, log-stride, log-amplitude.

    start + limit * tanh(raw / limit): slope one at raw = 0, and no exponential of it overflows.
    """
    return start + limit * torch.tanh(raw / limit)


def profiles(corners: Tensor, focus: Tensor, n: int, frame: int) -> tuple[Tensor, Tensor]:
    """The mask along each axis; mask[b, row, column] = vertical[b, row] * horizontal[b, column].

    Args:
        corners: (B, 4) inclusive corners (left, top, right, bottom) in network coordinates.
        focus: (B, 3) log-scale s, log-stride r, log-amplitude a.
        n: N, Gaussians along a side.
        frame: K, pixels.

    Returns:
        Vertical (B, K), with exp(a) in it, and horizontal (B, K).
    """
    scale, stride, amplitude = focus.exp().unsqueeze(-1).unbind(1)  # each (B, 1)
    pixels = torch.arange(frame, dtype=corners.dtype, device=corners.device)
    # Inclusive corners are indices of pixels, so their mean is the index the mask is centred on.
    middle = ((corners[:, :2] + corners[:, 2:]) / 2 + 1) * (frame / 2)  # (B, 2): x, y
    offsets = torch.arange(n, dtype=corners.dtype, device=corners.device) - (n - 1) / 2
    centres = middle.unsqueeze(-1) + (offsets * stride * frame).unsqueeze(1)  # (B, 2, N)
    distance = (pixels - centres.unsqueeze(-1)) / (scale * frame / 2)[..., None, None]
    horizontal, vertical = torch.exp(-0.5 * distance**2).sum(2).unbind(1)
    return vertical * amplitude, horizontal


def mask(corners: Tensor, focus: Tensor, n: int, frame: int) -> Tensor:
    """G(z) of Eq. 7: the weight (B, K, K) of every pixel; arguments as in :func:`profiles`."""
    vertical, horizontal = profiles(corners, focus, n, frame)
    return vertical.unsqueeze(2) * horizontal.unsqueeze(1)


def weight_blocks(blocks: Tensor, vertical: Tensor, horizontal: Tensor) -> Tensor:
    """Eq. 7 on frames cut into blocks: blocks (B, G, G, s * s) times the mask's profiles (B, K)."""
    batch, side, _, area = blocks.shape
    stride = math.isqrt(area)
    rows = vertical.view(batch, side, 1, stride, 1)
    columns = horizontal.view(batch, 1, side, 1, stride)
    return blocks * (rows * columns).flatten(3)
