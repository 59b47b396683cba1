"""Trackers of a VOT toolkit's file: ``trackers.ini:NAME``.

A section is a tracker. Its keys, as votchallenge/toolkit reads them (``vot/tracker``):

=====================  ===========================================================================
``protocol``           ``trax``: a program; ``traxpython``: a module, or a line of Python
``command``            what is started, or imported
``paths``              of ``traxpython``: where modules are looked for, separated as in PATH
``linkpaths``          where its libraries are, likewise
``python``             of ``traxpython``: the interpreter; else this one
``env_NAME``           a variable of its environment
``arg_NAME``           a named argument of each video's first frame
``timeout``            seconds for its hello and each answer; 30
``restart``            start it anew for each video
``label``, ``tags``,   nothing that decides; they are not looked at, but for ``label``
``version``,
``meta_NAME``
=====================  ===========================================================================

Paths, and files that a command names, start from the file's folder, which is the working folder.
"""

from __future__ import annotations

import configparser
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

from trackbench.contracts import TrackerSpec
from trackbench.errors import TrackbenchError, UnknownIdError
from trackbench.plugins.naming import free_id
from trackbench.scheme_contract import NamedTracker
from trackbench.trackers.named_files import files_in, from_folder, program_path, words_of
from trackbench.trackers.trax_schemes import check_no_python, program_spec

_KEYS = (
    *("label", "protocol", "command", "paths", "linkpaths", "python", "timeout", "restart"),
    *("tags", "version", "socket", "log"),
)
_PREFIXES = ("env_", "arg_", "meta_")
_PYTHON = "traxpython"
_MODULE = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*")
_LOGICAL = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def ini_tracker(named: NamedTracker) -> TrackerSpec:
    """Return the tracker of a section.

    Raises:
        TrackbenchError: there is no such file or section, or it is not to be run here.
    """
    check_no_python(named)
    given, _, name = named.rest.rpartition(":")
    file = Path(given)
    sections = _read(file)
    if not sections.sections():
        raise TrackbenchError(f"{file} has no tracker: write [NAME], protocol and command")
    if name not in sections.sections():
        raise UnknownIdError(f"tracker of {file}", name, sections.sections())
    section, folder = dict(sections[name]), file.absolute().parent
    where = f"{name} of {file}"
    _check_keys(section, where)
    try:
        words, files = _command(section, folder)
    except TrackbenchError as error:
        raise TrackbenchError(f"{where}: {error}") from error
    return program_spec(
        free_id(name, f"vot-{name}"),
        "trackbench.trackers.trax:TraxTracker",
        description=section.get("label", name),
        command=words,
        environment=_environment(section, folder),
        arguments=_begun(section, "arg_"),
        folder=str(folder),
        timeout=_seconds(section.get("timeout", "30"), where),
        restart=_logical(section, "restart", where),
        files=files,
    )


def _read(file: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # env_NAME has capitals
    try:
        with file.open(encoding="utf-8-sig") as stream:
            parser.read_file(stream)
    except OSError as error:
        raise TrackbenchError(f"{file} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise TrackbenchError(f"{file} is no UTF-8 text: save it as such") from error
    except configparser.Error as error:
        reason = " ".join(str(error).split())
        raise TrackbenchError(f"{file} is no trackers.ini: {reason[:200]}") from error
    return parser


def _check_keys(section: Mapping[str, str], where: str) -> None:
    for key in section:
        if key not in _KEYS and not key.startswith(_PREFIXES):
            raise UnknownIdError(f"key of {where}:", key, [*_KEYS, *_PREFIXES])
    protocol = section.get("protocol", "")
    if protocol not in {"trax", _PYTHON}:
        if "matlab" in protocol or "octave" in protocol:
            why = "is a Matlab tracker"
        else:
            why = f"has the protocol {protocol!r}" if protocol else "has no protocol"
        raise TrackbenchError(f"{where} {why}: only trax and traxpython are run")
    if not section.get("command", "").strip():
        raise TrackbenchError(f"{where} has no command: write what is to be started")
    if _logical(section, "socket", where):
        raise TrackbenchError(f"{where} talks over a socket: only standard input and output are")


def _command(section: Mapping[str, str], folder: Path) -> tuple[list[str], list[str]]:
    """Return the words of the command, and files that it names in other ways."""
    command = section["command"].strip()
    if section["protocol"] != _PYTHON:
        words = words_of(command)
        if Path(words[0]).name.lower().startswith("matlab"):
            raise TrackbenchError("it is a Matlab tracker: only trax and traxpython are run")
        program = program_path(words[0], folder)
        return [program, *from_folder(words[1:], folder)], files_in(words, folder)
    paths = _paths(section.get("paths", ""), folder)
    python = program_path(section.get("python") or sys.executable, folder)
    line = f"import {command}" if _MODULE.fullmatch(command) else command
    return [python, "-c", f"import sys; sys.path[:0] = {paths!r}; {line}"], _modules(line, paths)


def _modules(line: str, paths: list[str]) -> list[str]:
    """Return the files, or folders, of modules that a line of Python imports from these places."""
    names = re.findall(r"\b(?:import|from)\s+([A-Za-z_][A-Za-z0-9_]*)", line)
    found = [Path(place) / name for name in names for place in paths]
    files = [path.with_name(f"{path.name}.py") for path in found] + found
    return [str(path) for path in files if path.exists()]


def _environment(section: Mapping[str, str], folder: Path) -> dict[str, str]:
    found = _begun(section, "env_")
    links = _paths(section.get("linkpaths", ""), folder)
    if links:
        variable = "DYLD_LIBRARY_PATH" if sys.platform == "darwin" else "LD_LIBRARY_PATH"
        before = found.get(variable, os.environ.get(variable, ""))
        found[variable] = os.pathsep.join([*links, *([before] if before else [])])
    return found


def _begun(section: Mapping[str, str], prefix: str) -> dict[str, str]:
    return {key[len(prefix) :]: value for key, value in section.items() if key.startswith(prefix)}


def _paths(given: str, folder: Path) -> list[str]:
    return [str(folder / each.strip()) for each in given.split(os.pathsep) if each.strip()]


def _logical(section: Mapping[str, str], key: str, where: str) -> bool:
    given = section.get(key, "false").strip().lower()
    if given not in _LOGICAL:
        raise TrackbenchError(f"{key} = {given!r} of {where}: write true or false")
    return _LOGICAL[given]


def _seconds(given: str, where: str) -> float:
    try:
        seconds = float(given)
    except ValueError:
        seconds = 0.0
    if not seconds > 0:
        raise TrackbenchError(f"timeout = {given!r} of {where}: write seconds")
    return seconds
