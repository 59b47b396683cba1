from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import trackbench
from trackbench.arguments.bounds import COUNT, SECONDS, Real, Whole
from trackbench.arguments.sizes import amount_of_memory
from trackbench.errors import TrackbenchError, naming_options


@pytest.mark.parametrize("given", [3, np.int64(3), np.uint8(3)])
def test_whole_numbers_become_plain_ones(given: Any) -> None:
    found = COUNT.of("jobs", given)
    assert found == 3
    assert type(found) is int


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (3, int),
        (0.5, float),
        (np.float32(0.5), float),
        (np.int32(2), float),
        (Fraction(1, 2), float),
    ],
)
def test_numbers_become_plain_ones(given: Any, kind: type) -> None:
    found = SECONDS.of("timeout", given)
    assert found == given
    assert type(found) is kind


@pytest.mark.parametrize(
    ("bounds", "value", "said"),
    [
        (Whole(1), 0, "n must be at least 1, not 0"),
        (Whole(1), 2**63, "n must be at most 9223372036854775807, not 9223372036854775808"),
        pytest.param(
            Whole(1),
            10**5000,
            "n must be at most 9223372036854775807, not an integer of too many digits",
            id="digits",
        ),
        (Whole(0, 1), 2, "n must be 0 or 1, not 2"),
        (Whole(1, 20), 21, "n must be from 1 to 20, not 21"),
        (Whole(1), 2.0, "n must be a whole number, at least 1, not 2.0"),
        (Whole(0), True, "n must be a whole number, at least 0, not True"),
        (Whole(0), np.bool_(True), "n must be a whole number, at least 0, not a bool"),
        (Whole(1), "4", "n must be a whole number, at least 1, not '4'"),
        (Whole(1), None, "n must be a whole number, at least 1, not None"),
        (SECONDS, 0, "n must be positive, not 0"),
        pytest.param(SECONDS, -(10**5000), "n must be positive, not -inf", id="-inf"),
        (SECONDS, float("nan"), "n must be positive, not nan"),
        (SECONDS, "4", "n must be a number, positive, not '4'"),
        (SECONDS, True, "n must be a number, positive, not True"),
        (Real("in [0, 1)", lambda x: 0 <= x < 1), 1, "n must be in [0, 1), not 1"),
    ],
)
def test_what_is_refused_is_told_in_a_line(bounds: Any, value: Any, said: str) -> None:
    with pytest.raises(TrackbenchError) as error:
        bounds.of("n", value)
    assert str(error.value).startswith(said)


def test_what_may_be_left_out_is_none() -> None:
    assert COUNT.or_none("jobs", None) is None
    assert SECONDS.or_none("timeout", None) is None
    with pytest.raises(TrackbenchError, match=r"^jobs must be"):
        COUNT.or_none("jobs", False)


@pytest.mark.parametrize(
    ("given", "size"), [("4GiB", 4 * 2**30), ("500 MB", 500 * 10**6), ("12", 12), (2**20, 2**20)]
)
def test_memory_is_given_in_bytes_or_as_people_write_it(given: int | str, size: int) -> None:
    assert amount_of_memory("memory", given) == size


@pytest.mark.parametrize("given", ["4x", "", "0", "0.1", "-4GiB", "٤GiB", "9" * 40, "1e9"])
def test_what_is_no_amount_of_memory_is_refused_by_name(given: str) -> None:
    with pytest.raises(TrackbenchError, match=r"^memory: '.*' is no amount of memory: write 4GiB"):
        amount_of_memory("memory", given)
    with naming_options(), pytest.raises(TrackbenchError, match=r"^--memory: "):
        amount_of_memory("memory", given)


@pytest.mark.parametrize("given", [str(2**63), "9999999TiB"])
def test_more_memory_than_can_be_counted_is_as_much_as_can_be(given: str) -> None:
    assert amount_of_memory("memory", given) == 2**63 - 1


@pytest.mark.thorough
def test_a_run_stores_the_memory_that_was_written(tmp_path: Path) -> None:
    results = trackbench.run(
        "static", sequences=1, lengths=[3], jobs=1, memory="4GiB", out=tmp_path / "r"
    )
    assert [cell.memory_limit for cell in results.cells()] == [4 * 2**30] * len(results.cells())
