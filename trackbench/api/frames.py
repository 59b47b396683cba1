"""The frames of stored sequences, made again: results keep boxes, not pictures."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from trackbench.api.recorded_data import recorded_dataset
from trackbench.contracts import Dataset
from trackbench.errors import (
    IncompatibleResultsError,
    TrackbenchError,
    UnknownIdError,
    brief,
    parameter,
)
from trackbench.plugins import registry
from trackbench.plugins.checked_sequence import make_sequence
from trackbench.plugins.fingerprints import dataset_fingerprint
from trackbench.report_contract import FramesOf
from trackbench.results.directory import Results


def frames_of(results: Results) -> FramesOf:
    """Return what makes the frames of ``results`` again, from the data sets registered here.

    Nothing is made before it is called. Each data set is held to the fingerprint that was stored,
    once: a picture of other data than was tracked would be a lie. Calls raise a
    :class:`TrackbenchError` if the data set is not known here or not the same.
    """
    stored = results.datasets

    @cache
    def dataset(name: str) -> Dataset | TrackbenchError:
        """Return the data set or, so that it is looked for only once, why it is not there."""
        try:
            built = registry.build_dataset(recorded_dataset(stored[name]))
            made = dataset_fingerprint(built)
        except UnknownIdError:  # whose text lists every data set that is known: too much here
            brings = parameter("load_plugin", option="plugin")
            return TrackbenchError(f"no data set {name} is registered here; {brings} brings one")
        except TrackbenchError as error:
            return error
        except ImportError as error:  # of something that a plugin's module needs
            return TrackbenchError(f"{name} cannot be built: {brief(error)}")
        if made != stored[name].fingerprint:
            return IncompatibleResultsError(
                f"{name} is not the data that was tracked: its fingerprint is {made[:12]} here and "
                f"{stored[name].fingerprint[:12]} in the results"
            )
        return built

    def frames(name: str, sequence: int, length: int) -> NDArray[np.uint8]:
        found = dataset(name)
        if isinstance(found, TrackbenchError):
            raise found
        frames: NDArray[np.uint8] = make_sequence(found, sequence, length).frames
        return frames

    return frames
