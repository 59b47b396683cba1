"""Which charts there are: over time, success, by attribute, speed against accuracy."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from trackbench.metrics import OTB_THRESHOLDS
from trackbench.printing.amounts import frame_rate, frame_rate_number
from trackbench.reports.html.charts import MOST_NOTES, Axis, Chart, Series, decades, round_top
from trackbench.reports.html.curves import RunCurves
from trackbench.reports.html.tables import Cell, HtmlTable, decimal, named
from trackbench.reports.html.tracker_styles import Look
from trackbench.reports.labels import dataset_labels, in_order
from trackbench.results.dataset_record import DatasetRecord
from trackbench.results.directory import Results

_MOST_POINTS = 320
"""Of one line: nobody could see more."""
_TABLE_ROWS = 11
_MARKS = 6


def over_time(
    results: Results, curves: Sequence[RunCurves], looks: Mapping[str, Look]
) -> list[Chart]:
    """Return a chart for each data set: mean IoU of every frame, and how sure the mean is."""
    labels = dataset_labels(results.datasets)
    charts = []
    for place, record in enumerate(in_order(results)):
        first = results.protocol.first_frame if record.length > 1 else 0
        frames = range(first, record.length)
        lines = [_Line(looks[c.run.record.tracker], c) for c in _of(record, curves)]
        charts.append(_over_time(f"time-{place}", labels[record.id], frames, lines))
    return charts


@dataclass(frozen=True)
class _Line:
    """A tracker on a data set, and how it is drawn."""

    look: Look
    curves: RunCurves


def _over_time(name: str, label: str, frames: range, lines: Sequence[_Line]) -> Chart:
    """Return the chart of one data set, of which ``frames`` count."""
    first, last = frames[0], frames[-1]
    ends = "; ".join(
        f"{line.look.name} {decimal(line.curves.mean[first])} at frame {first} and "
        f"{decimal(line.curves.mean[last])} at frame {last}"
        for line in lines
        if not line.look.beyond
    )
    return Chart(
        id=name,
        title=label,
        summary=f"Mean IoU against frame number on {label}. {ends}.",
        x=Axis("frame", first, max(last, first + 1)),
        y=Axis("mean IoU", 0, 1),
        series=tuple(_series_over_time(line, _evenly(frames, _MOST_POINTS)) for line in lines),
        table=_table_over_time(label, lines, _evenly(frames, _TABLE_ROWS)),
        dataset=label,
    )


def _series_over_time(line: _Line, frames: Sequence[int]) -> Series:
    curves = line.curves
    scored = [t for t in frames if curves.counts[t]]
    return Series(
        line.look,
        points=tuple((t, float(curves.mean[t])) for t in scored),
        band=tuple(float(curves.half_band[t]) for t in scored),
        marked=max(len(scored) // _MARKS, 1),
    )


def _table_over_time(label: str, lines: Sequence[_Line], frames: Sequence[int]) -> HtmlTable:
    def mean(curves: RunCurves, frame: int) -> Cell:
        half = curves.half_band[frame]
        return Cell(f"{decimal(curves.mean[frame], 3)} ± {decimal(half, 3)}")

    return HtmlTable(
        caption=f"Mean IoU ± half the 95 % interval on {label}",
        heads=("Frame", *(line.look.name for line in lines)),
        rows=tuple((Cell(str(t)), *(mean(line.curves, t) for line in lines)) for t in frames),
    )


def success(
    results: Results, curves: Sequence[RunCurves], looks: Mapping[str, Look]
) -> list[Chart]:
    """Return a chart for each data set: the share of frames above each IoU, and the area."""
    labels = dataset_labels(results.datasets)
    charts = []
    for place, record in enumerate(in_order(results)):
        lines = [_Line(looks[c.run.record.tracker], c) for c in _of(record, curves)]
        charts.append(_success(f"success-{place}", labels[record.id], lines))
    return charts


def _success(name: str, label: str, lines: Sequence[_Line]) -> Chart:
    """Return the chart of one data set."""
    areas = ", ".join(
        f"{line.look.name} {decimal(line.curves.auc, 3)}" for line in lines if not line.look.beyond
    )
    return Chart(
        id=name,
        title=label,
        summary=f"Success curves on {label}. Area under the curve: {areas}.",
        x=Axis("IoU threshold", 0, 1),
        y=Axis("share of frames above", 0, 1),
        series=tuple(_series_of_success(line) for line in lines),
        table=_table_of_success(label, lines),
        findings=(f"AUC: {areas}",) if len(lines) > MOST_NOTES else (),
        keyed=True,
        dataset=label,
    )


def _series_of_success(line: _Line) -> Series:
    curve = line.curves.success.tolist()
    return Series(
        line.look,
        points=tuple(zip(OTB_THRESHOLDS.tolist(), curve, strict=True)),
        marked=4,
        note=f"AUC {decimal(line.curves.auc, 3)}",
    )


def _table_of_success(label: str, lines: Sequence[_Line]) -> HtmlTable:
    areas = (Cell("area (AUC)"), *(Cell(decimal(line.curves.auc, 3)) for line in lines))
    shares = [
        (
            Cell(decimal(threshold)),
            *(Cell(decimal(float(line.curves.success[k]), 3)) for line in lines),
        )
        for k, threshold in enumerate(OTB_THRESHOLDS.tolist())
        if k % 2 == 0
    ]
    return HtmlTable(
        caption=f"Share of frames above each IoU on {label}",
        heads=("IoU above", *(line.look.name for line in lines)),
        rows=(areas, *shares),
    )


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
        seconds = sum(c.run.seconds for c in own)
        frames = sum(c.run.frames for c in own)
        scores = [c.score for c in own if c.run.dataset.id in pooled]
        if seconds > 0 and frames and scores:
            dots[tracker] = frames / seconds, math.fsum(scores) / len(scores)
    if not dots:
        return None
    speeds = [speed for speed, _ in dots.values()]
    across = decades(min(speeds), max(speeds))
    said = "; ".join(
        f"{looks[t].name} {frame_rate(speed)} at {decimal(score)}"
        for t, (speed, score) in dots.items()
        if not looks[t].beyond
    )
    return Chart(
        id="speed",
        title="Speed against accuracy",
        summary=f"Mean IoU against frames per second. {said}.",
        x=Axis("frames/s, logarithmic", across.low, across.high, across.marks, log=True),
        y=Axis("mean IoU", 0, round_top(1.15 * max(score for _, score in dots.values()))),
        series=tuple(Series(looks[t], (dot,)) for t, dot in dots.items()),
        table=HtmlTable(
            caption="Speed and accuracy",
            heads=("Tracker", "Frames/s", "Mean IoU"),
            rows=tuple(
                (named(looks[t]), Cell(frame_rate_number(speed)), Cell(decimal(score, 3)))
                for t, (speed, score) in dots.items()
            ),
        ),
    )


def _of(record: DatasetRecord, curves: Sequence[RunCurves]) -> list[RunCurves]:
    """Return the curves on one data set."""
    return [each for each in curves if each.run.dataset.id == record.id]


def _evenly(frames: range, most: int) -> list[int]:
    """Return at most so many of some frames, the first and the last among them."""
    first, last = frames[0], frames[-1]
    return sorted({int(t) for t in np.linspace(first, last, min(most, len(frames))).round()})
