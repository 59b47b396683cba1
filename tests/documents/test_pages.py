"""README.md and docs/ say nothing that does not work: their commands are run, their links lead."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from documents import Page
from markdown_it import MarkdownIt
from markdown_it.token import Token
from sybil.example import SybilFailure

ROOT = Path(__file__).parents[2]
RUN = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
ALL = [*RUN, *(ROOT / name for name in ("ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"))]
CODE = [ROOT / "ARCHITECTURE.md", ROOT / "docs" / "walkthrough.md"]
"""What they name is always ours."""
SKIP = re.compile(r"^<!--- skip: (.*) -->$", re.MULTILINE)
REASON = re.compile(r'next (".+"|if\(.+, ".+"\))')


def tokens_of(page: Path) -> list[Token]:
    return MarkdownIt().enable("table").parse(page.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", RUN, ids=lambda page: page.name)
def test_what_a_reader_types_works_in_its_order(page: Path, tmp_path: Path) -> None:
    Page(page, tmp_path).run()


@pytest.mark.parametrize("page", RUN, ids=lambda page: page.name)
def test_everything_that_looks_like_code_is_run_or_left_out_for_a_reason(
    page: Path, tmp_path: Path
) -> None:
    tokens = tokens_of(page)
    assert [t.map for t in tokens if t.type == "code_block"] == []  # indented: of no language
    fences = [token.content for token in tokens if token.type == "fence"]
    assert [example.parsed for example in Page(page, tmp_path).examples] == fences
    for skip in SKIP.findall(page.read_text(encoding="utf-8")):
        assert REASON.fullmatch(skip), skip


@pytest.mark.parametrize("page", ALL, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    inline = [child for token in tokens_of(page) for child in token.children or []]
    targets = [str(t.attrs["href"]) for t in inline if t.type == "link_open"]
    targets += [str(t.attrs["src"]) for t in inline if t.type == "image"]
    for target in targets:
        if target.startswith("https://"):
            continue
        name, _, heading = target.partition("#")
        there = (page.parent / name).resolve() if name else page
        assert there.exists(), target
        assert not heading or heading in headings_of(there), target


@pytest.mark.parametrize("page", ALL, ids=lambda page: page.name)
def test_the_files_that_a_page_names_are_there(page: Path) -> None:
    """A name in backticks that ends in .py is the end of a path; a reader's own has no folder."""
    ours = r"[\w./-]+(?:\.py|/)" if page in CODE else r"(?:[\w.-]+/)+[\w.-]+\.py|test_\w+\.py"
    spans = re.findall(r"`([^`\n]+)`", page.read_text(encoding="utf-8"))
    named = [word for span in spans for word in span.split() if re.fullmatch(ours, word)]
    git = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(
        git, cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    paths = {f"/{path}" for path in listed}
    paths |= {f"{parent}/" for path in paths for parent in Path(path).parents if parent.name}
    assert [name for name in named if not any(path.endswith(f"/{name}") for path in paths)] == []


def headings_of(page: Path) -> set[str]:
    """Return the anchors that GitHub gives the headings of a page."""
    tokens = tokens_of(page)
    titles = (tokens[k + 1].content for k, t in enumerate(tokens) if t.type == "heading_open")
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_the_readme_is_short_and_its_table_narrow() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) < 150
    tokens = tokens_of(ROOT / "README.md")
    rows = [k for k, token in enumerate(tokens) if token.type == "tr_open"]
    assert rows
    for row in rows:
        end = next(k for k in range(row, len(tokens)) if tokens[k].type == "tr_close")
        assert sum(t.type in {"th_open", "td_open"} for t in tokens[row:end]) <= 6


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("```sh\necho a\nfalse\necho b\n```\n", r"exit code 1\na\n$"),
        ("```console\n$ echo 12\n13\n```\n", r"echo 12 prints\n12\n\nand not\n13"),
        ("```console\n$ echo 12; false\n12\n```\n", "exit code 1"),
        ("```console\necho 12\n```\n", "a console shows commands"),
        (
            "```python\n# a.py\nB = 1\n```\n\n```python\nimport a\nassert a.B == 2\n```\n",
            "Assertion",
        ),
    ],
)
def test_it_would_be_seen_if_a_page_were_wrong(written: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text(written)
    with pytest.raises(SybilFailure, match=said):
        Page(tmp_path / "page.md", tmp_path).run()


def test_a_console_may_leave_out_what_differs_and_a_page_what_takes_long(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text(
        "```console\n$ echo took 12 s\ntook ... s\n$ true\n```\n\n"
        '<!--- skip: next "long" -->\n```sh\nfalse\n```\n\n'
        '<!--- skip: next if(1 > 2, "never") -->\n```sh\ntouch here\n```\n'
    )
    page = Page(tmp_path / "page.md", tmp_path)
    page.run()
    assert page.skipped == ["long"]
    assert (tmp_path / "here").exists()
