"""``trackbench check``: what it lets pass, what it stops, what it refuses to compare."""

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from junitparser import Failure as JUnitFailure
from junitparser import JUnitXml
from numpy.typing import NDArray

import trackbench
from trackbench.plugins import registry
from trackbench.plugins.loading import load_plugin
from trackbench.printing.text import visible
from trackbench.results.chunks import Failure, FailureKind
from trackbench.running.chosen_trackers import with_parameters

StoreIou = Callable[..., Path]
Commands = Callable[..., Any]
OnTerminal = Callable[..., list[str]]
CommandLine = Callable[..., Any]

PLUGIN = Path(__file__).parents[2] / "plugins" / "misbehaving.py"
SETS = ("mnist-single-same-v1", "mnist-multi-diff-v1")
LENGTHS = (4, 8)
FORMATS = ("table", "markdown", "json", "junit")


def iou(seed: int, sequences: int = 60) -> NDArray[np.float64]:
    return np.random.default_rng(seed).beta(2, 2, (sequences, 8))


RUNS = {"a-v1": {dataset: iou(d) for d, dataset in enumerate(SETS)}}


def worse(loss: float, dataset: str = SETS[1]) -> dict[str, dict[str, NDArray[np.float64]]]:
    """Return RUNS with every score of one data set lower by ``loss``, give or take."""
    jitter = np.random.default_rng(5).normal(0, 0.01, (60, 1))
    return {"a-v1": {**RUNS["a-v1"], dataset: (RUNS["a-v1"][dataset] - loss + jitter).clip(0, 1)}}


@pytest.fixture
def kept(store_iou: StoreIou, commands: Commands) -> None:
    """Keep a baseline of RUNS in ``b.json``."""
    store_iou("old", RUNS, lengths=LENGTHS)
    assert commands("baseline", "old", "--out", "b.json").code == 0


pytestmark = pytest.mark.usefixtures("kept")


def checked(commands: Commands, *arguments: object, directory: str = "new") -> tuple[int, Any]:
    done = commands("check", directory, "--baseline", "b.json", "--format", "json", *arguments)
    assert done.err == ""
    return done.code, json.loads(done.out)


def regressed(verdict: Any) -> dict[tuple[str, int], list[str]]:
    return {
        (cell["dataset"], cell["length"]): cell["reasons"]
        for cell in verdict["cells"]
        if cell["regressed"]
    }


def test_the_same_scores_pass(store_iou: StoreIou, commands: Commands) -> None:
    store_iou("new", RUNS, lengths=LENGTHS)
    code, verdict = checked(commands)
    assert code == 0
    assert verdict["passed"] is True
    assert len(verdict["cells"]) == len(SETS) * len(LENGTHS)
    assert {cell["difference"] for cell in verdict["cells"]} == {0.0}
    assert {cell["p"] for cell in verdict["cells"]} == {1.0}
    assert verdict["notes"] == []


def test_a_loss_is_found_where_it_is(store_iou: StoreIou, commands: Commands) -> None:
    store_iou("new", worse(0.03), lengths=LENGTHS)
    code, verdict = checked(commands)
    assert code == 1
    assert regressed(verdict) == {(SETS[1], length): ["lower score"] for length in LENGTHS}
    lost = [cell["difference"] for cell in verdict["cells"] if cell["regressed"]]
    assert lost == pytest.approx([-0.03, -0.03], abs=0.003)


def test_a_loss_within_the_tolerance_passes_however_sure_it_is(
    store_iou: StoreIou, commands: Commands
) -> None:
    store_iou("new", worse(0.03), lengths=LENGTHS)
    code, verdict = checked(commands, "--tolerance", "0.05")
    assert code == 0
    assert min(cell["p"] for cell in verdict["cells"]) < 1e-6


def test_a_loss_that_may_be_chance_passes_however_large_it_is(
    store_iou: StoreIou, commands: Commands
) -> None:
    shuffled = np.random.default_rng(1).permutation(RUNS["a-v1"][SETS[1]])
    few = {"a-v1": {**RUNS["a-v1"], SETS[1]: (shuffled - 0.02).clip(0, 1)}}
    store_iou("new", few, lengths=LENGTHS)
    code, verdict = checked(commands)
    assert min(cell["difference"] for cell in verdict["cells"]) < -0.01
    assert code == 0
    assert checked(commands, "--alpha", "1")[0] == 1  # the tolerance alone


def test_a_loss_of_just_the_tolerance_passes(store_iou: StoreIou, commands: Commands) -> None:
    steps = {"a": {"d-v1": np.full((40, 2), 0.5)}}
    store_iou("old2", steps)
    commands("baseline", "old2", "--out", "b.json")
    for name, loss, expected in (("just", 0.01, 0), ("more", 0.0101, 1)):
        store_iou(name, {"a": {"d-v1": np.full((40, 2), 0.5 - loss)}})
        assert checked(commands, directory=name)[0] == expected


def test_a_gain_passes(store_iou: StoreIou, commands: Commands) -> None:
    store_iou("new", worse(-0.1), lengths=LENGTHS)
    assert checked(commands)[0] == 0


def test_failures_and_invalid_boxes_count_from_their_frame_on(
    store_iou: StoreIou, commands: Commands
) -> None:
    failure = Failure(7, 5, FailureKind.RAISED, "lost")
    store_iou("new", RUNS, lengths=LENGTHS, failures=(failure,))
    code, verdict = checked(commands)
    assert code == 1
    assert regressed(verdict) == {(dataset, 8): ["more failures"] for dataset in SETS}
    store_iou("nan", RUNS, lengths=LENGTHS, nan=((3, 2),))
    code, verdict = checked(commands, directory="nan")
    assert code == 1
    both = {(dataset, length) for dataset in SETS for length in LENGTHS}
    assert regressed(verdict) == {cell: ["more invalid boxes"] for cell in both}


def test_as_many_failures_as_before_pass(store_iou: StoreIou, commands: Commands) -> None:
    failure = Failure(7, 5, FailureKind.RAISED, "lost")
    store_iou("old3", RUNS, lengths=LENGTHS, failures=(failure,))
    commands("baseline", "old3", "--out", "b.json")
    other = replace(failure, sequence=9)
    store_iou("new", RUNS, lengths=LENGTHS, failures=(other,))
    assert checked(commands)[0] == 0
    store_iou("none", RUNS, lengths=LENGTHS)
    assert checked(commands, directory="none")[0] == 0


def test_speed_counts_only_on_request(store_iou: StoreIou, commands: Commands) -> None:
    store_iou("new", RUNS, lengths=LENGTHS, seconds=1.0)  # half the baseline's frames/s
    assert checked(commands)[0] == 0
    assert checked(commands, "--speed-tolerance", "0.6")[0] == 0
    code, verdict = checked(commands, "--speed-tolerance", "0.3")
    assert code == 1
    assert regressed(verdict) == {(dataset, 8): ["slower"] for dataset in SETS}
    assert verdict["notes"] == []


def test_what_a_reader_should_know_is_noted(store_iou: StoreIou, commands: Commands) -> None:
    store_iou("new", RUNS, lengths=LENGTHS, parameters={"n": 5}, edit={"processor": "another"})
    store_iou("new", {"b": {SETS[0]: RUNS["a-v1"][SETS[0]]}}, lengths=LENGTHS)
    _, verdict = checked(commands, "--speed-tolerance", "0.3")
    assert verdict["notes"] == [
        "a-v1 is not the baseline's: its parameters, weights or source have changed",
        "the baseline was timed on another processor: its speed says little about this one",
        f"b on {SETS[0]} is not in the baseline and was not checked",
    ]


def test_other_weights_are_compared_and_noted(store_iou: StoreIou, commands: Commands) -> None:
    trained = {"weights_sha256": "f00" * 20, "fingerprint": "f00f" * 16}
    store_iou("new", worse(0.03), lengths=LENGTHS, edit=trained)
    code, verdict = checked(commands)
    assert code == 1
    assert verdict["notes"] == [
        "a-v1 is not the baseline's: its parameters, weights or source have changed"
    ]


def test_too_few_sequences_to_ever_fail_is_noted(store_iou: StoreIou, commands: Commands) -> None:
    store_iou("old4", {"a": {"d-v1": np.full((6, 2), 0.9)}})
    commands("baseline", "old4", "--out", "b.json")
    store_iou("new", {"a": {"d-v1": np.full((6, 2), 0.1)}})
    code, verdict = checked(commands)
    assert code == 0
    (note,) = verdict["notes"]
    assert note.startswith("d-v1 has 6 sequences: it takes 7 until any loss of score can be sign")
    assert checked(commands, "--alpha", "1")[0] == 1
    assert checked(commands, "--alpha", "0.05")[0] == 1


def test_one_sequence_is_no_plural(store_iou: StoreIou, commands: Commands) -> None:
    store_iou("old1", {"a": {"d-v1": [[0.9, 0.9]]}})
    commands("baseline", "old1", "--out", "b.json")
    (note,) = checked(commands, directory="old1")[1]["notes"]
    assert note.startswith("d-v1 has 1 sequence: it takes 7 until any loss of score can be sign")


@pytest.mark.parametrize(
    ("broken", "alpha", "code"), [(4, "0.01", 1), (1, "0.01", 0), (1, "1", 1), (0, "1", 0)]
)
def test_what_eight_sequences_of_four_data_sets_can_show(
    store_iou: StoreIou, commands: Commands, broken: int, alpha: str, code: int
) -> None:
    good = {f"d{n}-v1": iou(n, sequences=8) for n in range(4)}
    bad = {f"d{n}-v1": good[f"d{n}-v1"] * (0.5 if n < broken else 1) for n in range(4)}
    store_iou("smoke", {"a": good}, lengths=LENGTHS)
    commands("baseline", "smoke", "--out", "b.json")
    store_iou("new", {"a": bad}, lengths=LENGTHS)
    assert checked(commands, "--alpha", alpha)[0] == code


def test_a_length_that_is_not_scored_any_more_is_still_checked(
    store_iou: StoreIou, commands: Commands
) -> None:
    store_iou("new", worse(0.1), lengths=(8,))
    assert {length for _, length in regressed(checked(commands)[1])} == set(LENGTHS)


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("data", {"fingerprint": "f00"}, "is other data than the baseline's (fingerprint f00"),
        (
            "protocol",
            {"protocol": "ope-v1"},
            "holds results of ope-v1, the baseline is of paper-v1",
        ),
        ("unfinished", {"unfinished": True}, f"a-v1 on {SETS[1]} is not finished in unfinished"),
    ],
)
def test_what_cannot_be_compared_is_an_error(
    store_iou: StoreIou, commands: Commands, name: str, options: dict[str, Any], message: str
) -> None:
    finished = {"a-v1": {SETS[0]: RUNS["a-v1"][SETS[0]]}}
    store_iou(name, finished, lengths=LENGTHS, **{**options, "unfinished": False})
    store_iou(name, {"a-v1": {SETS[1]: RUNS["a-v1"][SETS[1]]}}, lengths=LENGTHS, **options)
    done = commands("check", name, "--baseline", "b.json")
    assert message in done.err
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)


@pytest.mark.parametrize(
    ("runs", "message"),
    [
        ({"a-v1": {SETS[0]: iou(0)}}, f"the baseline has a-v1 on {SETS[1]}, new has not"),
        ({"a-v2": RUNS["a-v1"]}, f"the baseline has a-v1 on {SETS[1]}, new has not"),
        (
            {"a-v1": {dataset: iou(0)[:50] for dataset in SETS}},
            f"new holds 50 sequences of 8 frames of {SETS[1]}, the baseline 60 of 8",
        ),
        (
            {"a-v1": {dataset: iou(0)[:, :5] for dataset in SETS}},
            f"new holds 60 sequences of 5 frames of {SETS[1]}, the baseline 60 of 8",
        ),
    ],
)
def test_less_than_the_baseline_has_is_an_error(
    store_iou: StoreIou, commands: Commands, runs: Any, message: str
) -> None:
    store_iou("new", runs)
    done = commands("check", "new", "--baseline", "b.json")
    assert message in done.err
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nowhere", "--baseline", "b.json"), "there is no results directory nowhere"),
        (("new", "--baseline", "none.json"), "none.json cannot be read: No such file"),
        (("new", "--baseline", "."), "cannot be read: Is a directory"),
        (("new",), "Missing option '--baseline'"),
        (("new", "--baseline", "b.json", "--alpha", "0"), "--alpha must be in (0, 1], not 0"),
        (("new", "--baseline", "b.json", "--alpha", "nan"), "--alpha must be in (0, 1], not nan"),
        (("new", "--baseline", "b.json", "--tolerance", "-1"), "--tolerance must be in [0, 1)"),
        (("new", "--baseline", "b.json", "--speed-tolerance", "1"), "must be in (0, 1), not 1"),
        (("new", "--baseline", "b.json", "--format", "html"), "html"),
    ],
)
def test_a_mistake_gets_one_line_and_exit_code_2(
    store_iou: StoreIou, commands: Commands, arguments: tuple[str, ...], message: str
) -> None:
    store_iou("new", RUNS, lengths=LENGTHS)
    done = commands("check", *arguments)
    assert message in done.err
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)


def test_the_table_ends_with_the_verdict(store_iou: StoreIou, commands: Commands) -> None:
    store_iou("same", RUNS, lengths=LENGTHS)
    done = commands("check", "same", "--baseline", "b.json")
    assert done.out.splitlines()[-1] == "no regression in 4 cells"
    store_iou("new", worse(0.03), lengths=LENGTHS)
    done = commands("check", "new", "--baseline", "b.json")
    assert done.code == 1
    assert done.out.splitlines()[-1] == "2 of 4 cells regressed"
    assert done.out.count("lower score") == 2
    assert SETS[1] in done.out
    assert SETS[0] not in done.out, "it has not regressed"
    every = commands("check", "new", "--baseline", "b.json", "--all")
    assert every.out.count("lower score") == 2
    assert all(name in every.out for name in SETS)


def test_the_table_says_by_how_much_and_what_else_to_know(
    store_iou: StoreIou, commands: Commands
) -> None:
    failure = Failure(7, 5, FailureKind.RAISED, "lost")
    spoiled = {"failures": (failure,), "nan": ((3, 2),), "seconds": 2.0, "parameters": {"n": 5}}
    store_iou("new", RUNS, lengths=LENGTHS, **spoiled)
    done = commands("check", "new", "-b", "b.json", "--speed-tolerance", "0.3")
    said = " ".join(done.out.split())
    assert (
        "more failures (0 to 1); more invalid boxes (0 to 1); slower (480 to 120 frames/s)" in said
    )
    assert "note: a-v1 is not the baseline's: its parameters, weights or source have" in said


@pytest.mark.parametrize(
    "columns", [32, *(pytest.param(n, marks=pytest.mark.thorough) for n in (40, 60, 64, 80))]
)
def test_on_a_narrow_terminal_every_number_stands_whole(
    store_iou: StoreIou, commands: Commands, on_terminal: OnTerminal, columns: int
) -> None:
    failure = Failure(7, 5, FailureKind.RAISED, "lost")
    path = store_iou("new", worse(0.03), lengths=LENGTHS, failures=(failure,), seconds=2.0)
    limits = ("--speed-tolerance", "0.3")
    _, verdict = checked(commands, *limits)
    lines = on_terminal(columns, path.parent, "check", "new", "-b", "b.json", "--all", *limits)
    assert max(map(len, lines)) <= columns
    assert "…" not in "".join(lines)
    rows = [re.split(r"\s{2,}", line.strip()) for line in lines]
    for length in LENGTHS:
        said = [cell for row in rows if row[0] == str(length) for cell in row[1:]]
        numbers = [cell for cell in said if re.fullmatch(r"(< |[+-])?\d\.\d{3}", cell)]
        assert numbers == [
            number
            for cell in verdict["cells"]
            if cell["length"] == length
            for number in (
                f"{cell['before']:.3f}",
                f"{cell['after']:.3f}",
                f"{cell['difference']:+.3f}",
                "< 0.001" if cell["p"] < 0.001 else f"{cell['p']:.3f}",
            )
        ]
    words = " ".join(line.strip().rsplit("  ", 1)[-1].strip() for line in lines)
    assert words.count("lower score") == 2
    assert words.count("more failures (0 to 1)") == words.count("(480 to 120 frames/s)") == 2


def test_markdown_shows_what_regressed_and_folds_the_rest(
    store_iou: StoreIou, commands: Commands
) -> None:
    store_iou("new", worse(0.03), lengths=LENGTHS)
    done = commands("check", "new", "--baseline", "b.json", "--format", "markdown")
    shown, _, folded = done.out.partition("<details><summary>2 cells passed</summary>")
    assert shown.startswith("**trackbench check: 2 of 4 cells regressed**\n\n| Tracker |")
    assert shown.count(f"| a-v1 | {SETS[1]} |") == 2
    assert folded.count(f"| a-v1 | {SETS[0]} |") == 2
    assert folded.endswith("</details>\n")
    bars = {line.count("|") for line in done.out.splitlines() if line.startswith("|")}
    assert bars == {9}


@pytest.mark.parametrize("format_", FORMATS)
def test_on_github_the_summary_gets_the_markdown_whatever_is_printed(
    store_iou: StoreIou,
    commands: Commands,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    format_: str,
) -> None:
    store_iou("new", worse(0.03), lengths=LENGTHS)
    markdown = commands("check", "new", "-b", "b.json", "-f", "markdown").out
    page = tmp_path / "summary.md"
    page.write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(page))
    done = commands("check", "new", "-b", "b.json", "-f", format_)
    assert done.code == 1
    assert page.read_text() == "before\n" + markdown


def test_a_summary_that_cannot_be_written_does_not_change_the_verdict(
    store_iou: StoreIou, commands: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_iou("new", RUNS, lengths=LENGTHS)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "no/such/page")
    done = commands("check", "new", "-b", "b.json")
    assert done.code == 0
    assert done.err == "trackbench: no/such/page cannot be written: No such file or directory\n"


def test_junit_has_a_test_case_a_cell(store_iou: StoreIou, commands: Commands) -> None:
    store_iou("new", worse(0.03), lengths=LENGTHS, parameters={"n": 5})
    done = commands("check", "new", "-b", "b.json", "-f", "junit")
    root = ET.fromstring(done.out)  # noqa: S314 - our own output
    (suite,) = root.findall("testsuite")
    assert (root.tag, suite.get("tests"), suite.get("failures")) == ("testsuites", "4", "2")
    cases = suite.findall("testcase")
    assert [(case.get("classname"), case.get("name")) for case in cases] == [
        ("a-v1", f"{dataset}, length {length}") for dataset in sorted(SETS) for length in LENGTHS
    ]
    failed = [case for case in cases if case.find("failure") is not None]
    assert {case.get("name") for case in failed} == {f"{SETS[1]}, length {n}" for n in LENGTHS}
    for case in failed:
        failure = case.find("failure")
        assert failure is not None
        assert failure.get("message") == "lower score"
        assert str(failure.text).startswith("score 0.5")
    assert "parameters, weights or source have changed" in (suite.findtext("system-out") or "")


def test_a_tracker_called_script_breaks_no_format(store_iou: StoreIou, commands: Commands) -> None:
    store_iou("s1", {"<script>&|[red]": {"d-v1": iou(1)}})
    commands("baseline", "s1", "--out", "b.json")
    store_iou("s2", {"<script>&|[red]": {"d-v1": (iou(1) - 0.1).clip(0, 1)}})
    said = {f: commands("check", "s2", "-b", "b.json", "-f", f) for f in ("table", "markdown")}
    assert "<script>&|[red]" in said["table"].out
    assert "<script>" not in said["markdown"].out
    junit = commands("check", "s2", "-b", "b.json", "-f", "junit").out
    (case,) = ET.fromstring(junit).iter("testcase")  # noqa: S314 - our own output
    assert case.get("classname") == "<script>&|[red]"


NAMES = ("<script>alert('x')", "a|b\n| c |", "]]>&\x1b[31m\x01", "käfer", "x" * 200)


@pytest.mark.parametrize("name", NAMES)
def test_whatever_a_tracker_is_called_every_format_says_it_whole_and_harmlessly(
    store_iou: StoreIou, commands: Commands, name: str
) -> None:
    store_iou("n1", {name: {"d-v1": iou(1)}})
    commands("baseline", "n1", "--out", "b.json")
    store_iou("n2", {name: {"d-v1": (iou(1) - 0.1).clip(0, 1)}})
    said = {f: commands("check", "n2", "-b", "b.json", "-f", f) for f in FORMATS}
    for done in said.values():
        assert (done.code, done.err) == (1, "")
        assert not {"\x1b", "\x01"} & set(done.out)
    shown = visible(name)
    (suite,) = JUnitXml.fromstring(said["junit"].out)
    assert [case.classname for case in suite] == [shown]
    assert said["junit"].out.isascii()
    assert json.loads(said["json"].out)["cells"][0]["tracker"] == name
    assert "<script" not in said["markdown"].out
    bars = {line.replace("\\|", "").count("|") for line in rows_of(said["markdown"].out)}
    assert bars == {9}
    assert shown[:40] in said["table"].out


def rows_of(markdown: str) -> list[str]:
    return [line for line in markdown.splitlines() if line.startswith("|")]


def test_a_ci_servers_own_reader_reads_the_junit_file(
    store_iou: StoreIou, commands: Commands
) -> None:
    store_iou("new", worse(0.03), lengths=LENGTHS)
    report = JUnitXml.fromstring(commands("check", "new", "-b", "b.json", "-f", "junit").out)
    (suite,) = report
    assert (suite.name, suite.tests, suite.failures) == ("trackbench check", 4, 2)
    assert (suite.errors, suite.skipped) == (0, 0)
    failed = {case.name for case in suite if not case.is_passed}
    assert failed == {f"{SETS[1]}, length {n}" for n in LENGTHS}
    (reason,) = next(case for case in suite if not case.is_passed).result
    assert isinstance(reason, JUnitFailure)
    assert reason.message == "lower score"


@pytest.mark.thorough
def test_a_terminal_that_knows_only_ascii_is_no_error(
    store_iou: StoreIou, trackbench_cli: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_iou("n1", {"käfer": {"d-v1": iou(1)}})
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    assert trackbench_cli("baseline", "n1", "--out", "b.json").returncode == 0
    for format_ in FORMATS:
        done = trackbench_cli("check", "n1", "-b", "b.json", "-f", format_)
        assert (format_, done.returncode, done.stderr) == (format_, 0, "")


def really_run(out: Path, way: str, *, seed: int | None = None) -> None:
    """Run a real tracker on real data, with the way it goes wrong in frame 5."""
    load_plugin(PLUGIN)
    spec = registry.datasets().get("mnist-single-same")
    if seed is not None:
        spec = replace(spec, seed=seed, fingerprint=None)
    tracker = with_parameters(registry.trackers().get("misbehaving"), {"way": way})
    trackbench.run(tracker, datasets=[spec], sequences=8, lengths=[4, 10], out=out, jobs=1)


@pytest.mark.thorough
def test_real_runs(commands: Commands, tmp_path: Path) -> None:
    """A crash, NaN boxes and changed data are caught; nothing is where nothing changed."""
    really_run(tmp_path / "good", "behave")
    commands("baseline", "good", "--out", "b.json")
    really_run(tmp_path / "again", "behave")
    assert checked(commands, directory="again")[0] == 0

    really_run(tmp_path / "crash", "die")
    code, verdict = checked(commands, directory="crash")
    assert code == 1
    (reasons,) = regressed(verdict).values()
    assert "more failures" in reasons
    assert [cell["failures"] for cell in verdict["cells"]] == [[0, 0], [0, 8]]

    really_run(tmp_path / "nan", "nan")
    code, verdict = checked(commands, directory="nan")
    assert code == 1
    (reasons,) = regressed(verdict).values()
    assert "more invalid boxes" in reasons
    assert [cell["invalid"] for cell in verdict["cells"]] == [[0, 0], [0, 40]]

    really_run(tmp_path / "other", "behave", seed=7)
    done = commands("check", "other", "--baseline", "b.json")
    assert (done.code, done.out) == (2, "")
    assert "mnist-single-same-v1 in other is other data than the baseline's" in done.err
