"""In what a comparison and a verdict can be written."""

from __future__ import annotations

from enum import Enum


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
