"""In what a comparison and a verdict can be written."""

from __future__ import annotations

from enum import Enum
from typing import TypeVar

from trackbench.errors import UnknownIdError


class ComparisonFormat(Enum):
    """How a comparison is written."""

    TABLE = "table"
    MARKDOWN = "markdown"
    JSON = "json"


class VerdictFormat(Enum):
    """How a verdict is written."""

    TABLE = "table"
    MARKDOWN = "markdown"
    JUNIT = "junit"
    JSON = "json"


FormatT = TypeVar("FormatT", bound=Enum)


def chosen(formats: type[FormatT], form: FormatT | str) -> FormatT:
    """Return the format that is named.

    Raises:
        UnknownIdError: there is none of this name.
    """
    try:
        return formats(form)
    except ValueError:
        known = [str(each.value) for each in formats]
        raise UnknownIdError("format", str(form), known) from None
