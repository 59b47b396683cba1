"""The tutorial notebook executed by a kernel, cell by cell, and what stands under its cells."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import nbclient
import nbformat
import pytest
from PIL import Image

FILE = Path(__file__).parents[2] / "examples" / "first_tracker.ipynb"
PATIENCE = """
import trackbench.running.bars as bars
bars.QUIET_SECONDS = 0.0
"""


@pytest.fixture(scope="module")
def cells(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """Execute it, with bars of what takes no time at all."""
    book = nbformat.read(FILE, as_version=4)
    assert all(not cell.get("outputs") for cell in book.cells)
    book.cells.insert(0, nbformat.v4.new_code_cell(PATIENCE))
    folder = tmp_path_factory.mktemp("notebook")
    client = nbclient.NotebookClient(
        book, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
    )
    client.execute()
    for name in ("report.html", "table.tex", "success.svg"):
        assert (folder / name).stat().st_size > 1000
    return list(book.cells)


def shown(cells: list[Any], source: str) -> list[dict[str, Any]]:
    """Return what stands under the first cell that has some words."""
    cell = next(cell for cell in cells if cell.cell_type == "code" and source in cell.source)
    return [output.data for output in cell.outputs if "data" in output]


@pytest.mark.thorough
def test_results_are_a_table_and_not_screens_of_repr(cells: list[Any]) -> None:
    *bars, table = shown(cells, "results = trackbench.run(")
    assert len(bars) == 1
    assert "100%" in bars[0]["text/plain"]
    for tracker in ("brightest", "kcf-v1", "static-v1"):
        assert tracker in table["text/html"]
        assert tracker in table["text/plain"]
        assert tracker in bars[0]["text/html"]
    root = ET.fromstring(table["text/html"].strip())  # noqa: S314 - ours
    assert len(root.findall(".//tbody/tr")) == 3
    assert "Rank" in table["text/plain"]
    assert "RunRecord" not in table["text/plain"]


@pytest.mark.thorough
def test_the_frame_is_narrow_and_the_comparison_is_its_table(cells: list[Any]) -> None:
    (frame,) = shown(cells, "results.table()")
    assert max(map(len, frame["text/plain"].splitlines())) < 80
    (compared,) = shown(cells, "trackbench.compare")
    assert "brightest - static-v1, mnist-single-same-v1, 12 sequences" in compared["text/plain"]


@pytest.mark.thorough
def test_charts_pictures_and_films_stand_in_the_notebook(cells: list[Any]) -> None:
    (chart,) = shown(cells, 'results.plot("time")')
    drawn = ET.fromstring(chart["image/svg+xml"])  # noqa: S314 - ours
    named = [text.text for text in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert {"brightest", "kcf-v1", "static-v1", "MNIST-Single-Same"} <= set(named)
    (sheet,) = shown(cells, "worst = int(")
    with Image.open(io.BytesIO(base64.b64decode(sheet["image/png"]))) as picture:
        assert picture.width > 600
    (film,) = shown(cells, "clip=True")
    assert "<video controls" in film["text/html"]
    content = base64.b64decode(film["text/html"].split("base64,")[1].split('"')[0])
    av = pytest.importorskip("av")
    with av.open(io.BytesIO(content)) as opened:
        assert opened.streams.video[0].codec_context.name == "vp9"
        assert sum(1 for _ in opened.decode(video=0)) == 40
