"""Pages beside the report itself: while there is nothing yet, and of two directories."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from trackbench.printing.text import visible
from trackbench.reports.html.template_files import environment, read, source_hash


@dataclass(frozen=True)
class Difference:
    """A tracker on a data set in two directories.

    Attributes:
        tracker, dataset, length: which.
        first, second, change: mean IoU, and the second minus the first, as texts.
        size: of the change; NaN where one lacks it.
    """

    tracker: str
    dataset: str
    length: str
    first: str
    second: str
    change: str
    size: float


def waiting_page(why: str, state: str) -> str:
    """Return a page that says why there is no report yet, and becomes it when there is one."""
    return _filled("waiting.html.jinja", "follow.js", why=visible(why), state=state)


def beside_page(names: Sequence[str], differences: Sequence[Difference], state: str) -> str:
    """Return a page with what two directories have in common, and both reports beside it."""
    return _filled(
        "beside.html.jinja",
        "follow.js",
        names=[visible(name) for name in names],
        differences=differences,
        state=state,
    )


def _filled(template: str, script: str, **values: object) -> str:
    css, code = read("style.css"), read(script)
    text = (
        environment()
        .get_template(template)
        .render(
            css=Markup(css),  # noqa: S704 - ours, a file beside the template
            script=Markup(code),  # noqa: S704 - ours
            css_hash=source_hash(css),
            script_hash=source_hash(code),
            **values,
        )
    )
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
