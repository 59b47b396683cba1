"""``trackbench baseline``: a small file that differs only where the scores do."""

import difflib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from trackbench.analysis import baseline_file
from trackbench.analysis.baseline import baseline_of
from trackbench.errors import DamagedFileError
from trackbench.results.chunks import Failure, FailureKind
from trackbench.results.directory import Results

StoreIou = Callable[..., Path]
Commands = Callable[..., Any]

SETS = ("mnist-single-same-v1", "mnist-multi-diff-v1")
LENGTHS = (2, 4)


def iou(seed: int, sequences: int = 60, frames: int = 4) -> NDArray[np.float64]:
    return np.random.default_rng(seed).random((sequences, frames))


def runs(*trackers: str) -> dict[str, dict[str, NDArray[np.float64]]]:
    return {t: {d: iou(len(t) * 7 + len(d)) for d in SETS} for t in trackers}


def written(path: Path) -> str:
    file = path.with_suffix(".json")
    baseline_file.write(baseline_of(Results.load(path)), file)
    return file.read_text()


def test_it_keeps_what_a_check_needs(store_iou: StoreIou) -> None:
    path = store_iou("r", runs("kcf-v1"), lengths=LENGTHS, nan=((3, 2),))
    found = json.loads(written(path))
    assert found["schema"] == 1
    assert found["protocol"] == "paper-v1"
    assert [d["id"] for d in found["datasets"]] == sorted(SETS)
    assert {tuple(d["lengths"]) for d in found["datasets"]} == {LENGTHS}
    assert all(len(d["fingerprint"]) == 64 for d in found["datasets"])
    for run in found["runs"]:
        assert run["tracker"] == "kcf-v1"
        assert len(run["fingerprint"]) == 64
        assert {"python", "numpy", "trackbench"} <= run["versions"].keys()
        assert run["processor"]
        assert run["fps"] == 240.0  # 60 sequences of 4 frames in two chunks of half a second
        assert run["failures"] == [0, 0]
        assert run["invalid"] == [0, 1]
        assert len(run["scores"]) == 60


def test_scores_are_rounded_to_four_decimals_one_line_a_sequence(store_iou: StoreIou) -> None:
    path = store_iou("r", {"a": {"d-v1": [[0.123456, 0.2], [1.0, 0.0]]}}, lengths=(1, 2))
    lines = written(path).splitlines()
    assert "[0.1235, 0.1617]," in lines
    assert "[1.0, 0.5]" in lines


def test_what_is_read_is_what_was_written(store_iou: StoreIou) -> None:
    failure = Failure(7, 3, FailureKind.RAISED, "lost")
    path = store_iou("r", runs("b", "a-v1"), lengths=LENGTHS, failures=(failure,))
    made = baseline_of(Results.load(path))
    baseline_file.write(made, path.with_suffix(".json"))
    found = baseline_file.read(path.with_suffix(".json"))
    assert (found.protocol, found.datasets) == (made.protocol, made.datasets)
    for a, b in zip(found.runs, made.runs, strict=True):
        np.testing.assert_array_equal(a.scores, b.scores)
        assert (a.tracker, a.dataset, a.fingerprint) == (b.tracker, b.dataset, b.fingerprint)
        assert (a.failures, a.invalid, a.fps) == ((0, 1), (0, 0), b.fps)
        assert (a.versions, a.processor) == (b.versions, b.processor)


def test_the_order_in_which_things_ran_does_not_matter(store_iou: StoreIou) -> None:
    forwards = runs("a", "b", "c")
    backwards = {t: dict(reversed(d.items())) for t, d in reversed(forwards.items())}
    texts = [written(store_iou(name, r)) for name, r in (("f", forwards), ("b", backwards))]
    assert texts[0] == texts[1]


def test_one_sequence_that_changed_is_one_line_of_a_diff_and_the_hash(store_iou: StoreIou) -> None:
    before = written(store_iou("before", runs("a", "b")))
    changed = runs("a", "b")
    changed["b"][SETS[1]][17] = 0.0
    after = written(store_iou("after", changed))
    diff = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    lines = [line for line in diff if line[0] in "+-" and line[:3] not in {"+++", "---"}]
    assert len(lines) == 4
    assert [line[:10] for line in lines[:2]] == ['-"sha256":', '+"sha256":']
    assert lines[3].startswith("+[0.0")


def test_the_last_bits_of_a_score_are_not_in_the_file(store_iou: StoreIou) -> None:
    exact = np.round(iou(1), 4)[:, :1]
    nearly = np.nextafter(exact, 1)
    assert written(store_iou("a", {"t": {"d-v1": exact}})) == written(
        store_iou("b", {"t": {"d-v1": nearly}})
    )


def test_a_whole_suite_is_small(store_iou: StoreIou) -> None:
    names = [f"mnist-{kind}-v1" for kind in ("ss", "sd", "ms", "md")]
    path = store_iou("r", {"t": {n: iou(9, 500, 8) for n in names}}, lengths=(2, 4, 6, 8))
    assert len(written(path)) < 100_000  # bytes, for 500 sequences of 4 data sets at 4 lengths


def test_a_run_that_is_not_finished_is_refused(store_iou: StoreIou, commands: Commands) -> None:
    store_iou("r", runs("a"))
    store_iou("r", {"b": {SETS[0]: iou(5)}}, unfinished=True)
    done = commands("baseline", "r", "--out", "b.json")
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert f"b on {SETS[0]} is not finished in r" in done.err
    assert not Path("b.json").exists()


def test_scores_that_are_no_numbers_are_refused(store_iou: StoreIou) -> None:
    path = store_iou("r", {"a": {"d-v1": [[np.nan, 0.5]]}})
    with pytest.raises(DamagedFileError, match="holds an IoU that is no number"):
        baseline_of(Results.load(path))


def test_the_command_writes_the_file_and_says_nothing(
    store_iou: StoreIou, commands: Commands
) -> None:
    path = store_iou("r", runs("a"), lengths=LENGTHS)
    done = commands("baseline", "r", "--out", "b.json")
    assert (done.code, done.out, done.err) == (0, "", "")
    assert Path("b.json").read_text() == written(path)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("baseline", "nowhere", "--out", "b.json"), "there is no results directory nowhere"),
        (("baseline", "r"), "Missing option '--out'"),
        (("baseline", "r", "--out", "no/b.json"), "is not a file in an existing folder"),
        (("baseline", "r", "--out", "."), "is not a file in an existing folder"),
        (("baseline", "r", "--out", "b.json", "--protocol", "x"), "unknown protocol 'x'"),
        (("baseline", "r", "--out", "b.json", "--protocol", "ope-v1"), "r holds no results"),
    ],
)
def test_a_mistake_gets_one_line_and_writes_nothing(
    store_iou: StoreIou, commands: Commands, arguments: tuple[str, ...], message: str
) -> None:
    store_iou("r", runs("a"))
    done = commands(*arguments)
    assert message in done.err
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert [p.name for p in Path().iterdir()] == ["r"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"schema": 6}, "follows schema 6, newer than this trackbench knows (5)"),
        ({"schema": 5}, "is not a baseline: it lacks `metric`"),
        ({"runs": []}, "it has no runs"),
        ({"datasets": []}, "is not a baseline"),
        ({"protocol": "paper"}, "unknown protocol 'paper'"),
        ({"runs": [{"tracker": "a"}]}, "is not a baseline: runs[0] lacks `dataset`"),
    ],
)
def test_a_file_that_is_no_baseline_is_one_clear_line(
    store_iou: StoreIou, commands: Commands, change: dict[str, Any], message: str
) -> None:
    path = store_iou("r", runs("a"))
    text = json.dumps(json.loads(written(path)) | change)
    Path("bad.json").write_text(text)
    done = commands("check", "r", "--baseline", "bad.json")
    assert message in done.err
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)


@pytest.mark.parametrize(
    "text",
    [
        *("", "[]", "{}", "null", '{"schema": 1', "\x00\xff"),
        pytest.param("[" * 100_000, id="deep"),
        pytest.param('{\n<<<<<<< ours\n"schema": 1', id="merge conflict"),
    ],
)
def test_neither_is_any_other_text(store_iou: StoreIou, commands: Commands, text: str) -> None:
    store_iou("r", runs("a"))
    Path("bad.json").write_bytes(text.encode("latin-1"))
    done = commands("check", "r", "--baseline", "bad.json")
    assert "bad.json is not a baseline" in done.err
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)


@pytest.mark.parametrize("cut", ["a row", "a column", "a count", "a number"])
def test_scores_that_lack_something_are_no_baseline(store_iou: StoreIou, cut: str) -> None:
    file = store_iou("r", runs("a"), lengths=LENGTHS).with_suffix(".json")
    found = json.loads(written(file.with_suffix("")))
    run = found["runs"][1]
    if cut == "a row":
        run["scores"].pop()
    elif cut == "a column":
        run["scores"] = [row[:1] for row in run["scores"]]
    elif cut == "a count":
        run["invalid"].pop()
    else:
        run["scores"][3][0] = None
    file.write_text(json.dumps(found))
    with pytest.raises(DamagedFileError, match="is not a baseline"):
        baseline_file.read(file)


@pytest.mark.parametrize(
    ("part", "field", "value", "message"),
    [
        ("runs", "failures", ["1", 0], "runs[0].failures[0] is '1': expected `int`, got `str`"),
        ("runs", "failures", [0.5, 0], "runs[0].failures[0] is 0.5: expected `int`, got `float`"),
        ("runs", "invalid", [0, -1], "runs[0].invalid[1] is -1: expected `int` >= 0"),
        ("runs", "invalid", 3, "runs[0].invalid is 3: expected `array`, got `int`"),
        ("runs", "invalid", [0, 7.5], "runs[0].invalid[1] is 7.5: expected `int`, got `float`"),
        ("runs", "invalid", [0, True], "runs[0].invalid[1] is True: expected `int`, got `bool`"),
        ("runs", "failures", [0, 61], "61 is no count up to 60"),
        (
            "runs",
            "failures",
            [0, 10**299],
            "failures[1] is an integer of too many digits: expected `int` <=",
        ),
        ("runs", "fps", float("inf"), "it holds Infinity, which is no number"),
        ("runs", "fps", "fast", "runs[0].fps is 'fast': expected `float | null`, got `str`"),
        ("runs", "fps", True, "runs[0].fps is True: expected `float | null`, got `bool`"),
        ("runs", "fps", -1.0, "runs[0].fps is -1.0: expected `float` >= 0.0"),
        ("runs", "dataset", "other-v1", "does not describe the data set 'other-v1' of 'a'"),
        ("runs", "tracker", None, "runs[0].tracker is None: expected `str`, got `null`"),
        (
            "runs",
            "scores",
            [["0.5"] * 2] * 60,
            "runs[0].scores[0][0] is '0.5': expected `float | null`, got `str`",
        ),
        (
            "runs",
            "scores",
            [[True, 0.5]] * 60,
            "runs[0].scores[0][0] is True: expected `float | null`, got `bool`",
        ),
        (
            "runs",
            "scores",
            [[1.5, 0.5]] * 60,
            "runs[0].scores[0][0] is 1.5: expected `float` <= 1.0",
        ),
        (
            "runs",
            "scores",
            [[10**299, 0.5]] * 60,
            "scores[0][0] is an integer of too many digits: expected `float` <= 1.0",
        ),
        ("runs", "other", 1, "runs[0] has 'other', which is not known here"),
        ("runs", "processor", "x" * 10**6, "not as trackbench baseline wrote it"),
        ("runs", "dataset", "mnist-single-same-v1", "it has a run or a data set twice"),
        ("runs", "versions", 3, "runs[0].versions is 3: expected `object`, got `int`"),
        (
            "datasets",
            "id",
            "mnist-single-same-v1",
            "does not describe the data set 'mnist-multi-diff-v1'",
        ),
        ("datasets", "lengths", [0, 4], "datasets[0].lengths[0] is 0: expected `int` >= 1"),
        ("datasets", "lengths", [4, 2], "are not ascending"),
        ("datasets", "lengths", [2, 2], "are not ascending"),
        ("datasets", "lengths", [], "are not ascending"),
        (
            "datasets",
            "lengths",
            [2, 4.5],
            "datasets[0].lengths[1] is 4.5: expected `int`, got `float`",
        ),
        (
            "datasets",
            "sequences",
            None,
            "datasets[0].sequences is None: expected `int`, got `null`",
        ),
        ("datasets", "sequences", 0, "datasets[0].sequences is 0: expected `int` >= 1"),
        ("datasets", "id", "\x1b[2J", r"does not describe"),
        (
            "datasets",
            "fingerprint",
            ["a"],
            "datasets[0].fingerprint is a list: expected `str`, got `array`",
        ),
    ],
)
def test_a_field_that_makes_no_sense_is_one_clear_line(
    store_iou: StoreIou, commands: Commands, part: str, field: str, value: Any, message: str
) -> None:
    path = store_iou("r", runs("a"), lengths=LENGTHS)
    found = json.loads(written(path))
    found[part][0][field] = value
    Path("bad.json").write_text(json.dumps(found))
    done = commands("check", "r", "--baseline", "bad.json")
    assert "bad.json is not a" in done.err
    assert message in done.err
    assert len(done.err) < 300
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)


def test_the_kernel_is_not_in_the_file(store_iou: StoreIou) -> None:
    assert "platform" not in json.loads(written(store_iou("r", runs("a"))))["runs"][0]["versions"]


def test_a_file_that_was_changed_is_refused_and_one_of_before_is_read(store_iou: StoreIou) -> None:
    file = store_iou("r", runs("a"), lengths=LENGTHS).with_suffix(".json")
    text = written(file.with_suffix(""))
    found = json.loads(text)
    file.write_text(json.dumps(found, indent=8))  # arranged otherwise, and the same
    again = baseline_file.read(file)
    found["runs"][0]["scores"][3][0] += 0.1
    file.write_text(json.dumps(found))
    with pytest.raises(DamagedFileError, match="not as trackbench baseline wrote it"):
        baseline_file.read(file)
    del found["sha256"]
    file.write_text(json.dumps(found))
    changed = baseline_file.read(file)
    assert (changed.runs[0].scores != again.runs[0].scores).sum() == 1


@pytest.mark.parametrize("schema", [0, 6, 10**299, "1", None, True, 1.0, [1]])
def test_another_schema_is_refused(store_iou: StoreIou, schema: Any) -> None:
    file = store_iou("r", runs("a")).with_suffix(".json")
    file.write_text(json.dumps(json.loads(written(file.with_suffix(""))) | {"schema": schema}))
    with pytest.raises(DamagedFileError, match=r"follows schema|its schema is"):
        baseline_file.read(file)


def test_what_cannot_be_read_is_one_clear_line(
    store_iou: StoreIou, commands: Commands, tmp_path: Path
) -> None:
    path = store_iou("r", runs("a"))
    text = written(path)
    (tmp_path / "utf16.json").write_text(text, encoding="utf-16")
    (tmp_path / "mark.json").write_text(text, encoding="utf-8-sig")
    (tmp_path / "null.json").write_text(text + "\0")
    (tmp_path / "folder.json").mkdir()
    (tmp_path / "loop.json").symlink_to("loop.json")
    os.mkfifo(tmp_path / "pipe.json")
    with (tmp_path / "large.json").open("wb") as large:
        large.truncate(2**40)
    files = [file.name for file in tmp_path.glob("*.json") if file.name != "r.json"]
    assert len(files) == 7
    for file in (*files, "missing.json", "/dev/zero", "/dev/stdin"):
        done = commands("check", "r", "--baseline", file)
        assert file in done.err
        assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
        assert len(done.err) < 200
