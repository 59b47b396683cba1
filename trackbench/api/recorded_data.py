"""The data set that stored results are on, registered here or where it lay on disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from trackbench.contracts import DatasetSpec
from trackbench.plugins import registry
from trackbench.plugins.dataset_naming import dataset_named
from trackbench.plugins.start_noise import noisy_spec
from trackbench.plugins.started import started_spec
from trackbench.results.dataset_record import DatasetRecord

_NO_OPTIONS = frozenset({"layout", "path", "split", "attributes"})
"""What a reader's generator holds beside the options of its name."""


def recorded_dataset(record: DatasetRecord) -> DatasetSpec:
    """Return the data set of a record; of runs from anchors these runs, of one with noise
    in the start one with this noise.

    Raises:
        UnknownIdError: none of its id is registered.
        TrackbenchError: it is not where it was.
    """
    if record.anchored is not None:
        base = recorded_dataset(replace(record, id=record.anchored.base, anchored=None))
        return started_spec(base, record.anchored.starts)
    if record.start_noise is not None:
        base = recorded_dataset(replace(record, id=record.start_noise.base, start_noise=None))
        return noisy_spec(base, record.start_noise.iou)
    said = record.generator
    if not is_on_disk(record):
        return registry.datasets().get(record.id)
    layout = registry.layouts().get(str(said["layout"]))
    options = [f"{name}={value}" for name, value in said.items() if name not in _NO_OPTIONS]
    words = [layout.id, str(said["path"]), str(said.get("split") or ""), *options]
    return dataset_named(":".join(word for word in words if word))


def is_on_disk(record: DatasetRecord) -> bool:
    """Whether a data set was read from files of somebody's."""
    said = record.generator
    return isinstance(said, Mapping) and {"layout", "path"} <= said.keys()
