"""Masks, from the tracker's answer to what is stored and scored."""

from __future__ import annotations

import base64
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from PIL import Image

import trackbench
from trackbench.analysis import baseline_file
from trackbench.errors import TrackbenchError
from trackbench.host.run_lengths import decoded
from trackbench.plugins.loading import load_plugin
from trackbench.reports.scenes import PREDICTION_COLOUR
from trackbench.reports.tracker_colours import TRACKER_COLOURS
from trackbench.reports.tracker_order import colours_in
from trackbench.results.compared import Compared
from trackbench.results.directory import Results
from trackbench.results.record_file import RECORD, save
from trackbench.results.run import Run

PLUGINS = Path(__file__).parents[2] / "plugins"
pytestmark = pytest.mark.thorough

SIZE = (40, 44)
TRACKERS = (
    *("bright", "upperhalf", "boxalone", "lockstep", "lockstepeach", "all-at-once", "given"),
    *("givenlockstep", "sometimesbox", "wrongshape", "weights", "bytes"),
)

RunMasked = Callable[..., Results]


@pytest.fixture(scope="module")
def run_masked(tmp_path_factory: pytest.TempPathFactory) -> RunMasked:
    def call(trackers: list[Any], out: Path | None = None, **options: Any) -> Results:
        load_plugin(PLUGINS / "masked.py")
        load_plugin(PLUGINS / "tiny.py")
        options = {"datasets": ["discs"], "jobs": 2, "timeout": 20.0, "tell": str, **options}
        return trackbench.run(trackers, out=out or tmp_path_factory.mktemp("masks"), **options)

    return call


@pytest.fixture(scope="module")
def results(run_masked: RunMasked) -> Results:
    return run_masked(list(TRACKERS))


def run_of(results: Results, tracker: str, dataset: str = "discs-v1") -> Run:
    (run,) = [
        run
        for run in results.runs
        if (run.record.tracker, run.record.dataset) == (tracker, dataset)
    ]
    return run


def true_masks(sequence: int) -> np.ndarray[Any, np.dtype[np.bool_]]:
    spec = trackbench.plugins.registry.datasets().get("discs-v1")
    masks = trackbench.plugins.registry.build_dataset(spec).sequence(sequence).masks
    assert masks is not None
    return np.asarray(masks)


def stored_masks(run: Run, sequence: int) -> list[Any]:
    """Return the masks that are stored; None where there is none."""
    found = run.repeats[0].masks(sequence)
    assert found is not None
    counts = [found.of(0, t) for t in range(8)]
    return [decoded(each, SIZE) if len(each) else None for each in counts]


ALL = ["bright", "lockstep", "lockstepeach", "all-at-once"]


@pytest.mark.parametrize("tracker", ALL)
def test_masks_are_compared_pixel_by_pixel(results: Results, tracker: str) -> None:
    run = run_of(results, tracker)
    assert run.record.compared is Compared.MASKS
    assert np.array_equal(run.iou, [[1, 1, 1, 1, 1, 0, np.nan, 1]] * 5, equal_nan=True)
    for sequence in range(5):
        for t, (mask, true) in enumerate(
            zip(stored_masks(run, sequence), true_masks(sequence), strict=True)
        ):
            if t or tracker == "all-at-once":
                assert np.array_equal(mask, true)
            else:
                assert mask is None  # init returned nothing
    assert run.invalid == 0
    assert run.absent == 2 * 5  # nothing is bright there


def test_iou_is_that_of_boolean_masks(results: Results) -> None:
    run = run_of(results, "upperhalf")
    for sequence in range(5):
        stored, true = stored_masks(run, sequence), true_masks(sequence)
        for t in (1, 2, 3, 4, 7):
            half = stored[t]
            assert half.any()
            assert not (half & ~true[t]).any()
            assert run.iou[sequence, t] == (half & true[t]).sum() / (half | true[t]).sum()
    (tracked, *_) = run.trajectories()
    assert (tracked.predicted[0, 1] == [0, 0, 5, 5]).all()  # its own box, and not that of the mask
    assert tracked.confidence is not None
    assert tracked.confidence[0, 1] == 0.5


def test_boxes_alone_are_compared_with_boxes(results: Results) -> None:
    run = run_of(results, "boxalone")
    assert run.record.compared is Compared.BOXES
    assert run.repeats[0].masks(0) is None
    bright = run_of(results, "bright")
    for one, other in zip(run.trajectories(), bright.trajectories(), strict=True):
        assert np.array_equal(one.predicted, other.predicted, equal_nan=True)


@pytest.mark.parametrize("tracker", ["given", "givenlockstep"])
def test_init_is_given_the_mask_of_frame_0(results: Results, tracker: str) -> None:
    run = run_of(results, tracker)
    assert run.record.failures == ()
    for sequence in range(5):
        first = true_masks(sequence)[0]
        assert all(np.array_equal(mask, first) for mask in stored_masks(run, sequence))
    assert (run.iou[:, 0] == 1).all()


def test_where_an_answer_has_no_mask_its_part_is_scored_by_boxes(results: Results) -> None:
    run = run_of(results, "sometimesbox")
    assert [chunk.by_masks for _, chunk in sorted(run.record.chunks.items())] == [False, True, True]
    assert run.record.compared is Compared.BOTH
    assert all(chunk.mask_runs for chunk in run.record.chunks.values())


@pytest.mark.parametrize(
    ("tracker", "message"),
    [
        ("wrongshape", "a mask of shape (44, 40) where (40, 44) is due"),
        ("weights", "a mask of float64: its pixels are to be True and False, or 1 and 0"),
        ("bytes", "a mask with the value 255: its pixels are to be True and False, or 1 and 0"),
    ],
)
def test_what_is_no_mask(results: Results, tracker: str, message: str) -> None:
    run = run_of(results, tracker)
    assert len(run.failures) == 5
    assert {failure.frame for failure in run.failures} == {1}
    assert run.failures[0].message == f"AnswerError: the tracker returned {message}"
    assert not run.iou[:, 1:6].any()


def test_masks_that_are_read_one_by_one(run_masked: RunMasked) -> None:
    found = run_masked(["upperhalf"], datasets=["discs", "discs-read"])
    one, other = (run_of(found, "upperhalf", f"discs{which}-v1") for which in ("", "-read"))
    assert np.array_equal(one.iou, other.iou, equal_nan=True)
    assert one.dataset.mask_runs == other.dataset.mask_runs == {0: 328, 1: 328, 2: 164}


def test_without_true_masks_the_box_of_the_mask_is_taken(run_masked: RunMasked) -> None:
    found = run_masked(["bright", "boxalone", "given"], datasets=["tiny"])
    bright, alone = (run_of(found, name, "tiny-v1") for name in ("bright", "boxalone"))
    assert bright.record.compared is Compared.BOXES
    assert np.array_equal(bright.iou, alone.iou)
    assert bright.iou.min() == 1
    assert bright.repeats[0].masks(0) is not None  # and stored it is, too
    assert bright.repeats[0].true_masks(0) is None
    assert run_of(found, "given", "tiny-v1").record.failures == ()  # it is handed None


def test_the_same_bytes_for_any_number_of_jobs(run_masked: RunMasked, results: Results) -> None:
    alone = run_masked(["upperhalf"], jobs=1)
    for folder in ("folder", "truth_folder"):
        parts = [
            sorted(getattr(run.repeats[0], folder).glob("*.parquet"))
            for run in (alone.runs[0], run_of(results, "upperhalf"))
        ]
        assert len(parts[0]) == 3
        for one, other in zip(*parts, strict=True):
            assert one.read_bytes() == other.read_bytes()


def test_a_run_that_was_killed_goes_on(run_masked: RunMasked, tmp_path: Path) -> None:
    whole = run_masked(["upperhalf"], out=tmp_path / "r").runs[0]
    before = {file: file.read_bytes() for file in whole.folder.glob("*.parquet")}
    record = whole.record
    left = {number: chunk for number, chunk in record.chunks.items() if number != 1}
    save(replace(record, chunks=left), whole.folder / RECORD)  # as if it had come no further
    sorted(before)[1].write_bytes(b"half a part")
    again = run_masked(["upperhalf"], out=tmp_path / "r").runs[0]
    assert {file: file.read_bytes() for file in again.folder.glob("*.parquet")} == before
    assert {n: chunk.mask_runs for n, chunk in again.record.chunks.items()} == {
        0: 134,
        1: 134,
        2: 67,
    }


@pytest.mark.parametrize(
    ("dataset", "message"),
    [
        ("discs-wrong", r"masks are bool \(2, 39, 44\), not bool \(2, 40, 44\)"),
        ("discs-integers", r"masks are uint8 \(2, 40, 44\), not bool \(2, 40, 44\)"),
        ("discs-read-wrong", r"mask 1 breaks the contract: it is bool \(39, 44\), not bool"),
        ("discs-in-part", "has masks and the sequence before none"),
    ],
)
def test_true_masks_that_break_the_contract(
    run_masked: RunMasked, dataset: str, message: str
) -> None:
    with pytest.raises(TrackbenchError, match=message):
        run_masked(["bright"], datasets=[dataset])


def test_fingerprints_tell_masks_apart() -> None:
    load_plugin(PLUGINS / "masked.py")
    from trackbench.plugins.fingerprints import dataset_fingerprint
    from trackbench.plugins.registry import build_dataset, datasets

    found = [
        dataset_fingerprint(build_dataset(datasets().get(name)))
        for name in ("discs", "discs-without", "discs-in-part")
    ]
    assert len(set(found)) == 3


THEIRS = """
import collections
Said = collections.namedtuple("Said", "box confidence mask")

class Theirs:
    def init(self, frame, box, *, mask):
        return Said(None, None, mask)

    def update(self, frame):
        return Said(None, None, frame > 150)
"""


def test_from_another_interpreter(
    run_masked: RunMasked,
    results: Results,
    their_python: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "their_masks.py").write_text(THEIRS)
    monkeypatch.chdir(tmp_path)
    spec = trackbench.tracker_elsewhere("their_masks:Theirs", their_python)
    there, here = run_masked([spec]).runs[0], run_of(results, "all-at-once")
    assert there.record.compared is Compared.MASKS
    for one, other in zip(
        *(sorted(run.folder.glob("*.parquet")) for run in (there, here)), strict=True
    ):
        columns = (pq.read_table(file)["mask_runs"] for file in (one, other))
        assert next(columns) == next(columns)
    assert np.array_equal(there.iou, here.iou, equal_nan=True)


def test_tables_say_which_numbers_are_of_masks(results: Results) -> None:
    rows = json.loads(str(trackbench.report(results, format="json")))
    compared = {row["tracker"]: row["compared"] for row in rows}
    assert compared == {
        **dict.fromkeys([*ALL, "upperhalf", "given", "givenlockstep"], "masks"),
        **dict.fromkeys(["boxalone", "wrongshape", "weights", "bytes"], "boxes"),
        "sometimesbox": "masks in part",
    }
    for form in ("text", "markdown", "latex", "html"):
        text = str(trackbench.report(results, format=form))
        assert "bright (masks)" in text
        assert "boxalone (" not in text
        assert "sometimesbox (masks in part)" in text
        assert "all-at-once (sees the future, masks)" in text
    notes = [line for line in str(results).splitlines() if "IoU is of" in line]
    assert len(notes) == 8
    (note,) = [line for line in notes if "sometimesbox" in line]
    assert "IoU is of masks in part (where an answer had none, of boxes)" in note


def test_compare_says_that_they_are_not_comparable(results: Results) -> None:
    found = trackbench.compare(["bright", "boxalone"], results=results.path)
    line = "bright on discs-v1: IoU is of masks, and not comparable with that of a tracker whose"
    assert line in found.render("markdown").replace("\\", "")
    assert not trackbench.compare(["wrongshape", "boxalone"], results=results.path).by_masks


def test_check_refuses_to_hold_masks_to_boxes(results: Results, tmp_path: Path) -> None:
    file = tmp_path / "b.json"
    trackbench.baseline(results.path, out=file)
    assert json.loads(file.read_text())["schema"] == 4
    assert not trackbench.check(results.path, baseline=file).regressed
    held = baseline_file.read(file)
    assert [run.compared for run in held.runs if run.tracker == "bright"] == [Compared.MASKS]
    runs = [replace(run, compared=Compared.BOXES) for run in held.runs if run.tracker == "bright"]
    baseline_file.write(replace(held, runs=tuple(runs)), file)
    assert json.loads(file.read_text())["schema"] == 1  # which knew no masks
    with pytest.raises(TrackbenchError, match=r"is of masks in .*, and of boxes in the baseline"):
        trackbench.check(results.path, baseline=file)


def test_masks_are_drawn(results: Results, tmp_path: Path) -> None:
    shown = {}
    for tracker in ("upperhalf", "all-at-once", "lockstep"):
        out = tmp_path / f"{tracker}.png"
        trackbench.show("discs", out, trackers=tracker, zoom=1, pictures=2, length=2)
        shown[tracker] = np.asarray(Image.open(out).convert("RGB"))
    half, whole, lockstep = shown.values()
    colours = [
        (picture.astype(int) - (np.array([200, 200, 200]) + PREDICTION_COLOUR) // 2 == 0).all(
            axis=-1
        )
        for picture in (half, whole, lockstep)
    ]
    assert 0 < colours[0].sum() < colours[2].sum() < colours[1].sum()  # in one frame, and in both
    with_them = str(trackbench.report(results, format="html"))
    assert with_them.count("data:image/jpeg") > 8 * 3  # grey frames are PNG, but for a mask on them


def test_masks_on_film_strips_have_their_trackers_colours(results: Results) -> None:
    page = str(trackbench.report(results, format="html"))
    order = colours_in(results)
    hues = _without_grey(np.array(TRACKER_COLOURS))
    looked_at = []
    for part in page.split('<div class="tracker" data-tracker="')[1:]:
        tracker = part.partition('"')[0].partition(" (")[0]
        for code in re.findall(r"data:image/jpeg;base64,([^\"]+)", part):
            picture = np.asarray(Image.open(io.BytesIO(base64.b64decode(code)))).astype(int)
            tinted = picture[np.ptp(picture, axis=-1) > 30]
            if len(tinted) > 20:  # of what is smaller, JPEG mixes the colour with that around it
                likeness = hues @ _without_grey(np.median(tinted, axis=0))
                assert int(likeness.argmax()) == order.index(tracker) % len(hues), tracker
                looked_at.append(tracker)
    assert {"bright", "upperhalf", "all-at-once", "lockstep"} <= set(looked_at)


def _without_grey(colours: Any) -> Any:
    """Return what of colours (..., 3) is not grey, each with length 1."""
    hues = colours - colours.mean(axis=-1, keepdims=True)
    return hues / np.linalg.norm(hues, axis=-1, keepdims=True)


def test_stored_masks_are_replayed(results: Results, run_masked: RunMasked) -> None:
    before = run_of(results, "sometimesbox")
    (again,) = run_masked([f"replay:{results.path}:sometimesbox"]).runs
    assert again.compared is before.compared is Compared.BOTH
    assert np.array_equal(again.iou, before.iou, equal_nan=True)
    for sequence in range(before.record.sequences):
        ours, theirs = (stored_masks(run, sequence) for run in (again, before))
        assert any(mask is not None for mask in ours)
        for one, other in zip(ours, theirs, strict=True):
            assert (one is None) == (other is None)
            assert one is None or np.array_equal(one, other)
