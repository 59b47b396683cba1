"""In what a comparison and a verdict can be written."""

from __future__ import annotations

from abc import ABC, abstractmethod
from enum import Enum
from typing import TYPE_CHECKING, TypeVar

from trackbench.errors import UnknownIdError
from trackbench.printing.on_console import printed

if TYPE_CHECKING:
    from rich.console import Console


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


class Tabled(ABC):
    """A result that prints itself as tables, as Markdown and as JSON."""

    def render(self, form: ComparisonFormat | str = ComparisonFormat.TABLE) -> str:
        """Return it as text.

        Args:
            form: ``"table"``, ``"markdown"`` or ``"json"``.

        Raises:
            TrackbenchError: there is no such format.
        """
        match chosen(ComparisonFormat, form):
            case ComparisonFormat.TABLE:
                return printed(self.print_to)
            case ComparisonFormat.MARKDOWN:
                return self._markdown()
            case ComparisonFormat.JSON:
                return self._json()

    @abstractmethod
    def print_to(self, console: Console) -> None:
        """Print the tables to a terminal of any width."""

    @abstractmethod
    def _markdown(self) -> str: ...

    @abstractmethod
    def _json(self) -> str: ...

    def __str__(self) -> str:
        """Return the tables."""
        return self.render()
