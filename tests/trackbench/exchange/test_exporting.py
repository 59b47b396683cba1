from __future__ import annotations

import re
import zipfile
from pathlib import Path

import numpy as np
import pytest
from video_trees import numbered, rows, write, write_images

import trackbench
from trackbench.datasets.readers.layouts import reader_named
from trackbench.errors import TrackbenchError


@pytest.fixture
def stored(otb: str, tmp_path: Path) -> Path:
    """Two runs of a tracker with numbers of all sizes, confidences and an absent target."""
    draws = np.random.default_rng(5)
    for name, frames in (("Boy", 6), ("Jogging.1", 4), ("Jogging.2", 4)):
        for run in (1, 2):
            boxes = draws.normal(20, 9, (frames, 4)) * 10.0 ** draws.integers(-9, 9, (frames, 1))
            boxes[0] = [1 if name == "Jogging.2" else 0, 2, 5, 6]
            text = [",".join(map(repr, row)) for row in boxes.tolist()]
            text[2:] = ["-inf,nan,5e-324,-0.0", "nan,nan,nan,nan", *text[4:]]
            folder = tmp_path / "in" / "T" / name
            write(folder / f"{name}_00{run}.txt", "\n".join(text))
            sure = "\n".join(map(repr, draws.random(frames).tolist()))
            write(folder / f"{name}_00{run}_confidence.value", sure)
    trackbench.import_results(tmp_path / "in", otb, out=tmp_path / "stored")
    return tmp_path / "stored"


def everything(results: trackbench.Results) -> list[bytes]:
    (run,) = results.runs
    return [
        part.tobytes()
        for one in run.repeats
        for tracked in one.trajectories()
        for part in (tracked.predicted, tracked.confidence, tracked.absent)
        if part is not None
    ]


@pytest.mark.parametrize("layout", ["got10k", "pytracking", "vot"])
def test_what_is_read_back_is_the_same_to_the_last_bit(
    otb: str, stored: Path, tmp_path: Path, layout: str
) -> None:
    done = trackbench.export_results(stored, layout, tmp_path / "files")
    assert done.files == 6
    assert "the same float64" in str(done)
    again = trackbench.import_results(
        tmp_path / "files" / "otb",
        otb,
        layout=layout,
        out=tmp_path / "again",
        tracker_name="T",
    )
    assert everything(again.results) == everything(trackbench.Results.load(stored))


def test_pysot_has_room_for_one_run_and_others_are_not_dropped(
    otb: str, stored: Path, tmp_path: Path
) -> None:
    with pytest.raises(TrackbenchError, match="run 2 times, and pysot's layout has room for one"):
        trackbench.export_results(stored, "pysot", tmp_path / "files")
    assert not (tmp_path / "files").exists()
    trackbench.run("static", datasets=otb, out=stored, jobs=1)
    trackbench.export_results(stored, "pysot", tmp_path / "files", trackers="static")
    text = (tmp_path / "files" / "otb" / "static-v1" / "Jogging.2.txt").read_text()
    assert text == "1,2,5,6\n" * 4
    done = trackbench.import_results(tmp_path / "files", otb, out=tmp_path / "again")
    assert done.trackers[0].id == "static-v1-imported"


def test_a_folder_that_is_there_is_left_alone(stored: Path, tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    with pytest.raises(TrackbenchError, match="is there already: name a new folder"):
        trackbench.export_results(stored, "got10k", tmp_path / "files")


@pytest.mark.thorough
def test_synthetic_data_go_out_and_in(tmp_path: Path) -> None:
    first = trackbench.run(
        "static", datasets="mnist-single-same", sequences=2, lengths=[20], out=tmp_path / "a"
    )
    trackbench.export_results(first, "got10k", tmp_path / "files")
    done = trackbench.import_results(
        tmp_path / "files", "mnist-single-same", out=tmp_path / "a", tracker_name="mine"
    )
    both = {cell.tracker: cell.mean for cell in trackbench.Results.load(tmp_path / "a").cells()}
    assert both["mine"] == both["static-v1"]
    assert done.trackers[0].sequences[0] == "mnist-single-same-v1_000000"


@pytest.fixture(scope="module")
def got10k_test(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("got10k")
    names = [f"GOT-10k_Test_{number:06d}" for number in range(1, 181)]
    write(root / "test" / "list.txt", "\n".join(names))
    for name in names:
        write_images(root / "test" / name, numbered(1, 2, "{:08d}.jpg"), (8, 8))
        write(root / "test" / name / "groundtruth.txt", "1,2,3,4\n")
        write(root / "boxes" / "Mine" / name / f"{name}_001.txt", "1,2,3,4\n1.25,2,3,4\n")
        write(root / "boxes" / "Mine" / name / f"{name}_time.txt", "0.5\n0.5\n")
    return root


@pytest.mark.thorough
def test_a_submission_is_what_the_server_wants(got10k_test: Path, tmp_path: Path) -> None:
    trackbench.import_results(
        got10k_test / "boxes", f"got10k:{got10k_test}:test", out=tmp_path / "stored"
    )
    done = trackbench.submit("got10k", tmp_path / "stored", tmp_path / "mine.zip")
    assert done.sequences == 180
    with zipfile.ZipFile(done.out) as archive:
        names = archive.namelist()
        assert len(names) == 360
        assert archive.read("GOT-10k_Test_000007/GOT-10k_Test_000007_001.txt") == (
            b"1,2,3,4\n1.25,2,3,4\n"
        )
        times = archive.read("GOT-10k_Test_000180/GOT-10k_Test_000180_time.txt")
    assert times == b"0.50000000\n0.50000000\n"
    assert all(re.fullmatch(r"(GOT-10k_Test_\d{6})/\1_(001|time)\.txt", name) for name in names)
    with pytest.raises(TrackbenchError, match="no results on the test set of trackingnet"):
        trackbench.submit("trackingnet", tmp_path / "stored", tmp_path / "other.zip")
    assert not (tmp_path / "other.zip").exists()


def whole_test_set(server: str, root: Path) -> tuple[str, list[str]]:
    """Write a server's whole test set of two frames a sequence; return its name, and the names."""
    if server == "lasot":
        names = list(reader_named("lasot").expected("test"))
        for name in names:
            folder = root / name.rpartition("-")[0] / name
            write_images(folder / "img", numbered(1, 2, "{:08d}.jpg"), (8, 8))
            write(folder / "groundtruth.txt", "1,2,3,4\n1,2,3,4\n")
            for flag in ("full_occlusion", "out_of_view"):
                write(folder / f"{flag}.txt", "0,0\n")
        return f"lasot:{root}:test", names
    names = [f"{number:011d}_{number % 3}" for number in range(511)]
    for name in names:
        write_images(root / "TEST" / "frames" / name, ["0.jpg", "1.jpg"], (8, 8))
        write(root / "TEST" / "anno" / f"{name}.txt", "1,2,3,4\n")
    return f"trackingnet:{root}:test", names


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("server", "place"), [("trackingnet", "{}.txt"), ("lasot", "Mine_tracking_result/{}.txt")]
)
def test_every_server_gets_each_sequence_once_and_all_its_frames(
    tmp_path: Path, server: str, place: str
) -> None:
    dataset, names = whole_test_set(server, tmp_path / "data")
    for name in names:
        write(tmp_path / "boxes" / "Mine" / f"{name}.txt", "1 2 3 4\r\n1.25 2 3 4\r\n")
    trackbench.import_results(tmp_path / "boxes", dataset, out=tmp_path / "stored")
    trackbench.submit(server, tmp_path / "stored", tmp_path / "mine.zip")
    with zipfile.ZipFile(tmp_path / "mine.zip") as archive:
        assert sorted(archive.namelist()) == sorted(map(place.format, names))
        assert {archive.read(each) for each in archive.namelist()} == {b"1,2,3,4\n1.25,2,3,4\n"}
    for name in names[:-1]:
        write(tmp_path / "fewer" / "Mine" / f"{name}.txt", "1,2,3,4\n1.25,2,3,4\n")
    trackbench.import_results(tmp_path / "fewer", dataset, out=tmp_path / "part", partial=True)
    with pytest.raises(TrackbenchError, match=f"of {names[-1]} there is no result"):
        trackbench.submit(server, tmp_path / "part", tmp_path / "part.zip")
    trackbench.import_results(tmp_path / "boxes", dataset, out=tmp_path / "short", lengths=[1])
    with pytest.raises(TrackbenchError, match=r"wants all 2 frames of .*, and 1 were tracked"):
        trackbench.submit(server, tmp_path / "short", tmp_path / "part.zip")
    assert not (tmp_path / "part.zip").exists()


def test_a_part_of_a_test_set_is_not_submitted(got10k_test: Path, tmp_path: Path) -> None:
    trackbench.import_results(
        got10k_test / "boxes",
        f"got10k:{got10k_test}:test",
        out=tmp_path / "stored",
        sequences=3,
        partial=True,
    )
    with pytest.raises(TrackbenchError, match="wants 180 sequences, and Mine has 3"):
        trackbench.submit("got10k", tmp_path / "stored", tmp_path / "mine.zip")


def test_other_data_of_the_same_names_are_refused(stored: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    write_images(other / "Boy" / "img", numbered(1, 3))
    write(other / "Boy" / "groundtruth_rect.txt", rows(3))
    with pytest.raises(TrackbenchError, match="is not the data that"):
        trackbench.export_results(stored, "vot", tmp_path / "f", datasets=f"otb:{other}")
