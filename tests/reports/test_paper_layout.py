"""Tables 1 to 4 of arXiv 1511.06425 with our numbers, row by row and column by column."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from trackbench.report_contract import Layout, ReportOptions
from trackbench.reports.report_content import arrange
from trackbench.reports.tables import RowKind, Table
from trackbench.results.directory import Results

MakeResults = Callable[..., Any]

PAPER_TRACKERS = (
    "convtracker-v1",
    "kcf-v1",
    "rectracker-att1-v1",
    "rectracker-att3-v1",
    "rectracker-id-v1",
)
PAPER_SETS = tuple(
    f"mnist-{name}-v1" for name in ("single-same", "single-diff", "multi-same", "multi-diff")
)
LENGTHS = (20, 40, 80, 160)
PRINTED = ("20", "40", "80", "160")

# Typed from the paper: the headings from left to right, and the labels from top to bottom. Tables 3
# and 4 have the rows in another order than 1 and 2.
BY_SHAPE = ["MNIST-Single-Same", "MNIST-Single-Diff", "MNIST-Multi-Same", "MNIST-Multi-Diff"]
BY_OBJECTS = ["MNIST-Single-Same", "MNIST-Multi-Same", "MNIST-Single-Diff", "MNIST-Multi-Diff"]
IN_PRINT = [
    ("ConvTracker (convtracker-v1)", "RecTracker-ID (rectracker-id-v1)", BY_SHAPE),
    ("RecTracker-ID (rectracker-id-v1)", "RecTracker-Att-1 (rectracker-att1-v1)", BY_SHAPE),
    ("RecTracker-Att-1 (rectracker-att1-v1)", "RecTracker-Att-3 (rectracker-att3-v1)", BY_OBJECTS),
    ("RecTracker-Att-1 (rectracker-att1-v1)", "KerCorrTracker (kcf-v1)", BY_OBJECTS),
]
# The second row of each printed table, typed from the paper.
SECOND_ROWS = [
    "0.37 0.35 0.33 0.29 0.48 0.49 0.48 0.46",
    "0.48 0.49 0.48 0.46 0.64 0.64 0.61 0.56",
    "0.37 0.35 0.29 0.25 0.36 0.32 0.27 0.24",
    "0.37 0.35 0.29 0.25 0.41 0.32 0.24 0.16",
]


def arranged(results: Results, **options: Any) -> list[Table]:
    return list(arrange(results, ReportOptions(layout=Layout.PAPER, **options)).tables)


def labels(table: Table) -> list[str]:
    return [row.label for row in table.rows if row.kind is RowKind.OURS]


def headings(table: Table) -> list[str]:
    return [heading for heading, _ in table.groups]


@pytest.mark.thorough
def test_a_full_run_makes_the_four_tables_as_printed(make_results: MakeResults) -> None:
    made = make_results(PAPER_TRACKERS, PAPER_SETS, lengths=LENGTHS, sequences=4)
    tables = arranged(made.results, with_published=True)
    assert [table.title.partition(":")[0] for table in tables] == [
        f"Table {number} of arXiv 1511.06425" for number in (1, 2, 3, 4)
    ]
    for table, (left, right, rows), second in zip(tables, IN_PRINT, SECOND_ROWS, strict=True):
        assert table.groups == ((left, PRINTED), (right, PRINTED))
        assert table.corner == "Test Seq. Length"
        assert table.title.endswith(f": {left.partition(' ')[0]} and {right.partition(' ')[0]}")
        assert labels(table) == rows
        kinds = [row.kind for row in table.rows]
        assert kinds == [RowKind.OURS, RowKind.PUBLISHED, RowKind.DIFFERENCE] * 4
        printed = [entry.text() for entry in table.rows[4].entries]
        assert [text.partition(" ")[0] for text in printed] == second.split()


@pytest.mark.thorough
def test_our_numbers_stand_in_their_columns(make_results: MakeResults) -> None:
    made = make_results(PAPER_TRACKERS, PAPER_SETS, lengths=LENGTHS, sequences=4)
    table = arranged(made.results)[3]
    for row, dataset in zip(table.rows, ("single-same", "multi-same"), strict=False):
        expected = []
        for tracker in ("rectracker-att1-v1", "kcf-v1"):
            iou = made.iou[tracker, f"mnist-{dataset}-v1"]
            for length in LENGTHS:
                scores = iou[:, :length].mean(axis=1)
                expected.append(f"{scores.mean():.2f} ± {np.std(scores, ddof=1):.2f}")
        assert [entry.text() for entry in row.entries] == expected


def test_the_difference_is_ours_less_theirs(make_results: MakeResults) -> None:
    made = make_results(("kcf-v1",), PAPER_SETS[:1], lengths=(20, 160))
    (table,) = arranged(made.results, with_published=True)
    ours = [made.iou["kcf-v1", PAPER_SETS[0]][:, :n].mean() for n in (20, 160)]
    assert [entry.text() for entry in table.rows[2].entries] == [
        *("–", "–"),
        f"{ours[0] - 0.37:+z.2f}",
        f"{ours[1] - 0.13:+z.2f}",
    ]


def test_a_tracker_that_was_not_run_has_dashes_and_its_printed_numbers(
    make_results: MakeResults,
) -> None:
    results = make_results(("kcf-v1",), PAPER_SETS[:1], lengths=(20,)).results
    (table,) = arranged(results, with_published=True)
    assert headings(table) == ["RecTracker-Att-1 (not run)", "KerCorrTracker (kcf-v1)"]
    ours, printed, difference = ([e.text() for e in row.entries] for row in table.rows)
    assert ours[0] == difference[0] == "–"
    assert printed == ["0.59 ± 0.14", "0.37 ± 0.28"]
    (table,) = arranged(results)
    assert [row.kind for row in table.rows] == [RowKind.OURS]


def test_other_trackers_follow_in_pairs(make_results: MakeResults) -> None:
    made = make_results(("a", "b", "c", "kcf-v1"), PAPER_SETS[:2], lengths=(20,))
    tables = arranged(made.results)
    assert [table.title for table in tables] == [
        "Table 4 of arXiv 1511.06425: RecTracker-Att-1 and KerCorrTracker",
        "Further trackers: a and b",
        "Further trackers: c",
    ]


def test_data_sets_of_others_have_tables_of_their_own(make_results: MakeResults) -> None:
    make_results(("kcf-v1", "z"), PAPER_SETS[:2], lengths=(20,))
    made = make_results(("kcf-v1", "z"), ("others-v1",), lengths=(3, 6))
    printed, further, others = arranged(made.results, with_published=True)
    assert labels(printed) == BY_SHAPE[:2]
    assert printed.groups[0][1] == ("20",)
    assert headings(further) == ["z"]
    assert sorted(labels(further)) == sorted([*BY_SHAPE[:2], "others-v1"])
    assert others.title == "Further data sets: kcf-v1"
    assert (labels(others), others.groups) == (["others-v1"], (("kcf-v1", ("3", "6")),))


def test_no_data_set_of_the_paper_makes_no_table_of_the_paper(make_results: MakeResults) -> None:
    made = make_results(("kcf-v1", "rectracker-id-v1"), ("others-v1",), lengths=(3,))
    (table,) = arranged(made.results, with_published=True)
    assert headings(table) == ["kcf-v1", "rectracker-id-v1"]
    assert [row.kind for row in table.rows] == [RowKind.OURS]


def test_lengths_are_those_of_the_results(make_results: MakeResults) -> None:
    made = make_results(("kcf-v1",), PAPER_SETS, lengths=(7, 40, 90))
    (table,) = arranged(made.results, with_published=True)
    assert {lengths for _, lengths in table.groups} == {("7", "40", "90")}
    assert [entry.there for entry in table.rows[1].entries] == [False, True, False] * 2


@pytest.mark.parametrize("other", ["kcf", "kcf-v2", "kcf-v10"])
def test_the_newest_version_takes_the_place_and_the_other_is_shown_too(
    make_results: MakeResults, other: str
) -> None:
    made = make_results(("kcf-v1", other), PAPER_SETS[:1], lengths=(20,))
    newest, older = (other, "kcf-v1") if other != "kcf" else ("kcf-v1", other)
    tables = arranged(made.results, with_published=True)
    assert [headings(table) for table in tables] == [
        ["RecTracker-Att-1 (not run)", f"KerCorrTracker ({newest})"],
        [older],
    ]


def test_a_newer_version_that_ran_elsewhere_does_not_push_the_older_out(
    make_results: MakeResults,
) -> None:
    make_results(("kcf-v1",), PAPER_SETS[:1], lengths=(20,))
    made = make_results(("kcf-v2",), ("others-v1",), lengths=(20,))
    tables = arranged(made.results)
    assert headings(tables[0])[1] == "KerCorrTracker (kcf-v1)"
    assert headings(tables[1]) == ["kcf-v2"]


def test_two_versions_of_a_data_set_stand_together(make_results: MakeResults) -> None:
    datasets = (*PAPER_SETS, "mnist-multi-same-v2")
    (table,) = arranged(make_results(("kcf-v1",), datasets, lengths=(20,)).results)
    assert labels(table) == [
        "MNIST-Single-Same",
        "mnist-multi-same-v1",
        "mnist-multi-same-v2",
        "MNIST-Single-Diff",
        "MNIST-Multi-Diff",
    ]


@pytest.mark.thorough
def test_every_run_is_shown_somewhere(make_results: MakeResults) -> None:
    make_results((*PAPER_TRACKERS, "kcf-v2"), PAPER_SETS[:3], lengths=(20,))
    made = make_results(("z", "kcf-v1"), ("x-v1", "y-v1"), lengths=(5,), without={("z", "x-v1")})
    shown = {
        (heading, row.label)
        for table in arranged(made.results)
        for row in table.rows
        for (heading, _), entry in zip(
            [group for group in table.groups for _ in group[1]], row.entries, strict=True
        )
        if entry.there
    }
    for tracker, dataset in made.iou:
        label = dict(zip(PAPER_SETS, BY_SHAPE, strict=True)).get(dataset, dataset)
        assert any(tracker in heading and row == label for heading, row in shown)


def test_the_best_of_a_row_is_so_at_its_length_alone(make_results: MakeResults) -> None:
    made = make_results(("rectracker-att1-v1", "kcf-v1"), PAPER_SETS[:1], lengths=(2, 20))
    table = next(t for t in arranged(made.results, with_published=True) if "Table 4" in t.title)
    ours, *others = table.rows
    att1, kcf = (made.iou[t, PAPER_SETS[0]] for t in ("rectracker-att1-v1", "kcf-v1"))
    for column, length in enumerate((2, 20)):
        assert round(att1[:, :length].mean(), 2) != round(kcf[:, :length].mean(), 2)
        better = bool(att1[:, :length].mean() > kcf[:, :length].mean())
        assert (ours.entries[column].best, ours.entries[2 + column].best) == (better, not better)
    assert not any(entry.best for row in others for entry in row.entries)


def test_each_metric_has_the_same_tables_without_printed_numbers(
    make_results: MakeResults,
) -> None:
    made = make_results(("kcf-v1", "z"), PAPER_SETS[:2], lengths=(20,))
    iou, further, auc, auc_further = arranged(
        made.results, with_published=True, metrics=("auc@otb",)
    )
    assert auc.title == f"auc@otb. Arranged as {iou.title}"
    assert auc_further.title == f"auc@otb. {further.title}"
    assert (auc.groups, labels(auc)) == (iou.groups, labels(iou))
    assert {row.kind for row in auc.rows} == {RowKind.OURS}
    assert "area under the success curve" in auc.what


def test_intervals_stand_under_each_row(make_results: MakeResults) -> None:
    made = make_results(("kcf-v1",), PAPER_SETS[:1], lengths=(20,))
    (table,) = arranged(made.results, with_published=True, intervals=True)
    assert [row.label for row in table.rows] == [
        "MNIST-Single-Same",
        "95 % interval",
        "printed",
        "difference",
    ]
    nothing, interval = table.rows[1].entries
    assert not nothing.there
    assert interval.there
