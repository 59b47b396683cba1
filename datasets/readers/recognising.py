"""What a folder of videos seems to be, and why."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from trackbench.arguments.checking import arguments_checked
from trackbench.datasets.readers.data_errors import data_error
from trackbench.datasets.readers.folder_places import find_places
from trackbench.datasets.readers.layouts import READERS
from trackbench.datasets.readers.reader import Reader
from trackbench.errors import DataError
from trackbench.printing.text import visible

_MOST_FOLDERS = 200


@dataclass(frozen=True)
class Recognised:
    """A layout that fits a folder.

    Attributes:
        reader: of the layout.
        path: the data folder: what was asked about, or one in it, or the one it lies in.
        reasons: files and folders that this layout has.
    """

    reader: Reader
    path: Path
    reasons: tuple[str, ...]

    @property
    def name(self) -> str:
        """How it is named on the command line."""
        return f"{self.reader.id}:{self.path}"

    def __str__(self) -> str:
        """Return its name, and why."""
        return visible(f"{self.name}  ({', '.join(self.reasons)})")


@arguments_checked
def recognise(path: str | Path) -> list[Recognised]:
    """Return the layouts that a folder seems to be of, the most likely first.

    Where the folder itself is of none, those in it and the one it lies in are looked at: people
    name the folder above ``data_seq``, or GOT-10k's ``val``.

    Raises:
        DataError: there is no such folder, or it is of no layout; the message says what it lacks
            to be read as one's own videos.
    """
    folder = Path(path)
    if not folder.is_dir():
        raise data_error(folder, "is no folder")
    own = _fitting(folder)
    if [each for each in own if each.reader.id != "folder"]:
        return own
    try:
        inner = sorted(each for each in folder.iterdir() if each.is_dir())[:_MOST_FOLDERS]
    except OSError as error:
        raise data_error(folder, f"cannot be read ({error.strerror})") from error
    above = folder.absolute().parent
    # what is one's own fits nearly anything: it is not looked for elsewhere
    other = [
        found
        for near in (above, *inner)
        for found in _fitting(near)
        if found.reader.id != "folder" and (near != above or _names(found, folder))
    ]
    if not own and not other:
        raise data_error(
            folder, f"is of no layout that is known; nearest is folder: {_lack(folder)}"
        )
    return [*own, *other]


def _fitting(folder: Path) -> list[Recognised]:
    found = []
    for reader in READERS:
        try:
            reasons = reader.signs(folder)
        except (OSError, DataError):
            continue
        if reasons:
            found.append(Recognised(reader, folder, reasons))
    return found


def _names(found: Recognised, folder: Path) -> bool:
    """Whether what speaks for a layout lies in a folder."""
    return any(reason.startswith(f"{folder.name}/") for reason in found.reasons)


def _lack(folder: Path) -> str:
    try:
        find_places(folder, None)
    except DataError as error:
        return str(error)
    return "its boxes cannot be read"
