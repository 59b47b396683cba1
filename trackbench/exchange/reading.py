"""The files of one sequence, tracked once, read as they are asked to be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trackbench.exchange.box_text import TextRows, read_rows, wrong
from trackbench.exchange.result_files import RunFiles
from trackbench.exchange.result_layouts import ResultLayout
from trackbench.exchange.value_files import confidences_of, seconds_of
from trackbench.printing.amounts import counted


@dataclass(frozen=True)
class Reading:
    """How files are read.

    Attributes:
        layout: who wrote them; None: that is seen from the files.
        origin: is taken off x and y.
        corners: the four numbers are x1, y1, x2, y2.
        partial: sequences may be missing on either side.
        any_first_row: what begins far from the truth is read all the same.
    """

    layout: ResultLayout | None
    origin: float = 0.0
    corners: bool = False
    partial: bool = False
    any_first_row: bool = False

    @property
    def corrections(self) -> tuple[str, ...]:
        """What is changed of the files' numbers, in words."""
        return (
            *([f"{self.origin:g} taken off x and y"] if self.origin else []),
            *(["rows read as corners x1, y1, x2, y2"] if self.corners else []),
        )


@dataclass(eq=False)
class ReadRun:
    """One sequence, tracked once.

    Attributes:
        boxes: (T, 4) float64; a row of NaN says that the target is absent.
        given: the first row says that the tracker was given the truth, whatever that is.
        sure: (T,) confidences; None: there are none.
        seconds: that all frames took; 0: nobody says.
        timed: frames that they are of.
    """

    boxes: NDArray[np.float64]
    given: bool = False
    sure: NDArray[np.float64] | None = None
    seconds: float = 0.0
    timed: int = 0


@dataclass(frozen=True)
class Seen:
    """What was seen of a sequence's files.

    Attributes:
        hashes: what a file holds, and its SHA-256.
        prefix: it is longer than what is imported.
        layout: who probably wrote it.
    """

    hashes: list[tuple[str, str]]
    prefix: bool
    layout: ResultLayout


def read_run(
    files: RunFiles, want: int, whole: int, nested: bool, reading: Reading
) -> tuple[ReadRun, Seen]:
    """Read the files of a sequence.

    Args:
        files: of it; there is one of boxes.
        want: frames that are imported, the first of the sequence.
        whole: that the sequence has.
        nested: it has a folder of its own.
        reading: how.

    Raises:
        TrackbenchError: a file is wrong, or of another number of frames.
    """
    assert files.boxes is not None  # noqa: S101 - others were left out
    codes = nested and (reading.layout is None or reading.layout.has_codes)
    columns = () if codes else (4, 5)
    rows = read_rows(files.boxes, columns, "x, y, w, h", codes=codes)
    hashes = [("boxes", rows.sha256)]
    count = len(rows.numbers)
    if count not in {want, whole}:
        raise wrong(
            files.boxes,
            f"{counted(count, 'row')}, and the sequence has {counted(whole, 'frame')}: it is of "
            "another data set, or of another version of this one",
        )
    boxes, given = _boxes(rows, files, reading)
    run = ReadRun(boxes[:want], given)
    if rows.numbers.shape[1] == 5:
        run.sure = rows.numbers[:want, 4]
    if files.sure is not None:
        sure, sha256 = confidences_of(files.sure, count)
        run.sure = sure[:want]
        hashes.append(("sure", sha256))
    if files.times is not None:
        seconds, sha256 = seconds_of(files.times, count, files.column)
        hashes.append(("times", sha256))
        run.seconds = float(seconds[:want].sum())
        run.timed = want if run.seconds else 0
    return run, Seen(hashes, count != want, _layout_of(rows, nested, files))


def _boxes(rows: TextRows, files: RunFiles, reading: Reading) -> tuple[NDArray[np.float64], bool]:
    """Return the boxes (T, 4), and whether the first row is the truth that was given."""
    assert files.boxes is not None  # noqa: S101 - see above
    path, numbers = files.boxes, rows.numbers
    for row, code in rows.codes.items():
        if code not in {0, 1, 2}:
            raise wrong(
                path, f"{code} is no code: 1 begins, 0 knows nothing, 2 is a failure", row + 1
            )
        if code == 2 or (code == 1 and row):
            raise wrong(
                path,
                "the tracker failed and was begun anew: runs that are reset are no runs of whole "
                "sequences, and are not imported",
                row + 1,
            )
    columns = numbers.shape[1]
    if columns not in {4, 5} and (columns < 6 or columns % 2):
        raise wrong(path, f"{columns} numbers a row, not 4 (x, y, w, h)", 1)
    coded = np.zeros(len(numbers), bool)
    coded[list(rows.codes)] = True
    numbers = np.where(coded[:, None], np.nan, numbers)
    if columns >= 6:  # a polygon: from its smallest x and y to its largest
        corners = numbers.reshape(len(numbers), -1, 2)
        low, high = corners.min(axis=1), corners.max(axis=1)
        boxes = np.concatenate([low, high - low], axis=1)
    else:
        boxes = numbers[:, :4].copy()
        if reading.corners:
            boxes[:, 2:] -= boxes[:, :2]
    if reading.origin:
        boxes[:, :2] -= reading.origin
    return boxes, rows.codes.get(0) == 1


def _layout_of(rows: TextRows, nested: bool, files: RunFiles) -> ResultLayout:
    """Return who probably wrote a file."""
    assert files.boxes is not None  # noqa: S101 - see above
    value = any(each is not None and each.suffix == ".value" for each in (files.times, files.sure))
    if nested:
        return ResultLayout.VOT if rows.codes or value else ResultLayout.GOT10K
    return ResultLayout.PYTRACKING if rows.separator == "\t" else ResultLayout.PYSOT
