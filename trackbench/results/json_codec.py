"""JSON of ours made into dataclasses by ``msgspec``: of the types and within the bounds they state.

Nothing is converted and nothing passed over: a text is no number, ``true`` is no count, and a key
that is not known may be a known one that was damaged. The JSON itself is read by
:mod:`trackbench.results.bounded`.
"""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta

from trackbench.errors import DamagedFileError
from trackbench.printing.text import quoted, visible
from trackbench.results.schemas import refuse_newer

KindT = TypeVar("KindT")

MOST = 2**40
"""Of anything that is counted: more would be no count, and fits no array."""

Count = Annotated[int, Meta(ge=0, le=MOST)]
Positive = Annotated[int, Meta(ge=1, le=MOST)]
Share = Annotated[float, Meta(ge=0, le=1)]
NotNegative = Annotated[float, Meta(ge=0, le=1.7976931348623157e308)]
"""A number that is finite, and not below zero."""
Seconds = Count | Annotated[float, Meta(ge=0, le=MOST)]
"""A whole number stays one, so that what is read and written again is the same text."""
Sha256 = Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z")]

_STEP = re.compile(r"\.(\w+)|\[(\d+)\]|(\[\.\.\.\])")


def decoded(kind: type[KindT], found: Any, *, whole: bool = False) -> KindT:
    """Return the dataclass that ``found`` describes, as JSON holds it: objects, lists, texts.

    Args:
        kind: a dataclass, or a container of them.
        found: what was read.
        whole: fields that have a default must be there as well.

    Raises:
        ValueError: it describes none; the message says where and why, and what is there.
    """
    try:
        made = msgspec.convert(found, kind, str_keys=True)
    except msgspec.ValidationError as error:
        raise ValueError(_reason(str(error), found)) from error
    # msgspec forbids unknown names in its own classes alone, and fills in what has a default.
    _check_names(found, made, "", whole=whole)
    return made


def known_schema(found: Any, newest: int, path: Path, what: str) -> int:
    """Return the number of the schema that the JSON of a file follows.

    Args:
        found: what the file holds.
        newest: schema that is known here.
        path: the file.
        what: it should be, for messages: ``"the card of an export"``.

    Raises:
        DamagedFileError: it states none, or a newer one.
    """
    if not isinstance(found, dict):
        raise DamagedFileError(f"{path} is not {what}: it is no object")
    number = found.get("schema")
    if type(number) is not int or number < 1:  # true is no integer
        raise DamagedFileError(f"{path} is not {what}: its schema is {quoted(number)}")
    refuse_newer(number, newest, path)
    return number


def _reason(said: str, found: Any) -> str:
    """Return msgspec's message ``reason - at `$.place``` with the value that is there."""
    reason, _, place = said.rpartition(" - at `")
    if not reason:
        reason, place = said, "$"
    steps = _STEP.findall(place)
    where = "".join(f".{name}" if name else f"[{index}]" for name, index, _ in steps)
    where = where.removeprefix(".").replace("[]", "[...]")
    if reason.startswith("Object missing required field "):
        return f"{where or 'it'} lacks {reason.removeprefix('Object missing required field ')}"
    if place.startswith("key"):
        return f"a key of {where}: {_cut(reason)}"
    return f"{where or 'it'}{_value(found, steps)}: {_cut(reason)}"


def _value(found: Any, steps: list[tuple[str, str, str]]) -> str:
    for name, index, any_key in steps:
        if any_key:  # msgspec does not say which of the values of a dictionary it is
            return ""
        found = found[name or int(index)]
    return f" is {quoted(found)}"


def _cut(reason: str) -> str:
    """Return msgspec's reason, which may repeat what was found."""
    reason = reason[:1].lower() + reason[1:]
    return visible(reason if len(reason) <= 120 else f"{reason[:120]}...")


def _check_names(found: Any, made: Any, place: str, *, whole: bool) -> None:
    """Refuse names that no field of what was made has; ``whole``: and fields that are not named."""
    if is_dataclass(made):
        names = [field.name for field in fields(made)]
        _check_fields(found, names, place.removeprefix(".") or "it", whole=whole)
        inner: list[tuple[str, Any, Any]]
        inner = [(f".{name}", name, getattr(made, name)) for name in names if name in found]
    elif isinstance(made, dict):
        inner = [(f".{key}", str(key), value) for key, value in made.items()]
    elif isinstance(made, list | tuple):
        inner = [(f"[{number}]", number, value) for number, value in enumerate(made)]
    else:
        return
    for step, key, value in inner:
        _check_names(found[key], value, f"{place}{step}", whole=whole)


def _check_fields(found: dict[str, Any], names: list[str], where: str, *, whole: bool) -> None:
    for name in found:
        if name not in names:
            raise ValueError(f"{where} has {quoted(name)}, which is not known here")
    for name in names:
        if whole and name not in found:
            raise ValueError(f"{where} lacks `{name}`")
