"""Messages of the TraX protocol: lines of words in quotation marks.

Source: votchallenge/trax, ``docs/protocol.rst``, and what its library writes (version 4). The
library is not used here: its end for evaluators crashes the process over a malformed answer, and
says the same of every program that does not talk as it should.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from trackbench.contracts import Boxes

PREFIX = b"@@TRAX:"
_ARGUMENT = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|(\S+))', re.DOTALL)
_CODE = re.compile(r"\s*[+-]?\d+\s*")
_ESCAPED = {"\\n": "\n"}
_NAMED = re.compile(r"([A-Za-z0-9._]{1,64})=(.*)", re.DOTALL)


class MessageError(ValueError):
    """What came is no message of the protocol, or none that is understood here."""


@dataclass(frozen=True)
class Message:
    """One message: its name, the words behind it, and those that have the form ``name=value``."""

    name: str
    words: tuple[str, ...]
    named: Mapping[str, str]


def written(name: str, *words: str, **named: str) -> bytes:
    """Return the line of a message."""
    given = [*words, *(f"{key}={value}" for key, value in named.items())]
    return b"%s%s %s\n" % (PREFIX, name.encode(), " ".join(map(_quoted, given)).encode())


def read(line: bytes) -> Message:
    """Return the message in a line that begins with :data:`PREFIX`.

    Raises:
        MessageError: it is none.
    """
    try:
        text = line[len(PREFIX) :].decode().strip()
    except UnicodeDecodeError as error:
        raise MessageError("it is not UTF-8") from error
    name, _, rest = text.partition(" ")
    words: list[str] = []
    named: dict[str, str] = {}
    for match in _ARGUMENT.finditer(rest):
        word = match[2] if match[1] is None else re.sub(r"\\.", _unescaped, match[1])
        pair = _NAMED.fullmatch(word)
        if pair is None:
            words.append(word)
        else:
            named[pair[1]] = pair[2]
    return Message(name, tuple(words), named)


def rectangle(box: Boxes) -> str:
    """Return a box (4,) as a region, with every digit that it has."""
    return ",".join(repr(float(value)) for value in box)


def polygon(box: Boxes) -> str:
    """Return the corners of a box (4,) as a region."""
    x, y, w, h = (float(value) for value in box)
    return ",".join(map(repr, (x, y, x + w, y, x + w, y + h, x, y + h)))


def box_of(region: str) -> Boxes | None:
    """Return the box (4,) of a region, of a polygon the tight one.

    None of a special code, which is a whole number: the target is absent.

    Raises:
        MessageError: it is a mask, or nothing that is known.
    """
    if region.startswith("m"):
        raise MessageError("it answers with a mask, and rectangles are read")
    try:
        values = np.array([float(value) for value in region.split(",")])
    except ValueError as error:
        raise MessageError(f"{region[:80]!r} is no region") from error
    if len(values) == 1 and _CODE.fullmatch(region):
        return None
    if len(values) == 4:
        return values
    if len(values) < 6 or len(values) % 2:
        raise MessageError(f"{region[:80]!r} is no region")
    corners = values.reshape(-1, 2)
    low = corners.min(axis=0)
    return np.concatenate([low, corners.max(axis=0) - low])


def confidence_of(message: Message) -> float | None:
    """Return how sure a state says that it is; None: it does not say.

    Raises:
        MessageError: that is no number.
    """
    said = message.named.get("confidence")
    if said is None:
        return None
    try:
        return float(said)
    except ValueError as error:
        raise MessageError(f"its confidence {said[:80]!r} is no number") from error


def _quoted(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _unescaped(match: re.Match[str]) -> str:
    return _ESCAPED.get(match[0], match[0][1:])
