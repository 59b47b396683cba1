"""The folder of an export: whether it may be written to, what is there already, when it is done.

::

    DIR/trackbench.unfinished.json   what it is going to be; from the beginning to the end
    DIR/.trackbench.lock             held by the process that writes; then removed
    DIR/<folder>/.<name>.partial/    a sequence in the making; renamed when it is whole
    DIR/<folder>/list.txt            when all sequences are there, with what else a layout has
    DIR/trackbench.json              the card, after everything else
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from trackbench.datasets.export.card import (
    Card,
    Extent,
    load_card,
    load_extent,
    save_card,
    save_extent,
)
from trackbench.errors import IncompatibleResultsError, TrackbenchError, parameter
from trackbench.results.atomic_files import write_text
from trackbench.results.folders import inside, is_there, make_inside
from trackbench.results.locks import HeldError, locked
from trackbench.results.out_paths import check_out_folder

CARD = "trackbench.json"
UNFINISHED = "trackbench.unfinished.json"
LIST = "list.txt"
_HIDDEN = ".trackbench."
_LOCK = f"{_HIDDEN}lock"


class ExportFolder:
    """A folder that an export is written to."""

    def __init__(self, path: Path, sequences: str, beside: tuple[str, ...] = ()) -> None:
        """Take a folder.

        Args:
            path: the export's.
            sequences: the name of the one in it that holds the sequences.
            beside: names of files that are written there at the end, besides ``list.txt``.
        """
        self.path, self._beside = path, (LIST, *beside)
        self.sequences = path / sequences
        self._names = self.sequences.relative_to(path).parts

    def check_usable(self) -> None:
        """Make sure that an export can be written or found here, before anything is computed.

        Raises:
            TrackbenchError: the path is a file or not writable, or a folder of something else.
        """
        check_out_folder(self.path, "exports")
        if self.path.is_dir() and self._stored() is None and self._others():
            raise TrackbenchError(
                f"{self.path} is not empty and holds no export: choose another {parameter('out')}"
            )

    def finished(self, extent: Extent, names: Sequence[str]) -> Card | None:
        """Return the card if the export is here, with all of its sequences.

        Raises:
            IncompatibleResultsError: another export is here.
            DamagedFileError: what says which is cannot be read, or is no file or folder of an
                export's, such as a link.
        """
        self._check_same(extent)
        card = self.path / CARD
        if self._stored() != card or self.missing(names):
            return None
        return load_card(card)

    def missing(self, names: Sequence[str]) -> list[int]:
        """Return the indices of the sequences that are not here."""
        # No link is followed: what is written here stays here.
        folders = (inside(self.path, *self._names, name) for name in names)
        return [i for i, folder in enumerate(folders) if not folder.is_dir()]

    @contextmanager
    def writing(self, extent: Extent) -> Iterator[None]:
        """Hold the folder, marked as unfinished; a second process that wants it is refused.

        Raises:
            TrackbenchError: another process holds it.
            DamagedFileError: a link or something else is where it writes.
            IncompatibleResultsError: another export has come here meanwhile.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        lock = self.path / _LOCK
        try:
            with locked(lock, wait=False):
                try:
                    self._begin(extent)
                    yield
                finally:
                    lock.unlink(missing_ok=True)
        except HeldError as error:
            raise TrackbenchError(f"another export is writing to {self.path}") from error

    def finish(self, card: Card, names: Sequence[str], beside: Mapping[str, str]) -> None:
        """Write the files beside the sequences, the list and the card: now everything is here."""
        for name, text in beside.items():
            write_text(self.sequences / name, text)
        write_text(self.sequences / LIST, "".join(f"{name}\n" for name in names))
        save_card(card, self.path / CARD)
        (self.path / UNFINISHED).unlink()

    def _begin(self, extent: Extent) -> None:
        self._check_same(extent)
        save_extent(extent, self.path / UNFINISHED)
        make_inside(self.path, *self._names)
        # Where a sequence has gone from what was finished, it is no longer.
        (self.path / CARD).unlink(missing_ok=True)
        for name in self._beside:
            (self.sequences / name).unlink(missing_ok=True)
        self._tidy()

    def _check_same(self, extent: Extent) -> None:
        stored = self._stored()
        if stored is None or (found := load_extent(stored)) == extent:
            return
        if replace(found, schema=extent.schema) == extent:
            raise IncompatibleResultsError(
                f"{self.path} holds this export as an earlier trackbench wrote it, with fewer "
                f"files or other names: choose another {parameter('out')}"
            )
        raise IncompatibleResultsError(
            f"{self.path} holds another export ({found}): choose another {parameter('out')}"
        )

    def _stored(self) -> Path | None:
        """Return the file that says what is here, if an export is."""
        for name in (UNFINISHED, CARD):
            if is_there(self.path / name):
                return self.path / name
        return None

    def _others(self) -> bool:
        return any(not entry.name.startswith(_HIDDEN) for entry in self.path.iterdir())

    def _tidy(self) -> None:
        """Remove what a killed process left of the files that it was writing."""
        for folder, name in (
            (self.path, UNFINISHED),
            (self.path, CARD),
            *((self.sequences, name) for name in self._beside),
        ):
            for left in folder.glob(f".{name}.*"):
                left.unlink()
