import ast
import math
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import special

import trackbench.datasets
from trackbench.datasets import exact

# Both are right to 6e-16 (measured against 60 digits), so they differ by less than the sum.
QUANTILE_TOLERANCE = 1.2e-15


def one(value: float) -> NDArray[np.float64]:
    return np.array([value])


@settings(deadline=None)
@given(st.floats(1e-300, 1.0, exclude_max=True))
def test_normal_quantile_is_scipys(p: float) -> None:
    assert exact.normal_quantile(one(p))[0] == pytest.approx(
        special.ndtri(p), rel=QUANTILE_TOLERANCE, abs=0
    )


@settings(deadline=None)
@given(st.integers(1, 2**53 - 1))
def test_normal_quantile_is_scipys_wherever_a_stream_can_ask(level: int) -> None:
    p = level * 2.0**-53
    assert exact.normal_quantile(one(p))[0] == pytest.approx(
        special.ndtri(p), rel=QUANTILE_TOLERANCE, abs=0
    )


@settings(deadline=None)
@given(st.integers(1, 2**53 - 1))
def test_normal_quantile_is_symmetric_to_the_last_bit(level: int) -> None:
    p = level * 2.0**-53
    assert exact.normal_quantile(one(1.0 - p))[0] == -exact.normal_quantile(one(p))[0]


@pytest.mark.parametrize(
    "p",
    [
        *(2.0**-k for k in (1, 2, 10, 36, 37, 52, 53, 100, 500, 1000)),
        *(1.0 - 2.0**-k for k in (2, 10, 52, 53)),
        # On and beside the borders of the three approximations: q = 0.425, and r = 5.
        *(edge + step for edge in (0.075, 0.925) for step in (-1e-15, 0.0, 1e-15)),
        *(math.exp(-25.0) * (1.0 + step) for step in (-1e-12, 0.0, 1e-12)),
    ],
)
def test_normal_quantile_in_the_tails_and_at_the_borders(p: float) -> None:
    assert exact.normal_quantile(one(p))[0] == pytest.approx(
        special.ndtri(p), rel=QUANTILE_TOLERANCE, abs=0
    )


def test_normal_quantile_does_not_depend_on_its_neighbours_in_the_array() -> None:
    p = np.random.default_rng(0).random(1000)
    alone = [float(exact.normal_quantile(one(x))[0]) for x in p]
    assert exact.normal_quantile(p).tolist() == alone


@settings(deadline=None)
@given(st.floats(2.0**-1022, 1.7e308))
def test_log_is_the_logarithm_to_three_units_in_the_last_place(x: float) -> None:
    expected = math.log(x)
    assert abs(exact.log(one(x))[0] - expected) <= 3 * math.ulp(expected)


def test_log_holds_over_a_whole_octave_of_mantissas() -> None:
    """The series is longest where the mantissa is folded, at the root of a half."""
    x = np.concatenate(
        [np.linspace(0.5, 2.0, 5001)[1:-1], math.sqrt(0.5) + np.arange(-5, 6) / 2**50]
    )
    expected = np.array([math.log(value) for value in x])
    assert (np.abs(exact.log(x) - expected) <= 3 * np.spacing(np.abs(expected))).all()


@settings(deadline=None)
@given(st.floats(-0.5, 0.5))
def test_exp_small_is_the_exponential_to_one_unit_in_the_last_place(x: float) -> None:
    expected = math.exp(x)
    assert abs(exact.exp_small(one(x))[0] - expected) <= math.ulp(expected)


def test_exp_small_is_its_taylor_series_in_exact_arithmetic() -> None:
    for x in (-0.5, -0.05, 0.0, 1e-9, 0.05, 0.5):
        series = sum(Fraction(x) ** k / math.factorial(k) for k in range(40))
        assert exact.exp_small(one(x))[0] == pytest.approx(float(series), rel=2**-52, abs=0)


def test_no_data_set_calls_a_function_that_a_platform_may_round_its_own_way() -> None:
    """Of NumPy and the standard library, what is not +, -, *, / or sqrt is in a C library."""
    rounded_anywhere = {
        "log", "log2", "log10", "log1p", "exp", "exp2", "expm1", "pow", "power", "float_power",
        "sin", "cos", "tan", "tanh", "hypot", "arctan2", "cbrt", "einsum", "dot", "mean", "std",
        "standard_normal", "random_sample", "default_rng", "Generator", "RandomState",
    }  # fmt: skip
    folder = Path(trackbench.datasets.__file__).parent
    called = {
        f"{path.name}: {node.func.attr}"
        for path in folder.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in {"np", "math"}
        and node.func.attr in rounded_anywhere
    }
    assert called == set()


def test_cosine_and_sine_are_those_of_the_library_within_a_few_last_places() -> None:
    turns = np.concatenate([np.linspace(-3, 3, 2401), [0.0, 0.125, 1e-9, 1234.375]])
    cosine, sine = exact.cosine_sine(turns)
    assert np.abs(cosine - np.cos(2 * np.pi * turns)).max() < 1e-12
    assert np.abs(sine - np.sin(2 * np.pi * turns)).max() < 1e-12
    quarters = exact.cosine_sine(np.array([0.0, 0.25, 0.5, 0.75]))
    assert [part.tolist() for part in quarters] == [[1, 0, -1, 0], [0, 1, 0, -1]]


def test_powers_of_two_are_those_of_the_library() -> None:
    x = np.linspace(-20, 20, 1001)
    assert np.abs(exact.power_of_two(x) / np.exp2(x) - 1).max() < 4e-15
    assert exact.power_of_two(np.array([-3.0, 0.0, 5.0])).tolist() == [0.125, 1, 32]
