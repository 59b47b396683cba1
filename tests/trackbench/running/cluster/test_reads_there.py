"""What was read on a worker beyond what hashes stand for, beside what is here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from trackbench.results.chunks import Truth
from trackbench.running.cluster.reads_there import first_other, reads_of
from trackbench.running.messages import Made

NOTHING = np.empty((0, 1, 4))


def made(*reads: str, dataset_reads: tuple[str, ...] = ()) -> Made:
    truth = Truth(NOTHING, None, np.empty((0, 2), np.int32), {})
    return Made(NOTHING, NOTHING[..., 0], truth, reads=reads, dataset_reads=dataset_reads)


@pytest.fixture
def places(tmp_path: Path) -> tuple[Path, Path]:
    """Return where files are here, and where a worker has them."""
    here, there = tmp_path / "here", tmp_path / "worker" / "here"
    for place in (here, there):
        place.mkdir(parents=True)
        (place / "w.txt").write_text("1")
    return here, there


def other(places: tuple[Path, Path], note: str, **variables: str | None) -> str | None:
    """Return what differs of a note of the worker's."""
    here, there = map(str, places)
    found = reads_of(made(note.format(there)), lambda text: text.replace(there, here), variables)
    return first_other(found, found)


@pytest.mark.parametrize("note", ["file {}/w.txt", "folder {}", "file {}/nowhere.txt"])
def test_what_is_the_same_is_not_spoken_of(places: tuple[Path, Path], note: str) -> None:
    (places[1] / "__pycache__").mkdir()  # Python's own, on whichever machine
    assert other(places, note) is None


@pytest.mark.parametrize("change", ["edited", "missing there", "missing here", "a folder"])
def test_a_file_that_is_another_there_is_named(places: tuple[Path, Path], change: str) -> None:
    here, there = (place / "w.txt" for place in places)
    if change == "edited":
        there.write_text("2")
    else:
        (here if change == "missing here" else there).unlink()
    if change == "a folder":
        there.mkdir()
    assert other(places, "file {}/w.txt") == f"the file {here}"


def test_a_folder_with_other_names_in_it_is_named(places: tuple[Path, Path]) -> None:
    (places[0] / "more.npy").touch()
    assert other(places, "folder {}") == f"the folder {places[0]}"


def test_a_variable_is_what_the_tracker_was_given_there(
    places: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GAIN", raising=False)
    assert other(places, "variable GAIN") is None
    assert other(places, "variable GAIN", GAIN="2") == "the variable GAIN of the environment"
    assert other(places, "variable CUDA_VISIBLE_DEVICES", CUDA_VISIBLE_DEVICES="7") is None


@pytest.mark.parametrize(
    "note", ["server 10.0.0.1:80", "program git", "variable *", "file /dev/null"]
)
def test_what_nobody_can_compare_is_left_to_the_line_that_says_so(
    places: tuple[Path, Path], note: str
) -> None:
    assert other(places, note, GAIN="2") is None


def test_a_data_sets_reads_count_as_a_trackers(places: tuple[Path, Path]) -> None:
    here, there = map(str, places)
    (places[1] / "w.txt").write_text("2")
    found = made(dataset_reads=(f"file {there}/w.txt",))
    reads = reads_of(found, lambda text: text.replace(there, here), {})
    assert first_other(reads, reads) == f"the file {here}/w.txt"
