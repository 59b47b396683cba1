"""The templates of pages, filled in: every text is escaped, and a page needs no network."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

TEMPLATE = Path(__file__).parent / "template"


def filled(template: str, **values: Any) -> str:
    """Return a page: a template with values, and our style and script with their hashes.

    The hashes are what a Content-Security-Policy lets style and script through by.
    """
    css, script = (_read(name) for name in ("style.css", "sort.js"))
    text = (
        _environment()
        .get_template(template)
        .render(
            **values,
            css=Markup(css),  # noqa: S704 - ours, a file beside the template
            script=Markup(script),  # noqa: S704 - ours
            css_hash=_hash(css),
            script_hash=_hash(script),
        )
    )
    # a name from a damaged record may hold what no encoding has
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _read(name: str) -> str:
    return (TEMPLATE / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
