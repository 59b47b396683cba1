"""A tracker that is a program for whole videos: ``folder:COMMAND``.

It is started once for each video, with a folder of images and the first box, writes the boxes of
all frames into a text file, and ends. So it sees the future, and every table says so.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import stat
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from trackbench.contracts import Answer, Boxes, Frame, TrackerSpec
from trackbench.errors import TrackbenchError
from trackbench.host import frame_files
from trackbench.plugins.naming import free_id
from trackbench.printing.amounts import memory
from trackbench.scheme_contract import NamedTracker
from trackbench.trackers.child_program import ChildProgram
from trackbench.trackers.named_files import (
    called,
    check_reads,
    files_in,
    program_path,
    words_of,
)
from trackbench.trackers.trax_schemes import check_no_python, program_spec

_PLACES = ("{frames}", "{first}", "{box}", "{boxes}")
_NEEDED = ("{frames}", "{boxes}")
_ABSENT = frozenset({(-1.0, -1.0, -1.0, -1.0), (0.0, 0.0, 0.0, 0.0)})
MOST_WRITTEN = 2**30
"""Bytes that a program may write into its folder, beside the frames that lie there."""

_LONGEST_LINE = 1000
"""Bytes: five numbers have at most 130, and there may be empty lines at the end."""
_BETWEEN = re.compile(r"[\s,;]+")


def folder_tracker(named: NamedTracker) -> TrackerSpec:
    """Return the tracker of a command that is handed a folder.

    Raises:
        TrackbenchError: its program is not there, or it does not say where what goes.
    """
    check_no_python(named)
    words, here = words_of(named.rest), Path.cwd()
    missing = [place for place in _NEEDED if place not in named.rest]
    if missing:
        raise TrackbenchError(
            f"the command says nothing of {' and '.join(missing)}: write it as "
            "folder:'PROGRAM {frames} {box} {boxes}'"
        )
    name = called([word for word in words if not any(place in word for place in _PLACES)])
    return program_spec(
        free_id(name, f"folder-{name}"),
        "trackbench.trackers.folder:FolderTracker",
        command=[program_path(words[0], here), *words[1:]],
        files=files_in(words, here),
        description=f"handed a folder: {shlex.join(words)}"[:120],
        sees_future=True,
    )


class FolderTracker:
    """Runs a program once for each video.

    Args:
        command: its words, the first a program by its path. ``{frames}`` is a folder with the PNG
            files 00000001.png and so on, ``{first}`` a text file with the first box, ``{box}`` the
            same as a word (``x,y,w,h``), ``{boxes}`` the text file that it is to write.
        files: files that its command names in other ways; they count by content, and no more.
        reads: as ``files``, by the user's word all that it reads beside what its command names.

    Raises:
        TrackbenchError: a file that it is said to read is not there.
    """

    def __init__(
        self, command: Sequence[str], files: Sequence[str] = (), reads: Sequence[str] | None = None
    ) -> None:
        check_reads([*files, *(reads or ())])
        self._command = command

    def track(self, frames: Frame, box: Boxes) -> list[Answer | None]:
        """Return what the program writes for ``frames`` (T, H, W[, 3]) and the true ``box`` (4,).

        Raises:
            ProgramError: it fails, does not write a box for every frame, or fills the disk.
        """
        # One that was not there before: a program may spoil its own, and leave it so.
        folder = Path(tempfile.mkdtemp(dir=frame_files.folder()))
        images = folder / "frames"
        images.mkdir()
        try:
            for number, frame in enumerate(frames, 1):
                frame_files.write(str(images / f"{number:08d}.png"), frame)
            word = ",".join(repr(float(value)) for value in box)
            (folder / "first.txt").write_text(f"{word}\n", encoding="ascii")
            places = (str(images), str(folder / "first.txt"), word, str(folder / "boxes.txt"))
            program = ChildProgram(_filled(self._command, places), {}, None, _nothing_is_talk)
            before = _bytes_below(folder)
            program.wait(lambda: _too_much(_bytes_below(folder) - before))
            return _answers(program, folder / "boxes.txt", len(frames))
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            frame_files.remove(os.getpid())


def _too_much(written: int) -> str:
    """Say of a program that it has written more bytes into its folder than it may."""
    if written <= MOST_WRITTEN:
        return ""
    return f"wrote more than {memory(MOST_WRITTEN)} into the folder of its frames and boxes"


def _bytes_below(folder: Path) -> int:
    """Return how much room a folder's files take, which may change meanwhile."""
    total = 0
    left = [str(folder)]
    while left:
        with suppress(OSError), os.scandir(left.pop()) as entries:
            for entry in entries:
                with suppress(OSError):
                    total += entry.stat(follow_symlinks=False).st_blocks * 512
                    if entry.is_dir(follow_symlinks=False):
                        left.append(entry.path)
    return total


def _filled(command: Sequence[str], places: Sequence[str]) -> list[str]:
    words = list(command)
    for name, place in zip(_PLACES, places, strict=True):
        words = [word.replace(name, place) for word in words]
    return words


def _answers(program: ChildProgram, file: Path, frames: int) -> list[Answer | None]:
    """Read the file of boxes: a line a frame, four numbers, and a fifth that is a confidence."""
    try:
        lines = _read(file, frames * _LONGEST_LINE).splitlines()
    except FileNotFoundError:
        raise program.failed("ended and wrote no file of boxes ({boxes})") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise program.failed(f"wrote a file of boxes that cannot be read: {reason}") from error
    while lines and not lines[-1].strip():
        lines.pop()
    if len(lines) != frames:
        raise program.failed(f"wrote {len(lines)} lines of boxes for {frames} frames")
    return [_answer(program, number, line) for number, line in enumerate(lines, 1)]


def _read(file: Path, most: int) -> str:
    """Return the text of a file of the program's making, which may be anything.

    Raises:
        OSError: it cannot be opened; a link to a file elsewhere is not followed.
        ValueError: it is no file, has more bytes than boxes can have, or is no text.
    """
    if file.is_symlink():
        raise ValueError("it is a link")
    descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise ValueError("it is no plain file")
        content = stream.read(most + 1)
    if len(content) > most:
        raise ValueError(f"it has more than {_LONGEST_LINE} bytes a frame")
    return content.decode()


def _answer(program: ChildProgram, number: int, line: str) -> Answer | None:
    try:
        values = [float(word) for word in _BETWEEN.split(line.strip(" \t,;")) if word]
    except ValueError:
        values = []
    if len(values) not in {4, 5}:
        raise program.failed(f"wrote {line[:80]!r} as line {number} of boxes, which is no box")
    confidence = values[4] if len(values) == 5 else None
    box = values[:4]
    absent = tuple(box) in _ABSENT or all(value != value for value in box)  # noqa: PLR0124 - NaN
    return Answer(None if absent else box, confidence)


def _nothing_is_talk(line: bytes) -> bool:
    del line
    return False
