"""Which charts there are: over time, success, by attribute, speed against accuracy."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from trackbench.metrics import OTB_THRESHOLDS
from trackbench.printing.amounts import frame_rate
from trackbench.reports.html.charts import MOST_NOTES, Axis, Chart, Series, decades, round_top
from trackbench.reports.html.curves import RunCurves
from trackbench.reports.html.tables import Cell, Table, decimal, named
from trackbench.reports.html.tracker_styles import Look
from trackbench.reports.labels import dataset_labels, in_order
from trackbench.results.directory import Results

_MOST_POINTS = 320
"""Of one line: more are not to be told apart."""
_TABLE_ROWS = 11
_MARKS = 6


def over_time(
    results: Results, curves: Sequence[RunCurves], looks: Mapping[str, Look]
) -> list[Chart]:
    """Return a chart for each data set: mean IoU of every frame, and how sure the mean is."""
    labels = dataset_labels(results.datasets)
    charts = []
    for place, record in enumerate(in_order(results)):
        own = [c for c in curves if c.run.dataset.id == record.id]
        first = results.protocol.first_frame if record.length > 1 else 0
        last = record.length - 1
        shown = _evenly(first, last, _MOST_POINTS)
        listed = _evenly(first, last, _TABLE_ROWS)
        ends = "; ".join(
            f"{looks[c.run.record.tracker].name} {decimal(c.mean[first])} at frame {first} and "
            f"{decimal(c.mean[last])} at frame {last}"
            for c in own
        )
        charts.append(
            Chart(
                id=f"time-{place}",
                title=labels[record.id],
                summary=f"Mean IoU against frame number on {labels[record.id]}. {ends}.",
                x=Axis("frame", first, max(last, first + 1)),
                y=Axis("mean IoU", 0, 1),
                series=tuple(
                    Series(
                        looks[c.run.record.tracker],
                        points=tuple((t, float(c.mean[t])) for t in shown),
                        band=tuple(float(c.half_band[t]) for t in shown),
                        marked=max(len(shown) // _MARKS, 1),
                    )
                    for c in own
                ),
                table=Table(
                    caption=f"Mean IoU ± half the 95 % interval on {labels[record.id]}",
                    heads=("Frame", *(looks[c.run.record.tracker].name for c in own)),
                    rows=tuple(
                        (
                            Cell(str(t)),
                            *(
                                Cell(f"{decimal(c.mean[t], 3)} ± {decimal(c.half_band[t], 3)}")
                                for c in own
                            ),
                        )
                        for t in listed
                    ),
                ),
            )
        )
    return charts


def success(
    results: Results, curves: Sequence[RunCurves], looks: Mapping[str, Look]
) -> list[Chart]:
    """Return a chart for each data set: the share of frames above each IoU, and the area."""
    labels = dataset_labels(results.datasets)
    charts = []
    for place, record in enumerate(in_order(results)):
        own = [c for c in curves if c.run.dataset.id == record.id]
        own.sort(key=lambda c: -c.auc)
        areas = ", ".join(f"{looks[c.run.record.tracker].name} {decimal(c.auc, 3)}" for c in own)
        charts.append(
            Chart(
                id=f"success-{place}",
                title=labels[record.id],
                summary=f"Success curves on {labels[record.id]}. Area under the curve: {areas}.",
                x=Axis("IoU threshold", 0, 1),
                y=Axis("share of frames above", 0, 1),
                series=tuple(
                    Series(
                        looks[c.run.record.tracker],
                        points=tuple(zip(OTB_THRESHOLDS.tolist(), c.success.tolist(), strict=True)),
                        marked=4,
                        note=f"AUC {decimal(c.auc, 3)}",
                    )
                    for c in own
                ),
                table=Table(
                    caption=f"Share of frames above each IoU on {labels[record.id]}",
                    heads=("IoU above", *(looks[c.run.record.tracker].name for c in own)),
                    rows=(
                        (Cell("area (AUC)"), *(Cell(decimal(c.auc, 3)) for c in own)),
                        *(
                            (
                                Cell(decimal(threshold)),
                                *(Cell(decimal(float(c.success[k]), 3)) for c in own),
                            )
                            for k, threshold in enumerate(OTB_THRESHOLDS.tolist())
                            if k % 2 == 0
                        ),
                    ),
                ),
                findings=(f"AUC: {areas}",) if len(own) > MOST_NOTES else (),
                keyed=True,
            )
        )
    return charts


def speed_against_accuracy(
    results: Results,
    curves: Sequence[RunCurves],
    looks: Mapping[str, Look],
    pooled: Sequence[str],
) -> Chart | None:
    """Return a dot for each tracker; None if no tracker's time was measured.

    Args:
        results: the results.
        curves: of every run.
        looks: of every tracker.
        pooled: data sets whose scores are averaged, each alike.
    """
    dots: dict[str, tuple[float, float]] = {}
    for tracker in results.trackers:
        own = [c for c in curves if c.run.record.tracker == tracker]
        seconds = sum(c.run.record.seconds for c in own)
        frames = sum(c.run.record.frames for c in own)
        scores = [float(c.scores.mean()) for c in own if c.run.dataset.id in pooled]
        if seconds > 0 and frames and scores:
            dots[tracker] = frames / seconds, math.fsum(scores) / len(scores)
    if not dots:
        return None
    speeds = [speed for speed, _ in dots.values()]
    across = decades(min(speeds), max(speeds))
    said = "; ".join(
        f"{looks[t].name} {frame_rate(speed)} frames/s at {decimal(score)}"
        for t, (speed, score) in dots.items()
    )
    return Chart(
        id="speed",
        title="Speed against accuracy",
        summary=f"Mean IoU against frames per second. {said}.",
        x=Axis("frames/s, logarithmic", across.low, across.high, across.marks, log=True),
        y=Axis("mean IoU", 0, round_top(1.15 * max(score for _, score in dots.values()))),
        series=tuple(Series(looks[t], (dot,)) for t, dot in dots.items()),
        table=Table(
            caption="Speed and accuracy",
            heads=("Tracker", "Frames/s", "Mean IoU"),
            rows=tuple(
                (named(looks[t]), Cell(frame_rate(speed)), Cell(decimal(score, 3)))
                for t, (speed, score) in dots.items()
            ),
        ),
    )


def _evenly(first: int, last: int, most: int) -> list[int]:
    """Return whole numbers from ``first`` to ``last``, both included, at most so many."""
    count = min(most, last - first + 1)
    return sorted({int(t) for t in np.linspace(first, last, count).round()})
