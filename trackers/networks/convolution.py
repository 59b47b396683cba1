"""The one convolutional layer of every network: phi(x) = tanh(conv(x / 255)), App. A.

A 10 x 10 filter at stride 5 over one channel is the same sum as a 2 x 2 filter at stride 1 over 25
channels, if each 5 x 5 block of pixels becomes one place with 25 channels. In that form the CPU's
convolution is about three times as fast forward, and ten times in the gradient of the filters.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from trackbench.trackers.networks.activation import quick_tanh
from trackbench.trackers.networks.spec import NetworkSpec


def to_blocks(frames: Tensor, stride: int) -> Tensor:
    """Frames (..., K, K) uint8 -> blocks (..., K/s, K/s, s * s) float32, values still 0 to 255.

    The last axis runs over the s rows of a block, then its s columns.
    """
    side = frames.shape[-1] // stride
    split = frames.reshape(*frames.shape[:-2], side, stride, side, stride)
    # Row by row and still in bytes: twice as fast on a CPU as one permuted copy to float32.
    return torch.cat([split[..., row, :, :] for row in range(stride)], dim=-1).float()


class BlockConvolution(nn.Module):
    """Filters on frames cut into blocks, then tanh.

    Attributes:
        weight: (filters, channels, kernel, kernel), the filters on pixels in [0, 1].
        bias: (filters,).
    """

    def __init__(self, spec: NetworkSpec, channels: int) -> None:
        super().__init__()
        self.stride = spec.stride
        bound = 1 / math.sqrt(channels * spec.kernel**2)
        shape = (spec.filters, channels, spec.kernel, spec.kernel)
        self.weight = nn.Parameter(torch.empty(shape).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.empty(spec.filters).uniform_(-bound, bound))

    def forward(self, blocks: Tensor) -> Tensor:
        """Blocks (B, K/s, K/s, channels * s * s), values 0 to 255 -> features (B, F).

        The features run over the rows, the columns, then the filters, which is how the convolution
        leaves them in memory.
        """
        seen = nn.functional.conv2d(blocks.permute(0, 3, 1, 2), self._block_filters(), self.bias)
        return quick_tanh(seen.permute(0, 2, 3, 1).flatten(1))

    def _block_filters(self) -> Tensor:
        """The filters (O, C, k, k) as (O, C * s * s, k/s, k/s), with the pixels' 1 / 255."""
        per_side = self.weight.shape[-1] // self.stride
        sides = (per_side, self.stride)
        split = self.weight.reshape(*self.weight.shape[:2], *sides, *sides)
        filters = split.permute(0, 1, 3, 5, 2, 4).flatten(1, 3) / 255
        return filters.contiguous(memory_format=torch.channels_last)
