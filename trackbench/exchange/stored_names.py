"""The names of the sequences of stored results, which only their data set knows."""

from __future__ import annotations

from collections.abc import Iterable

from trackbench.api.recorded_data import is_on_disk, recorded_dataset
from trackbench.contracts import DatasetSpec
from trackbench.errors import IncompatibleResultsError, TrackbenchError, parameter
from trackbench.exchange.name_matching import names_of
from trackbench.plugins.dataset_naming import dataset_named
from trackbench.results.dataset_record import DatasetRecord
from trackbench.results.directory import Results


def specs_of(results: Results, given: Iterable[str]) -> dict[str, DatasetSpec]:
    """Return the data sets of results by id.

    Args:
        results: which.
        given: names of data sets, ``"otb:PATH"`` or an id; others are looked for where they were
            when they were tracked.

    Raises:
        TrackbenchError: one is not there any more; or a name is of none of them.
        IncompatibleResultsError: what is there is other data.
    """
    named = {spec.id: spec for spec in map(dataset_named, given)}
    for id_ in named:
        if id_ not in results.datasets:
            known = ", ".join(results.datasets)
            raise TrackbenchError(f"{results.path} has nothing on {id_}: it is on {known}")
    found = {}
    for record in results.datasets.values():
        spec = named.get(record.id) or _again(record)
        if spec.fingerprint is not None and spec.fingerprint != record.fingerprint:
            raise IncompatibleResultsError(
                f"{spec.id} is not the data that {results.path} is on: name it with "
                f"{parameter('dataset')}"
            )
        found[record.id] = spec
    return found


def sequence_names(spec: DatasetSpec, record: DatasetRecord) -> list[str]:
    """Return the names of the sequences that were tracked."""
    return names_of(spec, record.sequences)


def _again(record: DatasetRecord) -> DatasetSpec:
    try:
        return recorded_dataset(record)
    except TrackbenchError as error:
        if not is_on_disk(record):
            raise
        raise TrackbenchError(
            f"the names of {record.id}'s sequences are needed, and it is not where it was "
            f"({error}): name it with {parameter('dataset')}"
        ) from error
