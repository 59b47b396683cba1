"""Names of the sequences of an export: the data set's own, where they can be names of folders."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from trackbench.contracts import DatasetSpec
from trackbench.errors import TrackbenchError
from trackbench.printing.text import quoted

_LONGEST = 200
"""Bytes; file systems take 255, and toolkits call their results by the sequence."""

_UNSAFE = frozenset('<>:"/\\|?*[]%')
"""What some system has in no name, or what the toolkits take for a pattern."""


def sequence_names(spec: DatasetSpec, sequences: int, taken: Iterable[str]) -> tuple[str, ...]:
    """Return the names of the first sequences.

    They are those of the data set. Where it has none they are its id and the index, which begins
    at 0.

    Args:
        spec: the data set.
        sequences: how many.
        taken: names of files that lie beside the sequences.

    Raises:
        TrackbenchError: a name cannot be that of a folder, or two are the same to a file system
            that does not tell capitals from small letters.
    """
    if not spec.names:
        digits = max(6, len(str(sequences - 1)))
        return tuple(f"{spec.id}_{index:0{digits}d}" for index in range(sequences))
    known = {_folded(name): name for name in taken}
    for name in spec.names[:sequences]:
        if why := _unsafe(name):
            raise TrackbenchError(
                f"{spec.id}: the sequence {quoted(name)} cannot be a folder of that name: {why}"
            )
        if _folded(name) in known:
            raise TrackbenchError(
                f"{spec.id}: the sequence {quoted(name)} cannot lie beside "
                f"{quoted(known[_folded(name)])}, which some systems take for the same name: "
                "rename one"
            )
        known[_folded(name)] = name
    return spec.names[:sequences]


def _folded(name: str) -> str:
    """Return what two names have in common that are the same to macOS or to Windows."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold())


def _unsafe(name: str) -> str | None:
    """Say what is wrong with a name; None: nothing."""
    signs = sorted(_UNSAFE & set(name))
    if not name:
        return "it is empty"
    if signs:
        return f"it has {' '.join(signs)} in it"
    if not name.isprintable():
        return "it has signs that cannot be printed"
    if name.startswith(".") or name != name.strip(" ."):
        return "it begins with a point, or begins or ends with a blank or a point"
    if len(name.encode()) > _LONGEST:
        return f"it has more than {_LONGEST} bytes"
    return None
