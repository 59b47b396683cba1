from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pytest

from trackbench.reports.footer import footer
from trackbench.results.directory import Results
from trackbench.results.run_record import RunRecord

DATASETS = ("mnist-single-same-v1", "mnist-multi-diff-v1")

MakeResults = Callable[..., Any]


def line(notes: list[str], beginning: str) -> str:
    (found,) = (note for note in notes if note.startswith(beginning))
    return found


def records(results: Results, tracker: str) -> list[RunRecord]:
    return [run.record for run in results.runs if run.record.tracker == tracker]


@pytest.mark.parametrize(
    ("protocol", "what"),
    [
        ("paper-v1", "every frame counts, frame 0 included"),
        ("ope-v1", "every frame but frame 0 counts"),
    ],
)
def test_the_first_note_can_stand_as_a_caption(
    make_results: MakeResults, protocol: str, what: str
) -> None:
    notes = footer(make_results(protocol=protocol).results)
    assert notes[0] == (
        f"Mean IoU ± standard deviation over 5 sequences. Protocol {protocol}: "
        f"the true box of frame 0 is given; {what}."
    )


def test_sequences_are_said_for_each_data_set_where_they_differ(make_results: MakeResults) -> None:
    make_results(datasets=("a-v1",), sequences=1, spoil=False)
    notes = footer(make_results(datasets=("b-v1",), sequences=4).results)
    assert "over 1 to 4 sequences." in notes[0]
    assert line(notes, "a-v1").startswith("a-v1: 1 sequence of 6 frames; fingerprint ")
    assert line(notes, "b-v1").startswith("b-v1: 4 sequences of 6 frames; fingerprint ")


def test_each_tracker_has_its_speed_failures_and_invalid_boxes(make_results: MakeResults) -> None:
    made = make_results()
    notes = footer(made.results)
    for tracker in ("kcf-v1", "my_tracker.x"):
        mine = [(tracker, dataset) for dataset in DATASETS]
        rate = sum(made.frames[key] for key in mine) / sum(made.seconds[key] for key in mine)
        assert line(notes, f"{tracker}:") == (
            f"{tracker}: {rate:.0f} frames/s in one process, the tracker alone; "
            f"2 failed sequences; 2 invalid boxes; "
            f"fingerprint {records(made.results, tracker)[0].fingerprint[:12]}."
        )
    assert "IoU is 0 for an invalid box" in "".join(notes)


def test_a_tracker_without_failures_is_not_said_to_score_nothing(make_results: MakeResults) -> None:
    notes = footer(make_results(spoil=False).results)
    assert "; 0 failed sequences; 0 invalid boxes; " in line(notes, "kcf-v1:")
    assert "IoU is 0" not in "".join(notes)


@pytest.mark.parametrize(
    ("seconds", "rate"), [(0.001, "13,000"), (20.0, "0.65"), (2.0, "6.5"), (0.0, "–")]
)
def test_slow_trackers_are_not_said_to_make_0_frames_per_second(
    make_results: MakeResults, seconds: float, rate: str
) -> None:
    # 26 frames are answered in 2 chunks
    notes = footer(make_results(("kcf-v1",), DATASETS[:1], seconds=seconds).results)
    assert line(notes, "kcf-v1:").startswith(f"kcf-v1: {rate} frames/s")


def test_what_determines_a_tracker_is_said(make_results: MakeResults) -> None:
    made = make_results(
        ("a",), parameters={"n": 3, "mode": "x|y"}, edit={"weights_sha256": "9" * 64}
    )
    note = line(footer(made.results), "a:")
    assert f"; mode='x|y', n=3; weights {'9' * 12}; fingerprint " in note


def test_of_two_trackers_of_one_name_the_newer_is_shown_and_the_other_named(
    make_results: MakeResults,
) -> None:
    make_results(("a",), DATASETS[:1], parameters={"n": 1})
    old = make_results().results.path  # others, later
    (before,) = (run.record for run in Results.load(old, trackers=["a"]).runs)
    made = make_results(("a",), DATASETS, without={("a", DATASETS[0])}, parameters={"n": 3}).results
    assert [run.record.parameters for run in made.runs if run.record.tracker == "a"] == [{"n": 3}]
    said = line(footer(made), "a: another version")
    assert said == (
        f"a: another version ({before.fingerprint[:12]}, {before.last_run[:10]}) is stored beside "
        f"this, on {DATASETS[0]}; not shown."
    )
    asked = Results.load(old, fingerprints={"a": before.fingerprint})
    assert [run.record.parameters for run in asked.runs if run.record.tracker == "a"] == [{"n": 1}]
    assert [older.datasets for older in asked.older] == [(DATASETS[1],)]


def test_peak_memory_is_the_most_of_any_chunk_and_said_where_it_is_known(
    make_results: MakeResults,
) -> None:
    results = make_results(("a",), peak_memory=3 * 2**29).results
    assert "1.5 GiB of memory at most" in line(footer(results), "a: ")
    assert {cell.peak_memory for cell in results.cells()} == {3 * 2**29}
    unknown = make_results(("b",)).results
    assert "memory" not in line(footer(unknown), "b: ")


def test_what_cannot_be_hashed_is_said(make_results: MakeResults) -> None:
    results = make_results(("a",), edit={"unhashed": "a is run anew each time: its lock"}).results
    assert "a is run anew each time: its lock." in footer(results)


def test_every_data_set_has_version_and_fingerprint_in_the_order_of_the_rows(
    make_results: MakeResults,
) -> None:
    results = make_results().results
    notes = [note for note in footer(results) if note.startswith("mnist-")]
    assert notes == [
        f"{name}: 5 sequences of 6 frames; fingerprint {results.datasets[name].fingerprint[:12]}."
        for name in DATASETS
    ]


def test_versions_and_processor_are_said_once_where_they_are_the_same(
    make_results: MakeResults,
) -> None:
    versions = {"trackbench": "0.1.0", "python": "3.12.1", "numpy": "2.0.0", "platform": "Linux"}
    made = make_results(edit={"versions": versions, "processor": "Z80"})
    assert footer(made.results)[-1] == "trackbench 0.1.0, Python 3.12.1, NumPy 2.0.0; Z80."


def test_versions_and_processor_are_said_of_each_run_where_they_differ(
    make_results: MakeResults,
) -> None:
    make_results(("a", "b"), DATASETS[:1], edit={"versions": {"trackbench": "0.1"}})
    made = make_results(
        ("c",), DATASETS[:1], edit={"versions": {"trackbench": "0.2"}, "processor": "Z80"}
    )
    mine = made.results.runs[0].record.processor
    assert footer(made.results)[-2:] == [
        f"a on {DATASETS[0]}, b on {DATASETS[0]}: trackbench 0.1; {mine}.",
        f"c on {DATASETS[0]}: trackbench 0.2; Z80.",
    ]


def test_an_unknown_version_is_said_to_be_unknown(make_results: MakeResults) -> None:
    made = make_results(edit={"versions": {}, "processor": "Z80"})
    assert footer(made.results)[-1] == "trackbench of unknown version; Z80."


def test_an_unfinished_run_is_said_to_be_left_out(make_results: MakeResults) -> None:
    made = make_results(unfinished={("kcf-v1", DATASETS[1])})
    assert f"Left out, for it is not finished: kcf-v1 on {DATASETS[1]}." in footer(made.results)


def test_an_unfinished_run_that_leaves_no_gap_is_not_mentioned(make_results: MakeResults) -> None:
    unfinished = {("kcf-v1", dataset) for dataset in DATASETS}
    assert "Left out" not in "".join(footer(make_results(unfinished=unfinished).results))


def test_printed_numbers_have_their_source_and_protocol(make_results: MakeResults) -> None:
    results = make_results(("rectracker-id", "kcf-v1"), lengths=(20,)).results
    note = "Printed numbers: arXiv 1511.06425, Tables 1, 2, 4 (protocol paper-v1)."
    assert note in footer(results, with_published=True)
    assert "Printed" not in "".join(footer(results))
    kcf = results.only(["kcf-v1"], list(DATASETS))
    note = "Printed numbers: arXiv 1511.06425, Table 4 (protocol paper-v1)."
    assert note in footer(kcf, with_published=True)


def test_it_is_said_when_nothing_was_printed(make_results: MakeResults) -> None:
    notes = footer(make_results(("my_tracker.x",), lengths=(20,)).results, with_published=True)
    assert line(notes, "Printed numbers").startswith("Printed numbers: there are none ")


def test_no_note_breaks_its_line(make_results: MakeResults) -> None:
    made = make_results(parameters={"text": "a\nb"})
    assert not [note for note in footer(made.results) if len(note.splitlines()) != 1]
    assert "a\\nb" in str(asdict(made.results.runs[0].record)["parameters"])
