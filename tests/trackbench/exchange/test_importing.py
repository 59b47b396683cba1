from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from video_trees import numbered, rows, write, write_images

import trackbench
from trackbench.errors import TrackbenchError
from trackbench.exchange.box_text import read_rows
from trackbench.exchange.noticing import Remark


def boxes_of(results: trackbench.Results, tracker: str, run: int = 0) -> dict[int, np.ndarray]:
    (found,) = [each for each in results.runs if each.record.tracker == tracker]
    tracked = enumerate(found.repeats[run].trajectories())
    return {n: boxes for n, one in tracked for boxes in one.predicted}


def test_files_become_results_by_names_of_other_spelling(
    otb: str, files: Path, tmp_path: Path
) -> None:
    done = trackbench.import_results(files, otb, out=tmp_path / "out")
    (tracker,) = done.trackers
    assert tracker.id == "SiamX"
    assert dict(tracker.other_spelling) == {
        "boy": "Boy",
        "Jogging-1": "Jogging.1",
        "jogging_2": "Jogging.2",
    }
    held = boxes_of(done.results, "SiamX")
    assert held[0].tolist() == [[0, 2, 5, 6]] + [[n + 2, 2, 5, 6] for n in range(5)]
    assert held[2][1].tolist() == [3, 2, 5, 6]
    # each pixel column of five is missed by one: 24 of 36 pixels are in both
    (cell,) = done.results.cells()
    assert cell.mean == pytest.approx(np.mean([(1 + 5 * 2 / 3) / 6, 0.75, 0.75]))
    assert cell.imported
    assert np.isnan(cell.fps)


def test_tables_say_imported_and_not_deterministic(otb: str, tmp_path: Path) -> None:
    for name, frames, first in (("Boy", 6, 0), ("Jogging.1", 4, 0), ("Jogging.2", 4, 1)):
        for run in (1, 2, 3):
            file = tmp_path / "T" / name / f"{name}_00{run}.txt"
            write(file, rows(frames, first=first))
        write(tmp_path / "T" / name / f"{name}_time.txt", "0.1,0.2,0.7\n" * frames)
    done = trackbench.import_results(tmp_path / "T", otb, out=tmp_path / "out")
    assert done.trackers[0].runs == 3
    assert done.trackers[0].fps == pytest.approx(3)  # of three frames, one a repetition
    (cell,) = done.results.cells()
    assert (cell.runs, cell.deterministic, cell.fps) == (3, False, pytest.approx(3))
    for form in ("markdown", "latex", "text"):
        assert "T (imported)" in str(trackbench.report(done.results, form))
    (row,) = json.loads(str(trackbench.report(done.results, "json")))
    assert row["imported"] is True
    page = str(trackbench.report(done.results, "html"))
    assert "imported on otb" in page
    assert "deterministic:" not in page


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (rows(5), "5 rows, and the sequence has 6 frames"),
        (rows(7), "7 rows, and the sequence has 6 frames"),
        (rows(3) + "1,2,x,4\n" + rows(2), r"row 4: 'x' is no number"),
        (rows(3) + "1,2,3\n" + rows(2), "row 4: 3 numbers, not 4"),
        (rows(3) + "1\t2\t3\t4\n" + rows(2), "row 4: has tabs, and the rows before commas"),
        (rows(3) + "1 2 3 4\n" + rows(2), "row 4: has spaces, and the rows before commas"),
        (rows(3) + "\n" + rows(2), "row 4: is empty"),
        (rows(3) + "1,,3,4\n" + rows(2), "row 4: nothing stands between two separators"),
        (rows(3) + "1,2,infinity,4\n" + rows(2), "row 4: 'infinity' is no number"),
        (rows(3) + "1,2,1e999,4\n" + rows(2), "row 4: '1e999' is too large"),
        (rows(3) + "1,2,1_0,4\n" + rows(2), "row 4: '1_0' is no number"),
        ("", "is empty"),
        ("1,2\n" * 6, "row 1: 2 numbers, not 4"),
    ],
)
def test_a_bad_file_is_named_with_its_row_and_nothing_is_written(
    otb: str, files: Path, tmp_path: Path, text: str, why: str
) -> None:
    write(files / "boy.txt", text)
    with pytest.raises(TrackbenchError, match=f"boy.txt.*{why}"):
        trackbench.import_results(files, otb, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_one_clear_line_and_exit_code_2(
    otb: str, files: Path, tmp_path: Path, commands: Callable[..., Any]
) -> None:
    write(files / "boy.txt", rows(5))
    out = tmp_path / "out"
    said = commands("import", files, "-d", otb, "-o", out)
    assert said.code == 2
    assert len(said.err.splitlines()) == 1
    assert "boy.txt: 5 rows" in said.err
    assert not out.exists()
    write(files / "boy.txt", rows(6))
    said = commands("import", files, "-d", otb, "-o", out, "--tracker-name", "Mine")
    assert said.code == 0
    assert said.out.startswith("Mine: 3 sequences in pysot's layout, not timed")


def test_sequences_that_are_missing_or_unknown_are_refused_and_named(
    otb: str, files: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    (files / "jogging_2.txt").unlink()
    with pytest.raises(TrackbenchError, match=r"1 sequence of 3: Jogging\.2; .*partial=True"):
        trackbench.import_results(files, otb, out=out)
    write(files / "Walking.txt", rows(3))
    with pytest.raises(TrackbenchError, match="results of Walking, which otb does not have"):
        trackbench.import_results(files, otb, out=out)
    assert not out.exists()
    done = trackbench.import_results(files, otb, out=out, partial=True)
    assert done.trackers[0].missing == ("Jogging.2",)
    assert done.trackers[0].unknown == ("Walking",)
    (cell,) = done.results.cells()
    assert cell.sequences == 2
    assert "1 sequence not imported and without a score" in str(done.results)
    rescored = str(trackbench.rescore(done.results))
    assert "SiamX (imported) on otb, 3 sequences" in rescored
    assert "Without a score, and left out of every number: 1 sequence." in rescored
    # paired with another by the sequences that both have
    whole = tmp_path / "Whole"
    for name, frames, first in (("Boy", 6, 0), ("Jogging.1", 4, 0), ("Jogging.2", 4, 1)):
        write(whole / f"{name}.txt", rows(frames, first=first))
    trackbench.import_results(whole, otb, out=out)
    found = trackbench.compare(["SiamX", "Whole"], out)
    assert found.differences[0].sequences == 2
    assert "was imported" in str(found)


def test_two_spellings_of_one_sequence_are_refused(otb: str, files: Path, tmp_path: Path) -> None:
    write(files / "Jogging.1.txt", rows(4))
    with pytest.raises(TrackbenchError, match=r"'Jogging-1' and 'Jogging\.1' are both Jogging\.1"):
        trackbench.import_results(files, otb, out=tmp_path / "out")


@pytest.mark.parametrize("name", ["../evil", "a/b", "..", "", "\u202e"])
def test_a_name_that_is_no_name_is_refused(
    otb: str, files: Path, tmp_path: Path, name: str
) -> None:
    with pytest.raises(TrackbenchError, match="tracker's name"):
        trackbench.import_results(files, otb, out=tmp_path / "out", tracker_name=name)
    assert not (tmp_path / "out").exists()


def test_links_and_folders_with_nothing_are_refused(otb: str, files: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(TrackbenchError, match="holds no results"):
        trackbench.import_results(tmp_path / "empty", otb, out=tmp_path / "out")
    (files / "boy.txt").rename(tmp_path / "boy.txt")
    (files / "boy.txt").symlink_to(tmp_path / "boy.txt")
    with pytest.raises(TrackbenchError, match=r"boy.txt: is a symbolic link"):
        trackbench.import_results(files, otb, out=tmp_path / "out")


def test_what_is_odd_is_said_and_not_corrected(otb: str, files: Path, tmp_path: Path) -> None:
    write(files / "boy.txt", "0,2,5,8\n" + rows(5, first=1))  # 5 - 0, 8 - 2
    write(files / "Jogging-1.txt", "0.5,2.5,5,6\n" + rows(3, first=1))
    write(files / "jogging_2.txt", "2.3,2,5,6\n2.25,2,5,6\nnan,nan,nan,nan\n0,0,0,0\n")
    done = trackbench.import_results(files, otb, out=tmp_path / "out")
    said = {what: " ".join(on) for what, on in done.trackers[0].remarks}
    assert said[Remark.CORNERS.value].startswith("Boy (0,2,5,8; truth 0,2,5,6)")
    assert said[Remark.HALF_PIXEL.value] == "Jogging.1 (+0.5, +0.5)"
    assert said[Remark.OTHER.value].startswith("Jogging.2 (2.3,2,5,6; truth 1,2,5,6)")
    assert "Jogging.2" not in said[Remark.WHOLE.value]
    held = boxes_of(done.results, "SiamX")
    assert held[0][0].tolist() == [0, 2, 5, 8]
    assert np.isnan(held[2][2]).all()
    assert held[2][3].tolist() == [0, 0, 0, 0]
    (cell,) = done.results.cells()
    assert (cell.absent, cell.invalid) == (1, 1)
    assert said[Remark.NO_BOX.value] == "Jogging.2 (1 row)"


def test_a_correction_is_recorded_and_another_version(
    otb: str, files: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    first = trackbench.import_results(files, otb, out=out).trackers[0]
    done = trackbench.import_results(files, otb, out=out, origin=1)
    other = done.trackers[0]
    assert other.fingerprint != first.fingerprint
    assert other.beside == (first.fingerprint,)
    assert "another version" in str(done)
    assert dict(other.remarks)[Remark.ONE_PIXEL.value][0] == "Boy (-1.0, -1.0)"
    assert boxes_of(done.results, "SiamX")[0][1].tolist() == [1, 1, 5, 6]
    (run,) = done.results.runs
    assert run.record.imported is not None
    assert run.record.imported.corrections == ("1 taken off x and y",)
    assert len(trackbench.import_results(files, otb, out=out, origin=1).trackers) == 1
    assert trackbench.import_results(files, otb, out=out, origin=1).trackers[0].found


def test_files_of_something_else_are_refused(otb: str, files: Path, tmp_path: Path) -> None:
    for name, frames in (("boy", 6), ("Jogging-1", 4), ("jogging_2", 4)):
        write(files / f"{name}.txt", rows(frames, first=200))
    with pytest.raises(TrackbenchError, match=r"far from the truth of otb in 3 of 3 sequences"):
        trackbench.import_results(files, otb, out=tmp_path / "out")
    done = trackbench.import_results(files, otb, out=tmp_path / "out", any_first_row=True)
    assert done.results.cells()[0].mean == 0


def test_tabs_spaces_other_line_breaks_and_marks(otb: str, files: Path, tmp_path: Path) -> None:
    write(files / "boy.txt", "\ufeff" + rows(6, "\t").replace("\n", "\r\n") + "\r\n")
    write(files / "Jogging-1.txt", rows(4, "   "))
    write(files / "jogging_2.txt", rows(4, ", ", first=1))
    done = trackbench.import_results(files, otb, out=tmp_path / "out")
    assert done.results.cells()[0].mean == 1


def test_a_later_run_leaves_them_and_stands_beside(otb: str, files: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    before = trackbench.import_results(files, otb, out=out).results.cells()
    parts = {p: p.read_bytes() for p in (out / "runs" / "SiamX").rglob("*") if p.is_file()}
    trackbench.run("static", datasets=otb, out=out, jobs=1)
    assert {p: p.read_bytes() for p in parts} == parts
    both = trackbench.Results.load(out)
    assert repr([cell for cell in both.cells() if cell.tracker == "SiamX"]) == repr(before)
    assert both.trackers == ["SiamX", "static-v1"]
    # and what is imported afterwards is scored against the truth whose frames were looked at
    again = trackbench.import_results(files, otb, out=out, tracker_name="Again")
    assert again.results.cells()[0].mean == before[0].mean


def test_pytracking_runs_and_scores_of_presence(otb: str, tmp_path: Path) -> None:
    for run in (0, 1):
        folder = tmp_path / "results" / "dimp" / f"dimp50_00{run}"
        for name, frames, first in (("Boy", 6, 0), ("Jogging_1", 4, 0), ("Jogging_2", 4, 1)):
            write(folder / f"{name}.txt", rows(frames, "\t", first=first))
            write(folder / f"{name}_time.txt", ("0.75\n" if run else "0.25\n") * frames)
            write(folder / f"{name}_object_presence_scores.txt", "0.75\n" * frames)
    done = trackbench.import_results(
        tmp_path / "results", otb, layout="pytracking", out=tmp_path / "out"
    )
    (tracker,) = done.trackers
    assert (tracker.id, tracker.runs, tracker.fps) == ("dimp-dimp50", 2, 2)
    tracked = next(done.results.runs[0].trajectories())
    assert tracked.confidence is not None
    assert tracked.confidence.tolist() == [[0.75] * 6]


@pytest.mark.parametrize(
    ("file", "text", "why"),
    [
        ("boy_time.txt", "0.1\n" * 5 + "inf\n", "boy_time.txt, row 6: no time"),
        ("boy_time.txt", "1e12\n" * 6, "boy_time.txt, row 1: no time"),
        ("boy_confidence.value", "1\n" * 4, "4 confidences for 6 frames"),
    ],
)
def test_a_bad_file_beside_the_boxes_is_named_and_nothing_is_written(
    otb: str, files: Path, tmp_path: Path, file: str, text: str, why: str
) -> None:
    write(files / file, text)
    with pytest.raises(TrackbenchError, match=why):
        trackbench.import_results(files, otb, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_confidence_that_is_not_said_moves_no_other(
    otb: str, files: Path, tmp_path: Path
) -> None:
    said = {
        "boy": "1\n2\n3\n4\n5\n\n",  # nothing of the last frame
        "Jogging-1": "\n2\n3\n4",  # nothing of the first, and no line break at the end
        "jogging_2": "2\n3\n4\n",  # of the first there is no row
    }
    for name, text in said.items():
        write(files / f"{name}_confidence.value", text)
    done = trackbench.import_results(files, otb, out=tmp_path / "out")
    found = [each.confidence for each in done.results.runs[0].trajectories()]
    nan = np.nan
    for sure, wanted in zip(found, ([1, 2, 3, 4, 5, nan], *[[nan, 2, 3, 4]] * 2), strict=True):
        np.testing.assert_array_equal(sure, [wanted])


def test_repetitions_go_together_by_their_numbers(otb: str, tmp_path: Path) -> None:
    numbers = {"Boy": (1, 2), "Jogging.1": (2, 3), "Jogging.2": (1, 2)}
    for name, of_one in numbers.items():
        for run in of_one:
            frames = 6 if name == "Boy" else 4
            text = rows(frames, first=int(name == "Jogging.2"))
            write(tmp_path / "T" / name / f"{name}_00{run}.txt", text)
    with pytest.raises(TrackbenchError, match=r"3 repetitions, but less of Boy, Jogging.1, Jog"):
        trackbench.import_results(tmp_path / "T", otb, out=tmp_path / "out")


def test_vot_regions_codes_and_polygons(otb: str, tmp_path: Path) -> None:
    base = tmp_path / "T" / "baseline"
    write(base / "Boy" / "Boy_001.txt", "1\n" + "0,2,5,2,5,8,0,8\n" * 4 + "0\n")
    for name, first in (("Jogging.1", 0), ("Jogging.2", 1)):
        write(base / name / f"{name}_001.txt", "1\n" + rows(3, first=first + 1))
    done = trackbench.import_results(tmp_path / "T", otb, layout="vot", out=tmp_path / "out")
    held = boxes_of(done.results, "T")
    assert held[0][0].tolist() == [0, 2, 5, 6]
    assert held[0][1].tolist() == [0, 2, 5, 6]
    assert np.isnan(held[0][5]).all()
    write(base / "Boy" / "Boy_001.txt", "7\n" + rows(5))
    with pytest.raises(TrackbenchError, match=r"Boy_001.txt, row 1: 7 is no code"):
        trackbench.import_results(tmp_path / "T", otb, out=tmp_path / "out")
    write(base / "Boy" / "Boy_001.txt", "1\n" + rows(2) + "2\n0\n1\n")
    with pytest.raises(TrackbenchError, match=r"Boy_001.txt, row 4: the tracker failed"):
        trackbench.import_results(tmp_path / "T", otb, out=tmp_path / "out")


def test_a_tracker_on_two_data_sets_is_shown_on_both(otb: str, files: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    trackbench.import_results(files, otb, out=out)
    for index in (0, 1):
        write(tmp_path / "more" / "SiamX" / f"{index}.txt", "10,10,28,28\n" * 160)
    trackbench.import_results(
        tmp_path / "more", "mnist-single-same", out=out, sequences=2, any_first_row=True
    )
    found = trackbench.Results.load(out)
    assert {cell.dataset for cell in found.cells()} == {"otb", "mnist-single-same-v1"}
    assert not found.older


def test_data_with_masks_are_imported_and_run_in_one_directory(tmp_path: Path) -> None:
    data, out = tmp_path / "data", tmp_path / "out"
    write_images(data / "a", numbered(1, 3))
    write(data / "a" / "groundtruth.txt", rows(3))
    (data / "a" / "masks").mkdir()
    for number in (1, 2, 3):
        shown = np.zeros((24, 32), np.uint8)
        shown[2:8, number - 1 : number + 3] = 255
        Image.fromarray(shown).save(data / "a" / "masks" / f"{number:04d}.png")
    write(tmp_path / "T" / "a.txt", rows(3))
    name = f"folder:{data}:confirmed=yes"
    trackbench.import_results(tmp_path / "T", name, out=out)
    trackbench.run("static", datasets=name, out=out, jobs=1)
    found = {cell.tracker: cell.mean for cell in trackbench.Results.load(out).cells()}
    assert found["T"] == 1
    assert 0 < found["static-v1"] < 1
    again = trackbench.import_results(tmp_path / "T", name, out=out, tracker_name="U")
    assert again.results.cells()[0].mean == 1


def test_a_file_of_codes_alone_is_of_a_tracker_that_said_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "a_001.txt", "1\n0\n")
    rows_found = read_rows(path, (), "x, y, w, h", codes=True)
    assert rows_found.codes == {0: 1, 1: 0}
    assert rows_found.numbers.shape == (2, 4)
    write(path, "0\n1\n")
    with pytest.raises(TrackbenchError, match="has no row of x, y, w, h"):
        read_rows(path, (), "x, y, w, h", codes=True)
