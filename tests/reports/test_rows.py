import csv
import io
import json
import math
import statistics
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import pytest

import trackbench
from trackbench.metrics import Metric
from trackbench.printing.text import spreadsheet
from trackbench.report_contract import Layout, ReportOptions
from trackbench.reports.rows import render_csv, render_json
from trackbench.statistics.bootstrap import mean_interval

DATASETS = ("mnist-single-same-v1", "mnist-multi-diff-v1")
HEADER = (
    "tracker,dataset,length,mean,std,sequences,fps,failures,invalid,peak_memory,absent,sees_future,"
    "runs,run_std,deterministic,memory_limit,imported,compared"
)
PLAIN, WITH_PUBLISHED = ReportOptions(), ReportOptions(with_published=True)
EVERYTHING = ReportOptions(
    layout=Layout.PAPER,
    with_published=True,
    intervals=True,
    metrics=("auc@otb", "ao@got10k"),
)

MakeResults = Callable[..., Any]


def read_csv(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def read_json(text: str) -> list[dict[str, Any]]:
    def refuse(constant: str) -> NoReturn:
        raise AssertionError(f"{constant} is no JSON")

    records: list[dict[str, Any]] = json.loads(text, parse_constant=refuse)
    return records


def test_csv_has_exactly_the_promised_columns(make_results: MakeResults) -> None:
    assert render_csv(make_results().results, PLAIN).partition("\n")[0] == HEADER


def test_there_is_a_row_for_each_tracker_data_set_and_length_in_order(
    make_results: MakeResults,
) -> None:
    rows = read_csv(render_csv(make_results().results, PLAIN))
    assert [(row["tracker"], row["dataset"], int(row["length"])) for row in rows] == [
        (tracker, dataset, length)
        for tracker in ("kcf-v1", "my_tracker.x")
        for dataset in DATASETS
        for length in (2, 4, 6)
    ]


@pytest.mark.parametrize(("protocol", "first_frame"), [("paper-v1", 0), ("ope-v1", 1)])
def test_numbers_are_those_of_the_sequences(
    make_results: MakeResults, protocol: str, first_frame: int
) -> None:
    made = make_results(protocol=protocol)
    for row in read_json(render_json(made.results, PLAIN)):
        key = row["tracker"], row["dataset"]
        counted = made.iou[key][:, first_frame : row["length"]]
        scores = [statistics.fmean(sequence) for sequence in counted]
        assert row["mean"] == pytest.approx(statistics.fmean(scores), rel=1e-13)
        assert row["std"] == pytest.approx(statistics.stdev(scores), rel=1e-13)
        assert row["sequences"] == 5
        assert row["fps"] == made.frames[key] / made.seconds[key]
        assert (row["failures"], row["invalid"]) == (made.failures[key], made.invalid[key])
        assert (row["failures"], row["invalid"]) == (1, 1)


@pytest.mark.parametrize("options", [PLAIN, WITH_PUBLISHED, EVERYTHING])
def test_csv_and_json_hold_the_same_records(
    make_results: MakeResults, options: ReportOptions
) -> None:
    results = make_results(lengths=(20, 40)).results
    from_json = read_json(render_json(results, options))
    from_csv = read_csv(render_csv(results, options))
    assert [list(record) for record in from_json] == [list(row) for row in from_csv]
    assert [
        {name: "" if value is None else str(value) for name, value in record.items()}
        for record in from_json
    ] == from_csv


def test_one_sequence_has_no_standard_deviation(make_results: MakeResults) -> None:
    results = make_results(sequences=1, spoil=False).results
    assert {row["std"] for row in read_json(render_json(results, PLAIN))} == {None}
    assert {row["std"] for row in read_csv(render_csv(results, PLAIN))} == {""}


def test_a_tracker_that_took_no_time_has_no_speed(make_results: MakeResults) -> None:
    results = make_results(seconds=0.0).results
    assert math.isnan(results.cells()[0].fps)
    assert {row["fps"] for row in read_json(render_json(results, PLAIN))} == {None}
    assert {row["fps"] for row in read_csv(render_csv(results, PLAIN))} == {""}


def test_printed_numbers_follow_in_columns_of_their_own(make_results: MakeResults) -> None:
    results = make_results(lengths=(20, 40)).results
    text = render_csv(results, WITH_PUBLISHED)
    assert text.partition("\n")[0] == (
        f"{HEADER},published_mean,published_std,published_difference,published_source"
    )
    printed = {
        (row["tracker"], row["dataset"], row["length"]): tuple(row.values())[-4:]
        for row in read_csv(text)
    }
    source = "arXiv 1511.06425"
    ours = {(cell.tracker, cell.dataset, cell.length): cell.mean for cell in results.cells()}
    for dataset, length, mean, std in (
        ("mnist-single-same-v1", 20, 0.37, 0.28),
        ("mnist-multi-diff-v1", 40, 0.46, 0.27),
    ):
        found = printed["kcf-v1", dataset, str(length)]
        difference = ours["kcf-v1", dataset, length] - mean
        assert found == (str(mean), str(std), str(difference), source)
    assert printed["my_tracker.x", "mnist-multi-diff-v1", "40"] == ("", "", "", "")


def test_rows_are_the_same_in_any_layout(make_results: MakeResults) -> None:
    results = make_results().results
    assert render_csv(results, ReportOptions(layout=Layout.PAPER)) == render_csv(results, PLAIN)


def test_intervals_have_columns_of_their_own(make_results: MakeResults) -> None:
    made = make_results(lengths=(2, 6))
    text = render_csv(made.results, ReportOptions(intervals=True))
    assert text.partition("\n")[0] == f"{HEADER},ci_low,ci_high"
    for row in read_csv(text):
        scores = made.iou[row["tracker"], row["dataset"]][:, : int(row["length"])].mean(axis=1)
        low, high = (float(end) for end in mean_interval(scores))
        assert (float(row["ci_low"]), float(row["ci_high"])) == pytest.approx((low, high))


def test_one_sequence_has_no_interval(make_results: MakeResults) -> None:
    results = make_results(sequences=1, spoil=False).results
    for row in read_json(render_json(results, ReportOptions(intervals=True))):
        assert (row["ci_low"], row["ci_high"]) == (None, None)


def test_each_metric_has_a_column_under_its_id(make_results: MakeResults) -> None:
    results = make_results(lengths=(1, 6)).results
    text = render_csv(results, EVERYTHING)
    metrics = [
        *("auc@otb", "auc@otb_ci_low", "auc@otb_ci_high"),
        *("ao@got10k", "ao@got10k_ci_low", "ao@got10k_ci_high"),
    ]
    assert text.partition("\n")[0].split(",")[len(HEADER.split(",")) :] == [
        *("ci_low", "ci_high", "published_mean", "published_std"),
        *("published_difference", "published_source"),
        *metrics,
    ]
    runs = {(run.record.tracker, run.record.dataset): run for run in results.runs}
    for row in read_csv(text):
        run = runs[row["tracker"], row["dataset"]]
        column = run.dataset.lengths.index(int(row["length"]))
        auc = run.metric(Metric.named("auc@otb"))[:, column]
        assert float(row["auc@otb"]) == pytest.approx(auc.mean(), rel=1e-13)
        assert float(row["auc@otb_ci_low"]) <= auc.mean() <= float(row["auc@otb_ci_high"])
        # of one frame, ao@got10k counts none
        assert (row["ao@got10k"] == "") == (row["ao@got10k_ci_low"] == "") == (column == 0)


@pytest.mark.parametrize("name", ["a\nb", "a\rb", "\x1b[31m", "\u05e9\u05dc", '=1+"x"', "a\tb"])
def test_a_name_of_any_characters_keeps_its_row(make_results: MakeResults, name: str) -> None:
    results = make_results((name,)).results
    text = render_csv(results, PLAIN)
    assert len(text.splitlines()) == 1 + 2 * 3
    assert {row["tracker"] for row in read_csv(text)} == {spreadsheet(name)}
    assert {row["tracker"] for row in read_json(render_json(results, PLAIN))} == {name}


def test_a_name_with_commas_and_quotes_stays_in_its_cell(make_results: MakeResults) -> None:
    results = make_results(('a,"b"',)).results
    assert {row["tracker"] for row in read_csv(render_csv(results, PLAIN))} == {'a,"b"'}
    assert {row["tracker"] for row in read_json(render_json(results, PLAIN))} == {'a,"b"'}


@pytest.mark.thorough
def test_what_a_tracker_might_take_is_said_in_every_format(tmp_path: Path) -> None:
    small = {"datasets": "mnist-single-same", "sequences": 1, "lengths": [2], "jobs": 1}
    trackbench.run("static", out=tmp_path / "r", memory=2**32, **small)  # type: ignore[arg-type]
    trackbench.run("ncc", out=tmp_path / "r", **small)  # type: ignore[arg-type]
    said = {form: str(trackbench.report(tmp_path / "r", form)) for form in ("csv", "json", "html")}
    limits = {row["tracker"]: row["memory_limit"] for row in read_csv(said["csv"])}
    assert limits == {"ncc-v1": "", "static-v1": str(2**32)}
    limits = {row["tracker"]: row["memory_limit"] for row in read_json(said["json"])}
    assert limits == {"ncc-v1": None, "static-v1": 2**32}
    assert "Memory limit" in said["html"]
    assert "4 GiB" in said["html"]


def test_where_none_had_a_limit_the_page_says_nothing_of_it(make_results: MakeResults) -> None:
    made = make_results()
    assert "Memory limit" not in str(trackbench.report(made.path, "html"))
