"""Each sequence by its name in every format: of videos on disk, with attributes, absence."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from video_trees import numbered, rows, write, write_images

import trackbench
from trackbench.report_contract import ReportOptions
from trackbench.reports.rows import SEQUENCE_COLUMNS, render_csv, render_json
from trackbench.results.directory import Results

Commands = Callable[..., Any]
FRAMES = {"with space": 60, "b|ar": 55, "=1+1": 1}


@pytest.fixture(scope="module")
def videos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three sequences; of the last one only the first box is known."""
    root = tmp_path_factory.mktemp("videos")
    for name, frames in FRAMES.items():
        place = root / "val" / name
        write_images(place, numbered(1, max(frames, 5), "{:08d}.jpg"), size=(48, 64))
        lines = rows(frames).splitlines()
        if frames > 5:
            lines[4] = "-1,-1,-1,-1"
            covers = "".join(f"{4 * (number % 2)}\n" for number in range(frames))
            write(place / "cover.label", covers)
        else:
            covers = ""
        write(place / "groundtruth.txt", "\n".join(lines))
    write(root / "val" / "list.txt", "".join(f"{name}\n" for name in FRAMES))
    return root


@pytest.fixture(scope="module")
def folder(videos: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of two trackers on them."""
    out = tmp_path_factory.mktemp("results") / "r"
    trackbench.run(["static", "ncc"], datasets=f"got10k:{videos}", out=out, tell=str)
    return out


@pytest.fixture(scope="module")
def results(folder: Path) -> Results:
    return Results.load(folder)


def test_names_are_stored_with_the_results(results: Results) -> None:
    assert results.datasets["got10k-val"].names == tuple(FRAMES)


def test_rows_of_sequences(results: Results) -> None:
    options = ReportOptions(per_sequence=True, metrics=("auc@otb",))
    found = list(csv.DictReader(io.StringIO(render_csv(results, options))))
    assert list(found[0]) == [*SEQUENCE_COLUMNS, "auc@otb"]
    assert [row["name"] for row in found] == ["with space", "b|ar", "'=1+1"] * 2
    assert [row["frames"] for row in found] == ["60", "55", "5"] * 2
    for run in results.runs:
        own = [row for row in found if row["tracker"] == run.record.tracker]
        for row, score in zip(own, run.scores[:, -1].tolist(), strict=True):
            assert row["score"] == ("" if math.isnan(score) else repr(score))
    records = json.loads(render_json(results, options))
    assert [record["name"] for record in records[:3]] == list(FRAMES)
    assert records[2]["score"] is None
    assert {record["length"] for record in records} == {"full"}


def test_tables_of_sequences(results: Results) -> None:
    for form in ("markdown", "text", "latex"):
        plain = str(trackbench.report(results, form))
        text = str(trackbench.report(results, form, per_sequence=True))
        assert "with space" not in plain
        score = f"{results.runs[0].scores[0, 0]:.2f}"
        line = next(line for line in text.splitlines() if "with space" in line)
        assert score in line
        assert "60" in line
    assert r"b\|ar" in str(trackbench.report(results, "markdown", per_sequence=True))


def test_the_page_has_names_attributes_and_strips_of_any_sequence(results: Results) -> None:
    page = str(trackbench.report(results, "html", strips=["with space", "b|ar"]))
    assert "got10k-val: mean IoU of each sequence at full" in page
    assert re.search(r">with space</th>\s*<td[^>]*>60<", page)
    assert page.count("chosen sequence: got10k-val, sequence with space") == 2
    assert "data:image/jpeg;base64," in page
    # what the layout says of each frame: cover.label, and what follows from it
    assert "Mean IoU by cover" in page
    assert "Mean IoU by share of the target that is not covered" in page


def test_a_strip_of_a_sequence_that_is_not_there(folder: Path, commands: Commands) -> None:
    done = commands("report", folder, "--format", "html", "--strip", "nobody")
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert "no data set here has a sequence 'nobody'" in done.err


def test_a_sequence_is_drawn_by_its_name(videos: Path, commands: Commands) -> None:
    named = f"got10k:{videos}"
    done = commands("show", named, "--sequence", "b|ar", "--out", "a.png")
    assert (done.code, done.out) == (0, "a.png: got10k-val sequence 1 (b|ar), 55 frames\n")
    by_name = Path("a.png").read_bytes()
    commands("show", named, "--sequence", "1", "--out", "b.png")
    assert Path("b.png").read_bytes() == by_name
    wrong = commands("show", named, "--sequence", "bar", "--out", "c.png")
    assert (wrong.code, wrong.err.count("\n")) == (2, 1)
    assert "did you mean b|ar?" in wrong.err
