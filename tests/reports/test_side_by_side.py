from collections.abc import Callable
from typing import Any

import numpy as np

from trackbench.report_contract import ReportOptions
from trackbench.reports.measures import measures
from trackbench.reports.paper_layout import side_by_side
from trackbench.reports.tables import RowKind, Table
from trackbench.results.directory import Results

SINGLE_SAME, MULTI_DIFF = "mnist-single-same-v1", "mnist-multi-diff-v1"
PAPER = (SINGLE_SAME, "mnist-single-diff-v1", "mnist-multi-same-v1", MULTI_DIFF)

MakeResults = Callable[..., Any]


def arranged(results: Results, *, with_published: bool = False) -> list[Table]:
    options = ReportOptions(with_published=with_published)
    (iou,) = measures(results, options)
    return side_by_side(results, iou, options)


def labels(table: Table, kind: RowKind = RowKind.OURS) -> list[str]:
    return [row.label for row in table.rows if row.kind is kind]


def texts(table: Table, label: str) -> list[str]:
    (row,) = (row for row in table.rows if row.label == label)
    return [entry.text() for entry in row.entries]


def test_two_trackers_stand_side_by_side_with_a_column_a_length(make_results: MakeResults) -> None:
    made = make_results(lengths=(2, 5, 9))
    (table,) = arranged(made.results)
    assert table.groups == (("kcf-v1", ("2", "5", "9")), ("my_tracker.x", ("2", "5", "9")))
    assert labels(table) == ["MNIST-Single-Same", "MNIST-Multi-Diff"]
    expected = []
    for tracker in ("kcf-v1", "my_tracker.x"):
        for length in (2, 5, 9):
            scores = made.iou[tracker, MULTI_DIFF][:, :length].mean(axis=1)
            expected.append(f"{scores.mean():.2f} ± {np.std(scores, ddof=1):.2f}")
    assert texts(table, "MNIST-Multi-Diff") == expected
    assert len(set(expected)) == 6  # so that a column in the wrong place would show


def test_three_trackers_make_two_tables(make_results: MakeResults) -> None:
    tables = arranged(make_results(("c", "a", "b")).results)
    assert [[name for name, _ in table.groups] for table in tables] == [["a", "b"], ["c"]]
    assert [len(row.entries) for table in tables for row in table.rows] == [6, 6, 3, 3]


def test_trackers_stand_in_the_order_asked_for(make_results: MakeResults) -> None:
    results = make_results(("a", "b")).results.only(["b", "a"], [SINGLE_SAME, MULTI_DIFF])
    assert [name for name, _ in arranged(results)[0].groups] == ["b", "a"]


def test_data_sets_come_in_the_order_of_the_suite_whichever_the_first_tracker_ran_on(
    make_results: MakeResults,
) -> None:
    without = {("a", PAPER[0]), ("a", PAPER[2])}
    (table,) = arranged(make_results(("a", "b"), PAPER, without=without).results)
    assert labels(table) == [
        "MNIST-Single-Same",
        "MNIST-Single-Diff",
        "MNIST-Multi-Same",
        "MNIST-Multi-Diff",
    ]


def test_lengths_ascend_and_a_cell_that_was_not_measured_is_a_dash(
    make_results: MakeResults,
) -> None:
    make_results(("a",), ("short-v1",), lengths=(3, 12))
    made = make_results(("b",), ("long-v1",), lengths=(6, 24))
    (table,) = arranged(made.results)
    assert [lengths for _, lengths in table.groups] == [("3", "6", "12", "24")] * 2
    measured = {row.label: [text != "–" for text in texts(table, row.label)] for row in table.rows}
    assert measured == {
        "short-v1": [True, False, True, False, False, False, False, False],
        "long-v1": [False, False, False, False, False, True, False, True],
    }


def test_printed_numbers_and_differences_stand_under_ours(make_results: MakeResults) -> None:
    made = make_results(lengths=(20, 40))
    (table,) = arranged(made.results, with_published=True)
    assert [row.kind for row in table.rows] == [
        RowKind.OURS,
        RowKind.PUBLISHED,
        RowKind.DIFFERENCE,
    ] * 2
    _, printed, difference = table.rows[:3]
    assert [entry.text() for entry in printed.entries] == ["0.37 ± 0.28", "0.29 ± 0.26", "–", "–"]
    ours = [made.iou["kcf-v1", SINGLE_SAME][:, :length].mean() for length in (20, 40)]
    expected = [f"{ours[0] - 0.37:+z.2f}", f"{ours[1] - 0.29:+z.2f}", "–", "–"]
    assert [entry.text() for entry in difference.entries] == expected


def test_nothing_is_printed_under_a_data_set_the_paper_does_not_have(
    make_results: MakeResults,
) -> None:
    made = make_results(datasets=(SINGLE_SAME, "others-v1"), lengths=(20,))
    (table,) = arranged(made.results, with_published=True)
    assert [row.label for row in table.rows] == [
        "MNIST-Single-Same",
        "printed",
        "difference",
        "others-v1",
    ]


def test_what_was_printed_but_not_measured_has_no_difference(make_results: MakeResults) -> None:
    without = {("kcf-v1", SINGLE_SAME)}
    made = make_results(lengths=(20,), without=without)
    (table,) = arranged(made.results, with_published=True)
    shown = [[entry.text() for entry in row.entries] for row in table.rows[:3]]
    assert shown[0][0] == "–"
    assert shown[1] == ["0.37 ± 0.28", "–"]
    assert shown[2] == ["–", "–"]


def test_printed_numbers_are_left_out_unless_asked_for(make_results: MakeResults) -> None:
    (table,) = arranged(make_results(lengths=(20,)).results)
    assert {row.kind for row in table.rows} == {RowKind.OURS}


def test_names_that_are_no_ids_get_a_table_all_the_same(make_results: MakeResults) -> None:
    results = make_results(("<script>",), ("mnist-*",)).results
    (table,) = arranged(results, with_published=True)
    assert [name for name, _ in table.groups] == ["<script>"]
    assert labels(table) == ["MNIST-*"]
