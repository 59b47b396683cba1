"""What an export is, as JSON beside its files: ``trackbench.json``, written last."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from trackbench.errors import DamagedFileError, brief
from trackbench.results import atomic_files

SCHEMA = 1


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
        own = {name: found[name] for name in Card.__annotations__ if name != "extent"}
        for name in ("frame", "attributes", "notes"):
            own[name] = tuple(own[name])
        return Card(extent=_extent(found), **own)
    except (KeyError, TypeError) as error:
        raise DamagedFileError(f"{path} is no card of an export: {brief(error)}") from error


def load_extent(path: Path) -> Extent:
    """Read the extent of a card or of an unfinished export; raises as :func:`load_card` does."""
    found = _load(path)
    try:
        return _extent(found)
    except (KeyError, TypeError) as error:
        raise DamagedFileError(f"{path} is no card of an export: {brief(error)}") from error


def _extent(found: dict[str, Any]) -> Extent:
    return Extent(**{name: found[name] for name in Extent.__annotations__})


def _save(fields: dict[str, Any], path: Path) -> None:
    atomic_files.write_text(path, json.dumps(fields, indent=1) + "\n")


def _load(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        number = found["schema"]
        newer = number > SCHEMA
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DamagedFileError(f"{path} is no card of an export: {brief(error)}") from error
    if newer:
        raise DamagedFileError(
            f"{path} follows schema {number}, newer than this trackbench knows ({SCHEMA}): "
            "upgrade trackbench"
        )
    fields: dict[str, Any] = found
    return fields
