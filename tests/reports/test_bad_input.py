"""``trackbench report`` on what is no results directory, or holds names that nobody would give.

Every mistake is one clear line and exit code 2; every name is escaped, never a wrong table.
"""

import csv
import io
import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt

from trackbench.printing.text import spreadsheet, visible
from trackbench.reports.latex import escape
from trackbench.results.record_file import checksum

MakeResults = Callable[..., Any]
CommandLine = Callable[..., subprocess.CompletedProcess[str]]

FORMATS = ("markdown", "latex", "csv", "json", "html")
LAYOUTS = ("summary", "paper")
EVERYTHING = ("--with-published", "--intervals", "--metric", "all")

HOSTILE = (
    "<script>alert(1)</script>",
    "<!-- hidden",
    r"a_b&c%d#e{f}~^\$",
    "x|y",
    "[*a*]",
    "broken\nline\r\n| 1 | 2 |",
    "\x1b[31mred\x1b[0m\x07\x00",
    "\u05e9\u05dc\u05d5\u05dd",
    "turned\u202eround",
    "\ud800 alone",
    '=1+"x", y',
    "\\input{/etc/passwd}",
    "a & b \\\\ c",
)
"""Names that no id may be, but that a record may hold: it is a file, and anyone can write it."""

NAMES = tuple(name.replace("/", "").replace("\x00", "") for name in HOSTILE if "\ud800" not in name)
"""As many of them as can be the name of a folder, which a record must agree with."""


Report = Callable[..., Any]


@pytest.fixture
def report(commands: Callable[..., Any]) -> Report:
    """Run ``trackbench report`` as it is, but in this process."""
    return partial(commands, "report")


def is_one_clear_line(done: Any, message: str) -> None:
    assert message in done.err
    assert done.code == 2
    assert done.err.startswith("trackbench: ")
    assert done.err.count("\n") == 1
    assert "\x1b" not in done.err
    assert not done.out


def record_of(path: Path, kind: str) -> Path:
    """Return the first record of the runs or of the data sets."""
    return min((path / kind).rglob("record.json"))


def edit(record: Path, changes: Mapping[str, Any]) -> None:
    """Change a record as one would who knows how its checksum is made."""
    content = json.loads(record.read_text()) | changes
    del content["checksum"]
    record.write_text(json.dumps({**content, "checksum": checksum(content)}))


# --- what is no results directory ---


@pytest.mark.parametrize("form", FORMATS)
def test_what_is_no_results_directory(tmp_path: Path, report: Report, form: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("mine")
    (tmp_path / "other/runs/a").mkdir(parents=True)
    for name, message in {
        "nowhere": "there is no results directory",
        "file": "there is no results directory",
        "empty": "holds no results: run trackers with --out",
        "other": "holds no results: run trackers with --out",
        "\x1b[31mred\nname": r"\x1b[31mred\nname",
    }.items():
        is_one_clear_line(report(tmp_path / name, "--format", form), message)
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--layout", "papr"), "papr"),
        (("--metric", "auc@otp"), "unknown metric 'auc@otp': did you mean auc@otb?"),
        (("--metric", "all", "-m", "robust"), "unknown metric 'robust': did you mean robustness?"),
        (("--metric", "sr50"), "did you mean sr50@got10k?"),
        (("--metric", "nothing"), "known: absence, ao@got10k, auc@otb, "),
        (("--format", "markdwn"), "unknown report format 'markdwn': did you mean markdown?"),
        (("--plugin", "none.py"), "there is no plugin file none.py"),
        (("--protocol", "ope"), "unknown protocol 'ope': did you mean ope-v1?"),
    ],
)
def test_a_bad_option(
    make_results: MakeResults, report: Report, arguments: tuple[str, ...], message: str
) -> None:
    is_one_clear_line(report(make_results().path, *arguments), message)


# --- what is damaged ---


@pytest.mark.thorough
@pytest.mark.slow
def test_a_run_that_was_killed(tmp_path: Path, trackbench_cli: CommandLine) -> None:
    """Killed for real: alone there is no table, beside another run it is left out."""
    command = ("run", "--tracker", "static", "--out", "r", "--jobs", "1")
    process = subprocess.Popen(
        [sys.executable, "-m", "trackbench", *command, "--dataset", "mnist-single-same"],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 120
    while not _parts(tmp_path / "r"):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.kill()
    process.wait(60)
    done = trackbench_cli("report", "r")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "trackbench: r holds only unfinished runs: the same trackbench run as before goes on\n"
    )
    other = ("--dataset", "mnist-single-diff", "--sequences", "2", "--lengths", "3")
    assert trackbench_cli(*command, *other).returncode == 0
    done = trackbench_cli("report", "r", "--layout", "paper")
    assert done.returncode == 0
    assert done.stderr == (
        "trackbench: left out: static-v1 on mnist-single-same-v1 is not finished\n"
    )
    assert "MNIST-Single-Diff" in done.stdout
    assert "MNIST-Single-Same" not in done.stdout


def _parts(directory: Path) -> list[Path]:
    try:
        return list(directory.rglob("runs/**/part-*.parquet"))
    except FileNotFoundError:  # whether it can be made is tried first, and it is removed again
        return []


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("damage", ["cut", "empty", "missing", "text"])
def test_a_damaged_part(
    make_results: MakeResults, report: Report, damage: str, form: str, tmp_path: Path
) -> None:
    path = make_results().path
    part = sorted((path / "runs").rglob("part-*.parquet"))[1]
    match damage:
        case "cut":
            part.write_bytes(part.read_bytes()[:-30])
        case "empty":
            part.write_bytes(b"")
        case "missing":
            part.unlink()
        case "text":
            part.write_text("sequence,frame,iou\n")
    out = tmp_path / "out"
    done = report(path, "--format", form, "--out", out)
    is_one_clear_line(done, f"{part} ")
    said = "cannot be read" if damage == "missing" else "is not the part that its record names"
    assert said in done.err
    assert not out.exists()


@pytest.mark.parametrize("kind", ["runs", "datasets"])
@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '"x"', "null", "{}", '{"schema": 1}', '{"schema": "x"}', "\x00\xff"],
)
def test_a_record_that_is_none(
    make_results: MakeResults, report: Report, kind: str, text: str
) -> None:
    path = make_results().path
    record_of(path, kind).write_text(text, encoding="latin-1")
    is_one_clear_line(report(path), f"{record_of(path, kind)} is not a record of results")


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("runs", {"chunk": 0}),
        ("runs", {"chunk": None}),
        ("runs", {"sequences": "5"}),
        ("runs", {"tracker": 7}),
        ("runs", {"chunks": {"a": {}}}),
        ("runs", {"chunks": {str(n): {"seconds": 1.0, "frames": 1} for n in (0, 7)}}),
        ("runs", {"failures": [{"sequence": 1}]}),
        ("datasets", {"lengths": []}),
        ("datasets", {"lengths": [4, 2]}),
        ("datasets", {"lengths": [2, 4, 99]}),  # would be scored as if it were there
        ("datasets", {"lengths": [0]}),
        ("datasets", {"frame": [100, -1]}),
        ("datasets", {"unknown": 1}),
    ],
)
def test_a_record_that_would_make_a_wrong_table(
    make_results: MakeResults, report: Report, kind: str, changes: Mapping[str, Any]
) -> None:
    path = make_results().path
    edit(record_of(path, kind), changes)
    is_one_clear_line(report(path), f"{record_of(path, kind)} is not a record of results")


@pytest.mark.parametrize("kind", ["runs", "datasets"])
def test_a_record_of_a_newer_schema(make_results: MakeResults, report: Report, kind: str) -> None:
    path = make_results().path
    edit(record_of(path, kind), {"schema": 99})
    is_one_clear_line(report(path), "follows schema 99, newer than this trackbench knows")


def test_a_protocol_that_nobody_knows(make_results: MakeResults, report: Report) -> None:
    path = make_results(("a",), ("x-v1",)).path
    edit(record_of(path, "runs"), {"protocol": "paper-v9"})
    is_one_clear_line(report(path), "is of 'paper-v9', and stands in the folder of 'paper-v1'")
    (path / "runs/a/x-v1/paper-v1").rename(path / "runs/a/x-v1/paper-v9")
    is_one_clear_line(report(path), "unknown protocol 'paper-v9': did you mean paper-v1?")


def test_the_truth_is_missing(make_results: MakeResults, report: Report) -> None:
    path = make_results().path
    shutil.rmtree(path / "datasets")
    is_one_clear_line(report(path), "record.json is not a record of results")


def test_the_truth_is_missing_but_for_its_record(make_results: MakeResults, report: Report) -> None:
    path = make_results().path
    for part in (path / "datasets").rglob("part-*.parquet"):
        part.unlink()
    assert report(path).code == 0  # IoU is stored with the predictions
    is_one_clear_line(report(path, "--metric", "auc@otb"), "part-00000.parquet cannot be read")


# --- what does not belong together ---


def test_two_versions_under_one_id_never_stand_under_one_name(
    make_results: MakeResults, report: Report
) -> None:
    """The newer is shown; on what it was not run there is nothing, and it is said."""
    make_results(("a-v1", "b"), ("x-v1", "y-v1"), parameters={"n": 1})
    only_y = {"without": {("a-v1", "x-v1")}, "parameters": {"n": 2}}
    path = make_results(("a-v1",), ("x-v1", "y-v1"), **only_y).path
    for form in FORMATS:
        done = report(path, "--format", form)
        assert done.code == 0
        assert "a-v1: another version (" in done.err
        assert "is stored beside this, on x-v1, y-v1; not shown" in done.err
    rows = json.loads(report(path, "-f", "json").out)
    assert {(r["tracker"], r["dataset"]) for r in rows} == {
        ("a-v1", "y-v1"),
        ("b", "x-v1"),
        ("b", "y-v1"),
    }


@pytest.mark.parametrize("level", ["tracker", "data set", "version"])
def test_a_run_that_was_copied_beside_itself(
    make_results: MakeResults, report: Report, level: str
) -> None:
    path = make_results(("a-v1",), ("x-v1",)).path
    (version,) = (path / "runs/a-v1/x-v1/paper-v1").glob("[0-9a-f]*")
    source = {
        "tracker": path / "runs/a-v1",
        "data set": path / "runs/a-v1/x-v1",
        "version": version,
    }[level]
    shutil.copytree(source, source.with_name("backup"))
    is_one_clear_line(report(path), "and stands in the folder of 'backup': it was moved, copied")


def test_two_versions_of_one_tracker_are_both_shown(
    make_results: MakeResults, report: Report
) -> None:
    path = make_results(("kcf-v1", "kcf-v2"), ("mnist-single-same-v1",)).path
    for layout in LAYOUTS:
        tables = report(path, "--layout", layout).out.partition("\n- ")[0]
        assert len(re.findall(r"kcf-v1\b", tables)) >= 1
        assert len(re.findall(r"kcf-v2\b", tables)) >= 1


# --- names ---


@pytest.fixture(scope="module")
def hostile(
    tmp_path_factory: pytest.TempPathFactory, results_maker: Callable[[Path], MakeResults]
) -> Path:
    """Return results in which each tracker has one of the names, and beside them a good one.

    They are only read.
    """
    make = results_maker(tmp_path_factory.mktemp("hostile") / "results")
    path: Path = make((*NAMES, "kcf-v1"), lengths=(20, 40), sequences=4).path
    return path


@pytest.mark.parametrize("name", ["../b", "..", ".", "", "/etc", "a/b", "\x00", "\ud800", "b"])
def test_a_record_that_names_another_folder(
    make_results: MakeResults, report: Report, name: str
) -> None:
    path = make_results(("a",), ("x-v1",)).path
    for field in ("tracker", "dataset", "protocol"):
        record = record_of(path, "runs")
        before = json.loads(record.read_text())[field]
        edit(record, {field: name})
        is_one_clear_line(report(path), "it was moved, copied or changed")
        edit(record, {field: before})
    assert report(path).code == 0
    edit(record_of(path, "datasets"), {"id": name})
    is_one_clear_line(report(path), "it was moved, copied or changed")


class Page(HTMLParser):
    """The tags of a page, and the text of its table cells."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.comments = 0
        self.cells: list[str] = []
        self._reading = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag in ("td", "th"):
            self.cells.append("")
            self._reading = True

    def handle_endtag(self, tag: str) -> None:
        self._reading = self._reading and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        if self._reading:
            self.cells[-1] += data

    def handle_comment(self, data: str) -> None:
        self.comments += 1


@pytest.mark.thorough
@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_names_move_nothing_on_a_terminal(
    hostile: Path, report: Report, form: str, layout: str, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    done = report(hostile, "--format", form, "--layout", layout, *EVERYTHING, "--out", out)
    assert (done.code, done.err) == (0, "")
    text = out.read_text(encoding="utf-8")
    assert [line for line in text.split("\n") if visible(line) != line] == []


@pytest.mark.thorough
@pytest.mark.parametrize("layout", LAYOUTS)
def test_names_in_markdown(hostile: Path, report: Report, layout: str) -> None:
    text = report(hostile, "--layout", layout, *EVERYTHING).out
    renderer = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    page = Page(renderer.render(text))
    assert page.tags == {
        *("p", "strong", "em", "ul", "li"),
        *("table", "thead", "tbody", "tr", "th", "td"),
    }
    assert page.comments == 0
    for name in NAMES:
        # in each of the tables: mean IoU and eight metrics
        assert page.cells.count(visible(name)) == 9
    for part in text.split("\n\n"):
        if part.startswith("|"):
            counts = {len(re.findall(r"(?<!\\)\|", row)) for row in part.splitlines()}
            assert len(counts) == 1


@pytest.mark.thorough
@pytest.mark.parametrize("layout", LAYOUTS)
def test_names_in_latex(hostile: Path, report: Report, layout: str, tmp_path: Path) -> None:
    out = tmp_path / "report.tex"
    assert report(hostile, "-f", "latex", "--layout", layout, *EVERYTHING, "-o", out).code == 0
    text = out.read_text(encoding="utf-8")
    for name in NAMES:
        assert text.count(escape(visible(name))) >= 9
    for tabular in text.split(r"\begin{tabular}")[1:]:
        rows = [line for line in tabular.splitlines() if line.endswith(r" \\")]
        spans = [
            sum(
                int(span[1]) if (span := re.match(r"\s*\\multicolumn\{(\d+)\}", cell)) else 1
                for cell in re.split(r"(?<!\\)&", row)
            )
            for row in rows
        ]
        assert len(set(spans)) == 1
    if shutil.which("pdflatex") is None:
        return
    (tmp_path / "main.tex").write_text(
        "\\documentclass{article}\\usepackage{booktabs,graphicx}\n"
        "\\begin{document}\\input{report}\\end{document}\n"
    )
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "main.tex"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=120,
        check=False,
    )
    # A name that is read as a command is an error: there is no file etcpasswd.
    assert done.returncode == 0, done.stdout[-3000:]
    assert "root:" not in done.stdout
    assert "Missing character" not in (tmp_path / "main.log").read_text(errors="replace")


def test_names_in_csv_and_json(hostile: Path, report: Report) -> None:
    rows = list(csv.reader(io.StringIO(report(hostile, "-f", "csv").out, newline=""), strict=True))
    assert {len(row) for row in rows} == {18}
    assert len(rows) == 1 + (len(NAMES) + 1) * 2 * 2
    assert {row[0] for row in rows[1:]} == {*map(spreadsheet, NAMES), "kcf-v1"}
    records = json.loads(report(hostile, "-f", "json").out)
    assert {record["tracker"] for record in records} == {*NAMES, "kcf-v1"}


@pytest.mark.thorough
@pytest.mark.parametrize("form", FORMATS)
def test_data_sets_of_any_name(make_results: MakeResults, report: Report, form: str) -> None:
    path = make_results(("kcf-v1", "z"), NAMES, lengths=(20, 40), sequences=2, spoil=False).path
    for layout in LAYOUTS:
        done = report(path, "--format", form, "--layout", layout, *EVERYTHING)
        assert (done.code, done.err) == (0, "")
        assert [line for line in done.out.split("\n") if visible(line) != line] == []


def test_an_unfinished_run_of_such_a_name_is_said_in_one_line(
    make_results: MakeResults, report: Report
) -> None:
    name = "\x1b[31mred\nname"
    path = make_results(("a", name), ("x-v1",), unfinished={(name, "x-v1")}).path
    done = report(path)
    assert done.code == 0
    assert done.err == (r"trackbench: left out: \x1b[31mred\nname on x-v1 is not finished" + "\n")


# --- formats of others ---

PLUGIN = '''
from trackbench.report_contract import ReportSpec


def told(results, options):
    """Return what was asked for."""
    asked = [options.layout.value, options.intervals, options.metrics, options.frames is not None]
    return f"{results.trackers} {asked}\\n"


def wrong(results, options):
    """Return no text."""
    return 7


def fails(results, options):
    """Fail with an error of more than a line."""
    raise ValueError("first line\\nsecond")


FORMATS = [ReportSpec(id=f.__name__, factory=f, suffix=".txt") for f in (told, wrong, fails)]
TOLD, WRONG, FAILS = FORMATS
'''


def test_a_format_from_a_file(make_results: MakeResults, report: Report, tmp_path: Path) -> None:
    plugin = tmp_path / "mine.py"
    plugin.write_text(PLUGIN)
    path = make_results(("a",), ("x-v1",)).path
    options = ("--layout", "paper", "--intervals", "-m", "survival", "-m", "survival")
    done = report(path, "--plugin", plugin, "--format", "told", *options)
    assert done.out == "['a'] ['paper', True, ('survival',), True]\n"
    done = report(path, "--plugin", plugin, "--format", "wrong")
    is_one_clear_line(done, "the format wrong makes int, not text")
    done = report(path, "--plugin", plugin, "--format", "fails")
    is_one_clear_line(done, "the format fails fails: ValueError: first line")
