"""What an export is, as JSON beside its files: ``trackbench.json``, written last."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Annotated, Any

from msgspec import Meta

from trackbench.errors import DamagedFileError
from trackbench.results import atomic_files
from trackbench.results.bounded import read_json
from trackbench.results.json_codec import KindT, NotNegative, decoded, known_schema

SCHEMA = 2
"""The newest. 1: sequences without names of their own, in a layout that has not changed since."""

MOST_BYTES = 2**20
"""Of a card; what a data set says of itself fills a few KiB."""

_WHAT = "the card of an export"

Count = Annotated[int, Meta(ge=0, le=10**9)]
"""Of anything that is counted in a card."""


@dataclass(frozen=True, kw_only=True)
class Extent:
    """What decides every file of an export; two with the same extent are the same.

    Attributes:
        dataset, fingerprint: id of the data set, and the SHA-256 of its sample.
        sequences, length: the first sequences, so many frames of each, or all that it has.
        layout, image: ids of both.
        shortest: frames of the shortest sequence, where they differ; 0: all have ``length``.
        schema: of the export, its card included.
    """

    dataset: str
    fingerprint: str
    sequences: Count
    length: Count
    layout: str
    image: str
    shortest: Count = 0
    schema: Count = 1

    def __str__(self) -> str:
        """Return it in words."""
        frames = f"{self.shortest} to {self.length}" if self.shortest else f"{self.length}"
        return (
            f"{self.dataset}, {self.sequences:,} sequences of {frames} frames, layout "
            f"{self.layout}, images {self.image}"
        )


@dataclass(frozen=True, kw_only=True)
class Card(Extent):
    """All that should be known of an export.

    Attributes:
        trackbench: the version that wrote it.
        description, seed, source, source_sha256, generator: of the data set.
        frame: (height, width) of the first sequence, pixels.
        folder: in which the sequences lie, from the export's own.
        first, last: names of the first and the last sequence; the number is the index in the data
            set, from 0.
        attributes: columns of attributes.csv, beside frame, x, y, w, h.
        exact: the images are the frames.
        largest_error, mean_error: by how much a value of an image (a grey level, or a channel of a
            colour) differs from the frame's, as Pillow decodes it.
        origin: what is added to x and y in the layout's own files.
        scoring: how the toolkit's numbers relate to trackbench's.
        notes: what else should be known.
    """

    trackbench: str
    description: str
    seed: int
    source: str
    source_sha256: str
    generator: Any
    frame: tuple[Count, Count]
    folder: str
    first: str
    last: str
    attributes: tuple[str, ...]
    exact: bool
    largest_error: Count
    mean_error: NotNegative
    origin: Count
    scoring: str
    notes: tuple[str, ...]

    @property
    def extent(self) -> Extent:
        """What decides its files."""
        return Extent(**{field.name: getattr(self, field.name) for field in fields(Extent)})


def save_card(card: Card, path: Path) -> None:
    """Write a card, atomically."""
    _save(card, path)


def save_extent(extent: Extent, path: Path) -> None:
    """Write an extent, atomically: what an unfinished export is going to be."""
    _save(extent, path)


def load_card(path: Path) -> Card:
    """Read a card.

    Raises:
        DamagedFileError: it is none, or follows a newer schema.
    """
    return _decoded(Card, _load(path), path)


def load_extent(path: Path) -> Extent:
    """Read the extent of a card or of an unfinished export; raises as :func:`load_card` does."""
    found = _load(path)
    names = {field.name for field in fields(Extent)}
    return _decoded(Extent, {k: v for k, v in found.items() if k in names}, path)


def _save(content: Card | Extent, path: Path) -> None:
    fields = asdict(content)
    if not content.shortest:  # so that a card of equally long sequences is what it always was
        del fields["shortest"]
    atomic_files.write_text(path, json.dumps(fields, indent=1) + "\n")


def _load(path: Path) -> dict[str, Any]:
    """Return the fields of a card of a schema that is known here."""
    found: dict[str, Any] = read_json(path, MOST_BYTES, _WHAT, links=False)
    known_schema(found, SCHEMA, path, _WHAT)
    return found


def _decoded(kind: type[KindT], found: dict[str, Any], path: Path) -> KindT:
    try:
        return decoded(kind, found)
    except ValueError as error:
        raise DamagedFileError(f"{path} is not {_WHAT}: {error}") from error
