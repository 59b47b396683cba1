"""What is stored of a sequence, drawn on frames that are made again."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import trackbench
from trackbench.errors import TrackbenchError
from trackbench.reports.tracker_colours import TRACKER_COLOURS, TRUTH_COLOUR
from trackbench.results.directory import Results

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    out = tmp_path_factory.mktemp("drawn") / "r"
    data = ["mnist-single-same", "mnist-multi-same"]
    trackbench.run("static", datasets=data, sequences=2, lengths=[6], out=out, jobs=1)
    trackbench.run("mosse", datasets=data[:1], sequences=2, lengths=[6], out=out, jobs=1)
    return Results.load(out)


def colours(content: bytes) -> set[tuple[int, ...]]:
    with Image.open(io.BytesIO(content)) as picture:
        return set(map(tuple, np.asarray(picture.convert("RGB")).reshape(-1, 3).tolist()))


def test_the_truth_and_every_tracker_in_its_colour(results: Results, tmp_path: Path) -> None:
    picture = results.show(1)
    assert str(picture) == "mnist-single-same-v1, sequence 1: mosse-v1, static-v1"
    assert {TRUTH_COLOUR, *TRACKER_COLOURS[:2]} <= colours(picture.content)
    picture.write(tmp_path / "x.png")
    assert (tmp_path / "x.png").read_bytes() == picture.content
    alone = results.show(1, trackers="static")
    assert TRACKER_COLOURS[1] in colours(alone.content)  # the same as beside others
    assert TRACKER_COLOURS[0] not in colours(alone.content)


def test_of_another_data_set_those_that_ran_on_it(results: Results) -> None:
    assert str(results.show(0, dataset="mnist-multi-same")).endswith(": static-v1")
    film = trackbench.draw(results.path, clip=True)
    assert film.content[:4] == b"\x1a\x45\xdf\xa3"  # Matroska, which WebM is


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"sequence": 2}, "sequence 2 of mnist-single-same-v1 is not in 0..1"),
        ({"sequence": "x"}, "unknown sequence of mnist-single-same-v1 'x'"),
        ({"dataset": "mnist"}, "unknown data set in .* known: mnist-multi-same-v1, mnist-single"),
        ({"trackers": "kcf"}, "unknown tracker in .* 'kcf': known: mosse-v1, static-v1"),
        (
            {"trackers": "mosse", "dataset": "mnist-multi-same"},
            "mosse-v1 was not run on mnist-multi-same-v1, where there is static-v1",
        ),
    ],
)
def test_what_there_is_not_is_said(results: Results, asked: dict[str, str], message: str) -> None:
    with pytest.raises(TrackbenchError, match=message):
        results.show(**asked)
