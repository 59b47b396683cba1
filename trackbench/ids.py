"""Ids: ``name`` or ``name-vN``, N >= 1. Parsing and formatting are inverses."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from trackbench.errors import TrackbenchError

_ID = re.compile(r"(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)")
LONGEST = 100
"""Ids are names of folders, which file systems limit to 255 bytes."""
_VERSION = re.compile(r"(?P<name>.+)-v(?P<version>[1-9][0-9]*)")


@dataclass(frozen=True, order=True)
class Id:
    """A name and a version; version None asks for the newest."""

    name: str
    version: int | None = None

    def __str__(self) -> str:
        return self.name if self.version is None else f"{self.name}-v{self.version}"


def parse(text: str) -> Id:
    """Parse ``name`` or ``name-vN``.

    Raises:
        TrackbenchError: not letters, digits, ``.``, ``_`` and ``-`` with a letter or digit at both
            ends, or a version that is not a positive integer without leading zeros.
    """
    if not _ID.fullmatch(text) or len(text) > LONGEST:
        raise TrackbenchError(
            f"bad id {text!r}: use letters, digits, '.', '_', '-', such as kcf or kcf-v1"
        )
    versioned = _VERSION.fullmatch(text)
    if versioned and _ID.fullmatch(versioned["name"]):
        return Id(versioned["name"], int(versioned["version"]))
    if re.search(r"-v[0-9]+$", text):
        raise TrackbenchError(f"bad id {text!r}: versions are -v1, -v2, ...")
    return Id(text)


def derived(base: str, suffix: str, what: str) -> str:
    """Return the id of what is made of something else: ``name-SUFFIX-vN`` of ``name-vN``.

    Args:
        base: id of the other.
        suffix: of the name.
        what: this is, for the message.

    Raises:
        TrackbenchError: it is too long for an id.
    """
    found = parse(base)
    own = str(replace(found, name=f"{found.name}-{suffix}"))
    if len(own) > LONGEST:
        raise TrackbenchError(f"the id {base} is too long for {what}")
    return own


def unversioned(text: str) -> str:
    """Return an id without its version; stored results may hold names that are no ids."""
    try:
        return parse(text).name
    except TrackbenchError:
        return text
