"""The mask of Sec. 3.1 against its formula, one Gaussian at a time."""

from __future__ import annotations

import math

import pytest
import torch

from trackbench.trackers.networks.attention import (
    RANGE,
    bound_focus,
    mask,
    profiles,
    start_focus,
    weight_blocks,
)
from trackbench.trackers.networks.convolution import to_blocks


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_mask_is_the_sum_of_the_grid_of_gaussians(n: int) -> None:
    frame, s, r, a = 20, -0.9, -1.4, 0.3
    corners = torch.tensor([[-0.6, -0.2, 0.1, 0.4]], dtype=torch.float64)
    left, top, right, bottom = ((corners[0] + 1) * frame / 2).tolist()
    focus = torch.tensor([[s, r, a]], dtype=torch.float64)
    found = mask(corners, focus, n, frame)[0]
    sigma = math.exp(s) * frame / 2
    for row in range(frame):
        for column in range(frame):
            total = 0.0
            for i in range(1, n + 1):
                for j in range(1, n + 1):
                    x = (left + right) / 2 + (i - n / 2 - 0.5) * math.exp(r) * frame
                    y = (top + bottom) / 2 + (j - n / 2 - 0.5) * math.exp(r) * frame
                    total += math.exp(-((column - x) ** 2 + (row - y) ** 2) / (2 * sigma**2))
            assert found[row, column].item() == pytest.approx(math.exp(a) * total, rel=1e-10)


@pytest.mark.parametrize("n", [1, 3, 4])
def test_before_training_the_mask_covers_the_target(n: int) -> None:
    """The target of 28 px keeps over half of its light everywhere, the centre all of it."""
    corners = torch.tensor([[36.0, 36.0, 63.0, 63.0]]) / 50 - 1
    weights = mask(corners, start_focus(n)[None], n, 100)[0]
    assert weights[49:51, 49:51].mean().item() == pytest.approx(1, abs=2e-3)
    assert weights[36:64, 36:64].min() > 0.5
    assert weights[0, 0] < weights[20, 20] < weights[36, 36]


@pytest.mark.parametrize("raw", [-1e30, -50.0, 50.0, 1e30])
def test_no_output_of_the_network_makes_the_mask_overflow(raw: float) -> None:
    outputs = torch.full((1, 3), raw, requires_grad=True)
    weights = mask(
        torch.tensor([[-1.0, -1.0, 1.0, 1.0]]),
        bound_focus(outputs, start_focus(3), torch.tensor(RANGE)),
        3,
        100,
    )
    weights.sum().backward()
    assert weights.isfinite().all()
    assert outputs.grad is not None
    assert outputs.grad.isfinite().all()


def test_weighting_blocks_is_weighting_the_frame() -> None:
    draw = torch.Generator().manual_seed(0)
    frames = torch.randint(0, 256, (2, 20, 20), dtype=torch.uint8, generator=draw)
    corners = torch.tensor([[-0.5, -0.4, 0.2, 0.1], [0.0, 0.1, 0.6, 0.3]])
    focus = torch.tensor([[-1.0, -1.5, 0.2], [-0.5, -2.0, 0.0]])
    weighted = frames.float() * mask(corners, focus, 3, 20)
    found = weight_blocks(to_blocks(frames, 4), *profiles(corners, focus, 3, 20))
    # Blocks of floats, cut with torch's own function: (B, 1, K, K) -> (B, s * s, K/s, K/s).
    wanted = torch.nn.functional.pixel_unshuffle(weighted[:, None], 4).permute(0, 2, 3, 1)
    torch.testing.assert_close(found, wanted)


def test_gradient_of_the_mask() -> None:
    corners = torch.tensor([[-0.5, -0.4, 0.2, 0.1]], dtype=torch.float64, requires_grad=True)
    raw = torch.tensor([[0.3, -0.2, 0.5]], dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(
        lambda z, o: mask(z, bound_focus(o, start_focus(3), torch.tensor(RANGE)), 3, 10),
        (corners, raw),
    )
