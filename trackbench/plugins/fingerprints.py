"""Hashes that say whether two results come from the same tracker and the same data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

import numpy as np

from trackbench.contracts import Dataset, DatasetSpec, TrackerSpec, Video
from trackbench.errors import DamagedFileError, DataError
from trackbench.plugins.checked_sequence import make_sequence
from trackbench.plugins.decoder_complaints import watched
from trackbench.plugins.read_frames import ReadFrames
from trackbench.plugins.start_noise import NoisySpec, given_box
from trackbench.plugins.tracker_identity import tracker_identity
from trackbench.plugins.true_masks import true_runs

SAMPLE = 8

ON_DISK = "trackbench.datasets.on_disk:OnDisk"
"""The factory of data sets that lie on disk in a layout of the field's."""


def sample_indices(sequences: int) -> list[int]:
    """Return the indices of the sequences that stand for a data set: evenly spread, both ends."""
    count = min(SAMPLE, sequences)
    return sorted({i * (sequences - 1) // max(count - 1, 1) for i in range(count)})


@watched()
def dataset_fingerprint(
    dataset: Dataset, look: Callable[[int, Video], None] = lambda _index, _video: None
) -> str:
    """Return the SHA-256 over frames and boxes of the sample, in hexadecimal.

    Hashed for each sequence, in order of the indices: the index and the frames' shape in decimal,
    the frames' bytes, the boxes' little-endian float64 bytes, where the target is absent in some
    frame, a byte for each frame, and the run lengths of true masks, where there are any. Of frames
    that are read one by one only the first is hashed, and so of masks: reading all would take as
    long as tracking. (A hash of every frame, and all masks, are stored with the truth, and
    compared.) A video whose first frame cannot be read counts as such.

    Of a built-in data set that lies on disk it is a hash of names, sizes and annotations, of all
    sequences.

    Of one with noise in its start it is a hash of all this, of the noise, and of the boxes that
    are given in the first frames of the sample.

    Args:
        dataset: of which.
        look: is called with each sequence and its index.

    Raises:
        DamagedFileError: there is noise, and below it this machine makes other data than the
            published.
    """
    spec = dataset.spec
    made = _of_videos(dataset, look)
    if not isinstance(spec, NoisySpec):
        return made
    if spec.base.fingerprint is not None and spec.length == spec.base.length:
        _check_published(spec.base, made)
    digest = hashlib.sha256(f"{made} {spec.iou!r} ".encode())
    for index in sample_indices(spec.sequences):
        try:
            first = given_box(spec, index, make_sequence(dataset, index, 1))
        except DataError:
            digest.update(f"{index} unreadable ".encode())
            continue
        digest.update(np.ascontiguousarray(first, "<f8").tobytes())
    return digest.hexdigest()


def _of_videos(dataset: Dataset, look: Callable[[int, Video], None]) -> str:
    """Return the hash of a data set's videos and their truth."""
    if dataset.spec.factory == ON_DISK:
        on_disk: Any = dataset
        return str(on_disk.hash_of_files())
    digest = hashlib.sha256()
    if dataset.spec.names:  # a tracker may ask for them
        digest.update(json.dumps(dataset.spec.names).encode())
    for index in sample_indices(dataset.spec.sequences):
        try:
            sequence = make_sequence(dataset, index)
        except DataError:
            digest.update(f"{index} unreadable ".encode())
            continue
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
    _check_published(spec, made)
    return made


def _check_published(spec: DatasetSpec, made: str) -> None:
    """Hold a fingerprint to the published one, if there is one.

    Raises:
        DamagedFileError: it is another.
    """
    if spec.fingerprint is None or made == spec.fingerprint:
        return
    if spec.factory == ON_DISK:
        raise DamagedFileError(
            f"{spec.id} is not what it was when it was named (fingerprint {made[:12]}, not "
            f"{spec.fingerprint[:12]}): its files have changed meanwhile, or are others on this "
            "machine"
        )
    raise DamagedFileError(
        f"{spec.id} made here is not the published data (fingerprint {made[:12]}, not "
        f"{spec.fingerprint[:12]}): run trackbench verify and report what it prints"
    )


def update_with(update: Callable[[bytes], object], index: int, sequence: Video) -> None:
    """Feed one sequence to a hash."""
    frames = sequence.frames
    update(f"{index} {'x'.join(map(str, frames.shape))} ".encode())
    update(np.ascontiguousarray(frames[0] if isinstance(frames, ReadFrames) else frames).tobytes())
    update(np.ascontiguousarray(sequence.boxes, "<f8").tobytes())
    if sequence.absent is not None:
        update(sequence.absent.tobytes())
    if sequence.masks is not None:
        masks = sequence.masks
        shown = range(1 if not isinstance(masks, np.ndarray) else len(masks))
        for counts in true_runs(f"sequence {index}", sequence, shown):
            update(b"mask")
            update(counts.astype("<u4").tobytes())


def tracker_fingerprint(spec: TrackerSpec) -> str:
    """Return the hash of everything that decides what a tracker answers.

    See :func:`trackbench.plugins.tracker_identity.tracker_identity`, which says also what cannot be
    hashed: then this is another one at every call.

    Raises:
        TrackbenchError: a file that the tracker says it reads does not exist.
    """
    return tracker_identity(spec).fingerprint
