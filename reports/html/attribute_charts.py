"""Where each tracker fails: IoU by what the data set says of every frame."""

from __future__ import annotations

import functools
import math
import operator
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from trackbench.printing.text import visible
from trackbench.reports.html.bins import Bins
from trackbench.reports.html.charts import Axis, Chart, Series, round_top
from trackbench.reports.html.curves import Binned, RunCurves
from trackbench.reports.html.tables import Cell, HtmlTable, decimal
from trackbench.reports.html.tracker_styles import Look
from trackbench.reports.labels import dataset_labels, in_order
from trackbench.results.directory import Results

FEWEST = 50
"""Frames of a bin that is shown: the mean of fewer says little."""
_LITTLE = 0.03
"""A difference in mean IoU that is not worth a sentence."""

_KNOWN = {
    "visibility": ("Visibility", "share of the target that is not covered"),
    "speed": ("Speed", "pixels moved since the frame before"),
    "scale": ("Scale", "size over the size in frame 0"),
    "distractor_distance": (
        "Distance to the distractor",
        "pixels to the nearest other moving object",
    ),
    "distractor_iou": ("Overlap with the distractor", "IoU with the nearest other moving object"),
    "bounce": ("Bounce", "whether the target hit a wall in this frame"),
}
"""Attribute -> its title and what it is, in the order of the page."""


@dataclass(frozen=True)
class _Pool:
    """One attribute over the data sets that have it and that are pooled.

    Attributes:
        frames: (B,) of any tracker here: all saw the same.
        of: tracker -> its IoU.
        datasets: ids.
    """

    frames: tuple[int, ...]
    of: Mapping[str, Binned]
    datasets: tuple[str, ...]


def by_attribute(
    results: Results,
    curves: Sequence[RunCurves],
    looks: Mapping[str, Look],
    bins: Mapping[str, Bins],
    pooled: Sequence[str],
) -> list[Chart]:
    """Return a chart for each attribute that any of the ``pooled`` data sets has."""
    order = [*(name for name in _KNOWN if name in bins), *sorted(bins.keys() - _KNOWN.keys())]
    pools = {name: _pool(name, curves, pooled, bins[name].count) for name in order}
    shown = {name: pool for name, pool in pools.items() if _bins_shown(pool) > 1}
    highest = max((_highest(pool) for pool in shown.values()), default=1.0)
    labels = dataset_labels(record.id for record in in_order(results))
    return [
        _chart(f"attribute-{place}", name, bins[name], pool, curves, looks, labels, highest)
        for place, (name, pool) in enumerate(shown.items())
    ]


def _pool(name: str, curves: Sequence[RunCurves], pooled: Sequence[str], count: int) -> _Pool:
    own = [c for c in curves if name in c.binned and c.run.dataset.id in pooled]
    trackers = dict.fromkeys(c.run.record.tracker for c in own)
    of = {
        tracker: functools.reduce(
            operator.add, (c.binned[name] for c in own if c.run.record.tracker == tracker)
        )
        for tracker in trackers
    }
    frames = next(iter(of.values())).frames.tolist() if of else [0] * count
    return _Pool(tuple(frames), of, tuple(dict.fromkeys(c.run.dataset.id for c in own)))


def _bins_shown(pool: _Pool) -> int:
    """Return how many bins have frames enough; of one alone there is nothing to be seen."""
    return sum(frames >= FEWEST for frames in pool.frames)


def _highest(pool: _Pool) -> float:
    return max(
        float(binned.mean[i])
        for binned in pool.of.values()
        for i, frames in enumerate(pool.frames)
        if frames >= FEWEST
    )


def _chart(
    id_: str,
    name: str,
    bins: Bins,
    pool: _Pool,
    curves: Sequence[RunCurves],
    looks: Mapping[str, Look],
    labels: Mapping[str, str],
    highest: float,
) -> Chart:
    title, what = _KNOWN.get(name, (visible(name), visible(name)))
    kept = [i for i, frames in enumerate(pool.frames) if frames >= FEWEST]
    # One between others keeps its place: without it, its neighbour's edge would be its own.
    shown = range(kept[0], kept[-1] + 1)
    findings = tuple(_findings(bins, pool, kept, looks))
    return Chart(
        id=id_,
        title=title,
        summary=f"Mean IoU by {what}, over {', '.join(labels[d] for d in pool.datasets)}. "
        + " ".join(findings),
        x=Axis(what, 0, len(shown), tuple(_marks(bins, shown))),
        y=Axis("mean IoU", 0, round_top(highest)),
        series=tuple(
            Series(
                looks[tracker],
                tuple((i - shown[0] + 0.5, float(binned.mean[i])) for i in kept),
            )
            for tracker, binned in pool.of.items()
        ),
        table=_table(name, title, bins, pool, curves, looks, labels),
        counts=tuple(pool.frames[i] for i in shown),
        findings=findings,
        attribute=title,
    )


def _marks(bins: Bins, shown: range) -> Iterator[tuple[float, str]]:
    """Yield marks: values under their bins, or edges between them."""
    if bins.values is not None:
        yield from ((at + 0.5, bins.label(i)) for at, i in enumerate(shown))
        return
    yield from enumerate(bins.numbers[shown[0] : shown[-1] + 2])


def _findings(
    bins: Bins, pool: _Pool, kept: Sequence[int], looks: Mapping[str, Look]
) -> Iterator[str]:
    """Yield a sentence for each tracker: its worst bin against its best."""
    for tracker, binned in pool.of.items():
        means = [float(binned.mean[i]) for i in kept]
        worst, best = int(np.argmin(means)), int(np.argmax(means))
        name = looks[tracker].name
        if looks[tracker].beyond:
            continue
        if means[best] - means[worst] < _LITTLE:
            yield (
                f"{name}: much the same everywhere "
                f"({decimal(means[worst])} to {decimal(means[best])})."
            )
        else:
            yield (
                f"{name}: worst at {bins.label(kept[worst])} ({decimal(means[worst])}), "
                f"best at {bins.label(kept[best])} ({decimal(means[best])})."
            )


def _table(
    name: str,
    title: str,
    bins: Bins,
    pool: _Pool,
    curves: Sequence[RunCurves],
    looks: Mapping[str, Look],
    labels: Mapping[str, str],
) -> HtmlTable:
    """Return every bin of all data sets together, and of each by itself."""
    own: list[tuple[str, Mapping[str, Binned]]] = [("all", pool.of)]
    for dataset, label in labels.items():
        found = {
            c.run.record.tracker: c.binned[name]
            for c in curves
            if c.run.dataset.id == dataset and name in c.binned
        }
        if found and pool.datasets != (dataset,):
            own.append((label, found))
    without = max(binned.without for binned in pool.of.values())
    return HtmlTable(
        caption=f"Mean IoU by {title.lower()}"
        + (f"; {without:,} frames without a number are left out" if without else ""),
        heads=("Data set", title, "Frames", *(look.name for look in looks.values())),
        rows=tuple(
            (
                Cell(label),
                Cell(bins.label(i)),
                Cell(f"{frames:,}"),
                *(_mean(of.get(tracker), i) for tracker in looks),
            )
            for label, of in own
            for i, frames in enumerate(next(iter(of.values())).frames.tolist())
        ),
        texts=2,
    )


def _mean(binned: Binned | None, bin_: int) -> Cell:
    if binned is None or binned.frames[bin_] < FEWEST:
        return Cell(decimal(math.nan))
    return Cell(decimal(float(binned.mean[bin_]), 3))
