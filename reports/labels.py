"""Trackers and data sets as tables name and order them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from trackbench.ids import unversioned
from trackbench.printing.text import visible
from trackbench.results.dataset_record import DatasetRecord
from trackbench.results.directory import Results
from trackbench.results.marks import marks_of


def in_order(results: Results) -> list[DatasetRecord]:
    """Return the data sets in the order of their suite, whichever tracker ran on which."""
    return sorted(results.datasets.values(), key=lambda record: record.position)


def length_label(record: DatasetRecord, length: int) -> str:
    """Return what stands for a length of a data set: frames, or that each sequence is whole."""
    return str(record.label(length))


def tracker_label(results: Results, tracker: str) -> str:
    """Return a tracker's id, fit to be printed, marked where its numbers are of another kind.

    That is where it was not run here, where it sees the future, and where its IoU is of masks, and
    not of boxes.
    """
    marks = marks_of(run for run in results.runs if run.record.tracker == tracker)
    shown = visible(tracker)
    return f"{shown} ({', '.join(marks)})" if marks else shown


def dataset_labels(datasets: Iterable[str]) -> dict[str, str]:
    """Return data set id -> its name as the paper prints it: ``MNIST-Single-Same``.

    One that is not the paper's, or stands beside another version of itself, keeps its id.
    """
    names = {dataset: unversioned(dataset) for dataset in datasets}
    versions = Counter(names.values())
    return {
        dataset: visible(
            _as_printed(name) if name.startswith("mnist-") and versions[name] == 1 else dataset
        )
        for dataset, name in names.items()
    }


def _as_printed(dataset: str) -> str:
    return "-".join(["MNIST", *(word.capitalize() for word in dataset.split("-")[1:])])
