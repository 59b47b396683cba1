"""The data sets of factor suites that stand for the others in what is slow to test."""

from __future__ import annotations

from collections.abc import Iterable

from trackbench.factor_contract import FactorSuite


def levels_of(suites: Iterable[FactorSuite]) -> set[str]:
    """Return the ids of all twins; bases are not among them."""
    return {name for suite in suites for name in suite.datasets if name != suite.base}


def one_of_each(suites: Iterable[FactorSuite]) -> set[str]:
    """Return the last twin of each factor: the levels of a factor are made by the same code."""
    return {
        [level.dataset for level in factor.levels if level.dataset != suite.base][-1]
        for suite in suites
        for factor in suite.factors
    }
