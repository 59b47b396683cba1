"""Every sequence by itself: its name, its frames, and each tracker's score."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from trackbench.metrics import Metric
from trackbench.printing.text import visible
from trackbench.report_contract import ReportOptions
from trackbench.reports.cell_values import Entry
from trackbench.reports.labels import dataset_labels, in_order, length_label, tracker_label
from trackbench.reports.tables import Row, RowKind, Table
from trackbench.results.directory import Results
from trackbench.results.run import Run

_IOU = "iou"


def sequence_scores(
    results: Results, options: ReportOptions
) -> Iterator[tuple[Run, Mapping[str, NDArray[np.float64]]]]:
    """Yield each run with what is measured, (N, L) by its id: mean IoU, then ``options.metrics``.

    Raises:
        DamagedFileError: a stored file is missing or damaged.
    """
    metrics = [Metric.named(text) for text in options.metrics]
    for run in results.runs:
        others = run.metrics(metrics) if metrics else []
        yield run, {_IOU: run.scores, **dict(zip(options.metrics, others, strict=True))}


def sequence_tables(results: Results, options: ReportOptions) -> Iterator[Table]:
    """Yield a table a data set and measure: a row a sequence, and each tracker's lengths.

    Raises:
        DamagedFileError: a stored file is missing or damaged.
    """
    labels = dataset_labels(results.datasets)
    measured = list(sequence_scores(results, options))
    for record in in_order(results):
        own = [(run, scores) for run, scores in measured if run.dataset.id == record.id]
        lengths = tuple(length_label(record, length) for length in record.lengths)
        for measure in (_IOU, *options.metrics):
            of = "" if measure == _IOU else f"{measure}, "
            yield Table(
                groups=tuple((tracker_label(results, r.record.tracker), lengths) for r, _ in own),
                rows=tuple(
                    Row(
                        visible(record.name_of(sequence)),
                        RowKind.OURS,
                        tuple(Entry(float(x)) for _, s in own for x in s[measure][sequence]),
                        (f"{record.extent.frames_of(sequence):,}",),
                    )
                    for sequence in range(record.sequences)
                ),
                corner="Sequence",
                overview=("Frames",),
                title=f"{of}{labels[record.id]}, each sequence",
                what=f"{'Mean IoU' if measure == _IOU else measure} of each sequence.",
            )
