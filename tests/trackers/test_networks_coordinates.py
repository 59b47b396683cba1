"""Boxes in pixels and in network coordinates."""

from __future__ import annotations

import torch
from hypothesis import given
from hypothesis import strategies as st

from trackbench.trackers.networks.coordinates import decode, encode

numbers = st.floats(-200, 300)


def test_the_paper_s_convention() -> None:
    """Columns 0 to 49, rows 25 to 74: inclusive corners (0, 25, 49, 74), over 50, less 1."""
    box = torch.tensor([0.0, 25.0, 50.0, 50.0])
    torch.testing.assert_close(encode(box, 100), torch.tensor([-1.0, -0.5, -0.02, 0.48]))


def test_the_whole_frame_stays_inside_what_tanh_can_give() -> None:
    corners = encode(torch.tensor([0.0, 0.0, 100.0, 100.0]), 100)
    torch.testing.assert_close(corners, torch.tensor([-1.0, -1.0, 0.98, 0.98]))


@given(st.tuples(numbers, numbers, numbers, numbers), st.sampled_from([24, 100]))
def test_decode_undoes_encode(box: tuple[float, ...], frame: int) -> None:
    there = torch.tensor(box, dtype=torch.float64)
    torch.testing.assert_close(decode(encode(there, frame), frame), there, atol=1e-10, rtol=0)
