"""Streams against a Philox 4x64-10 in plain integers (Salmon et al. 2011)."""

from collections.abc import Iterator
from itertools import count, islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import special, stats

from trackbench.datasets.streams import Purpose, Stream

WORD = 2**64
words = st.integers(0, WORD - 1)
purposes = st.sampled_from(Purpose)


def philox(counter: tuple[int, ...], key: tuple[int, int]) -> tuple[int, int, int, int]:
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(10):
        high0, low0 = divmod(0xD2E7470EE14C6C93 * c0, WORD)
        high1, low1 = divmod(0xCA5A826395121157 * c2, WORD)
        c0, c1, c2, c3 = high1 ^ c1 ^ k0, low1, high0 ^ c3 ^ k1, low0
        k0, k1 = (k0 + 0x9E3779B97F4A7C15) % WORD, (k1 + 0xBB67AE8584CAA73B) % WORD
    return c0, c1, c2, c3


def raw_words(seed: int, purpose: int, index: int) -> Iterator[int]:
    """The counter is raised before each block of four words, so the first block is number 1."""
    for block in count(1):
        yield from philox((block, 0, 0, purpose), (seed, index))


def test_the_plain_philox_gives_the_published_known_answers() -> None:
    """Random123's kat_vectors for philox4x64 10."""
    assert philox((0,) * 4, (0, 0)) == (
        0x16554D9ECA36314C, 0xDB20FE9D672D0FDC, 0xD7E772CEE186176B, 0x7E68B68AEC7BA23B
    )  # fmt: skip
    assert philox((WORD - 1,) * 4, (WORD - 1,) * 2) == (
        0x87B092C3013FE90B, 0x438C3C67BE8D0224, 0x9CC7D7C69CD777B6, 0xA09CAEBF594F0BA0
    )  # fmt: skip
    pi = (0x243F6A8885A308D3, 0x13198A2E03707344, 0xA4093822299F31D0, 0x082EFA98EC4E6C89)
    assert philox(pi, (0x452821E638D01377, 0xBE5466CF34E90C6C)) == (
        0xA528F45403E61D95, 0x38C72DBD566E9788, 0xA5A1610E72FD18B5, 0x57BD43B5E52B7FE6
    )  # fmt: skip


@settings(deadline=None)
@given(words, purposes, words, st.lists(st.integers(0, 9), max_size=5))
def test_uniform_draws_are_53_bits_of_philox_in_order_however_they_are_asked_for(
    seed: int, purpose: Purpose, index: int, sizes: list[int]
) -> None:
    stream = Stream(seed, purpose, index)
    drawn = [value for size in sizes for value in stream.uniform(size).tolist()]
    expected = [
        (word >> 11) / 2**53 for word in islice(raw_words(seed, purpose, index), sum(sizes))
    ]
    assert drawn == expected


@settings(deadline=None)
@given(words, purposes, words, st.integers(-(2**40), 2**40), st.integers(1, 2**31 - 1))
def test_integers_are_32_bits_of_philox_scaled(
    seed: int, purpose: Purpose, index: int, low: int, span: int
) -> None:
    drawn = Stream(seed, purpose, index).integers(low, low + span, 9)
    raw = islice(raw_words(seed, purpose, index), 9)
    assert drawn.dtype == np.int64
    assert drawn.tolist() == [low + (word >> 32) * span // 2**32 for word in raw]


@settings(deadline=None)
@given(words, purposes, words)
def test_normal_draws_are_the_quantiles_of_the_middles_of_52_bit_cells(
    seed: int, purpose: Purpose, index: int
) -> None:
    raw = islice(raw_words(seed, purpose, index), 9)
    probabilities = [((word >> 12) + 0.5) / 2**52 for word in raw]
    drawn = Stream(seed, purpose, index).normal(9).tolist()
    assert drawn == pytest.approx(special.ndtri(probabilities).tolist(), rel=1.2e-15, abs=0)


class Fixed(Stream):
    """A stream whose raw words are all ``word``."""

    def __init__(self, word: int) -> None:
        self._word = word

    def _raw(self, size: int) -> NDArray[np.uint64]:
        return np.full(size, self._word, np.uint64)


@pytest.mark.parametrize("span", [1, 2, 3, 72, 10_000, 2**30, 2**31 - 1])
def test_the_extreme_words_give_the_ends_of_the_range(span: int) -> None:
    assert Fixed(0).integers(-7, -7 + span, 1).tolist() == [-7]
    assert Fixed(WORD - 1).integers(-7, -7 + span, 1).tolist() == [-7 + span - 1]


def test_the_extreme_words_give_finite_normals_and_uniforms_below_one() -> None:
    assert Fixed(0).uniform(1).tolist() == [0.0]
    assert Fixed(WORD - 1).uniform(1).tolist() == [1.0 - 2.0**-53]
    lowest, highest = Fixed(0).normal(1)[0], Fixed(WORD - 1).normal(1)[0]
    assert lowest == pytest.approx(special.ndtri(2.0**-53), rel=1.2e-15, abs=0)
    assert highest == -lowest


def test_draws_are_distributed_as_they_say() -> None:
    n = 20_000
    stream = Stream(1, Purpose.MOTION, 2)
    assert stats.kstest(stream.uniform(n), "uniform").pvalue > 1e-3
    assert stats.kstest(stream.normal(n), "norm").pvalue > 1e-3
    counts = np.bincount(stream.integers(5, 10, n) - 5, minlength=5)
    assert len(counts) == 5
    assert stats.chisquare(counts).pvalue > 1e-3


@pytest.mark.parametrize(
    "other",
    [
        (2, Purpose.MOTION, 0),
        (1, Purpose.SCALE, 0),
        (1, Purpose.CLUTTER_IMAGE, 0),
        (1, Purpose.MOTION, 1),
        (0, Purpose.MOTION, 1),
        (1, Purpose.MOTION, 2**40 - 1),
    ],
)
def test_streams_that_differ_in_one_number_share_nothing(
    other: tuple[int, Purpose, int],
) -> None:
    n = 4000
    here, there = Stream(1, Purpose.MOTION, 0).uniform(n), Stream(*other).uniform(n)
    assert not set(here.tolist()) & set(there.tolist())
    # The correlation of n independent pairs has a standard deviation of 1/sqrt(n).
    assert abs(np.corrcoef(here, there)[0, 1]) < 4 / np.sqrt(n)


def test_the_values_of_the_purposes_are_those_of_the_published_data() -> None:
    assert {purpose.name: purpose.value for purpose in Purpose} == {
        "MOTION": 1,
        "SCALE": 2,
        "SPRITE": 3,
        "CLUTTER_CHOICE": 4,
        "CLUTTER_IMAGE": 5,
        "TURN": 6,
        "BRIGHTNESS": 7,
        "NOISE": 8,
        "SHAPE": 9,
        "TEXTURE": 10,
        "COLOUR": 11,
        "LEAVES": 12,
        "LOOK": 13,
        "BEND": 14,
        "CAMERA": 15,
    }


@pytest.mark.parametrize(("seed", "index"), [(-1, 0), (0, -1), (WORD, 0), (0, WORD)])
def test_seed_and_index_beyond_64_bits_are_refused(seed: int, index: int) -> None:
    with pytest.raises(ValueError, match=rf"\[0, 2\*\*64\), not {seed} and {index}"):
        Stream(seed, Purpose.MOTION, index)


def test_parts_are_streams_of_their_own_and_the_first_is_that_without() -> None:
    def drawn(part: int) -> list[int]:
        return Stream(5, Purpose.MOTION, 2, part).integers(0, 2**30, 8).tolist()

    assert drawn(0) == Stream(5, Purpose.MOTION, 2).integers(0, 2**30, 8).tolist()
    assert len({tuple(drawn(part)) for part in range(20)}) == 20
    with pytest.raises(ValueError, match="part must be in"):
        Stream(5, Purpose.MOTION, 2, -1)


def test_short_integers_are_the_words_low_bits_first() -> None:
    words = Stream(5, Purpose.NOISE, 2)._raw(3).tolist()
    expected = [word >> 16 * n & 0xFFFF for word in words for n in range(4)]
    assert Stream(5, Purpose.NOISE, 2).short_integers(10).tolist() == expected[:10]
