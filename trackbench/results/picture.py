"""A picture of results: shown in a notebook, or written to a file."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import TypedDict

from trackbench.arguments.checking import arguments_checked
from trackbench.results.atomic_files import write_out


class PictureKind(Enum):
    """What a picture is, by its media type."""

    SVG = "image/svg+xml"
    PNG = "image/png"
    WEBM = "video/webm"


class DrawOptions(TypedDict, total=False):
    """What :func:`trackbench.draw` takes beside results and a sequence; all may be left out."""

    dataset: str | None
    trackers: str | Iterable[str]
    clip: bool
    together: bool
    pictures: int
    columns: int | None
    zoom: int | None


@dataclass(frozen=True)
class Picture:
    """A picture or a film, whole in memory.

    Attributes:
        content: the bytes of a file.
        kind: of the file.
        description: a line that says what is to be seen.
    """

    content: bytes = field(repr=False)
    kind: PictureKind
    description: str

    @arguments_checked
    def write(self, out: str | Path) -> None:
        """Write it to a file, whole or not at all.

        Raises:
            TrackbenchError: it cannot be written.
        """
        write_out(out, self.content)

    def __str__(self) -> str:
        """Return what is to be seen."""
        return self.description

    def _repr_svg_(self) -> str | None:
        return self.content.decode("utf-8") if self.kind is PictureKind.SVG else None

    def _repr_png_(self) -> bytes | None:
        return self.content if self.kind is PictureKind.PNG else None

    def _repr_html_(self) -> str | None:
        """Return a film as an element that plays it."""
        if self.kind is not PictureKind.WEBM:
            return None
        from markupsafe import escape

        source = f"data:{self.kind.value};base64,{base64.b64encode(self.content).decode()}"
        return (
            '<video controls loop muted playsinline style="max-width:100%" '
            f'aria-label="{escape(self.description)}" src="{source}"></video>'
        )
