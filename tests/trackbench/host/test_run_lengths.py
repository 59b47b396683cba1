"""Masks as run lengths, and back, against boolean arrays."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.typing import NDArray

from trackbench.host.answers import AnswerError
from trackbench.host.kept_masks import KeptMasks
from trackbench.host.run_lengths import MaskRuns, decoded, encoded, tight_box
from trackbench.metrics import mask_iou
from trackbench.metrics.run_iou import run_iou

Mask = NDArray[np.bool_]
SIZES = array_shapes(min_dims=2, max_dims=2, max_side=12)
MASKS = SIZES.flatmap(lambda size: arrays(np.bool_, size))
PAIRS = SIZES.flatmap(lambda size: st.tuples(arrays(np.bool_, size), arrays(np.bool_, size)))


@given(MASKS)
def test_a_mask_comes_back(mask: Mask) -> None:
    counts = encoded(mask)
    assert counts.dtype == np.uint32
    assert counts.sum() == mask.size
    assert counts[1::2].sum() == mask.sum()
    assert np.array_equal(decoded(counts, mask.shape), mask)


def test_they_go_row_by_row_and_begin_outside() -> None:
    assert encoded(np.array([[0, 1, 1], [1, 0, 0]], bool)).tolist() == [1, 3, 2]
    assert encoded(np.array([[1, 0], [0, 1]], bool)).tolist() == [0, 1, 2, 1]
    assert encoded(np.zeros((2, 3), bool)).tolist() == [6]
    assert encoded(np.ones((2, 3), bool)).tolist() == [0, 6]


@pytest.mark.parametrize(
    "counts", [[], [5], [7], [0], [1, 0, 5], [2, 2, 3], [2**32 - 1, 7], [1] * 9]
)
def test_what_is_no_mask_of_the_size_is_refused(counts: list[int]) -> None:
    with pytest.raises(ValueError, match="run"):
        decoded(np.array(counts, np.uint32), (2, 3))


@given(PAIRS)
def test_iou_is_that_of_the_pixels(pair: tuple[Mask, Mask]) -> None:
    a, b = pair
    union = int((a | b).sum())
    expected = int((a & b).sum()) / union if union else 0.0
    assert run_iou(encoded(a), encoded(b)) == expected


@given(MASKS)
def test_the_smallest_box_covers_the_mask_and_no_row_or_column_more(mask: Mask) -> None:
    box = tight_box(mask)
    if box is None:
        assert not mask.any()
        return
    left, top, width, height = box.astype(int).tolist()
    inside = mask[top : top + height, left : left + width]
    assert inside.sum() == mask.sum()
    assert inside[[0, -1]].any(axis=1).all()
    assert inside[:, [0, -1]].any(axis=0).all()


def test_a_box_full_of_pixels_has_the_iou_of_the_box() -> None:
    a, b = np.zeros((20, 30), bool), np.zeros((20, 30), bool)
    a[3:10, 5:25] = b[6:15, 10:20] = True
    boxes = tight_box(a), tight_box(b)
    assert run_iou(encoded(a), encoded(b)) == mask_iou(*boxes, (20, 30))  # type: ignore[arg-type]  # there are pixels


@given(st.lists(st.lists(arrays(np.bool_, (3, 4)), min_size=2, max_size=2), min_size=1, max_size=3))
def test_masks_are_kept_in_any_order_and_told_apart(masks: list[list[Mask]]) -> None:
    kept = _room(len(masks), 2, 200)
    order = [(video, frame) for frame in range(2) for video in range(len(masks))]
    for video, frame in order:
        kept.by_frame.keep(
            frame, [masks[v][frame] if v == video else None for v in range(len(masks))]
        )
    lengths = kept.lengths.copy()
    counts = [kept.counts[s : s + n] for s, n in zip(kept.starts.flat, lengths.flat, strict=True)]
    runs = MaskRuns.joined(lengths, np.concatenate(counts))
    for video, frame in order:
        assert np.array_equal(decoded(runs.of(video, frame), (3, 4)), masks[video][frame])
        assert np.array_equal(runs.only(video, 2).of(0, frame), runs.of(video, frame))


def test_without_room_it_is_the_trackers_error() -> None:
    kept, noise = _room(1, 2, 20), np.indices((4, 4)).sum(axis=0) % 2 == 1
    kept.keep((0, 0), noise)
    with pytest.raises(AnswerError, match="more than 20 run lengths"):
        kept.keep((0, 1), noise)
    assert kept.lengths.tolist() == [[13, 0]]
    kept.forget(0)
    kept.keep((0, 1), noise)
    assert kept.lengths.tolist() == [[0, 13]]


def test_what_is_forgotten_is_written_over_and_what_was_before_stays() -> None:
    kept, mask = _room(2, 1, 20), np.eye(2, dtype=bool)
    kept.keep((0, 0), mask)
    kept.keep((1, 0), mask)
    kept.forget(1)
    assert kept.used.tolist() == [4]
    kept.keep((1, 0), ~mask)
    assert kept.counts[:7].tolist() == [0, 1, 2, 1, 1, 2, 1]


def _room(videos: int, frames: int, counts: int) -> KeptMasks:
    places = np.zeros((2, videos, frames), np.int64)
    return KeptMasks(np.zeros(counts, np.uint32), np.zeros(1, np.int64), *places)
