"""The page's tables of sequences: their names, and each tracker's score."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from trackbench.printing.text import visible
from trackbench.reports.html.curves import RunCurves
from trackbench.reports.html.tables import Cell, HtmlTable, decimal
from trackbench.reports.html.tracker_styles import Look
from trackbench.reports.labels import dataset_labels, in_order, length_label
from trackbench.results.directory import Results


def sequence_tables(
    results: Results, curves: Sequence[RunCurves], looks: Mapping[str, Look], *, every: bool
) -> Iterator[HtmlTable]:
    """Yield a table a data set: a row a sequence, at the longest length.

    Args:
        results: the results.
        curves: of every run.
        looks: of every tracker.
        every: of data sets whose sequences have no names, too.
    """
    labels = dataset_labels(results.datasets)
    for record in in_order(results):
        if not (every or record.names):
            continue
        own = [c for c in curves if c.run.dataset.id == record.id]
        length = length_label(record, record.lengths[-1])
        yield HtmlTable(
            caption=f"{labels[record.id]}: mean IoU of each sequence at {length}",
            heads=("Sequence", "Frames", *(looks[c.run.record.tracker].name for c in own)),
            rows=tuple(
                (
                    Cell(visible(record.name_of(sequence))),
                    Cell(f"{frames:,}", value=frames),
                    *(Cell(decimal(score), value=score) for score in scores),
                )
                for sequence in range(record.sequences)
                for frames in (record.extent.frames_of(sequence),)
                for scores in ([float(c.scores[sequence]) for c in own],)
            ),
            sortable=True,
            kept=2,
        )
