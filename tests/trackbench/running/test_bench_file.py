"""A run in a file: ``trackbench run bench.toml``."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import trackbench
from trackbench.errors import TrackbenchError
from trackbench.scaffold.bench_file import TEXT

Commands = Callable[..., Any]

SMALL = """
trackers = ["static", "still"]
datasets = "mnist-single-same"
sequences = 2
lengths = [3, 4]
out = "here/results"
jobs = 1
protocol = "ope-v1"

[tracker.still]
tracker = "static"
"""


@pytest.fixture
def bench(tmp_path: Path) -> Path:
    (tmp_path / "benches").mkdir()
    path = tmp_path / "benches" / "bench.toml"
    path.write_text(SMALL)
    return path


def test_it_is_what_the_options_are(bench: Path, commands: Commands, tmp_path: Path) -> None:
    done = commands("run", str(bench))
    assert (done.code, done.err) == (0, "")
    found = trackbench.Results.load(bench.parent / "here" / "results")
    assert [run.record.tracker for run in found.runs] == ["static-v1", "still"]
    assert {run.record.protocol for run in found.runs} == {"ope-v1"}
    assert {(run.record.sequences, run.record.length) for run in found.runs} == {(2, 4)}
    options = ("-d", "mnist-single-same", "--sequences", 2, "--lengths", "3,4", "--jobs", 1)
    asked = commands("run", "-t", "static", "--protocol", "ope-v1", *options, "-o", tmp_path / "o")
    assert asked.code == 0
    (same,) = trackbench.Results.load(tmp_path / "o").runs
    assert same.record.fingerprint == found.runs[0].record.fingerprint
    assert (same.scores == found.runs[0].scores).all()
    assert os.getcwd() == str(tmp_path)  # noqa: PTH109 - as it was


def test_options_go_before_it_and_are_kept_with_it(
    bench: Path, commands: Commands, tmp_path: Path
) -> None:
    out = tmp_path / "other"
    done = commands("run", str(bench), "-t", "still", "--sequences", 1, "-o", "other")
    assert done.code == 0
    (run,) = trackbench.Results.load(out).runs
    assert (run.record.tracker, run.record.sequences) == ("still", 1)
    kept = (out / "bench.toml").read_text()
    assert kept.startswith(SMALL)
    for line in ("#   trackers = still", "#   sequences = 1", "#   out = other"):
        assert f"\n{line}\n" in kept
    said = trackbench.Results.load(out).run_file_sha256
    assert said is not None
    assert f"bench.toml, SHA-256 {said[:12]}." in trackbench.report(out).text
    assert commands("run", str(bench), "--suite", "smoke", "--lengths", "99999").code == 2


def test_a_directory_without_one_says_nothing_of_it(tmp_path: Path) -> None:
    results = trackbench.run(
        "static", datasets="mnist-single-same", sequences=1, lengths=[2], out=tmp_path, jobs=1
    )
    assert results.run_file_sha256 is None
    assert "bench.toml" not in trackbench.report(results).text


def test_what_it_names_is_found_beside_it(bench: Path, commands: Commands) -> None:
    source = "class {}:\n    def init(self, f, b):\n        self.b = b\n"
    source += "    def update(self, f):\n        return self.b\n"
    (bench.parent / "beside_bench.py").write_text(source.format("Mine"))
    (bench.parent / "plugged_in.py").write_text(source.format("Plugged"))
    bench.write_text(
        SMALL.replace('"still"]', '"beside_bench.py:Mine", "beside_bench:Mine", "plugged"]')
        .replace("sequences = 2", 'sequences = 1\nplugins = ["plugged_in.py"]')
        .replace('"beside_bench:Mine", ', "")
    )
    assert commands("run", str(bench)).code == 0
    found = trackbench.Results.load(bench.parent / "here" / "results")
    assert found.trackers == ["mine", "plugged", "static-v1"]


@pytest.mark.thorough
def test_the_users_own_file_is_not_written_over(bench: Path) -> None:
    trackbench.run_file(bench, sequences=1)
    own = bench.parent / "here" / "results" / "bench.toml"
    own.write_text(SMALL.replace("here/results", "."))
    trackbench.run_file(own, sequences=1, jobs=1)
    assert own.read_text() == SMALL.replace("here/results", ".")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("sequences", "sequenses", "unknown key 'sequenses': did you mean sequences?"),
        ("= 2", "= 2.5", "sequences = 2.5: write sequences = 8"),
        ("= 2", "= true", "sequences = True: write sequences = 8"),
        ('"static", "still"', "3", 'trackers = [3]: write trackers = ["...", "..."]'),
        ('"static", "still"', '"sttaic"', "unknown tracker 'sttaic': did you mean static?"),
        ('"static", "still"', "", "names no trackers"),
        ("mnist-single-same", "mnist-single-smae", "did you mean mnist-single-same"),
        ("[3, 4]", '[3, "whole"]', "lengths 'whole' is no number, nor 'full'"),
        ("ope-v1", "ope-v9", "unknown protocol 'ope-v9'"),
        ("jobs = 1", "jobs = 0", "jobs must be at least 1, not 0"),
        ("jobs = 1", 'memory = "much"', "'much' is no amount of memory"),
        ("jobs = 1", 'plugins = ["gone.py"]', "there is no plugin file"),
        ("jobs = 1", 'suite = "smoke"', "give a suite or data sets, not both"),
        ('= "static"', '= "static"\ntreshold = 3', "unknown key 'treshold'"),
        ('= "static"', '= "nothing:Here"', "there is no module 'nothing'"),
        ("[tracker.still]", "[still]", "unknown key 'still'"),
        ("trackers = ", "trackers == ", "is no TOML"),
    ],
)
def test_what_is_wrong_is_told_in_one_line_and_nothing_is_run(
    bench: Path, commands: Commands, old: str, new: str, message: str
) -> None:
    bench.write_text(SMALL.replace(old, new))
    with pytest.raises(TrackbenchError) as told:
        trackbench.run_file(bench)
    assert message in str(told.value)
    done = commands("run", str(bench))
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert list(bench.parent.iterdir()) == [bench]


def test_one_to_begin_with_runs_and_is_not_written_over(commands: Commands, tmp_path: Path) -> None:
    made = commands("init")
    assert "trackbench run bench.toml" in made.out
    bench = trackbench.read_bench(tmp_path / "bench.toml")
    assert [spec.id for spec in bench.trackers] == ["kcf-v1", "ncc-v1", "still"]
    again = commands("init")
    assert (again.code, "choose another --out" in again.err) == (2, True)
    assert (tmp_path / "bench.toml").read_text() == TEXT


def test_options_of_a_tracker_need_one(bench: Path, commands: Commands) -> None:
    done = commands("run", str(bench), "--param", "n=3")
    assert (done.code, "--param is about trackers that are given" in done.err) == (2, True)
    assert commands("run").code == 2
