"""The files that the page and its charts are filled into."""

from __future__ import annotations

import base64
import hashlib
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


def source_hash(text: str) -> str:
    """Return what a Content-Security-Policy lets a style or a script through by."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
