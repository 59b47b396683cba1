"""Learning-rate schedule, loss and optimiser."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
import torch

from trackbench.errors import TrackbenchError
from trackbench.metrics import mask_iou
from trackbench.trackers.networks.coordinates import encode
from trackbench.trackers.training.loss import continuous_iou, tracking_loss
from trackbench.trackers.training.optimiser import GravesRMSProp, optimiser
from trackbench.trackers.training.recipe import PAPER, RECIPES, Fall, Recipe, Rule, Stage


def rates(recipe: Recipe, steps: int = 100) -> list[float]:
    return [recipe.learning_rate_at(step, steps) for step in range(steps)]


def test_learning_rate_rises_stays_and_falls_linearly() -> None:
    found = rates(Recipe(name="t", learning_rate=1.0, warm_up=0.1, fall_from=0.5))
    assert found[:10] == pytest.approx([0.1 * k for k in range(1, 11)])
    assert found[10:50] == [1.0] * 40
    assert found[50:] == pytest.approx([0.99 - 0.02 * k for k in range(50)])
    assert found[-1] == pytest.approx(0.01)


def test_learning_rate_falls_as_a_cosine() -> None:
    found = rates(Recipe(name="t", learning_rate=2.0, fall=Fall.COSINE, fall_from=0.0))
    assert found[49] == pytest.approx(1 + math.sin(math.pi * 0.005))
    assert all(a > b for a, b in pairwise(found))
    assert 0 < found[-1] < 1e-3


def test_the_paper_s_learning_rate_is_constant() -> None:
    assert set(rates(PAPER)) == {1e-4}
    assert (PAPER.steps * PAPER.stages[0].batch, PAPER.stages[0].frames) == (3_200_000, 20)


@pytest.mark.parametrize(
    "wrong",
    [
        {"stages": (Stage(until=0.5),)},
        {"stages": (Stage(until=0.5), Stage(until=0.5), Stage())},
        {"replay": 1.0},
        {"feature_period": 0},
    ],
)
def test_impossible_recipes_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(TrackbenchError, match="recipe t"):
        Recipe(name="t", **wrong)


def test_recipes_are_listed_under_their_names() -> None:
    assert set(RECIPES) == {"paper", "default", "continued"}
    assert all(name == recipe.name for name, recipe in RECIPES.items())


def test_loss_is_equation_9_plus_the_weighted_equation_8() -> None:
    draw = torch.Generator().manual_seed(0)
    predicted, true = torch.rand(2, 5, 3, 4, generator=draw)
    recipe = Recipe(name="t", last_frame_weight=0.7)
    by_hand, last = 0.0, 0.0
    for n in range(3):
        for t in range(5):
            error = sum(float(predicted[t, n, i] - true[t, n, i]) ** 2 for i in range(4))
            by_hand += error / 3 / 5
            last += error / 3 if t == 4 else 0
    found = tracking_loss(predicted, true, recipe, 100).item()
    assert found == pytest.approx(by_hand + 0.7 * last, rel=1e-5)


def test_loss_may_add_one_minus_iou() -> None:
    true = encode(torch.tensor([[10.0, 20.0, 30.0, 40.0]]), 100).expand(3, 1, 4)
    shifted = encode(torch.tensor([[25.0, 20.0, 30.0, 40.0]]), 100).expand(3, 1, 4)
    plain = tracking_loss(shifted, true, Recipe(name="t"), 100)
    with_iou = tracking_loss(shifted, true, Recipe(name="t", iou_weight=2.0), 100)
    assert (with_iou - plain).item() == pytest.approx(2 * (1 - 1 / 3), rel=1e-5)


def test_continuous_iou_of_whole_boxes_is_mask_iou() -> None:
    draw = np.random.default_rng(0)
    a, b = draw.integers(0, 40, (2, 200, 4)) + np.array([0, 0, 1, 1])
    wanted = mask_iou(a, b, (100, 100))
    assert (wanted > 0).sum() > 50
    sides = [encode(torch.from_numpy(box).double(), 100) for box in (a, b)]
    np.testing.assert_allclose(continuous_iou(*sides, 100), wanted, atol=1e-12)


def test_continuous_iou_of_an_inverted_box_is_zero_and_has_a_finite_gradient() -> None:
    inverted = torch.tensor([[0.5, 0.5, -0.5, -0.5]], requires_grad=True)
    found = continuous_iou(inverted, torch.tensor([[-0.2, -0.2, 0.2, 0.2]]), 100)
    assert found.item() == 0
    found.sum().backward()
    assert inverted.grad is not None
    assert inverted.grad.isfinite().all()


def test_graves_rmsprop_follows_its_equations() -> None:
    weight = torch.nn.Parameter(torch.tensor([0.5], dtype=torch.float64))
    rule = GravesRMSProp([weight], lr=0.01)
    w, n, m, d = 0.5, 0.0, 0.0, 0.0
    for step in range(5):
        g = math.sin(3 * w) + step
        weight.grad = torch.tensor([g], dtype=torch.float64)
        rule.step()
        n = 0.95 * n + 0.05 * g**2
        m = 0.95 * m + 0.05 * g
        d = 0.9 * d - 0.01 * g / math.sqrt(n - m**2 + 1e-4)
        w += d
        assert weight.item() == pytest.approx(w, rel=1e-9)


def test_recipes_choose_their_optimiser() -> None:
    weights = [torch.nn.Parameter(torch.zeros(2))]
    assert isinstance(optimiser(PAPER, weights), GravesRMSProp)
    assert isinstance(optimiser(Recipe(name="t", rule=Rule.ADAM), weights), torch.optim.Adam)
