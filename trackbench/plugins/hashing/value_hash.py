"""Parameters by their content."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from trackbench.plugins.hashing.content_hash import Content
from trackbench.plugins.hashing.file_hash import Named
from trackbench.plugins.hashing.own_files import Ownership, own_files
from trackbench.plugins.hashing.sha256_of_files import files_and_state_sha256
from trackbench.plugins.hashing.tokens import UnhashableError


def value_sha256(value: Any, what: str, named: Named = Named.CONTENT) -> tuple[str, list[Path]]:
    """Return the hash of a value's content, and the files and folders that it names.

    Functions and classes in it count by their source, as a factory does.

    Args:
        value: anything.
        what: what it is, for the message.
        named: what a string or path stands for that names a file.

    Raises:
        UnhashableError: one line with what in it cannot be hashed, and why.
    """
    ownership = Ownership()
    content = Content(what, ownership, named)
    state = content.digest(value)
    start = [(file, *names) for file, names in content.files.items()]
    files = own_files(content.modules, start, ownership)
    return files_and_state_sha256(files, state), content.paths


def shared_sha256(values: Mapping[str, Any]) -> str | None:
    """Return the hash of values together where they share something that can be changed.

    Whoever changes a list that two parameters hold changes both of them. None: they share nothing,
    or one of them cannot be hashed.
    """
    together = Content("parameters", Ownership())
    try:
        state = together.digest(dict(values))
        alone = 0
        for value in values.values():
            content = Content("a parameter", Ownership())
            content.digest(value)
            alone += content.met_again
    except UnhashableError:
        return None
    return state.hex() if together.met_again > alone else None


def with_parameters_sha256(source: str | None, parameters: Mapping[str, Any]) -> str | None:
    """Return the hash of a source's hash and parameters' contents; None: one cannot be hashed."""
    if not parameters:
        return source
    lines = [source or ""]
    for name, value in sorted(parameters.items()):
        try:
            lines.append(f"{name} {value_sha256(value, name)[0]}")
        except UnhashableError:
            return None
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
