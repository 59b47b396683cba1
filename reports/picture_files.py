"""What pictures of a video become: a sheet of some of them, or a film of all."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np

from trackbench.arguments.bounds import COUNT, ZOOM
from trackbench.errors import TrackbenchError, parameter
from trackbench.reports import drawing
from trackbench.reports.clips import ClipForm, save_clip

if TYPE_CHECKING:
    from PIL.Image import Image

FRAME_MILLISECONDS = 80
_COLUMNS, _WIDEST = 5, 1920
"""Pictures in a row of a sheet, and pixels of its width, at most."""


def check_sheet(pictures: int, columns: int | None, zoom: int | None) -> None:
    """Refuse what no picture can be drawn with, before anything is tracked.

    Raises:
        TrackbenchError: one is less than 1, or the zoom more than a picture may be enlarged.
    """
    COUNT.of("pictures", pictures)
    COUNT.or_none("columns", columns)
    ZOOM.or_none("zoom", zoom)


class Form(Enum):
    """What is drawn, by the file's suffix."""

    SHEET = ".png"
    GIF = ".gif"
    MP4 = ".mp4"
    WEBM = ".webm"

    @classmethod
    def of(cls, out: Path) -> Form:
        """Return the form of a file.

        Raises:
            TrackbenchError: its suffix is of none.
        """
        try:
            return cls(out.suffix.lower())
        except ValueError:
            *most, last = (form.value for form in cls)
            known = f"{', '.join(most)} or {last}"
            raise TrackbenchError(f"{parameter('out')} {out}: end it in {known}") from None

    def frames(self, length: int, pictures: int) -> list[int]:
        """Return the numbers of the frames that are drawn of a video of some length."""
        count = min(pictures, length) if self is Form.SHEET else length
        return [int(t) for t in np.linspace(0, length - 1, count).round()]

    def save(self, drawn: Iterable[Image], out: Path, columns: int | None) -> None:
        """Write pictures of one size to a file.

        Args:
            drawn: one or more.
            out: the file, whatever it is called.
            columns: pictures in a row of a sheet; None: five, or as many as fit a window.

        Raises:
            TrackbenchError: nothing that is installed makes such a file.
        """
        match self:
            case Form.SHEET:
                pictures = list(drawn)
                fitting = max(1, min(_COLUMNS, _WIDEST // pictures[0].width))
                drawing.tile(pictures, columns or fitting).save(out, format="PNG")
            case Form.GIF:
                drawing.save_gif(drawn, out, FRAME_MILLISECONDS)
            case Form.MP4 | Form.WEBM:
                # FFmpeg knows formats by suffixes, which a temporary file lacks, and OpenCV is
                # ended by the system when it is given a name that is no text.
                with TemporaryDirectory() as folder:
                    named = Path(folder) / f"drawn{self.value}"
                    save_clip(drawn, named, FRAME_MILLISECONDS, ClipForm(self.value))
                    copyfile(named, out)
