"""The quick tanh."""

from __future__ import annotations

import torch

from trackbench.trackers.networks.activation import quick_tanh


def test_it_is_tanh_to_rounding() -> None:
    values = torch.linspace(-20, 20, 4001)
    torch.testing.assert_close(quick_tanh(values.clone()), values.tanh(), atol=2.5e-7, rtol=0)
    far = torch.tensor([-torch.inf, -1e30, 0.0, 1e30, torch.inf])
    assert quick_tanh(far).tolist() == [-1, -1, 0, 1, 1]


def test_it_works_in_place() -> None:
    values = torch.tensor([0.5])
    assert quick_tanh(values).data_ptr() == values.data_ptr()


def test_its_gradient() -> None:
    values = torch.linspace(-3, 3, 7, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda given: quick_tanh(given * 1), (values,))


def test_nan_stays_nan() -> None:
    assert quick_tanh(torch.tensor([torch.nan])).isnan().all()
