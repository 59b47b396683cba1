"""The page's structure, whatever the results and whatever their names."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from numpy.typing import NDArray
from PIL import Image

from trackbench.errors import TrackbenchError
from trackbench.metrics import METRICS
from trackbench.report_contract import ReportOptions
from trackbench.reports.cell_values import Entry
from trackbench.reports.html.page import render
from trackbench.reports.html.summary import scores
from trackbench.reports.html.tables import Cell, HtmlTable
from trackbench.reports.html.tracker_styles import looks_of
from trackbench.reports.measures import measures
from trackbench.reports.published_numbers import published
from trackbench.reports.summary_layout import MOST_COLUMNS, ranking
from trackbench.results.directory import Results

MakeTracked = Callable[..., Any]
Resign = Callable[..., None]

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'; alert(1); '",
    "{{ 7 * 7 }}{% raw %}",
    "</style><b>",
    "a\u202eb\x1b[31m\x00\ud800",
)
VOID = {"meta", "link", "img", "br", "wbr", "input", "hr"}


class Read(HTMLParser):
    """Elements in order; whether each one that is opened is closed in turn."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None], tuple[str, ...]]] = []
        self.texts: list[str] = []
        self.stack: list[str] = []
        self.feed(text)
        self.close()
        assert self.stack == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs), tuple(self.stack)))
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs), tuple(self.stack)))

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"script", "style"} & set(self.stack):
            self.texts.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for found, attributes, _ in self.elements if found == tag]

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


def frames(dataset: str, sequence: int, length: int) -> NDArray[np.uint8]:  # noqa: ARG001
    return np.random.default_rng(sequence).integers(0, 255, (length, 100, 100), dtype=np.uint8)


@pytest.fixture(scope="module")
def results(track: MakeTracked) -> Results:
    return track(["good-v1", "middling", "bad"], failing=["bad"]).results


@pytest.fixture(scope="module")
def page(results: Results) -> Read:
    return Read(render(results, ReportOptions(frames=frames)))


def check_is_safe(page: Read) -> None:
    """Nothing runs but ours, nothing is loaded, nothing points to nowhere."""
    data = {"type": "application/json", "id": "data"}
    assert page.all("script") == [data, {}]  # what is no script is not executed
    assert len(page.all("style")) == 1
    identifiers = [a["id"] for _, a, _ in page.elements if a.get("id")]
    assert len(identifiers) == len(set(identifiers))
    for tag, attributes, _ in page.elements:
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        for name in ("src", "href", "srcset", "action", "data", "xlink:href"):
            target = attributes.get(name)
            if target is not None:
                inside = target.startswith("#") and target[1:] in identifiers
                assert inside or target.startswith("data:"), (tag, target)
        for name in (attributes.get("aria-labelledby") or "").split():
            assert name in identifiers


@pytest.mark.thorough
def test_sections_tables_and_charts(page: Read) -> None:
    check_is_safe(page)
    names = [a["id"] for a in page.all("section")]
    assert names == [
        *("scores", "time", "success", "attributes", "sequences", "explore"),
        *("speed", "metrics", "provenance"),
    ]
    assert page.all("html")[0]["lang"] == "en"
    assert len(page.all("h1")) == len(page.all("main")) == 1
    assert [a["href"] for a in page.all("a")] == ["#scores", *(f"#{name}" for name in names)]
    for heading in page.all("th"):
        assert heading["scope"] in {"row", "col", "colgroup"}
    for metric in METRICS:
        assert f"{metric.definition}." in page.text


def test_headings_skip_no_level(page: Read) -> None:
    levels = [int(tag[1]) for tag, _, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_chart_has_words_and_numbers(results: Results) -> None:
    text = render(results, ReportOptions())
    charts = re.findall(r'<figure(?: data-\w+="[^"]*")?>.*?</figure>', text, re.DOTALL)
    assert len(charts) == 2 + 2 + 6 + 1
    for chart in charts:
        read = Read(chart)
        (image,) = (a for a in read.all("svg") if a.get("role") == "img")
        title, description = read.all("title"), read.all("desc")
        assert image["aria-labelledby"] == f"{title[0]['id']} {description[0]['id']}"
        assert read.all("details")
        assert len(read.all("tr")) > 2
        assert "nan" not in chart.lower()


def test_no_number_is_printed_as_nan(page: Read) -> None:
    said = page.text
    for metric in METRICS:  # what a metric is may be told of NaN
        said = said.replace(metric.definition, "")
    assert not re.search(r"\bnan\b|\binf\b", said, re.IGNORECASE)


def test_scores_are_those_of_the_results(results: Results, page: Read) -> None:
    for cell in results.cells():
        assert f"{cell.mean:.2f} ± {cell.std:.2f}" in page.text


def test_the_best_of_a_column_is_bold(results: Results) -> None:
    text = render(results, ReportOptions())
    table = text[text.index('<section id="scores"') : text.index('<section id="time"')]
    rows = re.findall(r'<tr[^>]*><th scope="row".*?</tr>', table)
    assert [len(re.findall("<strong>", row)) for row in rows] == [4, 0, 0]


@pytest.mark.thorough
def test_intervals_and_printed_numbers_on_request(make_results: MakeTracked) -> None:
    made = make_results(["kcf-v1"], ["mnist-single-same-v1"], lengths=(20, 40))
    plain = Read(render(made.results, ReportOptions())).text
    asked = Read(render(made.results, ReportOptions(intervals=True, with_published=True))).text
    assert "printed 0." not in plain
    differences = [
        Entry(cell.mean - printed.mean, signed=True).text()
        for cell in made.results.cells()
        if (printed := published(cell.tracker, cell.dataset, cell.length))
    ]
    assert f"printed 0.37 ({differences[0]})" in asked
    assert all(re.fullmatch(r"[+-]\d\.\d\d", text) for text in differences)
    assert [text for text in differences if f"({text})" not in asked] == []
    assert len(re.findall(r"\[0\.\d\d, 0\.\d\d\]", asked)) == 2


def table_of_scores(results: Results, options: ReportOptions) -> HtmlTable:
    (iou,) = measures(results, options)
    return scores(results, iou, ranking(results, iou), options, looks_of(results))


@pytest.mark.thorough
@pytest.mark.parametrize("lengths", [(20, 30), tuple(range(2, 14))], ids=["many", "long"])
def test_parts_hold_the_whole_table(track: MakeTracked, lengths: tuple[int, ...]) -> None:
    results = track(["a", "b"], ["t", "u", "v", "w", "x", "y"], lengths=lengths).results
    options = ReportOptions()
    table = table_of_scores(results, options)
    parts = table.parts
    assert sum(len(part.heads) - table.kept for part in parts) == len(table.heads) - table.kept
    for place, row in enumerate(table.rows):
        assert row[3:] == tuple(cell for part in parts for cell in part.rows[place][3:])
    for number, part in enumerate(parts, 1):
        assert part.caption == f"{table.caption}, part {number} of {len(parts)}"
        assert len(part.heads) <= table.kept + MOST_COLUMNS
        assert part.groups[0] == ("Overall", 2)
        assert sum(span for _, span in part.groups) == len(part.heads) - 1
        assert part.heads[:3] == table.heads[:3]
        assert [row[:3] for row in part.rows] == [row[:3] for row in table.rows]
        assert not part.sortable
        assert not part.parts
    check_is_safe(Read(render(results, options)))


def test_a_table_that_fits_has_no_parts(results: Results) -> None:
    assert table_of_scores(results, ReportOptions()).parts == ()
    assert 'class="part"' not in render(results, ReportOptions())


@pytest.mark.thorough
def test_it_is_the_same_every_time(results: Results) -> None:
    options = ReportOptions(frames=frames)
    assert render(results, options) == render(results, options)


def test_only_our_script_and_style_may_run_and_nothing_loads(results: Results) -> None:
    text = render(results, ReportOptions())
    policy = Read(text).all("meta")[1]["content"] or ""
    assert policy.startswith("default-src 'none';")
    for tag in ("style", "script"):
        content = re.findall(f"<{tag}>(.*?)</{tag}>", text, re.DOTALL)[0]
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert not re.search(r"url\(|@import|https?://", text)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_text(track: MakeTracked, resign: Resign, name: str) -> None:
    folder = name.replace("/", "").replace("\x00", "").replace("\ud800", "")
    made = track([folder, "y"], ["p", "q"], sequences=6, failing=[folder])
    for file in made.path.glob("runs/**/record.json"):
        record = json.loads(file.read_text(encoding="utf-8"))
        for failure in record["failures"]:
            failure |= {"message": name, "output": name, "traceback": name}
        file.write_text(json.dumps(record), encoding="utf-8")
    same = {"description": name, "processor": name, "source": name}
    resign(made.path, **same, parameters={name: name}, versions={name: name})
    read = Read(render(made.results, ReportOptions(frames=frames)))
    check_is_safe(read)
    shown = "".join(c if c.isprintable() else repr(c)[1:-1] for c in name)
    assert shown in " ".join(read.texts)


def test_a_hostile_data_set_is_text(track: MakeTracked) -> None:
    name = HOSTILE[1]  # without a slash: the data set's folder has its name
    read = Read(render(track(["x"], [name], sequences=60).results, ReportOptions()))
    check_is_safe(read)
    assert name in read.texts


@pytest.mark.thorough
def test_hostile_attributes_are_text(track: MakeTracked, resign: Resign) -> None:
    made = track(["x"], ["p"], sequences=60)
    for part in made.path.glob("datasets/p/*.parquet"):
        table = pq.read_table(part)
        names = [HOSTILE[0] if n == "scale" else n for n in table.column_names]
        schema = table.schema.metadata
        pq.write_table(table.rename_columns(names).replace_schema_metadata(schema), part)
    resign(made.path)
    read = Read(render(made.results, ReportOptions()))
    check_is_safe(read)
    assert HOSTILE[0] in read.texts


def test_one_tracker_one_sequence_one_frame(track: MakeTracked) -> None:
    page = Read(render(track(["only"], ["d"], sequences=1, lengths=(1,)).results, ReportOptions()))
    check_is_safe(page)
    assert "How well does it track?" in page.text
    assert "1 tracker 1 data set 1 sequence 1 frame tracked" in page.text


def test_a_data_set_without_attributes(track: MakeTracked) -> None:
    page = Read(render(track(bare=("first-v1", "second")).results, ReportOptions()))
    check_is_safe(page)
    assert "attributes" not in [a["id"] for a in page.all("section")]


def test_too_few_frames_for_bins(track: MakeTracked) -> None:
    page = Read(render(track(sequences=2, lengths=(3,)).results, ReportOptions()))
    assert "attributes" not in [a["id"] for a in page.all("section")]


@pytest.mark.thorough
def test_ope_starts_with_frame_1(track: MakeTracked) -> None:
    page = Read(render(track(protocol="ope-v1").results, ReportOptions()))
    assert "every frame but frame 0 counts" in page.text
    assert re.search(r"good-v1 0\.\d\d at frame 1 and", page.text)


@pytest.mark.thorough
def test_a_tracker_that_lacks_a_data_set(track: MakeTracked) -> None:
    made = track(["a", "b"], ["x", "y"], without=[("a", "x")])
    page = Read(render(made.results, ReportOptions()))
    check_is_safe(page)
    rows = page.text[page.text.index("Tracker Rank Mean") :]
    assert rows.index(" b 1 ") < rows.index(" a – – – –")


@pytest.mark.thorough
def test_trackers_whose_time_is_unknown(track: MakeTracked) -> None:
    page = Read(render(track(seconds=0.0).results, ReportOptions()))
    check_is_safe(page)
    assert "speed-t" not in [a.get("id") for a in page.all("title")]


@pytest.mark.thorough
def test_twenty_trackers_look_different(track: MakeTracked) -> None:
    made = track([f"t{i}" for i in range(20)], ["d"], sequences=2, lengths=(4,))
    text = render(made.results, ReportOptions())
    table = text[text.index('class="sortable"') :]  # of all; charts have the best twelve
    swatches = re.findall(
        r'<svg class="swatch (s\d d\d)".*?<path class="marker".*?d="(.*?)"', table
    )
    assert len(set(swatches[:20])) == 20


def test_trackers_have_one_order_and_one_name_everywhere(track: MakeTracked) -> None:
    """The best is the last by name, and a version is in charts as it is in tables."""
    best_first = ["zeta-v1", "mid-v1", "alpha"]
    page = render(track(best_first, lengths=(30,)).results, ReportOptions())
    by_row = []
    for table in re.findall(r"<table.*?</table>", page, re.DOTALL):
        rows = re.findall(r"<tr.*?</tr>", table, re.DOTALL)
        named = [[n for n in best_first if re.search(rf">\s*{n}\s*<", row)] for row in rows]
        by_row.append([names[0] for names in named if len(names) == 1])
    by_row = [names for names in by_row if names]
    assert len(by_row) >= 4
    assert [names for names in by_row if names != best_first] == []
    legends = re.findall(r'<ul class="legend" aria-label="Trackers".*?</ul>', page, re.DOTALL)
    keys = [re.findall(r"</svg>\s*(zeta-v1|mid-v1|alpha)", legend) for legend in legends]
    assert keys == [best_first] * 3
    ends = re.findall(r'<text[^>]*class="label[^>]*>([^<]*)', page)
    assert {end.strip() for end in ends} == set(best_first)


def test_failures_are_counted_and_listed(page: Read) -> None:
    assert "2 failed" in page.text
    assert "Failed sequences" in page.text
    assert "ValueError: <b>lost</b>" in page.text


def test_strips_show_frames_and_say_what_they_show(page: Read, results: Results) -> None:
    strips = [a for a in page.all("div") if a.get("class") == "shots"]
    assert len(strips) == 3 * len(results.trackers)
    for strip in strips:
        assert strip["role"] == "img"
        assert re.search(
            r"(best|median|worst) sequence: .* IoU .* at frame 29", strip["aria-label"]
        )
    pictures = page.all("img")
    assert len(pictures) == 8 * len(strips)
    assert all(picture["alt"] == "" for picture in pictures)
    data = base64.b64decode(pictures[0]["src"].removeprefix("data:image/png;base64,"))
    assert Image.open(io.BytesIO(data)).size == (100, 100)


def test_the_strip_of_a_failed_sequence_says_so(track: MakeTracked) -> None:
    made = track(["x"], ["d"], failing=["x"])
    assert "Failed from frame 3 on: ValueError" in Read(render(made.results, ReportOptions())).text


@pytest.mark.thorough
def test_without_frames_boxes_are_drawn_and_the_reason_is_given(results: Results) -> None:
    page = Read(render(results, ReportOptions()))
    assert not page.all("img")
    assert "frames were not asked for" in page.text
    assert [a for a in page.all("rect") if a.get("class") == "predicted"]

    def broken(*_: object) -> NDArray[np.uint8]:
        raise TrackbenchError("the data set <gone> is not installed")

    page = Read(render(results, ReportOptions(frames=broken)))
    assert not page.all("img")
    assert "the data set <gone> is not installed" in page.text


def test_frames_of_another_number_are_not_shown(results: Results) -> None:
    page = Read(render(results, ReportOptions(frames=lambda d, s, t: frames(d, s, t - 1))))
    assert not page.all("img")
    assert "29 frames were made" in page.text


def test_large_colour_frames_become_small_colour_pictures(track: MakeTracked) -> None:
    made = track(["x"], ["d"], sequences=1, lengths=(2,))
    noise = np.random.default_rng(1).integers(0, 30, (2, 300, 800, 3), np.uint8)

    def large(dataset: str, sequence: int, length: int) -> NDArray[np.uint8]:  # noqa: ARG001
        return noise[:length] + np.array([200, 90, 20], np.uint8)

    page = Read(render(made.results, ReportOptions(frames=large)))
    data = base64.b64decode(page.all("img")[0]["src"].removeprefix("data:image/jpeg;base64,"))
    picture = Image.open(io.BytesIO(data))
    assert (picture.size, picture.mode, picture.format) == ((160, 60), "RGB", "JPEG")
    red, green, blue = np.asarray(picture).reshape(-1, 3).mean(axis=0)
    assert (red, green, blue) == pytest.approx((214.5, 104.5, 34.5), abs=2)
    assert "0 0 800 300" in [a.get("viewbox") for a in page.all("svg")]


def test_a_wide_table_without_groups_keeps_its_first_columns_in_every_part() -> None:
    heads = tuple(f"h{number}" for number in range(15))  # sequences, and a column a tracker
    cells = tuple(Cell(head) for head in heads)
    parts = HtmlTable(caption="Sequences", heads=heads, rows=(cells,), kept=2).parts
    assert len(parts) > 1
    assert all(part.heads[:2] == ("h0", "h1") for part in parts)
    assert [head for part in parts for head in part.heads[2:]] == list(heads[2:])
