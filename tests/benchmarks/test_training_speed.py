"""How fast one training batch is, against a plain loop over torch's own modules."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import pytest
import torch
from pytest_benchmark.fixture import BenchmarkFixture
from torch import Tensor, nn

from trackbench.trackers.networks import NAMED, NetworkSpec, RecTracker, build
from trackbench.trackers.networks.attention import RANGE, bound_focus, start_focus
from trackbench.trackers.training.memory import keep_freed_memory
from trackbench.trackers.training.optimiser import optimiser
from trackbench.trackers.training.precision import Precision, resolve, set_precision
from trackbench.trackers.training.recipe import Recipe
from trackbench.trackers.training.step import Step
from trackbench.trackers.training.stream import Batch

STEPS, BATCH, SIDE = 20, 32, 100
ROUNDS = 5
TIMES_AS_FAST = 1.5


class Plain(nn.Module):
    """RecTracker as one would write it first: conv2d, a dense mask and GRUCell at every step."""

    def __init__(self, n: int) -> None:
        super().__init__()
        self.n = n
        self.convolution = nn.Conv2d(1, 32, 10, stride=5)
        self.cell = nn.GRUCell(32 * 19 * 19 + 4, 200)
        self.output = nn.Linear(200, 7 if n else 4)
        self.bounds = start_focus(max(n, 1)), torch.tensor(RANGE)

    def forward(self, frames: Tensor, corners: Tensor) -> Tensor:
        """(T, B, K, K) float32 in [0, 1], true first corners (B, 4) -> (T - 1, B, 4)."""
        hidden = torch.zeros(len(corners), 200)
        box, focus = corners, bound_focus(torch.zeros(len(corners), 3), *self.bounds)
        predicted = []
        for frame in frames:
            seen = frame * self.mask(box, focus) if self.n else frame
            features = torch.tanh(self.convolution(seen[:, None])).flatten(1)
            hidden = self.cell(torch.cat((features, box), dim=1), hidden)
            outputs = self.output(hidden)
            box = torch.tanh(outputs[:, :4]) if predicted else corners
            focus = bound_focus(outputs[:, 4:], *self.bounds) if self.n else focus
            predicted.append(box)
        return torch.stack(predicted[1:])

    def mask(self, box: Tensor, focus: Tensor) -> Tensor:
        """Sec. 3.1: one Gaussian after the other over all pixels, (B, K, K)."""
        scale, stride, amplitude = focus.exp()[..., None, None].unbind(1)
        x = ((box[:, 0] + box[:, 2]) / 2 + 1)[:, None, None] * SIDE / 2
        y = ((box[:, 1] + box[:, 3]) / 2 + 1)[:, None, None] * SIDE / 2
        pixels = torch.arange(SIDE, dtype=torch.float32)
        total = torch.zeros(len(box), SIDE, SIDE)
        for i in range(1, self.n + 1):
            for j in range(1, self.n + 1):
                right = pixels[None, None, :] - (x + (i - self.n / 2 - 0.5) * stride * SIDE)
                down = pixels[None, :, None] - (y + (j - self.n / 2 - 0.5) * stride * SIDE)
                total = total + torch.exp(-(right**2 + down**2) / 2 / (scale * SIDE / 2) ** 2)
        return total * amplitude


@pytest.mark.benchmark(group="training", timer=time.process_time)
@pytest.mark.parametrize("tracker", ["rectracker-id", "rectracker-att1"])
def test_a_training_batch_is_1_5_times_as_fast_as_the_plain_way(
    benchmark: BenchmarkFixture, tracker: str
) -> None:
    """In processor seconds of this process: one thread, the same batch, float32, both with Adam.

    Both keep freed memory; without that, each is slower.
    """
    keep_freed_memory()
    draw = torch.Generator().manual_seed(0)
    frames = torch.randint(0, 256, (STEPS, BATCH, SIDE, SIDE), dtype=torch.uint8, generator=draw)
    batch = Batch(frames, torch.tensor([30.0, 40.0, 28.0, 28.0]).repeat(STEPS, BATCH, 1))
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        plain = seconds(plain_step(NAMED[tracker].n, batch))
        benchmark.pedantic(our_step(tracker, batch), rounds=ROUNDS, warmup_rounds=2)
        auto = resolve(Precision.AUTO, torch.device("cpu"))
        as_trained = seconds(our_step(tracker, batch, auto))
    finally:
        torch.set_num_threads(threads)
    ours = benchmark.stats.stats.min
    benchmark.extra_info |= {"plain": plain, "ours": ours, "ratio": plain / ours}
    print(  # noqa: T201 - a benchmark is run to read its figures
        f"\n{tracker}: {ours:.3f} s for a batch of {BATCH} videos of {STEPS} frames, "
        f"the plain way {plain:.3f} s: {plain / ours:.2f} times as fast; "
        f"as this machine trains by default ({auto}): {plain / as_trained:.2f} times"
    )
    assert plain / ours >= TIMES_AS_FAST


@pytest.mark.thorough
@pytest.mark.parametrize("n", [0, 1, 3])
def test_the_plain_way_computes_what_ours_computes(n: int) -> None:
    """A baseline that did less work, or other work, would make the ratio meaningless."""
    net = build(NetworkSpec(n=n))
    assert isinstance(net, RecTracker)
    plain = Plain(n)
    with torch.no_grad():
        plain.convolution.weight.copy_(net.convolution.weight)
        plain.convolution.bias.copy_(net.convolution.bias)
        # Ours runs over rows, columns, filters; flatten(1) over filters, rows, columns.
        matrix = net.projection.weight.unflatten(1, (19 * 19, 32)).transpose(1, 2).flatten(1)
        plain.cell.weight_ih.copy_(torch.cat((matrix, net.previous.weight), dim=1))
        plain.cell.bias_ih.copy_(net.projection.bias)
        plain.cell.weight_hh.copy_(net.recurrent.weight)
        plain.cell.bias_hh.copy_(net.recurrent.bias)
        heads = [net.output, net.focus] if n else [net.output]
        plain.output.weight.copy_(torch.cat([head.weight for head in heads]))
        plain.output.bias.copy_(torch.cat([head.bias for head in heads]))
        frames = torch.randint(0, 256, (4, 2, SIDE, SIDE), dtype=torch.uint8)
        corners = torch.tensor([[-0.5, -0.4, 0.0, 0.1], [0.1, 0.2, 0.6, 0.7]])
        torch.testing.assert_close(
            plain(frames.float() / 255, corners), net(frames, corners), atol=1e-5, rtol=1e-4
        )


def seconds(step: Callable[[], object]) -> float:
    """The shortest of a few rounds, in processor seconds."""
    step()
    shortest = math.inf
    for _ in range(ROUNDS):
        begun = time.process_time()
        step()
        shortest = min(shortest, time.process_time() - begun)
    return shortest


def plain_step(n: int, batch: Batch) -> Callable[[], object]:
    net = Plain(n)
    rule = torch.optim.Adam(net.parameters(), lr=1e-4)
    true = batch.boxes / 50 - 1

    def step() -> None:
        rule.zero_grad()
        error = net(batch.frames.float() / 255, true[0]) - true[1:]
        error.square().sum(-1).mean().backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        rule.step()

    return step


def our_step(
    tracker: str, batch: Batch, precision: Precision = Precision.FLOAT32
) -> Callable[[], object]:
    net = build(NAMED[tracker])
    set_precision(net, precision)
    recipe = Recipe(name="bench")
    train_on = Step(net, optimiser(recipe, net.parameters()), recipe, steps=100)
    return lambda: train_on(batch, 0)
