"""The files that a command names: what it is known by, and what it is not."""

from __future__ import annotations

import os
import re
import shlex
import shutil
from collections.abc import Sequence
from pathlib import Path

from trackbench.errors import TrackbenchError, parameter

_UNSEEN = (
    "it is a program, and what it reads beside the files that its command names is not seen; name "
    "these with {option}, with [] if there are none"
)
_INTERPRETERS = re.compile(r"(python|pypy|bash|sh|dash|zsh|perl|ruby|node|julia|env|Rscript)[\d.]*")


def unseen() -> str:
    """Return the line about what a program reads that no hash stands for."""
    named = parameter("parameters", option="param")
    return _UNSEEN.format(option=f"{named} reads=['FILE']")


def words_of(command: str) -> list[str]:
    """Return the words of a command, as a shell splits them.

    Raises:
        TrackbenchError: there is none, or a quotation mark is missing.
    """
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise TrackbenchError(f"bad command {command!r}: {error}") from error
    if not words:
        raise TrackbenchError("the command is empty: write what a shell would start")
    return words


def program_path(word: str, folder: Path) -> str:
    """Return the path of the program that a command begins with.

    Args:
        word: its path, from a folder, or its name, as the shell finds it.
        folder: where paths start from.

    Raises:
        TrackbenchError: there is none.
    """
    found = shutil.which(str(folder / word)) if os.sep in word else shutil.which(word)
    if found is None:
        here = folder / word
        why = "is not executable (chmod +x)" if here.is_file() else "is no program that is there"
        raise TrackbenchError(f"{word} {why}: see the command")
    return os.path.abspath(found)  # noqa: PTH100 - resolve() would follow an environment's link


def files_in(words: Sequence[str], folder: Path) -> list[str]:
    """Return files and folders that stand behind an equals sign, as in ``--weights=net.pth``."""
    values = [word.partition("=")[2] for word in words if "=" in word]
    return [str(folder / value) for value in values if value and (folder / value).exists()]


def from_folder(words: Sequence[str], folder: Path) -> list[str]:
    """Return words, those that name files in a folder with their whole path."""
    return [str(folder / word) if (folder / word).is_file() else word for word in words]


def check_reads(names: Sequence[str]) -> None:
    """Raise where a file that is said to be read is not there.

    Raises:
        TrackbenchError: it is not.
    """
    for name in names:
        if not Path(name).exists():
            named = parameter("parameters", option="param")
            raise TrackbenchError(f"there is no {name} to read: see {named} reads")


def called(words: Sequence[str]) -> str:
    """Return what a command may be called: its script, or program, and what that is told."""
    first = words[1:] if len(words) > 1 and _INTERPRETERS.fullmatch(Path(words[0]).name) else words
    return "-".join(Path(word).stem for word in first)[:60]
