"""Hashes that say whether two results come from the same tracker and the same data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

import numpy as np

from trackbench.contracts import Dataset, TrackerSpec, Video
from trackbench.errors import DamagedFileError
from trackbench.plugins.checked_sequence import make_sequence
from trackbench.plugins.tracker_identity import tracker_identity

SAMPLE = 8


def sample_indices(sequences: int) -> list[int]:
    """Return the indices of the sequences that stand for a data set: evenly spread, both ends."""
    count = min(SAMPLE, sequences)
    return sorted({i * (sequences - 1) // max(count - 1, 1) for i in range(count)})


def dataset_fingerprint(
    dataset: Dataset, look: Callable[[int, Video], None] = lambda _index, _video: None
) -> str:
    """Return the SHA-256 over frames and boxes of the sample, in hexadecimal.

    Hashed for each sequence, in order of the indices: the index and the frames' shape in decimal,
    the frames' bytes, the boxes' little-endian float64 bytes.

    Args:
        dataset: of which.
        look: is called with each sequence and its index.
    """
    digest = hashlib.sha256()
    if dataset.spec.names:  # a tracker may ask for them
        digest.update(json.dumps(dataset.spec.names).encode())
    for index in sample_indices(dataset.spec.sequences):
        sequence = make_sequence(dataset, index)
        look(index, sequence)
        update_with(digest.update, index, sequence)
    return digest.hexdigest()


def published_fingerprint(dataset: Dataset) -> str:
    """Return the fingerprint of the data made here, held to the published one if there is one.

    Raises:
        DamagedFileError: this machine makes other data than the published.
    """
    spec = dataset.spec
    made = dataset_fingerprint(dataset)
    if spec.fingerprint is not None and made != spec.fingerprint:
        raise DamagedFileError(
            f"{spec.id} made here is not the published data (fingerprint {made[:12]}, not "
            f"{spec.fingerprint[:12]}): run trackbench verify and report what it prints"
        )
    return made


def update_with(update: Callable[[bytes], object], index: int, sequence: Video) -> None:
    """Feed one sequence to a hash."""
    frames = np.ascontiguousarray(sequence.frames)
    update(f"{index} {'x'.join(map(str, frames.shape))} ".encode())
    update(frames.tobytes())
    update(np.ascontiguousarray(sequence.boxes, "<f8").tobytes())


def tracker_fingerprint(spec: TrackerSpec) -> str:
    """Return the hash of everything that decides what a tracker answers.

    See :func:`trackbench.plugins.tracker_identity.tracker_identity`, which says also what cannot be
    hashed: then this is another one at every call.

    Raises:
        TrackbenchError: a file that the tracker says it reads does not exist.
    """
    return tracker_identity(spec).fingerprint
