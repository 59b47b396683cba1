"""The source of a third party's tracker or data set: its file, and the author's that this uses.

Results are kept under a hash of it, so that an edited tracker is run again.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trackbench.plugins.elsewhere import Elsewhere
from trackbench.plugins.hashing.content_hash import Content
from trackbench.plugins.hashing.elsewhere_hash import own_files_elsewhere
from trackbench.plugins.hashing.file_hash import Named
from trackbench.plugins.hashing.own_files import Ownership, own_files
from trackbench.plugins.hashing.sha256_of_files import files_and_state_sha256, files_sha256
from trackbench.plugins.hashing.source_file import OwnFile
from trackbench.plugins.hashing.surroundings import data_files, surroundings_token, variables_named
from trackbench.plugins.hashing.tokens import UnhashableError
from trackbench.plugins.importing import environment_before, folder_before

_NOWHERE = Path("/nowhere/at all")


@dataclass(frozen=True)
class Source:
    """The hash of a source, and what it stands for.

    Attributes:
        sha256: in hexadecimal; None if it cannot be hashed.
        unhashed: why it cannot, in one line; None if it can.
        files_sha256: of the author's source files alone; None if there are none.
        paths: the files whose content is in the hash.
        variables: the strings that are names of variables whose values are in the hash, if they are
            set.
    """

    sha256: str | None
    unhashed: str | None = None
    files_sha256: str | None = None
    paths: tuple[Path, ...] = ()
    variables: frozenset[str] = frozenset()


def source_sha256(factory: Any) -> str | None:
    """Return the hash of a factory's source; None where it has none that could be hashed."""
    return source_of(factory).sha256


def source_of(
    factory: Any,
    what: str = "the tracker",
    named: Named = Named.FILES,
    variables: Mapping[str, str] | None = None,
) -> Source:
    """Return the hash of all the author's own that decides what a factory makes.

    * The file it is written in, with every module that this imports, directly or through others
      and wherever the import statement stands, as far as it is the author's own: not installed, or
      of the factory's own package. A module that is named at run time counts where the name is
      written out (``import_module("mine")``), or where a loaded module holds it.
    * Of functions made by decorators and functions, and of base classes and helpers, their files.
    * What the files do not say: closures, defaults, attributes of classes (set from outside, too),
      and the globals that the code names, with their content as it is now. Of a global or an
      attribute of the standard library's that cannot be hashed (a lock, a log), the file that makes
      it stands for it; another that cannot be hashed may have been read from anywhere, and so the
      source has no hash.
    * Files of data whose names stand in the source as strings (``"template.png"``), in its folder,
      the folder above, the working folder, or a folder in them whose name stands there, too.
    * The values of variables of the environment whose names stand in a source that reads those.
    * Of what has no file, as in a notebook, the compiled code, the same wherever and however often
      its cell is run.

    What is on the disk now counts, not what was loaded: a tracker is imported anew to be run. Other
    files that the code reads are not hashed; they are noticed when it runs
    (:mod:`trackbench.host.reads`).

    Args:
        factory: a class or function.
        what: what it makes, for the line that says what cannot be hashed.
        named: what a global stands for that names a file.
        variables: the environment; None: of this process, without what modules changed in it.
    """
    if isinstance(factory, Elsewhere):
        return _source_elsewhere(factory, what, variables)
    path, name = _written_in(factory)
    ownership = Ownership(name.partition(".")[0])
    content = Content(what, ownership, named, path or _NOWHERE)
    try:
        state = content.digest(factory)
    except UnhashableError as error:
        alone = own_files((), [(path, name, _package(path, name))], ownership) if path else {}
        return Source(None, str(error), files_sha256(alone) if alone else None)
    start = [] if path is None else [(path, name, _package(path, name))]
    start += [(file, *names) for file, names in content.files.items()]
    try:
        files = own_files(content.modules, start, ownership, path)
    except OSError as error:
        return Source(None, f"{what}: {error.filename} cannot be read ({error.strerror})")
    of_files = files_sha256(files) if files else None
    variables_asked = _strings_by_environment(files, content)
    try:
        around, data = _surroundings(files, content, variables_asked, variables)
    except UnhashableError as error:
        return Source(None, f"{what}: {error}", of_files)
    paths = [file.path for file in files.values()]
    paths += [path for path in (*content.paths, *data) if not path.is_dir()]
    unconditional = all(file.unconditional for file in files.values())
    files_say_all = not content.unwritten and unconditional and not around
    sha256 = (
        of_files
        if files_say_all and of_files
        else files_and_state_sha256(files, state + (around or b""))
    )
    return Source(sha256, None, of_files, tuple(paths), variables_asked)


def _source_elsewhere(factory: Elsewhere, what: str, variables: Mapping[str, str] | None) -> Source:
    """Return the hash of the files of a factory that is never imported here."""
    try:
        files = own_files_elsewhere(factory)
        nothing = Content(what, Ownership())
        variables_asked = _strings_by_environment(files, nothing)
        around, data = _surroundings(files, nothing, variables_asked, variables)
    except OSError as error:
        return Source(None, f"{what}: {error.filename} cannot be read ({error.strerror})")
    except UnhashableError as error:
        return Source(None, f"{what}: {error}")
    paths = [*(file.path for file in files.values()), *(p for p in data if not p.is_dir())]
    return Source(
        files_and_state_sha256(files, around or b""),
        None,
        files_sha256(files),
        tuple(paths),
        variables_asked,
    )


def _strings_by_environment(files: Mapping[str, OwnFile], content: Content) -> frozenset[str]:
    """Return the strings of code that names the environment: they may be names of variables."""
    asking = [file.words for file in files.values() if file.names_environment]
    asking += [frozenset(content.words)] if content.names_environment else []
    return frozenset(word for words in asking for word in words if word.isidentifier())


def _surroundings(
    files: Mapping[str, OwnFile],
    content: Content,
    asked: frozenset[str],
    variables: Mapping[str, str] | None,
) -> tuple[bytes | None, list[Path]]:
    """Return the hash of files of data and variables that the code names, and those files."""
    folders = dict.fromkeys(file.path.parent for file in files.values())
    here = folder_before()
    words = frozenset(content.words).union(*(file.words for file in files.values()))
    data = data_files(words, [*folders, *([Path(here)] if here else [])])
    given = environment_before() if variables is None else variables
    named = variables_named(asked, given)
    return surroundings_token(data, named), [path for _, path in data]


def folder_of(factory: Any) -> Path:
    """Return the folder of a factory's file; the working folder where it has no file."""
    if isinstance(factory, Elsewhere):
        spec = factory.find(factory.module)
        path = None if spec is None or spec.origin is None else Path(spec.origin)
    else:
        path, _ = _written_in(factory)
    return Path.cwd() if path is None else path.absolute().parent


def _written_in(factory: Any) -> tuple[Path | None, str]:
    """Return the file of a factory, and the name that relative imports start from."""
    try:
        written = inspect.unwrap(factory)
    except ValueError:  # wraps itself
        written = factory
    name = str(getattr(written, "__module__", None))
    spec = getattr(sys.modules.get(name), "__spec__", None)
    name = spec.name if spec is not None else name  # python -m package.module is __main__
    try:
        found = inspect.getsourcefile(written)
    except (TypeError, OSError):  # built in, or made where there is no file
        return None, name
    return (Path(found) if found is not None and Path(found).is_file() else None), name


def _package(path: Path, module: str) -> str:
    return module if path.stem == "__init__" else module.rpartition(".")[0]
