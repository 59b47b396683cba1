"""What an export holds, counted in the tables that it has written."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from trackbench.datasets.export.layout import TARGET_ABSENT, NamedVideo, Summary
from trackbench.datasets.export.writing import ATTRIBUTES
from trackbench.printing.text import spreadsheet


def told(folder: Path, names: Sequence[str], first: NamedVideo) -> Summary:
    """Return what the tables of the sequences in ``folder`` say together.

    They are read, and not what was just made, for a part may have been written by an earlier call.

    Args:
        folder: of the sequences.
        names: of these.
        first: of them.
    """
    attributes = {spreadsheet(name): name for name in first.video.attributes}
    absent = unknown = 0
    for name in names:
        with (folder / name / ATTRIBUTES).open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            columns = [each for each in rows.fieldnames or () if each != TARGET_ABSENT]
            attributes |= {n: n for n in columns[5:] if n not in attributes}
            for row in rows:
                if row["w"] == "nan":
                    gone = row.get(TARGET_ABSENT) == "True"
                    absent, unknown = absent + gone, unknown + (not gone)
    return Summary(
        attributes=tuple(attributes.values()),
        absent=absent,
        unknown=unknown,
        counts_from=first.counts_from,
    )
