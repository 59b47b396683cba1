"""Data whose fingerprint is another than what is stored: in which sequence, and in what."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from trackbench.contracts import DatasetSpec
from trackbench.errors import IncompatibleResultsError, parameter
from trackbench.plugins.fingerprints import sample_indices
from trackbench.printing.text import visible
from trackbench.results.chunks import Truth
from trackbench.results.dataset_record import DatasetRecord
from trackbench.results.parquet_reading import read_masks, read_part
from trackbench.results.places import dataset_folder, part_of_truth
from trackbench.results.truth_comparison import first_difference, sizes_of

_DESCRIBED = ("seed", "source", "source_sha256", "generator")


def sequences_to_compare(stored: DatasetRecord, spec: DatasetSpec) -> list[int]:
    """Return the sequences that stand for a data set, as far as they are stored and can be made."""
    if spec.length < stored.length or stored.chunk is None:
        return []
    found = (index for index in sample_indices(spec.sequences) if index < stored.sequences)
    return [index for index in found if stored.extent.part_of(index) in stored.parts]


def refusal(
    path: Path, stored: DatasetRecord, made: DatasetRecord, truths: Mapping[int, Truth]
) -> IncompatibleResultsError:
    """Return the error that says what of a data set is not what is stored.

    Args:
        path: the results directory.
        stored: the data set's record there.
        made: as it is now.
        truths: sequence -> what is true of it alone, made just now, in as many frames as stored.

    Raises:
        DamagedFileError: what is stored cannot be read.
    """
    for index, truth in sorted(truths.items()):
        if what := _difference(path, stored, index, truth):
            return IncompatibleResultsError(
                f"{made.id} is not what {path} holds: sequence {index} has other {what} than were "
                f"stored; choose another {parameter('out')}, or run anew with "
                f"{parameter('fresh', True)}"
            )
    same = f"sequences {', '.join(map(str, sorted(truths)))} are as stored, and " if truths else ""
    where = ", ".join(
        [
            *(f"its {name.replace('_sha256', '')}" for name in _described_otherwise(stored, made)),
            *([f"frames after the first {stored.length}"] if truths else []),
            *([f"sequences after the first {stored.sequences}"] if truths else []),
            f"frames, boxes or attributes of {'other' if truths else 'its'} sequences",
            "how many frames or sequences it has",
        ]
    )
    return IncompatibleResultsError(
        f"{path} holds results on other data under the name {made.id}: {same}what differs is one "
        f"of these: {where}; choose another {parameter('out')}, or replace them with "
        f"{parameter('fresh', True)}"
    )


def _difference(path: Path, stored: DatasetRecord, index: int, truth: Truth) -> str | None:
    """Say what of a sequence is not what is stored; None if nothing is."""
    part = part_of_truth(stored, stored.extent.part_of(index))
    row = index - part.start
    folder, frames = dataset_folder(path, stored.id), truth.boxes.shape[1]
    columns, masks = read_part(folder, part, None), None
    if part.mask_runs:
        masks = read_masks(folder, part, sizes_of(columns)).only(row, frames)
    of_one = {name: values[row : row + 1, :frames] for name, values in columns.items()}
    found = first_difference(of_one, truth, masks)
    return None if found is None else found[1]


def _described_otherwise(stored: DatasetRecord, made: DatasetRecord) -> list[str]:
    names = [name for name in _DESCRIBED if getattr(stored, name) != getattr(made, name)]
    if "seed" in names:
        names[0] = f"seed ({made.seed}, not {stored.seed})"
    return [visible(name) for name in names]
