"""ConvTracker: the same convolution on four frames, with no memory but their boxes (Sec. 5)."""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn

from trackbench.trackers.networks.convolution import BlockConvolution, to_blocks
from trackbench.trackers.networks.projection import Projection
from trackbench.trackers.networks.spec import NetworkSpec


class ConvState(NamedTuple):
    """What a ConvTracker looks back on, the oldest first.

    Attributes:
        blocks: the frames before, each (B, G, G, s * s), one fewer than it looks at.
        corners: (B, 4 * history) the boxes before in network coordinates.
    """

    blocks: tuple[Tensor, ...]
    past: Tensor

    @property
    def corners(self) -> Tensor:
        """The box (B, 4) of the last frame."""
        return self.past[:, -4:]


class ConvTracker(nn.Module):
    """z_t = tanh(W u_t + b), u_t = tanh(A phi(x_{t-3..t}) + B z_{t-4..t-1} + c).

    The frames are the channels of the convolution. Before the first frame, it and its box are taken
    to have been there always.
    """

    def __init__(self, spec: NetworkSpec) -> None:
        super().__init__()
        self.spec = spec
        self.convolution = BlockConvolution(spec, channels=spec.history)
        self.projection = Projection(spec.features, spec.hidden, 1 / math.sqrt(spec.features))
        self.previous = nn.Linear(4 * spec.history, spec.hidden, bias=False)
        self.output = nn.Linear(spec.hidden, 4)

    def start(self, frames: Tensor, corners: Tensor) -> ConvState:
        """The state after the first frames (B, K, K) uint8 with the true corners (B, 4)."""
        blocks = to_blocks(frames, self.spec.stride)
        history = self.spec.history
        return ConvState((blocks,) * (history - 1), corners.repeat(1, history))

    def step(self, frames: Tensor, state: ConvState) -> ConvState:
        """The state, and in it the predicted corners, after the next frames (B, K, K) uint8."""
        seen = (*state.blocks, to_blocks(frames, self.spec.stride))
        projected = self.projection(self.convolution(torch.cat(seen, dim=-1)))
        return ConvState(seen[1:], self._recur(projected, state.past))

    def forward(self, frames: Tensor, corners: Tensor, *, through_features: bool = True) -> Tensor:
        """Follow B targets from their true first boxes, for training; as in ``RecTracker``.

        Args:
            frames: (T, B, K, K) uint8.
            corners: (B, 4) true boxes in the first frames, network coordinates.
            through_features: whether gradients go down into the convolution.

        Returns:
            Predicted corners (T - 1, B, 4) of frames 1 to T - 1.
        """
        history, steps = self.spec.history, len(frames) - 1
        blocks = to_blocks(frames, self.spec.stride)
        padded = torch.cat((blocks[:1].expand(history - 2, *blocks.shape[1:]), blocks))
        windows = torch.cat([padded[age : age + steps] for age in range(history)], dim=-1)
        with torch.set_grad_enabled(torch.is_grad_enabled() and through_features):
            features = self.convolution(windows.flatten(0, 1))
        # The features wait for no box: one product for all frames.
        projected = self.projection(features).unflatten(0, (steps, -1))
        past = corners.repeat(1, history)
        predicted = []
        for step in projected.unbind(0):
            past = self._recur(step, past)
            predicted.append(past[:, -4:])
        return torch.stack(predicted)

    def _recur(self, projected: Tensor, past: Tensor) -> Tensor:
        """Projected features (B, H) and the boxes before (B, 4 * history) -> those after."""
        units = torch.tanh(projected + self.previous(past))
        corners = torch.tanh(self.output(units))
        return torch.cat((past[:, 4:], corners), dim=1)
