"""What results show of themselves: a line, tables, a frame that is narrow, charts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from trackbench.errors import TrackbenchError
from trackbench.results.directory import Results
from trackbench.results.picture import PictureKind

StoreIou = Callable[..., Path]
FEW = ["tracker", "dataset", "length", "mean", "std", "fps"]


def iou(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).random((5, 6))


@pytest.fixture
def results(store_iou: StoreIou) -> Results:
    both = {"one-v1": iou(1), "two-v1": iou(2)}
    return Results.load(store_iou("r", {"a<b>": both, "kcf-v1": both}))


def test_its_repr_is_a_line_and_its_text_and_html_are_the_tables(results: Results) -> None:
    assert repr(results) == f"<Results {results.path}: 2 trackers on 2 data sets>"
    assert "Rank" in str(results)
    shown = ET.fromstring(results._repr_html_())  # noqa: S314 - ours
    heads = [row.findtext("th") for row in shown.findall(".//tbody/tr")]
    assert sorted(filter(None, heads)) == ["a<b>", "kcf-v1"]


def test_the_frame_has_few_columns_and_those_that_say_more(
    results: Results, store_iou: StoreIou
) -> None:
    table = results.table()
    assert list(table.columns) == FEW
    whole = results.table(every=True)
    assert len(whole.columns) > 15
    assert whole["mean"].equals(table["mean"])
    assert table["fps"].tolist() == pytest.approx(whole["fps"].tolist(), rel=1e-3)
    other = store_iou("s", {"a": {"one-v1": iou(1)}}, nan=((2, 3),))
    assert list(Results.load(other).table().columns) == [*FEW, "invalid"]


def test_what_was_not_run_has_no_table_and_says_so() -> None:
    nothing = Results(Path("r"), ())
    assert str(nothing) == "r: nothing was run, so there is no table"
    assert nothing._repr_html_() == "<p>r: nothing was run, so there is no table</p>"
    for asked in (nothing.plot, nothing.show):
        with pytest.raises(TrackbenchError, match="r: nothing was run"):
            asked()
    assert repr(nothing) == "<Results r: 0 trackers on 0 data sets>"


@pytest.mark.parametrize("kind", ["time", "success", "speed"])
def test_charts_are_svg_with_every_name(results: Results, kind: str, tmp_path: Path) -> None:
    picture = results.plot(kind, dataset="two")
    assert picture.kind is PictureKind.SVG
    assert picture._repr_png_() is picture._repr_html_() is None
    picture.write(tmp_path / "x.svg")
    drawn = ET.parse(tmp_path / "x.svg").getroot()  # noqa: S314 - ours
    texts = [element.text for element in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert {"a<b>", "kcf-v1"} <= set(texts)
    assert "one-v1" not in texts
    assert "var(" not in (tmp_path / "x.svg").read_text()  # few programs but browsers know it


def test_a_chart_that_there_is_not_says_why(results: Results) -> None:
    with pytest.raises(TrackbenchError, match=r"unknown chart 'sucess': did you mean success?"):
        results.plot("sucess")
    with pytest.raises(TrackbenchError, match="no chart attributes: the data sets say nothing"):
        results.plot("attributes")
    with pytest.raises(TrackbenchError, match=r"unknown data set in .*: known: one-v1, two-v1"):
        results.plot(dataset="three")


def test_metrics_that_are_asked_for_stand_under_the_charts(results: Results) -> None:
    import trackbench

    text = str(trackbench.report(results, "svg", metrics=["auc@otb"]))
    assert "auc@otb, one-v1: a&lt;b&gt; 0." in text
