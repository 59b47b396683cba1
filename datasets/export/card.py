"""What an export is, as JSON beside its files: ``trackbench.json``, written last."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

from trackbench.errors import DamagedFileError
from trackbench.printing.text import quoted
from trackbench.results import atomic_files
from trackbench.results.bounded import read_json
from trackbench.results.json_checks import count, count_of, items, members, number, text

KindT = TypeVar("KindT")

SCHEMA = 1

MOST_BYTES = 2**20
"""Of a card; what a data set says of itself fills a few KiB."""

_MOST = 10**9
"""Of anything that is counted in a card."""
_WHAT = "the card of an export"


@dataclass(frozen=True, kw_only=True)
class Extent:
    """What decides every file of an export; two with the same extent are the same.

    Attributes:
        dataset, fingerprint: id of the data set, and the SHA-256 of its sample.
        sequences, length: the first sequences, so many frames of each.
        layout, image: ids of both.
        schema: of the export, its card included.
    """

    dataset: str
    fingerprint: str
    sequences: int
    length: int
    layout: str
    image: str
    schema: int = SCHEMA

    def __str__(self) -> str:
        """Return it in words."""
        return (
            f"{self.dataset}, {self.sequences:,} sequences of {self.length} frames, layout "
            f"{self.layout}, images {self.image}"
        )


@dataclass(frozen=True, kw_only=True)
class Card:
    """All that should be known of an export.

    Attributes:
        extent: what decides its files.
        trackbench: the version that wrote it.
        description, seed, source, source_sha256, generator: of the data set.
        frame: (height, width) of the first sequence, pixels.
        folder: in which the sequences lie, from the export's own.
        first, last: names of the first and the last sequence; the number is the index in the data
            set, from 0.
        attributes: columns of each attributes.csv, beside frame, x, y, w, h.
        exact: the images are the frames.
        largest_error, mean_error: by how much a value of an image (a grey level, or a channel of a
            colour) differs from the frame's, as Pillow decodes it.
        origin: what is added to x and y in the layout's own files.
        scoring: how the toolkit's numbers relate to trackbench's.
        notes: what else should be known.
    """

    extent: Extent
    trackbench: str
    description: str
    seed: int
    source: str
    source_sha256: str
    generator: Any
    frame: tuple[int, int]
    folder: str
    first: str
    last: str
    attributes: tuple[str, ...]
    exact: bool
    largest_error: int
    mean_error: float
    origin: int
    scoring: str
    notes: tuple[str, ...]


def save_card(card: Card, path: Path) -> None:
    """Write a card, atomically."""
    _save(asdict(card.extent) | {k: v for k, v in asdict(card).items() if k != "extent"}, path)


def save_extent(extent: Extent, path: Path) -> None:
    """Write an extent, atomically: what an unfinished export is going to be."""
    _save(asdict(extent), path)


def load_card(path: Path) -> Card:
    """Read a card.

    Raises:
        DamagedFileError: it is none, or follows a newer schema.
    """
    found = _load(path)
    try:
        return _card(found)
    except ValueError as error:
        raise DamagedFileError(f"{path} is not {_WHAT}: {error}") from error


def load_extent(path: Path) -> Extent:
    """Read the extent of a card or of an unfinished export; raises as :func:`load_card` does."""
    found = _load(path)
    try:
        return _extent(found)
    except ValueError as error:
        raise DamagedFileError(f"{path} is not {_WHAT}: {error}") from error


def _extent(found: dict[str, Any]) -> Extent:
    """Return the extent that JSON describes, which may hold a card's other fields, too."""
    names = [field.name for field in fields(Extent)]
    members({name: found[name] for name in names if name in found}, names, "it")
    return Extent(
        dataset=_text(found, "dataset"),
        fingerprint=_text(found, "fingerprint"),
        sequences=count_of(found, "sequences", _MOST),
        length=count_of(found, "length", _MOST),
        layout=_text(found, "layout"),
        image=_text(found, "image"),
        schema=count_of(found, "schema", _MOST),
    )


def _card(found: dict[str, Any]) -> Card:
    own = [field.name for field in fields(Card) if field.name != "extent"]
    members(found, [*(field.name for field in fields(Extent)), *own], "it")
    return Card(
        extent=_extent(found),
        trackbench=_text(found, "trackbench"),
        description=_text(found, "description"),
        seed=_of_kind(found, "seed", int),
        source=_text(found, "source"),
        source_sha256=_text(found, "source_sha256"),
        generator=found["generator"],
        frame=_frame(found),
        folder=_text(found, "folder"),
        first=_text(found, "first"),
        last=_text(found, "last"),
        attributes=_texts(found, "attributes"),
        exact=_of_kind(found, "exact", bool),
        largest_error=count_of(found, "largest_error", _MOST),
        mean_error=number(found["mean_error"], math.inf, "its mean_error"),
        origin=count_of(found, "origin", _MOST),
        scoring=_text(found, "scoring"),
        notes=_texts(found, "notes"),
    )


def _text(found: dict[str, Any], name: str) -> str:
    return text(found[name], f"its {name}")


def _texts(found: dict[str, Any], name: str) -> tuple[str, ...]:
    return tuple(text(value, f"one of its {name}") for value in items(found[name], f"its {name}"))


def _frame(found: dict[str, Any]) -> tuple[int, int]:
    sides = items(found["frame"], "its frame's sides")
    if len(sides) != 2:
        raise ValueError(f"its frame has {len(sides)} sides, not 2")
    return count(sides[0], _MOST), count(sides[1], _MOST)


def _of_kind(found: dict[str, Any], name: str, kind: type[KindT]) -> KindT:
    value = found[name]
    if type(value) is not kind:  # true is no integer
        raise ValueError(f"its {name} is {quoted(value)}")
    return value


def _save(content: dict[str, Any], path: Path) -> None:
    atomic_files.write_text(path, json.dumps(content, indent=1) + "\n")


def _load(path: Path) -> dict[str, Any]:
    """Return the fields of a card of a schema that is known here."""
    found = read_json(path, MOST_BYTES, _WHAT, links=False)
    if not isinstance(found, dict):
        raise DamagedFileError(f"{path} is not {_WHAT}: it is no object")
    schema = found.get("schema")
    if type(schema) is not int or schema < 1:
        raise DamagedFileError(f"{path} is not {_WHAT}: its schema is {quoted(schema)}")
    if schema > SCHEMA:
        raise DamagedFileError(
            f"{path} follows schema {quoted(schema)}, newer than this trackbench knows ({SCHEMA}): "
            "upgrade trackbench"
        )
    return found
