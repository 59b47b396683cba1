"""Numbers to Arrow and back: what pyarrow makes of them itself, and no pandas for it."""

import subprocess
import sys
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest

from trackbench.results.columns import from_arrow, to_arrow

KINDS = ["?", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8"]


@pytest.mark.parametrize("kind", [*KINDS, "<U3"])
@pytest.mark.parametrize("count", [0, 1, 7, 8, 9, 100])
def test_it_is_what_pyarrow_makes(kind: str, count: int) -> None:
    values = np.random.default_rng(1).integers(0, 2 if kind == "?" else 99, count).astype(kind)
    if "f" in kind:
        values[1:2], values[2:3] = np.nan, -np.inf
    for each in (values, values[::2], values[::-1]):
        made, theirs = to_arrow(each), pa.array(each)
        made.validate(full=True)
        assert made.type == theirs.type
        assert made.null_count == theirs.null_count == 0
        assert [repr(one) for one in made.to_pylist()] == [repr(one) for one in theirs.to_pylist()]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("cuts", [(0, 9), (0, 4, 9), (3, 8), (3, 3), ()])
def test_it_comes_back_as_from_pyarrow(kind: str, cuts: tuple[int, ...]) -> None:
    """Whole, in chunks, and from the middle of a longer one."""
    long = to_arrow(np.arange(9).astype(kind))
    chunks = [long[a:b] for a, b in pairwise(cuts)]
    column = pa.chunked_array(chunks, long.type)
    found, theirs = from_arrow(column), column.to_numpy()
    assert found.dtype == theirs.dtype
    np.testing.assert_array_equal(found, theirs)


def test_what_is_missing_is_missing() -> None:
    column = pa.chunked_array([pa.array([1, None, 3])])
    np.testing.assert_array_equal(from_arrow(column), [1.0, np.nan, 3.0])


def test_neither_way_imports_pandas() -> None:
    program = (
        "import sys, numpy, pyarrow; from trackbench.results.columns import from_arrow, to_arrow\n"
        "for kind in (bool, float):\n"
        "    from_arrow(pyarrow.chunked_array([to_arrow(numpy.ones(3, kind))]))\n"
        "print('pandas' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert said.stdout == b"False\n"


def test_a_signalling_nan_is_read_as_a_quiet_one() -> None:
    """Files from outside may hold one; any sum with it would warn, and warnings are errors here."""
    values = np.array([0x7FF0000000000001, 0x3FF0000000000000], np.uint64).view(np.float64)
    with pytest.warns(RuntimeWarning, match="invalid value"):
        np.add(values, 1.0)
    found = from_arrow(pa.chunked_array([to_arrow(values)])) + 1.0
    np.testing.assert_array_equal(found, [np.nan, 2.0])
