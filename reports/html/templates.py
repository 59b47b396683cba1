"""Pages: templates filled in, with all that they need, so that they need no network."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from markupsafe import Markup

from trackbench.reports.html.template_files import environment, read


def filled(template: str, **values: Any) -> str:
    """Return a page: a template with values, and our style and script with their hashes.

    The hashes are what a Content-Security-Policy lets style and script through by.
    """
    css, script = (read(name) for name in ("style.css", "sort.js"))
    text = (
        environment()
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


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
