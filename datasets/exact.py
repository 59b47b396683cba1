"""Elementary functions from + - * / and sqrt alone, so that every processor rounds them alike.

NumPy runs each operation as its own loop, so no compiler can fuse a product and a sum.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Wichura (1988), Algorithm AS 241, PPND16: numerator and denominator of the normal quantile, from
# the constant term up, for the centre, the tails and the far tails.
_CENTRE = (
    (3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3,
     1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4,
     3.3430575583588128105e4, 2.5090809287301226727e3),
    (1.0, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
     2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4,
     5.2264952788528545610e3),
)  # fmt: skip
_TAIL = (
    (1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0,
     3.64784832476320460504e0, 1.27045825245236838258e0, 2.41780725177450611770e-1,
     2.27238449892691845833e-2, 7.74545014278341407640e-4),
    (1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
     1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4,
     1.05075007164441684324e-9),
)  # fmt: skip
_FAR_TAIL = (
    (6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0,
     2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
     2.71155556874348757815e-5, 2.01033439929228813265e-7),
    (1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
     7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
     2.04426310338993978564e-15),
)  # fmt: skip

_LOG_2 = 0.6931471805599453
_TWO_PI = 6.283185307179586
_SQRT_HALF = 0.7071067811865476


def normal_quantile(p: Floats) -> Floats:
    """Return z with Phi(z) = p, for p in (0, 1); relative error about 1e-16 (AS 241)."""
    q = p - 0.5
    z = q * _ratio(_CENTRE, 0.180625 - q * q)
    outer = np.abs(q) > 0.425
    if outer.any():
        beyond = q[outer]
        r = np.sqrt(-log(np.where(beyond < 0, p[outer], 1.0 - p[outer])))
        magnitude = np.where(r <= 5.0, _ratio(_TAIL, r - 1.6), _ratio(_FAR_TAIL, r - 5.0))
        z[outer] = np.where(beyond < 0, -magnitude, magnitude)
    return z


def log(x: Floats) -> Floats:
    """Return the natural logarithm of positive, normal x: 2 artanh((m - 1)/(m + 1)) + e log 2."""
    mantissa, exponent = np.frexp(x)
    low = mantissa < _SQRT_HALF
    mantissa = np.where(low, mantissa * 2.0, mantissa)
    exponent = exponent - low
    s = (mantissa - 1.0) / (mantissa + 1.0)
    series = _polynomial([2.0 / (2 * k + 1) for k in range(12)], s * s)
    return s * series + exponent * _LOG_2


def exp_small(x: Floats) -> Floats:
    """Return e**x for abs(x) <= 0.5, by its Taylor series."""
    coefficients = [1.0]
    for k in range(1, 16):
        coefficients.append(coefficients[-1] / k)
    return _polynomial(coefficients, x)


def cosine_sine(turns: Floats) -> tuple[Floats, Floats]:
    """Return cosine and sine of 2 pi * turns, by Taylor series within an eighth of a turn."""
    quarters = np.rint(turns * 4.0)
    x = (turns - quarters * 0.25) * _TWO_PI
    square = x * x
    cosine = _polynomial(_alternating(0), square)
    sine = x * _polynomial(_alternating(1), square)
    odd, later = quarters % 2.0 == 1.0, quarters % 4.0
    first, second = np.where(odd, sine, cosine), np.where(odd, cosine, sine)
    negative_cosine, negative_sine = (later == 1.0) | (later == 2.0), later >= 2.0
    return np.where(negative_cosine, -first, first), np.where(negative_sine, -second, second)


def power_of_two(x: Floats) -> Floats:
    """Return 2**x, exactly scaled from e**(f log 2) with f the part of x in [-1/2, 1/2]."""
    whole = np.rint(x)
    return np.ldexp(exp_small((x - whole) * _LOG_2), whole.astype(np.int32))


def _alternating(start: int) -> list[float]:
    """Return the coefficients in x**2 of the cosine (start 0), or of the sine over x (1)."""
    coefficients = [1.0]
    for k in range(start + 1, start + 20, 2):
        coefficients.append(-coefficients[-1] / (k * (k + 1)))
    return coefficients


def _ratio(coefficients: tuple[Sequence[float], Sequence[float]], x: Floats) -> Floats:
    return _polynomial(coefficients[0], x) / _polynomial(coefficients[1], x)


def _polynomial(coefficients: Sequence[float], x: Floats) -> Floats:
    total = np.full_like(x, coefficients[-1])
    for coefficient in reversed(coefficients[:-1]):
        total *= x
        total += coefficient
    return total
