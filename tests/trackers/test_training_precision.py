"""bfloat16 factors in training."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from trackbench.trackers.networks import Network, NetworkSpec, build
from trackbench.trackers.networks.spec import Architecture
from trackbench.trackers.training import precision
from trackbench.trackers.training.precision import Precision, resolve, set_precision

SMALL = {"frame": 20, "filters": 4, "hidden": 16}
NETWORKS = [
    NetworkSpec(**SMALL),
    NetworkSpec(n=2, **SMALL),
    NetworkSpec(architecture=Architecture.CONVTRACKER, **SMALL),
]


def gradients(network: Network) -> tuple[Tensor, list[Tensor]]:
    """Predictions and the gradients of their squares, on fixed random videos."""
    draw = torch.Generator().manual_seed(0)
    frames = torch.randint(0, 256, (6, 8, 20, 20), dtype=torch.uint8, generator=draw)
    corners = torch.tensor([[-0.5, -0.5, 0.1, 0.1]]).repeat(8, 1)
    network.zero_grad()
    predicted = network(frames, corners)
    predicted.square().sum().backward()
    return predicted.detach(), [
        parameter.grad.clone() for parameter in network.parameters() if parameter.grad is not None
    ]


@pytest.mark.parametrize("spec", NETWORKS, ids=lambda spec: f"{spec.architecture}-{spec.n}")
def test_bfloat16_factors_give_nearly_the_same_gradients(spec: NetworkSpec) -> None:
    network = build(spec, seed=0)
    exact, wanted = gradients(network)
    set_precision(network, Precision.BFLOAT16)
    predicted, found = gradients(network)
    assert predicted.dtype is torch.float32
    assert not torch.equal(predicted, exact)
    torch.testing.assert_close(predicted, exact, atol=0.01, rtol=0)
    assert len(found) == len(wanted)
    for ours, theirs in zip(found, wanted, strict=True):
        assert ours.dtype is torch.float32
        # 8 significant bits a factor: 0.4 % each, of which most cancel.
        assert (ours - theirs).norm() <= 0.02 * theirs.norm()


@pytest.mark.parametrize("spec", NETWORKS, ids=lambda spec: f"{spec.architecture}-{spec.n}")
def test_tracking_is_float32_whatever_training_is(spec: NetworkSpec) -> None:
    network = build(spec, seed=0)
    frames = torch.randint(0, 256, (2, 3, 20, 20), dtype=torch.uint8)
    corners = torch.tensor([[-0.5, -0.5, 0.1, 0.1]]).repeat(3, 1)
    with torch.inference_mode():
        exact = network.step(frames[1], network.start(frames[0], corners)).corners  # type: ignore[arg-type]  # its own kind of state
        set_precision(network, Precision.BFLOAT16)
        again = network.step(frames[1], network.start(frames[0], corners)).corners  # type: ignore[arg-type]  # its own kind of state
    assert torch.equal(exact, again)


def test_float32_can_be_had_back() -> None:
    network = build(NETWORKS[1], seed=0)
    exact, _ = gradients(network)
    set_precision(network, Precision.BFLOAT16)
    set_precision(network, Precision.FLOAT32)
    assert torch.equal(gradients(network)[0], exact)


@pytest.mark.parametrize("has", [True, False])
def test_auto_is_bfloat16_where_the_processor_has_it(
    has: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(precision, "_processor_has_bfloat16", lambda: has)
    found = resolve(Precision.AUTO, torch.device("cpu"))
    assert found is (Precision.BFLOAT16 if has else Precision.FLOAT32)


@pytest.mark.parametrize("chosen", [Precision.FLOAT32, Precision.BFLOAT16])
def test_a_choice_is_kept(chosen: Precision) -> None:
    assert resolve(chosen, torch.device("cpu")) is chosen
