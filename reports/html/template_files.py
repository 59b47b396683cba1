"""The files that the page and its charts are filled into."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

TEMPLATE = Path(__file__).parent / "template"


@cache
def environment() -> Environment:
    """Return what fills in a template, escaping every text."""
    return Environment(
        loader=FileSystemLoader(TEMPLATE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def read(name: str) -> str:
    """Return a file as it stands."""
    return (TEMPLATE / name).read_text(encoding="utf-8")
