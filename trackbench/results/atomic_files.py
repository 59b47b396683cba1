"""Atomic writes: a reader sees the old file or the new one, never half of one.

What is created, instead of replaced, never takes the place of something that is there.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from trackbench.errors import TrackbenchError
from trackbench.results.out_paths import check_out_file, led_to


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside ``path``; on success it takes the place of ``path``.

    Raises:
        FileExistsError: a device, a pipe or a socket is there. It is everybody's, and stays.
    """
    with _file_beside(path) as temporary:
        yield temporary
        _finish(temporary)
        _check_replaceable(path)
        temporary.replace(path)


@contextmanager
def writing_to(path: Path) -> Iterator[Path]:
    """Yield a temporary path; on success its content is what the user finds at ``path``.

    A file is replaced, and of a symbolic link the file that it leads to. Into a device or a pipe
    the content is written: ``/dev/null`` swallows it, ``/dev/stdout`` shows it.

    Raises:
        TrackbenchError: the system refuses it.
    """
    try:
        if path.exists() and not path.is_file():
            with tempfile.TemporaryDirectory() as folder:
                temporary = Path(folder) / "written"
                yield temporary
                with temporary.open("rb") as made, path.open("wb") as out:
                    shutil.copyfileobj(made, out)
        else:
            with replacing(led_to(path)) as temporary:
                yield temporary
    except OSError as error:
        raise TrackbenchError(f"{path} cannot be written: {error.strerror}") from error


def write_out(out: str | Path, content: bytes) -> None:
    """Write a user's file, whole or not at all, as :func:`writing_to` does.

    Raises:
        TrackbenchError: no file of this name can be, or the system refuses it.
    """
    out = Path(out)
    check_out_file(out)
    with writing_to(out) as temporary:
        temporary.write_bytes(content)


def write_text(path: Path, text: str) -> None:
    """Write ``text`` to ``path`` in UTF-8, atomically."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def write_bytes(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path``, atomically."""
    with replacing(path) as temporary:
        temporary.write_bytes(content)


def create_text(path: Path, text: str) -> None:
    """Write ``text`` to the new file ``path`` in UTF-8, atomically.

    Raises:
        FileExistsError: there is something at ``path``, if only a link that leads nowhere.
    """
    with _file_beside(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
        _finish(temporary)
        try:
            path.hardlink_to(temporary)  # a rename would replace what is there
        except FileExistsError:
            raise
        except OSError:  # a file system without links
            _check_free(path)
            temporary.rename(path)


@contextmanager
def creating_folder(path: Path, *, replaces_empty: bool = False) -> Iterator[Path]:
    """Yield a temporary folder beside ``path``; on success it becomes the new folder ``path``.

    Args:
        path: of the folder.
        replaces_empty: there may be an empty folder at ``path``.

    Raises:
        FileExistsError: there is something else at ``path``.
    """
    _check_free(path, or_empty=replaces_empty)
    temporary = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    try:
        yield temporary
        temporary.chmod(0o777 & ~_mask())  # mkdtemp's are for the owner only
        _check_free(path, or_empty=replaces_empty)
        temporary.rename(path)  # which replaces nothing but an empty folder
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise


@contextmanager
def _file_beside(path: Path) -> Iterator[Path]:
    temporary: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        temporary = Path(name)
        os.close(handle)
        yield temporary
    except OSError as error:
        # Of a full disk the error names no file, of other things the temporary one: name ours.
        named = error.filename is not None and not str(error.filename).startswith(
            str(path.parent / f".{path.name}.")
        )
        if named or error.errno is None:
            raise
        raise OSError(error.errno, error.strerror, str(path)) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _finish(temporary: Path) -> None:
    with temporary.open("rb") as written:
        os.fsync(written.fileno())
    temporary.chmod(0o666 & ~_mask())  # mkstemp's are for the owner only


def _check_replaceable(path: Path) -> None:
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not (stat.S_ISREG(mode) or stat.S_ISLNK(mode) or stat.S_ISDIR(mode)):
        raise FileExistsError(errno.EEXIST, "it is no regular file and stays as it is", str(path))


def _mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _check_free(path: Path, *, or_empty: bool = False) -> None:
    if or_empty and path.is_dir() and not path.is_symlink() and not any(path.iterdir()):
        return
    if os.path.lexists(path):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
