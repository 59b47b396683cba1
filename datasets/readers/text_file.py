"""Text files of annotations: lines, and rows of numbers, whoever wrote them on whatever system."""

from __future__ import annotations

import codecs
import math
import re
import stat
from itertools import repeat
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trackbench.arguments.bounds import COUNT
from trackbench.arguments.checking import arguments_checked
from trackbench.datasets.readers.data_errors import data_error
from trackbench.datasets.readers.inside import check_inside
from trackbench.errors import DataError
from trackbench.printing.text import quoted

LARGEST = 256 * 2**20
"""Bytes of an annotation file; masks of a long video take some tens of MiB."""

_LONGEST_BOX = 500
"""Bytes of a line with a box, at most."""

_WHOLE = re.compile(r"-?[0-9]+")
_PLAIN = re.compile(r"[0-9.,eE+-]+")
_FLAGS = frozenset("01")


def read_lines(root: Path, path: Path, *, words: bool = False) -> list[str]:
    """Return the lines of a text file, without line breaks and without empty lines at the end.

    A byte order mark and the line breaks of any system are taken off.

    Args:
        root: the data folder, out of which ``path`` must not lead.
        path: of the file.
        words: it is for people alone, as a description is: what is no UTF-8 is replaced.

    Raises:
        DataError: it is missing, no regular file, too large, or no UTF-8.
    """
    check_inside(root, path)
    try:
        known = path.stat()
        if not stat.S_ISREG(known.st_mode):
            raise data_error(path, "is no file")
        if known.st_size > LARGEST:
            raise data_error(path, f"is too large for annotations ({known.st_size:,} bytes)")
        text = path.read_bytes().decode("utf-8-sig", "replace" if words else "strict")
    except FileNotFoundError:
        raise data_error(path, "is missing") from None
    except OSError as error:
        raise data_error(path, f"cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        utf_16 = "; it begins as UTF-16 does: save it as UTF-8" if _is_utf_16(error.object) else ""
        raise data_error(path, f"is no text in UTF-8 (byte {error.start}){utf_16}") from None
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    while lines and not lines[-1].strip():
        lines.pop()
    return lines


def begins_with_a_box(root: Path, path: Path) -> bool:
    """Whether the first line of a file is four numbers; little more than that line is read."""
    try:
        check_inside(root, path)
        with path.open("rb") as file:
            head = file.read(_LONGEST_BOX).decode("utf-8-sig", "replace")
        return len(numbers_of(head.lstrip().partition("\n")[0], path, 1)) == 4
    except (DataError, OSError):
        return False


def _is_utf_16(content: bytes) -> bool:
    return content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))


@arguments_checked
def read_numbers(
    root: str | Path, path: str | Path, columns: int | None = None
) -> NDArray[np.float64]:
    """Return the numbers (N, C) of a file with a row a line, in float64; NaN where it says so.

    Numbers are parted by commas, semicolons, tabs or blanks.

    Args:
        root: the data folder.
        path: of the file.
        columns: how many numbers a row must have; None: as many as the first has.

    Raises:
        DataError: a row is empty, has another number of numbers, or something else than numbers.
    """
    root, path, columns = Path(root), Path(path), COUNT.or_none("columns", columns)
    return _numbers_in(read_lines(root, path), path, columns)


def _numbers_in(lines: list[str], path: Path, columns: int | None) -> NDArray[np.float64]:
    quick = _quickly(lines, columns)
    if quick is not None and columns in {None, quick.shape[1]}:
        return quick
    rows: list[list[float]] = []
    for number, line in enumerate(lines, 1):
        row = numbers_of(line, path, number)
        wanted = columns if columns is not None else len(rows[0]) if rows else len(row)
        if len(row) != wanted:
            hint = "; decimal commas? write points" if len(row) == 2 * wanted else ""
            raise data_error(path, f"{len(row)} numbers, not {wanted}{hint}", number)
        rows.append(row)
    return np.array(rows, np.float64).reshape(len(rows), columns or (len(rows[0]) if rows else 0))


def _quickly(lines: list[str], columns: int | None) -> NDArray[np.float64] | None:
    """Return the numbers (N, C) of plain rows, parted by commas alone; None: they are not so.

    Rows without a comma are plain if a row is to have one number.

    Long videos have thousands of rows, and most files are of this kind.
    """
    if not lines:
        return None
    between = lines[0].count(",")
    text = ",".join(lines)
    if (
        (not between and columns != 1)
        or not _PLAIN.fullmatch(text)
        or set(map(str.count, lines, repeat(","))) != {between}
    ):
        return None
    try:
        numbers = list(map(float, text.split(",")))
    except ValueError:
        return None
    found = np.array(numbers, np.float64).reshape(len(lines), between + 1)
    return None if np.isinf(found).any() else found


def read_values(root: Path, path: Path) -> NDArray[np.float64]:
    """Return numbers (N,), one a line, or all in one line.

    Raises:
        DataError: as :func:`read_numbers`.
    """
    return _values_in(read_lines(root, path), path)


def _values_in(lines: list[str], path: Path) -> NDArray[np.float64]:
    if len(lines) == 1:
        return np.array(numbers_of(lines[0], path, 1), np.float64)
    return _numbers_in(lines, path, 1).reshape(-1)


def read_flags(root: Path, path: Path) -> NDArray[np.bool_]:
    """Return yes and no (N,) of a file of 1 and 0, one a line, or all in one line.

    Raises:
        DataError: as :func:`read_numbers`, or a number is neither.
    """
    lines = read_lines(root, path)
    if _FLAGS.issuperset(lines):  # as in nearly all files: in a fifth of the time
        return np.array([line == "1" for line in lines], np.bool_)
    values = _values_in(lines, path)
    wrong = np.flatnonzero((values != 0) & (values != 1))
    if wrong.size:
        at = int(wrong[0])
        raise data_error(path, f"value {at + 1} is {values[at]:g}, neither 0 (no) nor 1 (yes)")
    flags: NDArray[np.bool_] = values == 1
    return flags


def numbers_of(line: str, path: Path, number: int) -> list[float]:
    """Return the numbers of one line.

    Args:
        line: the text.
        path: of the file, for messages.
        number: of the line, from 1, for messages.

    Raises:
        DataError: there is something else in it, or nothing.
    """
    if not line.strip():
        raise data_error(path, "is empty, and so belongs to no frame", number)
    return [_number(word, path, number) for word in words_of(line, path, number)]


def words_of(line: str, path: Path, number: int) -> list[str]:
    """Return what stands between the separators of a line: commas, semicolons, tabs or blanks.

    One more at the end, as spreadsheets leave it, parts nothing.

    Raises:
        DataError: numbers have decimal commas.
    """
    line = line.strip()
    if line[-1:] in {",", ";"}:
        line = line[:-1]
    if ";" in line:
        words = [word.strip() for word in line.split(";")]
    elif "," in line:
        by_blanks = line.split()
        # "1,5 2,5 3,5 4,5" as against "1, 5, 2, 5" and "1 ,5"
        if len(by_blanks) > 1 and all("," in word.strip(",") for word in by_blanks):
            words = by_blanks
        else:
            words = [word.strip() for word in line.split(",")]
    else:
        words = line.split()
    for word in words:
        if "," in word:
            raise data_error(path, f"{quoted(word)} has a decimal comma: write a point", number)
    return words


def check_points(lines: list[str], path: Path) -> None:
    """Raise where numbers that commas part seem to have decimal commas, too.

    ``10,5,20,5,30,0,40,0`` is a box with decimal commas as well as a polygon of four corners. It is
    taken for the first where, in all lines of a file, every other number has one digit and some of
    the others more, or where one begins with a 0 as no coordinate does (``10,05``).

    Args:
        lines: of a file in which a line may have any number of numbers.
        path: of the file, for messages.

    Raises:
        DataError: it seems so.
    """
    wholes: list[str] = []
    halves: list[str] = []
    first = 0
    for number, line in enumerate(lines, 1):
        words = [word.strip() for word in line.split(",")]
        if len(words) >= 8 and not len(words) % 4 and all(map(_WHOLE.fullmatch, words)):
            wholes += words[::2]
            halves += words[1::2]
            first = first or number
        elif len(words) > 1:
            return
    zeros = any(half[0] == "0" and len(half) > 1 for half in halves)
    digits = len(lines) > 1 and max(map(len, halves), default=0) == 1 < max(map(len, wholes))
    if zeros or digits:
        example = ",".join(lines[first - 1].split(",")[:2])
        raise data_error(
            path,
            f"its numbers seem to have decimal commas ({quoted(example)}): write points; or, if "
            "these are corners of polygons, 10.0 for 10",
            first,
        )


def _number(word: str, path: Path, line: int) -> float:
    try:
        value = float(word)
    except ValueError:
        value = math.inf
    # float() reads 1_000 and digits of other scripts, too, which nobody means here
    if math.isinf(value) or "_" in word or not word.isascii():
        raise _no_number(word, path, line)
    return value


def _no_number(word: str, path: Path, line: int) -> DataError:
    what = quoted(word) if word else "nothing between two separators"
    return data_error(path, f"{what} is no number", line)
