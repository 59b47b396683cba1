"""The convolution on blocks is the convolution."""

from __future__ import annotations

import pytest
import torch

from trackbench.errors import TrackbenchError
from trackbench.trackers.networks import Architecture, NetworkSpec
from trackbench.trackers.networks.convolution import BlockConvolution, to_blocks


@pytest.mark.parametrize(
    ("frame", "kernel", "stride"), [(100, 10, 5), (24, 8, 4), (12, 4, 4), (9, 9, 3)]
)
@pytest.mark.parametrize("channels", [1, 4])
def test_equals_conv2d(frame: int, kernel: int, stride: int, channels: int) -> None:
    torch.manual_seed(0)
    spec = NetworkSpec(frame=frame, kernel=kernel, stride=stride, filters=3, hidden=2)
    layer = BlockConvolution(spec, channels)
    frames = torch.randint(0, 256, (2, channels, frame, frame), dtype=torch.uint8)
    plain = torch.nn.functional.conv2d(
        frames.float() / 255, layer.weight, layer.bias, stride=stride
    )
    wanted = torch.tanh(plain).permute(0, 2, 3, 1).flatten(1)
    assert wanted.shape == (2, spec.features)
    blocks = torch.cat([to_blocks(frames[:, c], stride) for c in range(channels)], dim=-1)
    found = layer(blocks)
    torch.testing.assert_close(found, wanted, atol=1e-5, rtol=1e-5)
    weights = torch.rand_like(wanted)
    (ours,) = torch.autograd.grad((found * weights).sum(), layer.weight)
    (theirs,) = torch.autograd.grad((wanted * weights).sum(), layer.weight)
    torch.testing.assert_close(ours, theirs, atol=1e-4, rtol=1e-4)


def test_blocks_of_a_frame() -> None:
    frame = torch.arange(16, dtype=torch.uint8).reshape(4, 4)
    wanted = torch.tensor([[[0, 1, 4, 5], [2, 3, 6, 7]], [[8, 9, 12, 13], [10, 11, 14, 15]]])
    assert torch.equal(to_blocks(frame, 2), wanted.float())


@pytest.mark.parametrize(
    "wrong",
    [
        {"kernel": 9},
        {"frame": 101},
        {"n": -1},
        {"n": 1, "architecture": Architecture.CONVTRACKER},
        {"hidden": 0},
        {"frame": 5},
        {"history": 1},
    ],
)
def test_impossible_sizes_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(TrackbenchError):
        NetworkSpec(**wrong)
