"""The runs of a multi-start protocol: where each sequence of a data set has its anchors."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trackbench.contracts import Dataset, DatasetSpec, Video
from trackbench.errors import DataError, TrackbenchError, parameter
from trackbench.host.run_lengths import decoded
from trackbench.metrics.anchors import starting_frames
from trackbench.plugins.checked_sequence import make_sequence
from trackbench.plugins.factories import is_ours
from trackbench.plugins.fingerprints import published_fingerprint
from trackbench.plugins.registry import build_dataset
from trackbench.plugins.started import Start, StartedSpec, started_spec
from trackbench.plugins.true_masks import true_runs


def anchored(spec: DatasetSpec, sequences: int | None, length: int) -> StartedSpec:
    """Return the runs of a data set's sequences, in the order of sequences and anchors.

    All of these sequences are made for it, for only then is it known where a target can be seen.
    Of what is read from files, annotations are read, and of frames the first. A sequence whose
    first frame cannot be read has one run, from there, which whoever tracks it finds unreadable.

    Args:
        spec: of the data set.
        sequences: the first so many; None: all.
        length: the first so many frames of each, or all that it has.

    Raises:
        TrackbenchError: a sequence cannot be made; nobody knows where its target is after frame 0;
            or its own anchors are where there is no true box.
        DamagedFileError: this machine makes other data than the published.
    """
    dataset = build_dataset(spec)
    if is_ours(spec.factory):
        published_fingerprint(dataset)
    starts: list[Start] = []
    for index in range(spec.sequences if sequences is None else sequences):
        frames = min(length, spec.frames_of(index))
        try:
            starts += _starts_of(dataset, index, frames)
        except DataError:  # it is told when its one run is tracked, and the others go on
            starts.append(Start(index, 0, backwards=False, frames=frames))
    return started_spec(spec, tuple(starts))


def _starts_of(dataset: Dataset, index: int, frames: int) -> list[Start]:
    """Return the runs of one sequence.

    Raises:
        DataError: an image of it that is needed cannot be read.
    """
    video = make_sequence(dataset, index, frames)
    name = f"{dataset.spec.id} sequence {dataset.spec.name_of(index)}"
    if frames > 1 and np.isnan(video.boxes[1:]).all():
        raise TrackbenchError(
            f"{name} has no true box after frame 0, and so can be started nowhere else: see "
            f"{parameter('protocol')}"
        )
    found = starting_frames(video, _shown(name, video))
    anchors = np.flatnonzero(found).tolist()
    for anchor in anchors:
        if np.isnan(video.boxes[anchor]).any():
            raise TrackbenchError(f"{name} has an anchor at frame {anchor}, and no box there")
    return [Start(index, anchor, bool(found[anchor] < 0), frames) for anchor in anchors]


def _shown(name: str, video: Video) -> NDArray[np.bool_] | None:
    """Return (T,) whether a frame's true mask has a pixel; None: there are no masks."""
    if video.masks is None:
        return None
    size = video.frames.shape[1:3]
    shown = np.zeros(len(video), bool)
    for frame in np.flatnonzero(~np.isnan(video.boxes).any(axis=1)).tolist():
        (runs,) = true_runs(name, video, [frame])
        shown[frame] = frame == 0 or decoded(runs, size).any()
    return shown
