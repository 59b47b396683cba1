"""An author's modules imported from what their files hold now, whatever was compiled before.

Python takes a module's compiled code from ``__pycache__`` where the source's size and its time in
whole seconds are those of the source that was compiled. A file edited within a second, or copied
with its time kept (``cp -p``, ``rsync -t``, a container's layers), is then run as it was before,
and hashed as it is now. With this loader, compiled code is taken only where it was made of the very
bytes that the source has (PEP 552: a hash of them in the compiled file).
"""

from __future__ import annotations

import contextlib
import marshal
import os
import sys
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import MAGIC_NUMBER, cache_from_source, source_hash
from types import CodeType
from typing import Any, Iterator

from .installed import Installed

_CHECKED = (3).to_bytes(4, "little")
"""Flags of a compiled file that holds a hash of its source, which is to be compared."""


class FromSource(SourceFileLoader):
    """Loads a module, compiled from the bytes that its file has now."""

    def get_code(self, fullname: str) -> CodeType:
        """Return the module's code, as importlib wants it.

        Raises:
            OSError: the file cannot be read.
            SyntaxError: it cannot be compiled.
        """
        path = self.get_filename(fullname)
        source = self.get_data(path)
        head = MAGIC_NUMBER + _CHECKED + source_hash(source)
        compiled = _compiled_file(path)
        with contextlib.suppress(OSError, EOFError, ValueError, TypeError):
            content = self.get_data(compiled)
            if content.startswith(head):
                kept = marshal.loads(memoryview(content)[len(head) :])  # noqa: S302 - as Python does
                if isinstance(kept, CodeType) and kept.co_filename == path:
                    return kept
        code: CodeType = self.source_to_code(source, path)
        if compiled and not sys.dont_write_bytecode:
            # Written whole or not at all, and readable by whoever may read the source; where the
            # folder cannot be written to, nothing happens.
            mode = os.stat(path).st_mode & 0o666 | 0o200
            self.set_data(compiled, head + marshal.dumps(code), _mode=mode)
        return code


class Finder:
    """Finds what the other finders find; the author's modules are loaded from their source."""

    loads_from_source = True

    def __init__(self) -> None:
        self._installed: Installed | None = None  # looked for when something is found

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """Return the spec of a module, as importlib wants it."""
        for finder in sys.meta_path:
            find = getattr(finder, "find_spec", None)
            if find is None or _is_ours(finder):
                continue
            spec = find(name, path, target)
            if spec is not None:
                return spec if self._is_installed(spec.origin) else from_source(spec)
        return None

    def _is_installed(self, origin: str | None) -> bool:
        if self._installed is None:
            self._installed = Installed()
        return origin is None or self._installed.holds(os.path.realpath(origin))


def from_source(spec: ModuleSpec) -> ModuleSpec:
    """Return a module's spec, changed so that a file of Python's is loaded from its source."""
    if type(spec.loader) is SourceFileLoader:
        spec.loader = FromSource(spec.loader.name, spec.loader.path)
    return spec


def install() -> None:
    """Have this process, which must be one of ours, import the author's modules so from now on."""
    if not any(map(_is_ours, sys.meta_path)):
        sys.meta_path.insert(0, Finder())


@contextlib.contextmanager
def imported_from_source() -> Iterator[None]:
    """Have the author's modules imported so meanwhile, in a process that may be anybody's."""
    finder = Finder()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        with contextlib.suppress(ValueError):  # somebody has put others in their place
            sys.meta_path.remove(finder)


def _is_ours(finder: Any) -> bool:
    """Whether a finder is one of these; a host may have this module under two names."""
    return getattr(finder, "loads_from_source", False) is True


def _compiled_file(path: str) -> str:
    try:
        return cache_from_source(path)
    except NotImplementedError:  # this interpreter keeps none
        return ""
