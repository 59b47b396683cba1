"""Data sets that lie on disk, run by their layout and path; the trees are written here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from video_trees import numbered, picture, rows, write, write_images

import trackbench
from trackbench.contracts import DatasetSpec
from trackbench.datasets.on_disk import dataset_at
from trackbench.datasets.readers.decoded_frames import DecodedFrames
from trackbench.datasets.readers.decoding import read_frame
from trackbench.datasets.readers.opening import open_videos
from trackbench.errors import DamagedFileError, DataError, TrackbenchError, UnknownIdError
from trackbench.plugins import registry
from trackbench.plugins.dataset_naming import dataset_named
from trackbench.plugins.decoder_complaints import watched
from trackbench.plugins.fingerprints import dataset_fingerprint, published_fingerprint
from trackbench.reports.footer import footer
from trackbench.results.chunks import FailureKind
from trackbench.results.extent import Extent
from trackbench.running.tracker_run import pixels_of, unit_of

SIZE = (48, 64)
Commands = Callable[..., Any]


@pytest.fixture
def otb(tmp_path: Path) -> Path:
    """Two sequences of 12 and 8 frames, of two sizes; the second has two images more than rows."""
    root = tmp_path / "otb"
    for name, frames, images, size in (("Car", 12, 12, SIZE), ("Box", 8, 10, (30, 40))):
        write_images(root / name / "img", numbered(1, images), size=size)
        write(root / name / "groundtruth_rect.txt", rows(frames))
    return root


@pytest.mark.thorough
def test_it_is_run_scored_and_stored(otb: Path, tmp_path: Path) -> None:
    told: list[str] = []
    out = tmp_path / "r"
    results = trackbench.run(["ncc", "static"], datasets=f"otb:{otb}", out=out, tell=told.append)
    assert [cell.length_label for cell in results.cells()] == ["full", "full"]
    assert [cell.sequences for cell in results.cells()] == [2, 2]
    assert any("Box: 10 images, 8 rows" in line for line in told)
    assert any("8 to 12 frames; origin=0; fingerprint" in note for note in footer(results))
    ncc, _ = results.runs
    assert sorted(tracked.iou.shape for tracked in ncc.trajectories()) == [(1, 8), (1, 12)]
    told.clear()
    trackbench.run(["ncc", "static"], datasets=f"otb:{otb}", out=out, tell=told.append)
    assert any(line.startswith("all stored") for line in told)


def test_boxes_stand_as_they_stand_or_from_0(otb: Path) -> None:
    stands, counted = (
        registry.build_dataset(dataset_named(f"otb:{otb}{option}")) for option in ("", ":origin=1")
    )
    assert stands.spec.fingerprint != counted.spec.fingerprint
    for index in range(2):
        boxes, shifted = stands.sequence(index).boxes, counted.sequence(index).boxes
        assert np.array_equal(boxes - shifted, np.tile([1.0, 1, 0, 0], (len(boxes), 1)))


def test_a_prefix_is_a_prefix_and_frames_are_those_of_the_files(otb: Path) -> None:
    dataset = registry.build_dataset(dataset_named(f"otb:{otb}"))
    for index, source in enumerate(open_videos("otb", otb).videos):
        video = source.read()
        expected = np.stack(list(DecodedFrames.of(video)))
        whole, short = dataset.sequence(index), dataset.sequence(index, 3)
        assert np.array_equal(np.stack([whole.frames[t] for t in range(len(whole))]), expected)
        assert np.array_equal(np.stack([short.frames[t] for t in range(3)]), expected[:3])
        assert np.array_equal(short.boxes, whole.boxes[:3])
        assert [Path(image).name for image in whole.images] == numbered(1, len(video))


@pytest.mark.thorough
def test_a_changed_annotation_or_image_is_other_data(otb: Path, tmp_path: Path) -> None:
    def run() -> None:
        trackbench.run("static", datasets=f"otb:{otb}", out=tmp_path / "r", tell=str)

    run()
    file = otb / "Car" / "groundtruth_rect.txt"
    before = file.read_text()
    file.write_text(before.replace("\n", "\n", 1).replace(before[0], "9", 1))
    with pytest.raises(TrackbenchError, match=r"other (data|boxes)"):
        run()
    file.write_text(before)
    run()
    image = otb / "Car" / "img" / "0005.jpg"
    image.write_bytes((otb / "Car" / "img" / "0006.jpg").read_bytes())
    with pytest.raises(TrackbenchError, match=r"other (data|frames)"):
        run()


def test_the_same_videos_elsewhere_are_the_same_data(otb: Path, tmp_path: Path) -> None:
    there = tmp_path / "elsewhere" / "OTB100"
    there.parent.mkdir()
    otb.rename(there)
    moved = dataset_at("otb", str(there))
    there.rename(otb)
    here = dataset_at("otb", str(otb))
    assert (moved.id, moved.fingerprint) == (here.id, here.fingerprint)


def test_files_that_change_after_they_were_named(otb: Path) -> None:
    dataset = registry.build_dataset(dataset_named(f"otb:{otb}"))
    (otb / "Car" / "img" / "0005.jpg").write_bytes(b"x")
    with pytest.raises(DamagedFileError, match=r"^otb is not what it was .* have changed"):
        published_fingerprint(dataset)


def damage_inside(image: Path) -> None:
    """Make an image a JPEG of the same size that decoders read, and complain about."""
    grey = np.random.default_rng(1).integers(0, 256, read_frame(image).shape[:2], np.uint8)
    Image.fromarray(grey).save(image, format="JPEG", quality=95)
    content = image.read_bytes()
    middle = len(content) // 2
    image.write_bytes(content[:middle] + b"\xff" * 200 + content[middle + 200 :])


def test_show_refuses_a_jpeg_that_is_damaged_inside(
    otb: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    damage_inside(otb / "Car" / "img" / "0002.jpg")
    with pytest.raises(DataError, match=r"0002.jpg: is damaged, and decoded all the same"):
        trackbench.show(f"otb:{otb}", tmp_path / "a.png", sequence="Car", length=3)
    assert not (tmp_path / "a.png").exists()
    assert capfd.readouterr().err == ""


@dataclass
class OfAPlugin:
    """A data set on disk as one that is not hashed by its files."""

    spec: DatasetSpec
    sequence: Callable[..., Any]


def test_a_fingerprint_is_the_same_wherever_it_is_made(otb: Path) -> None:
    whole = registry.build_dataset(dataset_named(f"otb:{otb}"))
    plugin = OfAPlugin(replace(whole.spec, factory="mine:Mine"), whole.sequence)
    of_whole = dataset_fingerprint(plugin)
    damage_inside(otb / "Car" / "img" / "0001.jpg")
    with watched():  # as a process of a run does
        of_run = dataset_fingerprint(plugin)
    assert of_whole != of_run == dataset_fingerprint(plugin)


def test_a_damaged_image_spoils_its_sequence_alone(otb: Path, tmp_path: Path) -> None:
    image = otb / "Car" / "img" / "0007.jpg"
    image.write_bytes(image.read_bytes()[:200])
    results = trackbench.run("static", datasets=f"otb:{otb}", out=tmp_path / "r", tell=str)
    (run,) = results.runs
    (failure,) = run.unreadable
    assert failure.kind is FailureKind.DATA
    assert "0007.jpg" in failure.message
    assert run.failures == ()
    assert [cell.sequences for cell in results.cells()] == [1]


@pytest.mark.parametrize("at", ["0001", "0002", "0012"])
def test_so_does_an_image_that_is_damaged_inside(otb: Path, tmp_path: Path, at: str) -> None:
    image = otb / "Car" / "img" / f"{at}.jpg"
    Image.fromarray(picture(1, SIZE)).save(image, format="JPEG", quality=95)
    content = image.read_bytes()
    middle = len(content) // 2
    # a block of the disk is lost: decoders go on, and the rest of the picture is another
    image.write_bytes(content[:middle] + bytes(200) + content[middle + 200 :])
    results = trackbench.run("static", datasets=f"otb:{otb}", out=tmp_path / "r", tell=str)
    (run,) = results.runs
    (failure,) = run.unreadable
    assert failure.kind is FailureKind.DATA
    assert f"{at}.jpg: is damaged, and decoded all the same (Corrupt JPEG" in failure.message
    assert run.failures == ()
    assert [cell.sequences for cell in results.cells()] == [1]


def test_a_split_without_truth_is_run_and_not_scored(tmp_path: Path) -> None:
    root = tmp_path / "got10k"
    for name in ("GOT-10k_Test_000001", "GOT-10k_Test_000002"):
        write_images(root / "test" / name, [f"{n:08d}.jpg" for n in range(1, 7)], size=SIZE)
        write(root / "test" / name / "groundtruth.txt", rows(1))
    write(root / "test" / "list.txt", "GOT-10k_Test_000001\nGOT-10k_Test_000002\n")
    results = trackbench.run("ncc", datasets=f"got10k:{root}:test", out=tmp_path / "r", tell=str)
    (cell,) = results.cells()
    assert (cell.dataset, cell.sequences) == ("got10k-test", 0)
    assert np.isnan(cell.mean)
    (run,) = results.runs
    assert run.frames == 12
    for form in ("text", "markdown", "latex", "csv", "json", "html"):
        assert "got10k-test" in str(trackbench.report(results, form))


def test_absent_frames_have_no_score(tmp_path: Path) -> None:
    root = tmp_path / "got10k"
    write_images(root / "val" / "A", [f"{n:08d}.jpg" for n in range(1, 9)], size=SIZE)
    lines = rows(8).splitlines()
    lines[4] = "-1,-1,-1,-1"
    write(root / "val" / "A" / "groundtruth.txt", "".join(f"{line}\n" for line in lines))
    write(root / "val" / "list.txt", "A\n")
    results = trackbench.run("ncc", datasets=f"got10k:{root}:val", out=tmp_path / "r", tell=str)
    (run,) = results.runs
    assert np.isnan(run.iou[0]).tolist() == [t == 4 for t in range(8)]
    assert run.scores[0, -1] == pytest.approx(np.nanmean(run.iou[0]))


def test_what_is_there_is_recognised_verified_and_drawn(otb: Path, commands: Commands) -> None:
    seems = commands("list", "datasets", "--at", str(otb))
    assert (seems.code, seems.out.split()[0]) == (0, f"otb:{otb}")
    assert "otb" in commands("list", "layouts").out
    assert commands("verify", f"otb:{otb}").code == 0
    shown = commands("show", f"otb:{otb}", "--sequence", "1", "-t", "ncc", "--out", "sheet.png")
    assert (shown.code, Path("sheet.png").exists()) == (0, True)
    image = otb / "Car" / "img" / "0007.jpg"
    image.write_bytes(b"")
    broken = commands("verify", f"otb:{otb}")
    assert broken.code == 1
    assert "0007.jpg" in broken.out


@pytest.mark.parametrize(
    ("named", "message"),
    [
        ("otbb:{otb}", "did you mean otb"),
        ("otb:{otb}/nowhere", "is no folder"),
        ("otb:", "names no folder"),
        ("otb:{otb}:half", "unknown split of otb"),
        ("otb:{otb}:origin=2", "origin=2: it must be 0 or 1"),
        ("otb:{otb}:origine=1", "did you mean origin"),
        ("got10k:{otb}", "it looks like otb:"),
    ],
)
def test_what_cannot_be_read_is_one_line_and_nothing_is_written(
    named: str, message: str, otb: Path, commands: Commands
) -> None:
    done = commands("run", "-d", named.format(otb=otb), "-t", "static", "-o", "r")
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert message in done.err
    assert not Path("r").exists()


def test_a_damaged_annotation_is_named_before_anything_runs(otb: Path, commands: Commands) -> None:
    write(otb / "Box" / "groundtruth_rect.txt", rows(7) + "1,2,three,4\n")
    done = commands("run", "-d", f"otb:{otb}", "-t", "static", "-o", "r")
    assert (done.code, done.out) == (2, "")
    assert "Box/groundtruth_rect.txt" in done.err
    assert not Path("r").exists()


def test_a_layout_of_nobody() -> None:
    with pytest.raises(UnknownIdError, match="unknown layout"):
        dataset_named("nothing-like-it:there")
    with pytest.raises(DataError, match="is no folder"):
        dataset_named("otb:/nowhere/at/all")


def test_a_guess_is_shown_and_has_to_be_confirmed(tmp_path: Path, commands: Commands) -> None:
    root = tmp_path / "own"
    write_images(root / "walk", numbered(1, 6, "{}.png"), size=SIZE)
    write(root / "walk" / "boxes.txt", rows(6))
    asked = commands("run", "-d", f"folder:{root}", "-t", "static", "-o", "r")
    assert (asked.code, asked.err.count("\n")) == (2, 1)
    assert "They look like xywh: " in asked.err
    assert ":confirmed=yes" in asked.err
    spec = dataset_named(f"folder:{root}:confirmed=yes")
    assert spec.notes == ("boxes are taken as was guessed and confirmed: boxes=xywh, origin=0",)
    write(root / "dataset.toml", 'boxes = "xyxy"\norigin = 1\n')
    write(root / "walk" / "boxes.txt", "".join(f"{x} 2 {x + 5} 8\n" for x in range(1, 7)))
    said = dataset_named(f"folder:{root}:confirmed=yes")
    assert said.notes == ()  # what is written down rules
    assert said.source.startswith("folder on disk; boxes=xyxy, origin=1; ")


def test_provenance_says_which_origin_was_chosen(otb: Path) -> None:
    for option, said in (("", "origin=0"), (":origin=1", "origin=1")):
        assert f"otb on disk; {said}, " in dataset_named(f"otb:{otb}{option}").source


def test_results_are_not_written_among_the_videos(otb: Path, commands: Commands) -> None:
    done = commands("run", "-d", f"otb:{otb}", "-t", "static", "-o", otb / "results")
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert f"lies in {otb}, which otb reads: choose another --out" in done.err
    assert not (otb / "results").exists()


@pytest.mark.thorough
def test_attributes_that_some_sequences_lack(tmp_path: Path) -> None:
    vot, got = tmp_path / "vot", tmp_path / "got"
    for name in ("a", "b"):
        write_images(vot / name / "color", numbered(1, 6, "{:08d}.jpg"), size=SIZE)
        write(vot / name / "groundtruth.txt", rows(6))
        write_images(got / "val" / name, numbered(1, 6, "{:08d}.jpg"), size=SIZE)
        write(got / "val" / name / "groundtruth.txt", rows(6))
    write(vot / "list.txt", "a\nb\n")
    write(got / "val" / "list.txt", "a\nb\n")
    write(vot / "a" / "occlusion.tag", "0\n1\n1\n")
    write(vot / "b" / "scale.value", "1\n2\n3\n4\n5\n6\n")
    write(got / "val" / "b" / "absence.label", "0\n0\n1\n0\n0\n0\n")
    results = trackbench.run(
        "static", datasets=[f"vot:{vot}", f"got10k:{got}"], out=tmp_path / "r", tell=str
    )
    found = {}
    for run in results.runs:
        (chunk,) = run.attributes(run.attribute_names)
        found |= {f"{run.dataset.id} {name}": values for name, values in chunk.items()}
    nan = [np.nan] * 6
    for name, expected in {
        "vot occlusion": [[0, 1, 1, 0, 0, 0], [0] * 6],  # no tag: no
        "vot scale": [nan, [1, 2, 3, 4, 5, 6]],
        "got10k-val absence": [nan, [0, 0, 1, 0, 0, 0]],
    }.items():
        np.testing.assert_array_equal(found[name], expected)


def test_what_has_the_most_pixels_is_tracked_first(tmp_path: Path) -> None:
    root = tmp_path / "otb"
    for name, frames, size in (("A", 9, (8, 8)), ("B", 8, (64, 64)), ("C", 7, (8, 8))):
        write_images(root / name / "img", numbered(1, frames), size=size)
        write(root / name / "groundtruth_rect.txt", rows(frames))
    spec = replace(dataset_named(f"otb:{root}"), chunk=1)
    assert spec.pixels_each == (64, 4096, 64)
    extent = Extent(3, 9, 1, spec.frames_each)
    static = registry.trackers().get("static")
    units = [unit_of(static, spec, extent, chunk, 0) for chunk in range(3)]
    assert [pixels_of(unit) for unit in units] == [9 * 64, 8 * 4096, 7 * 64]
