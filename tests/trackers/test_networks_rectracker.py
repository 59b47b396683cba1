"""RecTracker against a plain implementation: conv2d, a dense sum of Gaussians, GRUCell."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from trackbench.trackers.networks import NetworkSpec, RecTracker, build

SMALL = {"frame": 24, "filters": 3, "kernel": 8, "stride": 4, "hidden": 7}


def small(n: int, seed: int = 0) -> RecTracker:
    network = build(NetworkSpec(n=n, **SMALL), seed=seed)
    assert isinstance(network, RecTracker)
    return network


def video(steps: int, batch: int, frame: int = 24) -> tuple[Tensor, Tensor]:
    """Random frames (T, B, K, K) uint8 and first corners (B, 4)."""
    draw = torch.Generator().manual_seed(3)
    frames = torch.randint(0, 256, (steps, batch, frame, frame), dtype=torch.uint8, generator=draw)
    first = torch.rand(batch, 2, generator=draw) * 0.8 - 0.9
    return frames, torch.cat((first, first + 0.5), dim=1)


def dense_mask(corners: Tensor, focus: Tensor, n: int, frame: int) -> Tensor:
    """Sec. 3.1 word by word, one Gaussian after the other."""
    masks = []
    for box, (s, r, a) in zip(((corners + 1) * frame / 2).tolist(), focus.tolist(), strict=True):
        rows = torch.arange(frame, dtype=torch.float64)[:, None]
        columns = torch.arange(frame, dtype=torch.float64)[None, :]
        total = torch.zeros(frame, frame, dtype=torch.float64)
        sigma = math.exp(s) * frame / 2
        for i in range(1, n + 1):
            for j in range(1, n + 1):
                x = (box[0] + box[2]) / 2 + (i - n / 2 - 0.5) * math.exp(r) * frame
                y = (box[1] + box[3]) / 2 + (j - n / 2 - 0.5) * math.exp(r) * frame
                total += torch.exp(-((columns - x) ** 2 + (rows - y) ** 2) / (2 * sigma**2))
        masks.append(math.exp(a) * total)
    return torch.stack(masks).float()


def plain_follow(net: RecTracker, frames: Tensor, corners: Tensor) -> Tensor:
    """The tracker with torch's own modules and one matrix over (features, box)."""
    spec = net.spec
    cell = torch.nn.GRUCell(spec.features + 4, spec.hidden)
    with torch.no_grad():
        cell.weight_ih.copy_(torch.cat((net.projection.weight, net.previous.weight), dim=1))
        cell.bias_ih.copy_(net.projection.bias)
        cell.weight_hh.copy_(net.recurrent.weight)
        cell.bias_hh.copy_(net.recurrent.bias)
    hidden, predicted = torch.zeros(len(corners), spec.hidden), []
    box = corners
    if spec.n:
        focus = net.bounded(net.first_focus.expand(len(corners), 3))
    for t, frame in enumerate(frames):
        seen = frame.float() / 255
        if spec.n:
            seen = seen * dense_mask(box, focus, spec.n, spec.frame)
        features = torch.nn.functional.conv2d(
            seen[:, None], net.convolution.weight, net.convolution.bias, stride=spec.stride
        )
        # (B, filters, rows, columns) -> rows, columns, filters: the network's order of features.
        phi = torch.tanh(features).permute(0, 2, 3, 1).flatten(1)
        hidden = cell(torch.cat((phi, box), dim=1), hidden)
        box = corners if t == 0 else torch.tanh(net.output(hidden))
        if spec.n:
            focus = net.bounded(net.focus(hidden))
        predicted.append(box)
    return torch.stack(predicted[1:])


@pytest.mark.parametrize("n", [0, 1, 2, 3])
def test_equals_a_plain_implementation(n: int) -> None:
    net = small(n)
    frames, corners = video(6, 3)
    with torch.no_grad():
        torch.testing.assert_close(
            net(frames, corners), plain_follow(net, frames, corners), atol=2e-6, rtol=1e-5
        )


@pytest.mark.parametrize("n", [0, 1, 3])
def test_tracking_step_by_step_is_what_is_trained(n: int) -> None:
    net = small(n)
    frames, corners = video(6, 3)
    with torch.no_grad():
        state = net.start(frames[0], corners)
        assert torch.equal(state.corners, corners)
        stepped = []
        for frame in frames[1:]:
            state = net.step(frame, state)
            stepped.append(state.corners)
        torch.testing.assert_close(torch.stack(stepped), net(frames, corners), atol=1e-6, rtol=1e-5)


@pytest.mark.parametrize("n", [0, 1, 3])
def test_gradients_equal_those_of_the_plain_steps(n: int) -> None:
    """The one projection for all frames and the deferred gradient change no gradient."""
    net = small(n)
    frames, corners = video(5, 3)
    weights = torch.rand(4, 3, 4, generator=torch.Generator().manual_seed(1))
    (net(frames, corners) * weights).sum().backward()
    found = {name: value.grad.clone() for name, value in net.named_parameters()}
    net.zero_grad()
    state = net.start(frames[0], corners)
    total = torch.zeros(())
    for frame, weight in zip(frames[1:], weights, strict=True):
        state = net.step(frame, state)
        total = total + (state.corners * weight).sum()
    total.backward()
    for name, value in net.named_parameters():
        assert value.grad.abs().max() > 0, name
        torch.testing.assert_close(found[name], value.grad, atol=1e-6, rtol=1e-4, msg=name)


@pytest.mark.parametrize("n", [0, 1])
def test_without_the_way_through_the_features_the_rest_learns(n: int) -> None:
    net = small(n)
    frames, corners = video(4, 2)
    net(frames, corners, through_features=False).sum().backward()
    assert net.convolution.weight.grad is None
    assert net.projection.weight.grad.abs().max() > 0
    assert net.recurrent.weight.grad.abs().max() > 0


@pytest.mark.parametrize("n", [0, 1])
def test_one_video_alone_gives_the_boxes_it_gives_in_a_batch(n: int) -> None:
    net = small(n)
    frames, corners = video(6, 5)
    with torch.no_grad():
        together = net(frames, corners)
        for i in range(5):
            alone = net(frames[:, i : i + 1], corners[i : i + 1])
            torch.testing.assert_close(alone[:, 0], together[:, i], atol=1e-6, rtol=1e-5)


def test_the_paper_s_sizes() -> None:
    net = build(NetworkSpec(n=3))
    assert isinstance(net, RecTracker)
    assert net.spec.features == 11_552
    assert net.projection.weight.shape == (600, 11_552)
    frames, corners = video(3, 2, frame=100)
    with torch.no_grad():
        predicted = net(frames, corners)
    assert predicted.shape == (2, 2, 4)
    assert predicted.abs().max() < 1
