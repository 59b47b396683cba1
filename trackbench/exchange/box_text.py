"""A text file with a box a line: read exactly, or refused with the row that is wrong."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trackbench.errors import TrackbenchError
from trackbench.printing.amounts import counted
from trackbench.printing.text import quoted, visible
from trackbench.results.bounded import read_bytes

LARGEST = 64 * 2**20
"""Bytes of a file; a million boxes take less."""

_NUMBERS = b"0123456789+-.eEnNaAiIfF,\t\r\n "
"""What a file of boxes is made of, NaN and infinity included."""
_INFINITE = frozenset({"inf", "+inf", "-inf"})
_CALLED = {",": "commas", "\t": "tabs", " ": "spaces"}
_GIVEN = 1
"""The code of a row in which a tracker was given the truth; so begins a file of codes alone."""
_CODE = np.inf
"""In the place of the numbers of a row that is a single number."""


@dataclass(frozen=True, eq=False)
class TextRows:
    """What a file says.

    Attributes:
        numbers: (T, C) float64, as they stand there, to the last bit.
        codes: row -> the single number that stands there, where that was allowed; the row's
            numbers are infinite then.
        separator: what stands between two numbers.
        sha256: of the file.
    """

    numbers: NDArray[np.float64]
    codes: dict[int, int]
    separator: str
    sha256: str


def read_rows(
    path: Path, columns: Sequence[int], what: str, *, codes: bool = False, blank: bool = False
) -> TextRows:
    """Return the rows of a file of numbers, parted by commas, tabs or spaces, one of them a file.

    Byte order marks and the line breaks of any system are taken off, and so are empty lines at the
    end unless they say something.

    Args:
        path: of the file; a link is not followed.
        columns: how many numbers a row may have, the same in all of them; empty: any number.
        what: a row is, for messages: ``"x, y, w, h"``.
        codes: a row may be a single whole number, as VOT's are.
        blank: an empty row says NaN.

    Raises:
        TrackbenchError: it cannot be read, is too large, empty, no text, or a row is wrong; the
            message begins with the file and says which row.
    """
    content = read_bytes(path, LARGEST, "a file of results", links=False)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise wrong(path, f"is no text in UTF-8 (byte {error.start})") from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    # An empty row at the end is one, where an empty row says something.
    lines = (text.removesuffix("\n") if blank else text.rstrip(" \t\n")).split("\n")
    if not text or (lines == [""] and not blank):
        raise wrong(path, "is empty")
    if blank:
        lines = [line if line.strip() else "nan" for line in lines]
    coded = _codes(lines) if codes else {}
    if len(coded) == len(lines):
        if coded[0] != _GIVEN:
            raise wrong(path, f"has no row of {what}")
        numbers = np.full((len(lines), columns[0] if columns else 4), _CODE)
        return TextRows(numbers, coded, ",", hashlib.sha256(content).hexdigest())
    first = next(line for number, line in enumerate(lines) if number not in coded)
    separator = _separator(first)
    count = len(_words(first, separator))
    if columns and count not in columns:
        row = lines.index(first) + 1
        raise wrong(path, f"{counted(count, 'number')}, not {columns[0]} ({what})", row)
    numbers = np.full((len(lines), count), _CODE)
    kept = [line for number, line in enumerate(lines) if number not in coded] if coded else lines
    found = None
    if not content.lstrip(b"\xef\xbb\xbf").translate(None, _NUMBERS):
        found = _quickly(kept, separator, count)
    if found is None:
        found = _row_by_row(path, lines, coded, separator, count)
    if coded:
        numbers[[number for number in range(len(lines)) if number not in coded]] = found
    else:
        numbers = found
    return TextRows(numbers, coded, separator, hashlib.sha256(content).hexdigest())


def wrong(path: Path, why: str, row: int | None = None) -> TrackbenchError:
    """Return the error ``PATH, row N: WHY``; rows count from 1."""
    return TrackbenchError(visible(f"{path}{'' if row is None else f', row {row}'}: {why}"))


def _codes(lines: list[str]) -> dict[int, int]:
    return {
        number: int(line)
        for number, line in enumerate(lines)
        if len(line) <= 3 and line.strip().isdecimal() and line.isascii()
    }


def _separator(line: str) -> str:
    line = line.strip()
    return "," if "," in line else "\t" if "\t" in line else " "


def _words(line: str, separator: str) -> list[str]:
    if separator == " ":
        return line.split()
    return [word.strip(" ") for word in line.strip(" ").split(separator)]


def _quickly(lines: list[str], separator: str, count: int) -> NDArray[np.float64] | None:
    """Return the numbers (T, C) of rows that are all right; None: one is not, or is unusual."""
    text = "\n".join(lines)
    if separator == " ":
        even = all(len(line.split()) == count for line in lines)
    else:
        even = " " not in text and all(line.count(separator) == count - 1 for line in lines)
    if not even or any(other in text for other in _CALLED if other not in {separator, " "}):
        return None
    try:
        numbers = list(map(float, text.replace(separator, " ").split()))
    except ValueError:
        return None
    if len(numbers) != len(lines) * count:
        return None
    found = np.array(numbers, np.float64).reshape(len(lines), count)
    return None if np.isinf(found).any() else found  # a number may be too large


def _row_by_row(
    path: Path, lines: list[str], coded: dict[int, int], separator: str, count: int
) -> NDArray[np.float64]:
    """Return the numbers (T, C) of the rows that are no codes, or say which of them is wrong."""
    found = []
    for row, line in enumerate(lines, 1):
        if row - 1 in coded:
            continue
        if not line.strip():
            raise wrong(path, "is empty", row)
        other = _separator(line)
        if other != separator and len(_words(line, other)) > 1:
            raise wrong(
                path, f"has {_CALLED[other]}, and the rows before {_CALLED[separator]}", row
            )
        words = _words(line, separator)
        numbers = [_number(path, word, row) for word in words]
        if len(words) != count:
            raise wrong(path, f"{counted(len(words), 'number')}, not {count}", row)
        found.append(numbers)
    return np.array(found, np.float64)


def _number(path: Path, word: str, row: int) -> float:
    if not word:
        raise wrong(path, "nothing stands between two separators", row)
    mixed = [called for other, called in _CALLED.items() if other in word]
    if mixed:
        raise wrong(path, f"has {mixed[0]} besides its other separators ({quoted(word)})", row)
    # float() reads 1_000, words like "infinity" and digits of other scripts, too, which nobody
    # means here
    plain = not word.encode("utf-8", "replace").translate(None, _NUMBERS)
    try:
        value = float(word) if plain else None
    except ValueError:
        value = None
    if value is None:
        raise wrong(path, f"{quoted(word)} is no number", row)
    if math.isinf(value) and word.lower() not in _INFINITE:
        raise wrong(path, f"{quoted(word)} is too large", row)
    return value
