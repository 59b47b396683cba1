"""What an author's code reads beyond what its hash stands for, noticed when it does.

Python calls audit hooks (PEP 578) for every file that it opens, every folder it lists, every
program it starts and every connection it makes; variables of the environment are noticed by
:mod:`.variables`. Not noticed is what compiled libraries open (OpenCV reading an image), and what
other programs read.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from importlib.util import source_from_cache
from typing import Any, Callable, Iterable

from . import variables
from .installed import Installed

FILE, FOLDER, PROGRAM, SERVER = "file ", "folder ", "program ", "server "
VARIABLE = "variable "
"""What a note begins with; a path or a name follows."""

_WRITES = os.O_WRONLY | os.O_RDWR
_ABOUT_MACHINE = frozenset(
    ("ldconfig", "uname", "lscpu", "nvidia-smi", "getconf", "sysctl", "ld", "gcc", "cc", "clang")
)
"""Programs that say something about the machine; ctypes and torch ask them for libraries."""

_SPAWNING = frozenset(("multiprocessing.popen_spawn_posix", "multiprocessing.popen_forkserver"))
"""Modules that are imported when multiprocessing starts a process that reads unseen."""

_IMPORTING = frozenset(("importlib", "_frozen_importlib", "_frozen_importlib_external"))
"""Python's own packages that list folders to find modules."""


class Reads:
    """Notices what this process reads that is not known already.

    Attributes:
        note: is called with a note of each thing, once; None: nothing is noted.
    """

    def __init__(self, note: Callable[[str], None] | None = None) -> None:
        self.note = note
        self._known: frozenset[str] = frozenset()
        self._folders: tuple[str, ...] = ()
        self._own: tuple[str, ...] = ()
        self._variables: frozenset[str] = frozenset()
        self._written: set[str] = set()
        self._noted: set[str] = set()
        self._inside = threading.local()
        self._installed = Installed()
        self._hears: dict[str, Callable[..., None]] = {
            "open": self._open,
            "os.rename": self._rename,
            "os.mkdir": self._make_folder,
            "os.link": self._link,
            "os.listdir": self._list,
            "os.scandir": self._list,
            "ctypes.dlopen": self._load,
            "sqlite3.connect": self._load,
            "import": self._import,
            "subprocess.Popen": self._start,
            "os.exec": self._start,
            "os.posix_spawn": self._start,
            "os.system": self._shell,
            "socket.connect": self._connect,
        }

    def watch(
        self, known: Iterable[str], own: Iterable[str], variables: Iterable[str] = ()
    ) -> None:
        """Begin anew: from now on these are known.

        Args:
            known: real paths of files and folders that a hash stands for.
            own: real paths of folders that are the author's, though they are installed.
            variables: names of variables of the environment that a hash stands for.
        """
        self._variables = frozenset(variables)
        self._known = frozenset(known)
        self._folders = tuple(_below(path) for path in self._known)
        self._own = tuple(_below(path) for path in own)
        self._noted = set()

    def install(self) -> None:
        """Notice what this process reads from now on; that cannot be undone."""
        sys.addaudithook(self._hear)
        variables.hear(self._variable, self._installed)

    def note_again(self, notes: Iterable[str]) -> None:
        """Note again what was noted before, as far as it is not known now."""
        for note in notes:
            if note.startswith((FILE, FOLDER)):
                kind = FILE if note.startswith(FILE) else FOLDER
                self._read(kind, note[len(kind) :])
            elif note.startswith(VARIABLE):
                self._variable(note[len(VARIABLE) :])
            else:
                self._note(note)

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        hears = self._hears.get(event)
        if hears is None or self.note is None or getattr(self._inside, "busy", False):
            return
        self._inside.busy = True
        try:
            with contextlib.suppress(Exception):  # what is not a path, nobody can open
                hears(*arguments)
        finally:
            self._inside.busy = False

    def _open(self, path: Any, _: Any = None, flags: Any = 0) -> None:
        if not isinstance(path, (str, bytes, os.PathLike)):
            return
        real = _real(path)
        if path in sys.path and not os.path.lexists(real):
            return  # a finder's own entry, which importlib.metadata takes for an archive
        flags = flags if isinstance(flags, int) else 0
        if flags & _WRITES and (flags & (os.O_TRUNC | os.O_EXCL) or not os.path.lexists(real)):
            self._written.add(real)  # what it reads there is its own
        elif flags & _WRITES != os.O_WRONLY:
            self._read(FILE, real)

    def _rename(self, source: Any, target: Any, *_: Any) -> None:
        if _real(source) in self._written:
            self._written.add(_real(target))

    def _make_folder(self, path: Any, _: Any = None, folder: Any = -1) -> None:
        if folder == -1 and not os.path.lexists(_real(path)):
            self._written.add(_real(path))  # what it lists there is its own

    def _link(self, source: Any, target: Any, *_: Any) -> None:
        # Under its new name it may be gone when it is hashed; under the old one it is the same.
        if os.path.exists(source) and not os.path.lexists(target):
            self._read(FILE, _real(source))
            self._written.add(_real(target))

    def _list(self, path: Any = None, *_: Any) -> None:
        frame = sys._getframe(2)  # noqa: SLF001 - importing lists every folder of Python's path
        name = str(frame.f_globals.get("__name__"))
        if name.partition(".")[0] not in _IMPORTING and not isinstance(path, int):
            self._read(FOLDER, _real("." if path is None else path))

    def _load(self, path: Any = None, *_: Any) -> None:
        if isinstance(path, (str, bytes)) and os.path.exists(path):
            self._read(FILE, _real(path))

    def _start(self, program: Any, arguments: Any = (), *_: Any) -> None:
        named = [os.fsdecode(each) for each in (program, *(arguments or ()))]
        name = os.path.basename(named[0])
        if name not in _ABOUT_MACHINE and not any(self._is_known(_real(each)) for each in named):
            self._note(PROGRAM + name)

    def _import(self, module: Any, *_: Any) -> None:
        if module in _SPAWNING:  # starting such a process has no event of its own
            self._note(PROGRAM + "python, by multiprocessing")

    def _shell(self, command: Any, *_: Any) -> None:
        self._note(PROGRAM + os.fsdecode(command)[:80])

    def _variable(self, name: str) -> None:
        if name not in self._variables:
            self._note(VARIABLE + name)

    def _connect(self, _: Any, address: Any) -> None:
        if isinstance(address, tuple):
            self._note(SERVER + ":".join(map(str, address[:2])))

    def _read(self, kind: str, real: str) -> None:
        if real.endswith(".pyc"):
            real = _source_of(real)
        is_installed = self._installed.holds(real) and not real.startswith(self._own)
        if not is_installed and real not in self._written and not self._is_known(real):
            self._note(kind + real)

    def _is_known(self, real: str) -> bool:
        return real in self._known or real.startswith(self._folders)

    def _note(self, text: str) -> None:
        if text not in self._noted and self.note is not None:
            self._noted.add(text)
            self.note(text)


def _real(path: Any) -> str:
    return os.path.realpath(os.fsdecode(path))


def _source_of(compiled: str) -> str:
    try:
        return os.path.realpath(source_from_cache(compiled))
    except ValueError:  # it has no source
        return compiled


def _below(path: str) -> str:
    """Return what begins the paths of all that is in a folder."""
    return os.path.join(path, "")
