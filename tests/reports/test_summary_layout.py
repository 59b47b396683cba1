"""A row a tracker, best first; a column a data set and length."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from trackbench.metrics import Metric
from trackbench.report_contract import ReportOptions
from trackbench.reports.cell_values import DASH, Entry, Interval
from trackbench.reports.measures import Measure, Number, measures
from trackbench.reports.report_content import Arrangement, arrange
from trackbench.reports.summary_layout import ranking
from trackbench.reports.tables import RowKind, Table
from trackbench.results.directory import Results
from trackbench.statistics.bootstrap import mean_interval

MakeResults = Callable[..., Any]

DATASETS = ("mnist-single-same-v1", "mnist-multi-diff-v1")
PAPER_SETS = tuple(
    f"mnist-{name}-v1" for name in ("single-same", "single-diff", "multi-same", "multi-diff")
)


def arranged(results: Results, **options: Any) -> Arrangement:
    return arrange(results, ReportOptions(**options))


def ours(table: Table) -> dict[str, list[str]]:
    return {
        row.label: [*row.overview, *(entry.text() for entry in row.entries)]
        for row in table.rows
        if row.kind is RowKind.OURS
    }


def test_there_is_a_row_a_tracker_and_a_column_a_data_set_and_length(
    make_results: MakeResults,
) -> None:
    made = make_results(("a", "b"), lengths=(2, 4))
    (table,) = arranged(made.results).tables
    assert table.groups == (
        ("MNIST-Single-Same", ("2", "4")),
        ("MNIST-Multi-Diff", ("2", "4")),
    )
    assert (table.corner, table.overview) == ("Tracker", ("Rank", "Mean"))
    columns = [(dataset, length) for dataset in DATASETS for length in (2, 4)]
    scores = {t: [made.iou[t, d][:, :n].mean(axis=1) for d, n in columns] for t in ("a", "b")}
    overall = {t: np.mean([s.mean() for s in scores[t]]) for t in scores}
    order = sorted(overall, key=lambda tracker: -overall[tracker])
    assert round(overall["a"], 2) != round(overall["b"], 2)
    assert list(ours(table)) == order
    for rank, tracker in enumerate(order, 1):
        numbers = [f"{s.mean():.2f} ± {np.std(s, ddof=1):.2f}" for s in scores[tracker]]
        assert ours(table)[tracker] == [str(rank), f"{overall[tracker]:.2f}", *numbers]


def test_the_best_of_each_column_is_marked(make_results: MakeResults) -> None:
    made = make_results(("a", "b", "c"), lengths=(2, 4))
    (table,) = arranged(made.results, with_published=True).tables
    for column in range(4):
        entries = [row.entries[column] for row in table.rows]
        means = [round(entry.mean, 2) for entry in entries if isinstance(entry, Entry)]
        assert [entry.best for entry in entries] == [mean == max(means) for mean in means]


def test_sixteen_columns_are_cut_into_two_tables_between_data_sets(
    make_results: MakeResults,
) -> None:
    made = make_results(("a", "b"), PAPER_SETS, lengths=(2, 4, 6, 8))
    first, second, third, _ = arranged(made.results, metrics=("survival",)).tables
    assert [table.title for table in (first, second, third)] == [
        "Part 1 of 2, ranked over all",
        "Part 2 of 2, ranked over all",
        "survival. Part 1 of 2, ranked over all",
    ]
    assert [name for name, _ in first.groups] == ["MNIST-Single-Same", "MNIST-Single-Diff"]
    assert [name for name, _ in second.groups] == ["MNIST-Multi-Same", "MNIST-Multi-Diff"]
    ranks = [
        {label: cells[:2] for label, cells in ours(table).items()} for table in (first, second)
    ]
    assert ranks[0] == ranks[1]
    assert list(ranks[0]) == list(ranks[1])


def test_a_data_set_of_many_lengths_is_not_cut(make_results: MakeResults) -> None:
    made = make_results(("a",), lengths=tuple(range(1, 11)))
    assert [len(t.groups[0][1]) for t in arranged(made.results).tables] == [10, 10]


def test_each_data_set_has_its_own_lengths(make_results: MakeResults) -> None:
    make_results(("a",), ("short-v1",), lengths=(3,))
    made = make_results(("a",), ("long-v1",), lengths=(6, 24))
    (table,) = arranged(made.results).tables
    assert dict(table.groups) == {"short-v1": ("3",), "long-v1": ("6", "24")}


def numbered(means: dict[str, dict[str, float]]) -> Measure:
    numbers = {
        (tracker, dataset, 5): Number(mean, 0.1)
        for tracker, found in means.items()
        for dataset, mean in found.items()
    }
    return Measure(None, numbers)


def ranked(make_results: MakeResults, means: dict[str, dict[str, float]]) -> list[tuple[Any, ...]]:
    results = make_results(tuple(means), lengths=(2,)).results
    return [(s.tracker, s.rank, s.mean) for s in ranking(results, numbered(means))]


def test_equal_means_as_printed_share_a_rank_and_the_next_is_left_out(
    make_results: MakeResults,
) -> None:
    means = {"a": {"x": 0.2}, "b": {"x": 0.501}, "c": {"x": 0.504}, "d": {"x": 0.3}}
    assert ranked(make_results, means) == [
        ("c", 1, 0.504),
        ("b", 1, 0.501),
        ("d", 3, 0.3),
        ("a", 4, 0.2),
    ]


def test_a_tracker_that_lacks_a_column_has_no_rank_and_stands_last(
    make_results: MakeResults,
) -> None:
    means = {"a": {"x": 0.9}, "b": {"x": 0.5, "y": 0.1}, "c": {"x": 0.2, "y": 0.2}}
    found = ranked(make_results, means)
    assert found[:2] == [("b", 1, pytest.approx(0.3)), ("c", 2, pytest.approx(0.2))]
    assert found[2][:2] == ("a", None)


def test_a_column_that_no_tracker_has_a_number_in_takes_no_rank_away(
    make_results: MakeResults,
) -> None:
    half = {"x": 0.5, "y": math.nan}
    assert [rank for _, rank, _ in ranked(make_results, {"a": half, "b": half})] == [1, 1]
    nowhere = {"x": math.nan}
    assert [rank for _, rank, _ in ranked(make_results, {"a": nowhere, "b": nowhere})] == [None] * 2


def test_a_tracker_without_a_rank_is_marked_and_named_in_the_notes(
    make_results: MakeResults,
) -> None:
    made = make_results(("a", "b"), without={("a", DATASETS[1])}, lengths=(2,))
    shown = arranged(made.results)
    (table,) = shown.tables
    assert list(ours(table)) == ["b", "a"]
    assert ours(table)["a"][:2] == [DASH, DASH]
    assert ours(table)["a"][3] == DASH
    assert "Not ranked, for they lack a column that others have: a." in shown.notes
    whole = arranged(make_results(("b", "c"), lengths=(2,)).results.only(["b", "c"], [*DATASETS]))
    assert "Not ranked" not in "".join(whole.notes)


def test_the_notes_say_what_rank_and_bold_are(make_results: MakeResults) -> None:
    notes = arranged(make_results().results).notes
    assert "Bold: the best of a column, as printed." in notes
    (rank,) = (note for note in notes if note.startswith("Rank: by the mean over all columns"))
    assert "trackbench compare" in rank


def test_printed_numbers_and_differences_stand_under_the_tracker(
    make_results: MakeResults,
) -> None:
    made = make_results(("kcf-v1", "z"), DATASETS, lengths=(20,))
    (table,) = arranged(made.results, with_published=True).tables
    kinds = {row.label: row.kind for row in table.rows}
    assert kinds["printed"] is RowKind.PUBLISHED
    at = [row.label for row in table.rows].index("kcf-v1")
    printed, difference = table.rows[at + 1 : at + 3]
    assert [entry.text() for entry in printed.entries] == ["0.37 ± 0.28", "0.55 ± 0.27"]
    means = [made.iou["kcf-v1", d][:, :20].mean() for d in DATASETS]
    expected = [f"{means[0] - 0.37:+z.2f}", f"{means[1] - 0.55:+z.2f}"]
    assert [entry.text() for entry in difference.entries] == expected
    assert len(table.rows) == 4  # nothing is printed of z


def test_intervals_are_those_of_the_bootstrap(make_results: MakeResults) -> None:
    made = make_results(("a",), sequences=20, lengths=(2, 6))
    shown = arranged(made.results, intervals=True)
    (table,) = shown.tables
    assert [row.label for row in table.rows] == ["a", "95 % interval"]
    expected = []
    for dataset in DATASETS:
        for length in (2, 6):
            low, high = mean_interval(made.iou["a", dataset][:, :length].mean(axis=1))
            expected.append((pytest.approx(float(low)), pytest.approx(float(high))))
    found = [(e.low, e.high) for e in table.rows[1].entries if isinstance(e, Interval)]
    assert found == expected
    (note,) = (note for note in shown.notes if note.startswith("95 % interval"))
    assert "BCa bootstrap over sequences, 1,999 resamples" in note


def test_one_sequence_has_no_interval(make_results: MakeResults) -> None:
    made = make_results(("a",), sequences=1, spoil=False)
    (table,) = arranged(made.results, intervals=True).tables
    assert [row.kind for row in table.rows] == [RowKind.OURS]


def test_each_metric_has_a_table_and_its_definition(make_results: MakeResults) -> None:
    made = make_results(("a", "b"), lengths=(4,))
    shown = arranged(made.results, metrics=("ao@got10k", "survival"))
    assert [table.title for table in shown.tables] == ["", "ao@got10k", "survival"]
    for table, name in zip(shown.tables[1:], ("ao@got10k", "survival"), strict=True):
        metric = Metric.named(name)
        assert table.what.startswith(f"{name}: {metric.definition}.")
        assert table.what in shown.notes
        for run in made.results.runs:
            column = DATASETS.index(run.record.dataset)
            scores = run.metric(metric)[:, 0]
            expected = f"{scores.mean():.2f} ± {np.std(scores, ddof=1):.2f}"
            assert ours(table)[run.record.tracker][2 + column] == expected


def test_sequences_that_a_metric_has_no_score_for_are_said(
    make_results: MakeResults,
) -> None:
    made = make_results(("a",), DATASETS[:1], lengths=(1, 4))  # one frame, and that does not count
    shown = arranged(made.results, metrics=("ao@got10k",))
    assert ours(shown.tables[1])["a"][2] == DASH
    assert ours(shown.tables[1])["a"][3] != DASH
    (note,) = (note for note in shown.notes if note.startswith("ao@got10k"))
    assert "No number, for a sequence has none: MNIST-Single-Same at 1." in note
    _, ao = measures(made.results, ReportOptions(metrics=("ao@got10k",)))
    assert ao.numbers["a", DATASETS[0], 4].uncounted == 0
