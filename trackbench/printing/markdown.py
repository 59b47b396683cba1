"""Markdown tables for pull requests."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence

from trackbench.printing.text import visible


def markdown_table(
    header: Sequence[str], rows: Iterable[Sequence[str]], text: Container[int]
) -> list[str]:
    """Return a table's lines; the columns ``text`` are flush left, the others are numbers."""
    marks = [":---" if column in text else "---:" for column in range(len(header))]
    return [line(header), line(marks), *(line([escape(cell) for cell in row]) for row in rows)]


def escape(text: str) -> str:
    """Keep what a name contains from being read as Markdown or HTML, or from ending the line."""
    text = visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\`*_\[\]|~#$])", r"\\\1", text)


def line(cells: Sequence[str]) -> str:
    """Return a table's line."""
    return f"| {' | '.join(cells)} |"
