"""``dataset.toml``: how the boxes of one's own videos are to be read, said once."""

from __future__ import annotations

import difflib
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path

from trackbench.datasets.readers.box_rows import BoxFormat
from trackbench.datasets.readers.data_errors import data_error
from trackbench.datasets.readers.text_file import read_lines
from trackbench.printing.text import quoted

NAME = "dataset.toml"


@dataclass(frozen=True)
class FolderSettings:
    """What ``dataset.toml`` may say.

    Attributes:
        boxes: what the four numbers of a row are.
        origin: the number that the files give the first pixel, which is taken off x and y.
        annotations: name of the file of boxes in each sequence's folder; empty: the one there is.
        images: name of the folder of images in each sequence's; empty: the one there is.
    """

    boxes: BoxFormat
    origin: int
    annotations: str = ""
    images: str = ""

    def __str__(self) -> str:
        """Return it as lines for ``dataset.toml``."""
        return f'boxes = "{self.boxes.value}"\norigin = {self.origin}'


def read_settings(root: Path) -> FolderSettings | None:
    """Return what ``dataset.toml`` says; None: there is none.

    Raises:
        DataError: it is no TOML, says something unknown, or leaves out boxes or origin.
    """
    path = root / NAME
    if not path.exists():
        return None
    try:
        said = tomllib.loads("\n".join(read_lines(root, path)))
    except tomllib.TOMLDecodeError as error:
        raise data_error(path, f"is no TOML ({error})") from None
    known = [field.name for field in fields(FolderSettings)]
    for key in said:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}"
            raise data_error(path, f"{quoted(key)} is unknown: {hint}")
    forms = {form.value: form for form in BoxFormat}
    form = said.get("boxes")
    if not isinstance(form, str) or form not in forms:
        raise data_error(path, f"boxes must be one of {', '.join(map(repr, forms))}")
    origin = said.get("origin")
    if type(origin) is not int or origin not in {0, 1}:
        raise data_error(path, "origin must be 0 or 1: the number of the first pixel")
    texts = {name: said.get(name, "") for name in ("annotations", "images")}
    for name, text in texts.items():
        if not isinstance(text, str) or "/" in text or "\\" in text or text in {".", ".."}:
            raise data_error(path, f"{name} must be the name of a file or folder, without slashes")
    return FolderSettings(forms[form], origin, texts["annotations"], texts["images"])
