"""What the page's script works on: every sequence's scores, and the sequences to be played."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from trackbench.printing.text import visible
from trackbench.report_contract import FramesOf
from trackbench.reports.html.clip_sheets import embedded, numbers
from trackbench.reports.html.curves import RunCurves
from trackbench.reports.html.strips import extremes
from trackbench.reports.html.tracker_styles import Look
from trackbench.reports.labels import dataset_labels, in_order
from trackbench.results.directory import Results

MOST_FRAMES = 1500
"""Of all sequences that are embedded, so that the page stays small."""


def explorer_data(
    results: Results,
    curves: Sequence[RunCurves],
    looks: Mapping[str, Look],
    frames: FramesOf | None,
    *,
    served: bool,
) -> Markup:
    """Return the data as JSON that may stand in a script element.

    ``scores`` of a data set has, for each tracker that ran on it, a number for each sequence, or
    null. Embedded are the best, the median and the worst sequence of each tracker; where the page
    is served, none: they are asked for.
    """
    wanted = [
        (curve.run, sequence)
        for tracker in looks
        for _, curve, sequence in extremes([c for c in curves if c.run.record.tracker == tracker])
    ]
    data = {
        "served": served,
        "trackers": [
            {"id": tracker, "name": look.name, "colour": look.colour}
            for tracker, look in looks.items()
        ],
        "datasets": list(_datasets(results, curves)),
        "clips": {} if served else embedded(results, wanted, frames, MOST_FRAMES),
    }
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    # No end of a script, and no beginning of a comment, in a name.
    safe = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return Markup(safe)  # noqa: S704 - it has no character that means anything in HTML


def _datasets(results: Results, curves: Sequence[RunCurves]) -> list[dict[str, Any]]:
    labels = dataset_labels(results.datasets)
    found = []
    for record in in_order(results):
        own = [curve for curve in curves if curve.run.dataset.id == record.id]
        sequences = range(record.sequences)
        found.append(
            {
                "id": record.id,
                "label": labels[record.id],
                "names": [visible(record.name_of(n)) for n in sequences] if record.names else None,
                "frames": [record.extent.frames_of(n) for n in sequences],
                "scores": {c.run.record.tracker: numbers(c.scores, 7) for c in own},
            }
        )
    return found
