"""ConvTracker against a plain implementation."""

from __future__ import annotations

import torch
from torch import Tensor

from trackbench.trackers.networks import Architecture, ConvTracker, NetworkSpec, build


def small(history: int = 4) -> ConvTracker:
    spec = NetworkSpec(
        architecture=Architecture.CONVTRACKER,
        frame=24,
        filters=3,
        kernel=8,
        stride=4,
        hidden=7,
        history=history,
    )
    network = build(spec)
    assert isinstance(network, ConvTracker)
    return network


def video(steps: int, batch: int) -> tuple[Tensor, Tensor]:
    draw = torch.Generator().manual_seed(3)
    frames = torch.randint(0, 256, (steps, batch, 24, 24), dtype=torch.uint8, generator=draw)
    return frames, torch.rand(batch, 4, generator=draw) - 0.5


def plain_follow(net: ConvTracker, frames: Tensor, corners: Tensor) -> Tensor:
    """Frames and boxes before the first are the first; four of each at a time."""
    boxes = [corners] * 4
    for t in range(1, len(frames)):
        seen = torch.stack([frames[max(t - age, 0)] for age in (3, 2, 1, 0)], dim=1).float() / 255
        features = torch.nn.functional.conv2d(
            seen, net.convolution.weight, net.convolution.bias, stride=4
        )
        phi = torch.tanh(features).permute(0, 2, 3, 1).flatten(1)
        layer = torch.cat((net.projection.weight, net.previous.weight), dim=1)
        units = torch.tanh(torch.cat((phi, *boxes[-4:]), dim=1) @ layer.T + net.projection.bias)
        boxes.append(torch.tanh(net.output(units)))
    return torch.stack(boxes[4:])


def test_equals_a_plain_implementation() -> None:
    net = small()
    frames, corners = video(7, 3)
    with torch.no_grad():
        torch.testing.assert_close(
            net(frames, corners), plain_follow(net, frames, corners), atol=1e-6, rtol=1e-5
        )


def test_tracking_step_by_step_is_what_is_trained() -> None:
    for history in (2, 4):
        net = small(history)
        frames, corners = video(7, 3)
        with torch.no_grad():
            state = net.start(frames[0], corners)
            assert torch.equal(state.corners, corners)
            stepped = []
            for frame in frames[1:]:
                state = net.step(frame, state)
                stepped.append(state.corners)
            wanted = net(frames, corners)
        torch.testing.assert_close(torch.stack(stepped), wanted, atol=1e-6, rtol=1e-5)


def test_gradients_equal_those_of_the_plain_implementation() -> None:
    net = small()
    frames, corners = video(6, 2)
    net(frames, corners).square().sum().backward()
    found = {name: value.grad.clone() for name, value in net.named_parameters()}
    net.zero_grad()
    plain_follow(net, frames, corners).square().sum().backward()
    for name, value in net.named_parameters():
        torch.testing.assert_close(found[name], value.grad, atol=1e-6, rtol=1e-4, msg=name)


def test_without_the_way_through_the_features_the_rest_learns() -> None:
    net = small()
    frames, corners = video(4, 2)
    net(frames, corners, through_features=False).sum().backward()
    assert net.convolution.weight.grad is None
    assert net.projection.weight.grad.abs().max() > 0
