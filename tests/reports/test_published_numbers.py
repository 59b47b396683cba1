"""The shipped copy of the paper's Tables 1-4 against the rows as they are printed there.

Source: Gan, Guo, Zhang and Cho (2015), First Step toward Model-Free, Anonymous Object Tracking with
Recurrent Neural Networks, arXiv 1511.06425, Tables 1-4. The rows below were typed from the paper,
not from the shipped file.
"""

import json

import pytest

from trackbench.reports.published_numbers import (
    FOLDER,
    PublishedCell,
    PublishedTable,
    _cells,
    published,
    published_tables,
)

LENGTHS = (20, 40, 80, 160)

# Table number -> left tracker, right tracker, rows: four lengths of the left, four of the right.
PRINTED = {
    1: (
        "ConvTracker",
        "RecTracker-ID",
        """
MNIST-Single-Same 0.36±0.12 0.35±0.11 0.33±0.10 0.29±0.10 0.61±0.11 0.61±0.11 0.58±0.12 0.53±0.13
MNIST-Single-Diff 0.37±0.13 0.35±0.11 0.33±0.10 0.29±0.10 0.48±0.08 0.49±0.09 0.48±0.08 0.46±0.10
MNIST-Multi-Same  0.17±0.11 0.15±0.09 0.14±0.08 0.13±0.08 0.36±0.20 0.31±0.19 0.28±0.18 0.26±0.17
MNIST-Multi-Diff  0.17±0.13 0.15±0.11 0.14±0.10 0.13±0.10 0.33±0.14 0.29±0.14 0.26±0.13 0.24±0.12
        """,
    ),
    2: (
        "RecTracker-ID",
        "RecTracker-Att-1",
        """
MNIST-Single-Same 0.61±0.11 0.61±0.11 0.58±0.12 0.53±0.13 0.59±0.14 0.58±0.14 0.54±0.14 0.48±0.15
MNIST-Single-Diff 0.48±0.08 0.49±0.09 0.48±0.08 0.46±0.10 0.64±0.06 0.64±0.06 0.61±0.07 0.56±0.09
MNIST-Multi-Same  0.36±0.20 0.31±0.19 0.28±0.18 0.26±0.17 0.37±0.22 0.35±0.22 0.29±0.22 0.25±0.20
MNIST-Multi-Diff  0.33±0.14 0.29±0.14 0.26±0.13 0.24±0.12 0.41±0.19 0.35±0.18 0.31±0.17 0.28±0.16
        """,
    ),
    3: (
        "RecTracker-Att-1",
        "RecTracker-Att-3",
        """
MNIST-Single-Same 0.59±0.14 0.58±0.14 0.54±0.14 0.48±0.15 0.57±0.14 0.55±0.14 0.53±0.15 0.47±0.15
MNIST-Multi-Same  0.37±0.22 0.35±0.22 0.29±0.22 0.25±0.20 0.36±0.22 0.32±0.21 0.27±0.21 0.24±0.19
MNIST-Single-Diff 0.64±0.06 0.64±0.06 0.61±0.07 0.56±0.09 0.61±0.06 0.61±0.06 0.59±0.06 0.56±0.10
MNIST-Multi-Diff  0.41±0.19 0.35±0.18 0.31±0.17 0.28±0.16 0.38±0.17 0.33±0.17 0.30±0.16 0.27±0.16
        """,
    ),
    4: (
        "RecTracker-Att-1",
        "KerCorrTracker",
        """
MNIST-Single-Same 0.59±0.14 0.58±0.14 0.54±0.14 0.48±0.15 0.37±0.28 0.29±0.26 0.20±0.22 0.13±0.15
MNIST-Multi-Same  0.37±0.22 0.35±0.22 0.29±0.22 0.25±0.20 0.41±0.26 0.32±0.26 0.24±0.23 0.16±0.17
MNIST-Single-Diff 0.64±0.06 0.64±0.06 0.61±0.07 0.56±0.09 0.54±0.27 0.47±0.28 0.36±0.26 0.25±0.22
MNIST-Multi-Diff  0.41±0.19 0.35±0.18 0.31±0.17 0.28±0.16 0.55±0.27 0.46±0.27 0.34±0.24 0.23±0.20
        """,
    ),
}

OURS = {
    "ConvTracker": "convtracker",
    "RecTracker-ID": "rectracker-id",
    "RecTracker-Att-1": "rectracker-att1",
    "RecTracker-Att-3": "rectracker-att3",
    "KerCorrTracker": "kcf",
}

Key = tuple[str, str, int]


def printed_cells(table: int) -> dict[Key, tuple[float, float]]:
    """Parse a table's rows: (tracker, data set, length) in the paper's names -> mean, std."""
    left, right, rows = PRINTED[table]
    cells = {}
    for row in rows.strip().splitlines():
        label, *numbers = row.split()
        columns = [(tracker, length) for tracker in (left, right) for length in LENGTHS]
        for (tracker, length), number in zip(columns, numbers, strict=True):
            mean, std = number.split("±")
            cells[tracker, label, length] = float(mean), float(std)
    return cells


def tables_of(key: Key) -> tuple[int, ...]:
    return tuple(table for table in PRINTED if key in printed_cells(table))


@pytest.mark.parametrize("table", PRINTED)
def test_every_cell_of_a_table_is_shipped_as_printed(table: int) -> None:
    cells = printed_cells(table)
    assert len(cells) == 2 * 4 * 4
    for (tracker, label, length), (mean, std) in cells.items():
        dataset = label.lower()
        assert published(OURS[tracker], dataset, length) == PublishedCell(
            tracker=OURS[tracker],
            printed_as=tracker,
            tables=tables_of((tracker, label, length)),
            dataset=dataset,
            length=length,
            mean=mean,
            std=std,
            source="arXiv 1511.06425",
        )


def test_every_table_is_arranged_as_printed() -> None:
    assert list(published_tables()) == [
        PublishedTable(
            number=number,
            caption=f"{left} and {right}",
            trackers=(OURS[left], OURS[right]),
            printed_as=(left, right),
            datasets=tuple(row.split()[0].lower() for row in rows.strip().splitlines()),
            source="arXiv 1511.06425",
        )
        for number, (left, right, rows) in PRINTED.items()
    ]


def test_exactly_the_printed_cells_are_shipped() -> None:
    keys = {key for table in PRINTED for key in printed_cells(table)}
    ours = {(OURS[tracker], label.lower(), length) for tracker, label, length in keys}
    assert set(_cells()) == ours
    assert len(ours) == 5 * 4 * 4


def test_no_cell_is_shipped_twice() -> None:
    papers = [json.loads(path.read_text(encoding="utf-8")) for path in FOLDER.glob("*.json")]
    cells = [(c["tracker"], c["dataset"], c["length"]) for paper in papers for c in paper["cells"]]
    assert len(cells) == len(set(cells)) == 80


def test_a_version_of_ours_stands_beside_what_was_printed_for_its_name() -> None:
    cell = published("kcf-v1", "mnist-multi-diff-v1", 160)
    assert cell is not None
    assert (cell.printed_as, cell.mean, cell.std) == ("KerCorrTracker", 0.23, 0.20)
    assert cell == published("kcf", "mnist-multi-diff", 160)


@pytest.mark.parametrize(
    ("tracker", "dataset", "length"),
    [
        ("csrt-v1", "mnist-multi-diff-v1", 160),
        ("kcf-v1", "mnist-train-single-v1", 160),
        ("kcf-v1", "mnist-multi-diff-v1", 159),
    ],
)
def test_what_was_not_printed_is_none(tracker: str, dataset: str, length: int) -> None:
    assert published(tracker, dataset, length) is None
