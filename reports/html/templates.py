"""Pages: templates filled in, with all that they need, so that they need no network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from trackbench.reports.html.template_files import environment, read, source_hash


def filled(template: str, scripts: Sequence[str] = ("sort.js",), **values: Any) -> str:
    """Return a page: a template with values, and our style and script with their hashes.

    The hashes are what a Content-Security-Policy lets style and script through by.
    """
    css, script = read("style.css"), "\n".join(map(read, scripts))
    text = (
        environment()
        .get_template(template)
        .render(
            **values,
            css=Markup(css),  # noqa: S704 - ours, a file beside the template
            script=Markup(script),  # noqa: S704 - ours
            css_hash=source_hash(css),
            script_hash=source_hash(script),
        )
    )
    # a name from a damaged record may hold what no encoding has
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
