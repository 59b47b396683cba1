"""Bins of a per-frame attribute, each with about as many frames as any other."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from trackbench.results.directory import Results
from trackbench.results.run import Run

BINS = 6
"""Aimed at; values that many frames share have a bin of their own."""
_MOST_DIGITS = 17
"""They tell any two numbers apart."""
_LEAST = math.ulp(0.0)
"""The least number above 0, with which a bin of zeros ends."""
_SAMPLE = 200_000
"""Frames that edges are chosen by: any edges are right, so long as the counts are."""


@dataclass(frozen=True)
class Bins:
    """B bins of one attribute.

    Attributes:
        edges: (B + 1,) ascending; bin i holds the values in [edges[i], edges[i + 1]), the last
            one everything from there on and the first one everything below.
        values: (B,) the only value of each bin, where the attribute has few; else None.
        names: what the values are called, if not by their number.
    """

    edges: NDArray[np.float64]
    values: tuple[float, ...] | None = None
    names: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """B."""
        return len(self.edges) - 1

    def of(self, values: NDArray[np.float64]) -> NDArray[np.intp]:
        """Return the bin of each value, (n,); none may be NaN."""
        return np.searchsorted(self.edges[1:-1], values, side="right")

    def label(self, bin_: int) -> str:
        """Return what is in a bin: ``0.3 to 0.5``, ``1``, ``yes``."""
        if self.names:
            return self.names[bin_]
        if self.values is not None:
            return self.numbers[bin_]
        low, high = self.numbers[bin_ : bin_ + 2]
        return low if low == high else f"{low} to {high}"

    @cached_property
    def numbers(self) -> tuple[str, ...]:
        """``values``, if there are any, or else ``edges``, with digits that tell them apart.

        The two ends of a bin of a single value read the same.
        """
        found = self.edges.tolist() if self.values is None else self.values
        apart = [i for i, (a, b) in enumerate(pairwise(found)) if b > math.nextafter(a, math.inf)]
        for digits in range(3, _MOST_DIGITS):
            texts = tuple(number(value, digits) for value in found)
            if all(texts[i] != texts[i + 1] for i in apart):
                return texts
        return tuple(number(value, _MOST_DIGITS) for value in found)


def number(value: float, digits: int = 3) -> str:
    """Return a number as an axis shows it: three digits are mostly enough to find a bin by."""
    if abs(value) <= _LEAST:
        return "0"
    if 1e-3 <= abs(value) < 1e3 or abs(value) > 1e9:
        return f"{value:.{digits}g}"
    return f"{value:,.{max(digits, 6)}g}"


def bins_of_attributes(results: Results) -> dict[str, Bins]:
    """Return the bins of each attribute that any data set has, the same for all of them.

    Edges are quantiles over all data sets, from a sample if there are many frames. Frame 0, whose
    box is given, is left out; so is an attribute without a single number.
    """
    runs = {run.dataset.id: run for run in results.runs}.values()
    total = sum(run.record.extent.total for run in runs)
    every = max(1, -(-total // _SAMPLE))
    samples: dict[str, list[NDArray[np.float64]]] = {}
    booleans: dict[str, bool] = {}
    for run in runs:
        for name, values in _sampled(run, every):
            booleans[name] = booleans.get(name, True) and values.dtype == np.bool_
            found = values.astype(np.float64)
            samples.setdefault(name, []).append(found[np.isfinite(found)])
    pooled = {name: np.concatenate(parts) for name, parts in samples.items()}
    return {
        name: bins_of(values, boolean=booleans[name])
        for name, values in pooled.items()
        if values.size
    }


def _sampled(run: Run, every: int) -> Iterator[tuple[str, NDArray[np.generic]]]:
    """Yield attributes with their values (n,) in the sequences 0, ``every``, 2 ``every``, ..."""
    if not run.attribute_names:
        return
    first = 0  # the number of the chunk's first sequence
    for chunk in run.attributes(run.attribute_names):
        skipped = -first % every  # until the next multiple of ``every``
        for name, values in chunk.items():
            yield name, values[skipped::every, 1:].ravel()
        first += len(next(iter(chunk.values())))


def bins_of(values: NDArray[np.float64], *, boolean: bool = False) -> Bins:
    """Return bins for finite ``values`` (n,), n >= 1.

    Up to :data:`BINS` different values have a bin each. Otherwise a value that more than one in
    ``BINS`` frames has is a bin by itself (an object that is wholly visible), and the rest is cut
    at quantiles, rounded so that they can be read.
    """
    different, counts = np.unique(values, return_counts=True)
    if len(different) <= BINS:
        middles = (different[:-1] + different[1:]) / 2
        edges = np.concatenate([different[:1], middles, different[-1:]])
        names = tuple("yes" if value else "no" for value in different) if boolean else ()
        return Bins(edges, tuple(different.tolist()), names)
    atoms = different[counts * BINS > len(values)]
    rest = values[~np.isin(values, atoms)]
    parts = max(BINS - len(atoms), 1)
    inner = np.quantile(rest, np.linspace(0, 1, parts + 1)[1:-1])
    ends = np.array([different[0], np.nextafter(different[-1], np.inf)])
    inner = _rounded(inner, float(different[-1] - different[0]))
    edges = np.unique(np.concatenate([ends, atoms, np.nextafter(atoms, np.inf), inner]))
    return Bins(edges[(edges >= ends[0]) & (edges <= ends[1])])


def _rounded(edges: NDArray[np.float64], span: float) -> NDArray[np.float64]:
    """Return edges to a hundredth of the power of ten that ``span``, > 0, reaches."""
    if not 1e-9 < span < 1e15:
        return edges
    return np.array([round(edge, 2 - math.floor(math.log10(span))) for edge in edges.tolist()])
