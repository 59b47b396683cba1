"""The projection whose weight gradient is formed once."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from trackbench.trackers.networks.projection import Projection


@pytest.fixture
def projection() -> Projection:
    torch.manual_seed(0)
    return Projection(6, 4, bound=0.5).double()


def steps(count: int = 3) -> list[Tensor]:
    draw = torch.Generator().manual_seed(1)
    return [
        torch.rand(2, 6, dtype=torch.float64, generator=draw).requires_grad_() for _ in range(count)
    ]


def test_gradcheck(projection: Projection) -> None:
    """Against finite differences, each step's features made from the step before."""

    def follow(weight: Tensor, bias: Tensor, *features: Tensor) -> Tensor:
        projection.weight, projection.bias = weight, bias  # type: ignore[assignment]  # not parameters here
        project = projection.deferred()
        total = torch.zeros(2, 4, dtype=torch.float64)
        for step in features:
            total = torch.tanh(project(step * (1 + total.mean())) + total)
        return total

    weight, bias = projection.weight, projection.bias
    del projection.weight, projection.bias
    assert torch.autograd.gradcheck(follow, (weight, bias, *steps()))


def test_equals_the_ordinary_gradient(projection: Projection) -> None:
    features = steps()
    project = projection.deferred()
    sum(project(step).square().sum() for step in features).backward()
    deferred = [projection.weight.grad, projection.bias.grad, *(step.grad for step in features)]
    again = steps()
    projection.zero_grad()
    sum(projection(step).square().sum() for step in again).backward()
    ordinary = [projection.weight.grad, projection.bias.grad, *(step.grad for step in again)]
    for found, wanted in zip(deferred, ordinary, strict=True):
        torch.testing.assert_close(found, wanted)


def test_steps_that_do_not_reach_the_loss_are_left_out(projection: Projection) -> None:
    features = steps()
    project = projection.deferred()
    products = [project(step) for step in features]
    products[1].sum().backward()
    wanted = features[1].detach().sum(0).expand(4, 6)
    torch.testing.assert_close(projection.weight.grad, wanted)
    assert features[0].grad is None


def test_a_kept_graph_can_be_differentiated_twice(projection: Projection) -> None:
    project = projection.deferred()
    total = sum(project(step).sum() for step in steps())
    (first,) = torch.autograd.grad(total, projection.weight, retain_graph=True)
    (second,) = torch.autograd.grad(total, projection.weight)
    torch.testing.assert_close(first, second)


def test_features_without_gradient(projection: Projection) -> None:
    features = [step.detach() for step in steps()]
    project = projection.deferred()
    sum(project(step).sum() for step in features).backward()
    wanted = torch.cat(features).sum(0).expand(4, 6)
    torch.testing.assert_close(projection.weight.grad, wanted)
