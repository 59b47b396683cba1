"""Boxes that some tracker has answered, by data set and sequence, to be replayed."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from trackbench.contracts import DatasetSpec
from trackbench.errors import TrackbenchError
from trackbench.host.run_lengths import MaskRuns

ANY = ""
"""In the place of a data set's id: the boxes are of whichever has sequences of these names."""


class Said(IntEnum):
    """What was answered in a frame."""

    BOX = 0
    """A box; it may be none that is valid."""
    ABSENT = 1
    """There is no target."""
    GIVEN = 2
    """The true box that it was given."""
    NOTHING = 3
    """Nothing: the tracker had failed."""


class StoredBoxes:
    """Boxes of sequences.

    Args:
        called: what they are, for messages and records.
        boxes: data set's id, with or without a version, or :data:`ANY` -> name of the sequence, or
            its index -> (T, 6) float64: ``x, y, w, h`` in pixels, a confidence (NaN: there is
            none) and what was said (:class:`Said`).
        fingerprints: data set's id -> hash of the data that they were answered on; of those that
            are not in it nobody knows.
        masks: data set's id -> index of the sequence -> masks that were answered beside them.
        sees_future: whoever answered them was handed whole videos.
    """

    def __init__(
        self,
        called: str,
        boxes: Mapping[str, Mapping[str, NDArray[np.float64]]],
        fingerprints: Mapping[str, str] | None = None,
        masks: Mapping[str, Mapping[int, MaskRuns]] | None = None,
        *,
        sees_future: bool = False,
    ) -> None:
        self.called, self.boxes = called, {name: dict(known) for name, known in boxes.items()}
        self.fingerprints, self.sees_future = dict(fingerprints or {}), sees_future
        self.masks = {name: dict(known) for name, known in (masks or {}).items()}

    def __repr__(self) -> str:
        """Return what they are, in words."""
        return self.called

    def find(self, dataset: str, name: str, index: int, frames: int) -> NDArray[np.float64]:
        """Return the boxes (T, 6) of a sequence, T >= ``frames``.

        Args:
            dataset: id of the data set.
            name: of the sequence.
            index: of it.
            frames: how many are needed.

        Raises:
            TrackbenchError: there are none, or fewer.
        """
        found = None
        for known in self._of_dataset(dataset):
            found = known.get(name, known.get(str(index)))
            if found is not None:
                break
        what = f"sequence {name} of {dataset}"
        if found is None:
            raise TrackbenchError(f"{self.called} has no boxes for {what}")
        if len(found) < frames:
            raise TrackbenchError(
                f"{self.called} has {len(found)} boxes for {what}, and {frames} frames are run"
            )
        return found

    def masks_of(self, dataset: str, index: int) -> MaskRuns | None:
        """Return the masks of a sequence, N = 1; None: there are none."""
        return self.masks.get(dataset, {}).get(index)

    def check(self, spec: DatasetSpec, sequences: int, frames: int) -> None:
        """Make sure that all sequences that are to be run have their boxes.

        Args:
            spec: of the data set.
            sequences: the first so many.
            frames: the longest length.

        Raises:
            TrackbenchError: one has none, too few, or more than it has frames.
        """
        for index in range(sequences):
            name = spec.name_of(index)
            has = spec.frames_of(index)
            found = self.find(spec.id, name, index, min(frames, has))
            if len(found) > has:
                raise TrackbenchError(
                    f"{self.called} has {len(found)} boxes for sequence {name} of {spec.id}, which "
                    f"has {has} frames: they are of something else"
                )

    def check_data(self, dataset: str, fingerprint: str) -> None:
        """Make sure that a data set is the one that the boxes were answered on.

        Args:
            dataset: its id, which other data may have, too.
            fingerprint: of the data that are run.

        Raises:
            TrackbenchError: it is another.
        """
        theirs = self.fingerprints.get(dataset, fingerprint)
        if theirs != fingerprint:
            raise TrackbenchError(
                f"the boxes of {self.called} were answered on other data of the name {dataset} "
                f"(fingerprint {theirs[:12]}, and here {fingerprint[:12]}): replay them on those"
            )

    def _of_dataset(self, dataset: str) -> list[Mapping[str, NDArray[np.float64]]]:
        unversioned, _, version = dataset.rpartition("-v")
        names = [dataset, unversioned if version.isdigit() else dataset, ANY]
        return [self.boxes[name] for name in names if name in self.boxes]
