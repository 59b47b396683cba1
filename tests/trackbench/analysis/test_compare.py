"""``trackbench compare``: pairs in every cell, a family of p-values, a ranking."""

import json
import re
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

import trackbench
from trackbench.analysis.comparison import compare
from trackbench.errors import TrackbenchError
from trackbench.metrics import METRICS, Metric
from trackbench.results.directory import Results
from trackbench.statistics.families import holm

StoreIou = Callable[..., Path]
Commands = Callable[..., Any]
OnTerminal = Callable[..., list[str]]

SETS = ("mnist-single-same-v1", "mnist-multi-diff-v1")
LENGTHS = (4, 8)


def iou(seed: int, level: float, sequences: int = 60) -> NDArray[np.float64]:
    """(N, 8) IoU of a tracker that is at ``level`` on average; all share what is hard."""
    hard = np.random.default_rng(99).normal(0, 0.15, (sequences, 1))
    noise = np.random.default_rng(seed).normal(0, 0.05, (sequences, 8))
    return np.clip(level - hard + noise, 0, 1)


@pytest.fixture
def path(store_iou: StoreIou) -> Path:
    """Four trackers: one clearly best, two alike, one clearly worst."""
    levels = {"best-v1": 0.7, "middle-v1": 0.5, "middle-v2": 0.5, "worst-v1": 0.3}
    runs = {
        tracker: {dataset: iou(10 * t + d, level) for d, dataset in enumerate(SETS)}
        for t, (tracker, level) in enumerate(levels.items())
    }
    return store_iou("results/paper", runs, lengths=LENGTHS)


def test_every_pair_in_every_cell(path: Path) -> None:
    found = compare(Results.load(path), ["best", "middle-v1", "worst-v1"])
    assert [(d.first, d.second, d.dataset, d.length) for d in found.differences] == [
        (first, second, dataset, length)
        for first, second in (
            ("best-v1", "middle-v1"),
            ("best-v1", "worst-v1"),
            ("middle-v1", "worst-v1"),
        )
        for dataset in SETS
        for length in LENGTHS
    ]


def test_a_cell_is_the_paired_statistics_of_its_scores(path: Path) -> None:
    results = Results.load(path)
    found = compare(results, ["best-v1", "worst-v1"]).differences
    scores = {(run.record.tracker, run.record.dataset): run.scores for run in results.runs}
    p_values = []
    for difference in found:
        column = LENGTHS.index(difference.length)
        a = scores["best-v1", difference.dataset][:, column]
        b = scores["worst-v1", difference.dataset][:, column]
        assert difference.mean == pytest.approx(a.mean() - b.mean())
        assert (difference.first_mean, difference.second_mean) == (a.mean(), b.mean())
        half = 1.96 * (a - b).std(ddof=1) / np.sqrt(len(a))
        assert difference.low == pytest.approx(difference.mean - half, abs=0.2 * half)
        assert difference.high == pytest.approx(difference.mean + half, abs=0.2 * half)
        assert difference.p == stats.wilcoxon(a, b).pvalue
        assert difference.effect == 1.0
        assert difference.sequences == 60
        p_values.append(difference.p)
    assert [d.p_adjusted for d in found] == holm(np.array(p_values)).tolist()


def test_the_family_is_everything_that_is_compared(path: Path) -> None:
    results = Results.load(path)
    two = compare(results, ["best", "worst"]).differences
    three = compare(results, ["best", "worst", "middle-v1"]).differences
    assert [d.p for d in two] == [d.p for d in three[: len(two)]]
    assert all(a.p_adjusted < b.p_adjusted for a, b in zip(two, three, strict=False))


def test_the_ranking_joins_those_not_told_apart(path: Path) -> None:
    found = compare(Results.load(path), ["worst", "middle-v1", "best", "middle-v2"])
    assert [ranking.length for ranking in found.rankings] == list(LENGTHS)
    for ranking in found.rankings:
        assert ranking.sequences == 120
        assert ranking.friedman_p < 1e-6
        assert [ranked.groups for ranked in ranking.trackers] == ["a", "b", "b", "c"]
        assert ranking.trackers[0].tracker == "best-v1"
        assert ranking.trackers[-1].tracker == "worst-v1"
        means = [ranked.mean for ranked in ranking.trackers]
        assert means == sorted(means, reverse=True)
        assert sum(ranked.mean_rank for ranked in ranking.trackers) == pytest.approx(10)


def test_two_trackers_have_no_ranking(path: Path) -> None:
    assert compare(Results.load(path), ["best", "worst"]).rankings == ()


def test_identical_trackers_differ_by_nothing(store_iou: StoreIou) -> None:
    same = {"d-v1": iou(1, 0.5)}
    path = store_iou("r", {"a": same, "b": same, "c": same})
    found = compare(Results.load(path), ["a", "b", "c"])
    for difference in found.differences:
        numbers = (difference.mean, difference.low, difference.high, difference.effect)
        assert numbers == (0.0, 0.0, 0.0, 0.0)
        assert (difference.p, difference.p_adjusted) == (1.0, 1.0)
    (ranking,) = found.rankings
    assert ranking.friedman_p == 1.0
    assert [ranked.groups for ranked in ranking.trackers] == ["a", "a", "a"]


@pytest.mark.parametrize("format_", ["table", "markdown", "json"])
def test_one_sequence_has_no_interval(
    store_iou: StoreIou, commands: Commands, format_: str
) -> None:
    store_iou("r", {"a": {"d-v1": [[0.5, 0.5]]}, "b": {"d-v1": [[0.25, 0.25]]}})
    done = commands("compare", "a", "b", "--results", "r", "--format", format_)
    assert done.code == 0
    if format_ == "json":
        (row,) = json.loads(done.out)["differences"]
        assert (row["mean"], row["low"], row["high"], row["p"]) == (0.25, None, None, 1.0)
    else:
        assert "n/a" in done.out
        assert "+0.250" in done.out


def test_only_data_sets_that_all_have_are_compared(store_iou: StoreIou, commands: Commands) -> None:
    store_iou("r", {"a": {"one-v1": iou(1, 0.5), "two-v1": iou(2, 0.5)}})
    path = store_iou("r", {"b": {"two-v1": iou(3, 0.4)}})
    assert {d.dataset for d in compare(Results.load(path), ["a", "b"]).differences} == {"two-v1"}
    store_iou("r", {"c": {"one-v1": iou(4, 0.4)}})
    done = commands("compare", "b", "c", "-r", "r")
    assert (done.code, done.out) == (2, "")
    assert done.err == "trackbench: no data set in r has a finished run of b and c\n"


def test_an_unfinished_run_is_left_out_and_said(store_iou: StoreIou, commands: Commands) -> None:
    both = {"one-v1": iou(1, 0.5), "two-v1": iou(2, 0.5)}
    store_iou("r", {"a": both, "b": {"one-v1": iou(3, 0.4)}})
    store_iou("r", {"b": {"two-v1": iou(4, 0.4)}}, unfinished=True)
    done = commands("compare", "a", "b", "--results", "r", "--format", "json")
    assert {row["dataset"] for row in json.loads(done.out)["differences"]} == {"one-v1"}
    assert done.err == "trackbench: left out: b on two-v1 is not finished\n"
    assert done.code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("best", "wurst"), "unknown tracker in results/paper 'wurst': did you mean worst?"),
        (("best", "midle-v2"), "did you mean middle-v2?"),
        (("best", "middle-v3"), "did you mean middle-v2?"),
        (("best",), "compare needs two trackers or more"),
        (("middle", "middle-v2"), "a tracker is given twice: middle-v2, middle-v2"),
        (("best", "worst", "--results", "nowhere"), "there is no results directory nowhere"),
        (("best", "worst", "--format", "latex"), "latex"),
        (("best", "worst", "--protocol", "ope"), "unknown protocol 'ope'"),
        (("best", "worst", "--metric", "auc"), "unknown metric 'auc': did you mean auc@otb?"),
        (("best", "worst", "-m", "fps"), "unknown metric 'fps': known: absence, ao@got10k"),
    ],
)
def test_a_mistake_gets_one_line_and_exit_code_2(
    path: Path, commands: Commands, arguments: tuple[str, ...], message: str
) -> None:
    assert path.is_dir()
    done = commands("compare", *arguments)
    assert message in done.err
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)


def test_an_id_without_a_version_is_the_newest(path: Path) -> None:
    found = compare(Results.load(path), ["middle", "worst"]).differences
    assert {d.first for d in found} == {"middle-v2"}


def test_the_only_results_directory_needs_no_name(
    path: Path, store_iou: StoreIou, commands: Commands
) -> None:
    assert path.is_dir()
    assert commands("compare", "best", "worst").code == 0
    store_iou("results/smoke", {"a": {"d-v1": iou(1, 0.5)}})
    done = commands("compare", "best", "worst")
    assert done.code == 2
    assert "choose with --results (results/paper, results/smoke)" in done.err


def test_without_any_results_there_is_a_clear_line(commands: Commands) -> None:
    done = commands("compare", "a", "b")
    assert (done.code, done.err) == (
        2,
        "trackbench: which results? choose with --results (there is none in results/)\n",
    )


def test_scores_that_are_no_numbers_are_an_error(store_iou: StoreIou) -> None:
    bad = iou(1, 0.5)
    bad[3, 2] = np.nan
    path = store_iou("r", {"a": {"d-v1": bad}, "b": {"d-v1": iou(2, 0.5)}})
    with pytest.raises(TrackbenchError, match=r"runs/a/d-v1/paper-v1.* holds .* no num"):
        compare(Results.load(path), ["a", "b"])


def test_the_table_shows_what_json_says(path: Path, commands: Commands) -> None:
    assert path.is_dir()
    arguments = ("compare", "best", "middle-v1", "worst")
    table, rows = commands(*arguments).out, json.loads(commands(*arguments, "-f", "json").out)
    assert "best-v1 - worst-v1, mnist-multi-diff-v1, 60 sequences" in table
    for row in rows["differences"]:
        assert f"{row['mean']:+.3f}" in table
        assert f"{row['low']:+.3f} to {row['high']:+.3f}" in table
    for ranking in rows["rankings"]:
        assert f"Length {ranking['length']}, 120 sequences, Friedman p <0.001" in table
    assert "adjusted by Holm" in " ".join(table.split())


def cells_of(lines: list[str], key: str) -> list[str]:
    """Return what stands beside a row's key, over all the parts that a table is cut into."""
    rows = (re.split(r"\s{2,}", line.strip()) for line in lines)
    return [cell for row in rows if row[0] == key for cell in row[1:]]


LONG = "a-tracker-with-quite-a-long-name"
NARROW = {(columns, name) for columns in (32, 40, 60, 64, 80) for name in ("worst", LONG)}


@pytest.mark.thorough
@pytest.mark.parametrize(("columns", "name"), sorted(NARROW))
def test_on_a_narrow_terminal_every_number_stands_whole(
    store_iou: StoreIou, commands: Commands, on_terminal: OnTerminal, columns: int, name: str
) -> None:
    levels = {"best": 0.7, "middle": 0.5, name: 0.3}
    runs = {tracker: {"d-v1": iou(n, levels[tracker])} for n, tracker in enumerate(levels)}
    path = store_iou("r", runs, lengths=LENGTHS)
    arguments = ("compare", *levels, "--results", "r")
    found = json.loads(commands(*arguments, "-f", "json").out)
    lines = on_terminal(columns, path.parent, *arguments)
    assert max(map(len, lines)) <= columns
    assert "…" not in "".join(lines)
    for length in LENGTHS:
        assert cells_of(lines, str(length)) == [
            cell
            for row in found["differences"]
            if row["length"] == length
            for cell in (
                f"{row['first_mean']:.3f}",
                f"{row['second_mean']:.3f}",
                f"{row['mean']:+.3f}",
                f"{row['low']:+.3f} to {row['high']:+.3f}",
                "< 0.001 *" if row["p_adjusted"] < 0.001 else f"{row['p_adjusted']:.3f} *",
                f"{row['effect']:+.2f}",
            )
        ]
    said = [cell for cell in cells_of(lines, "1") if cell != "best"]
    winners = [ranking["trackers"][0] for ranking in found["rankings"]]
    assert said == [
        cell
        for winner in winners
        for cell in (f"{winner['mean']:.3f}", f"{winner['mean_rank']:.2f}", winner["groups"])
    ]
    assert not any(re.fullmatch(r"\s*[a-z]\s*", line) for line in lines)  # no letter of a name


@pytest.mark.thorough
def test_a_terminal_narrower_than_a_number_breaks_the_line_itself(
    store_iou: StoreIou, commands: Commands, on_terminal: OnTerminal
) -> None:
    path = store_iou("r", {name: {"d-v1": iou(n, 0.5)} for n, name in enumerate("ab")})
    (row,) = json.loads(commands("compare", "a", "b", "-r", "r", "-f", "json").out)["differences"]
    lines = on_terminal(12, path.parent, "compare", "a", "b", "-r", "r")
    interval = f"{row['low']:+.3f} to {row['high']:+.3f}"
    assert any(line.strip().endswith(interval) for line in lines)


def test_one_sequence_is_no_plural(store_iou: StoreIou, commands: Commands) -> None:
    store_iou("r", {name: {"d-v1": [[0.5, n / 4]]} for n, name in enumerate("abc")})
    said = commands("compare", "a", "b", "c", "-r", "r").out
    assert "a - b, d-v1, 1 sequence\n" in said
    assert "Length 2, 1 sequence, Friedman" in said
    assert "1 sequences" not in said


def test_markdown_keeps_its_columns_whatever_a_tracker_is_called(
    store_iou: StoreIou, commands: Commands
) -> None:
    names = ("<script>", "a|b_*c", "worst")
    store_iou("r", {name: {"d-v1": iou(n, 0.5)} for n, name in enumerate(names)})
    done = commands("compare", *names, "-r", "r", "-f", "markdown")
    assert done.code == 0
    assert "<script>" not in done.out
    rows = [line for line in done.out.splitlines() if line.startswith("|")]
    assert rows
    for row in rows:
        bars = row.replace("\\|", "").count("|")
        assert bars in {10, 6}  # nine columns of a pair, five of a ranking
    assert "[" not in commands("compare", "<script>", "worst", "-r", "r").out  # no markup left


@pytest.fixture(scope="module")
def really_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two real trackers, so that the metrics have boxes to differ in."""
    out = tmp_path_factory.mktemp("metrics") / "r"
    trackbench.run(
        ["static", "ncc"], datasets=["mnist-multi-same"], sequences=9, lengths=[1, 12], out=out
    )
    return out


@pytest.mark.parametrize("metric", ["auc@otb", "precision20@otb", "survival", "robustness"])
def test_another_metric_is_compared_like_mean_iou(really_run: Path, metric: str) -> None:
    results = Results.load(really_run)
    found = compare(results, ["ncc", "static"], Metric.named(metric))
    runs = {run.record.tracker: run.metric(Metric.named(metric)) for run in results.runs}
    assert found.metric == metric
    assert found.definition == Metric.named(metric).definition
    for column, difference in enumerate(found.differences):
        assert difference.first_mean == runs["ncc-v1"][:, column].mean()
        assert difference.second_mean == runs["static-v1"][:, column].mean()
        assert (difference.sequences, difference.left_out) == (9, 0)


@pytest.mark.parametrize("metric", [None, *(metric.id for metric in METRICS[:2])])
def test_what_a_score_is_stands_under_the_table(
    really_run: Path, commands: Commands, metric: str | None
) -> None:
    arguments = ("compare", "ncc", "static", "-r", really_run)
    arguments += ("--metric", metric) if metric else ()
    said = json.loads(commands(*arguments, "--format", "json").out)
    assert said["metric"] == (metric or "iou")
    assert said["definition"] == (
        Metric.named(metric).definition
        if metric
        else "mean mask IoU over frames; protocol paper-v1: the true box of frame 0 is given; "
        "every frame counts, frame 0 included"
    )
    line = f"Score: {said['metric']}, {said['definition']}."
    assert line in commands(*arguments).out.splitlines()
    markdown = commands(*arguments, "--format", "markdown").out
    assert line.replace("(>)", "(&gt;)").replace("(<=)", "(&lt;=)") in markdown.splitlines()


def test_sequences_that_a_metric_has_no_score_for_are_left_out_and_said(
    really_run: Path, commands: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As of a target that is hidden in every frame that counts."""
    scored = Metric.scores

    def hidden(metric: Metric, *arguments: Any) -> NDArray[np.float64]:
        scores = scored(metric, *arguments)
        scores[3, 1] = np.nan
        return scores

    monkeypatch.setattr(Metric, "scores", hidden)
    arguments = ("compare", "ncc", "static", "-r", really_run, "-m", "auc@otb")
    rows = json.loads(commands(*arguments, "-f", "json").out)["differences"]
    assert [(row["sequences"], row["left_out"]) for row in rows] == [(9, 0), (8, 1)]
    line = "mnist-multi-same-v1, length 12: 1 sequence without a score of auc@otb left out."
    assert line in commands(*arguments).out.splitlines()
    assert "length 1:" not in commands(*arguments).out
    assert line in commands(*arguments, "-f", "markdown").out.splitlines()


def test_a_length_that_a_metric_has_no_score_for_is_left_out_and_said(
    really_run: Path, commands: Commands
) -> None:
    """GOT-10k's does not count frame 0, the only one at length 1."""
    arguments = ("compare", "ncc", "static", "-r", really_run, "-m", "ao@got10k")
    found = json.loads(commands(*arguments, "-f", "json").out)
    assert [row["length"] for row in found["differences"]] == [12]
    assert found["unscored"] == [{"dataset": "mnist-multi-same-v1", "length": 1}]
    line = "mnist-multi-same-v1, length 1: left out, ao@got10k has no score there."
    assert line in commands(*arguments).out.splitlines()
    assert line in commands(*arguments, "-f", "markdown").out.splitlines()


def test_a_metric_without_any_score_is_one_clear_line(
    really_run: Path, commands: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hidden(_: Metric, tracked: Any, lengths: tuple[int, ...]) -> NDArray[np.float64]:
        return np.full((len(tracked.truth), len(lengths)), np.nan)

    monkeypatch.setattr(Metric, "scores", hidden)
    done = commands("compare", "ncc", "static", "-r", really_run, "-m", "ao@got10k")
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        f"trackbench: ao@got10k has no score for any sequence of {really_run}: "
        "choose another --metric\n"
    )


def test_no_name_breaks_a_line_or_moves_the_cursor(store_iou: StoreIou, commands: Commands) -> None:
    names = ("one\ntwo", "\x1b[31mred", "x" * 200)
    store_iou("r", {name: {"d-v1": iou(n, 0.5)} for n, name in enumerate(names)})
    for format_ in ("table", "markdown", "json"):
        done = commands("compare", *names, "-r", "r", "-f", format_)
        assert done.code == 0
        assert "\x1b" not in done.out
        assert "one\ntwo" not in done.out


@pytest.mark.thorough
def test_5000_sequences_take_seconds_and_little_memory(store_iou: StoreIou) -> None:
    """Three trackers, four data sets: the draws are shared, and nothing grows with N squared."""
    rng = np.random.default_rng(8)
    sets = [f"d{n}-v1" for n in range(4)]
    runs = {f"t{k}": {d: rng.beta(5 - k, 2, (5000, 4)) for d in sets} for k in range(3)}
    results = Results.load(store_iou("r", runs, lengths=(1, 2, 3, 4), chunk=2500))
    for run in results.runs:
        assert run.scores.shape == (5000, 4)
    compare(results, ["t0", "t1"])  # SciPy is imported
    tracemalloc.start()
    begun = time.process_time()
    found = compare(results, ["t0", "t1", "t2"])
    seconds, (_, peak) = time.process_time() - begun, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(found.differences) == 3 * 4 * 4
    assert seconds < 10  # it is about one; with N squared it was fifteen
    assert peak < 150e6


@pytest.mark.parametrize(("sequences", "possible"), [(6, False), (8, True)])
def test_too_few_sequences_are_said(
    store_iou: StoreIou, commands: Commands, sequences: int, possible: bool
) -> None:
    """One tracker is better in every sequence: of 6 and two rows that is p = 2 * 2 / 2**6."""
    better = {"d-v1": iou(1, 0.9, sequences)}
    store_iou("r", {"good": better, "bad": {"d-v1": iou(1, 0.2, sequences)}}, lengths=LENGTHS)
    found = trackbench.compare(["good", "bad"], "r")
    said = commands("compare", "good", "bad", "-r", "r").out
    assert any(row.told_apart for row in found.differences) is possible
    assert (found.too_few is None) is possible
    assert ("No difference of these rows can be significant" in said) is not possible
    assert json.loads(found.render("json"))["too_few"] == (
        None
        if possible
        else {"differing": 6, "rows": 2, "least_p": pytest.approx(2 * 2 / 2**6), "needed": 7}
    )
    if not possible:
        assert found.too_few is not None
        assert min(row.p_adjusted for row in found.differences) == found.too_few.least_p
        assert (
            "No difference of these rows can be significant: with 6 sequences on which "
            "trackers differ, p, adjusted over 2 rows, is at least 0.062. It takes 7 or more."
        ) in said.replace("\n", " ")


def test_equal_trackers_are_not_told_that_they_are_too_few(store_iou: StoreIou) -> None:
    same = {"d-v1": iou(1, 0.5, 3)}
    path = store_iou("r", {"one": same, "two": same})
    assert trackbench.compare(["one", "two"], path).too_few is None


def test_only_of_the_trackers_that_are_compared_is_it_said_what_is_left_out(
    store_iou: StoreIou, commands: Commands
) -> None:
    sets = {"d-v1": iou(1, 0.5)}
    store_iou("r", {"one": sets, "two": sets, "edited": sets}, lengths=LENGTHS)
    store_iou("r", {"edited": sets}, lengths=LENGTHS, parameters={"step": 2})
    store_iou("r", {"begun": sets, "two": {"e-v1": iou(2, 0.4)}}, unfinished=True)
    done = commands("compare", "one", "two", "-r", "r")
    assert done.code == 0
    assert done.err == "trackbench: left out: two on e-v1 is not finished\n"
    done = commands("compare", "one", "edited", "-r", "r")
    assert "trackbench: edited: another version (" in done.err
    assert "begun" not in done.err
