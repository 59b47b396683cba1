"""Runs whose first boxes are given with an error: apart from all others, and said everywhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import trackbench
from trackbench.api.recorded_data import recorded_dataset
from trackbench.errors import DamagedFileError, TrackbenchError
from trackbench.exchange.importing import import_results
from trackbench.metrics import mask_iou
from trackbench.plugins import registry
from trackbench.plugins.loading import load_plugin
from trackbench.plugins.start_noise import given_box, noisy_spec
from trackbench.results.dataset_record import DatasetRecord, StartNoise
from trackbench.results.directory import Results
from trackbench.results.record_file import RECORD, load, save

BASE, NOISY = "mnist-single-same-v1", "mnist-single-same-init-0.8-v1"
PLUGINS = Path(__file__).parents[2] / "plugins"


def run(out: Path, tracker: str = "static", **options: object) -> Results:
    chosen: dict[str, object] = {"datasets": BASE, "sequences": 2, "lengths": [3], "jobs": 1}
    return trackbench.run(tracker, out=out, **{**chosen, **options})  # type: ignore[call-overload,no-any-return]  # any of its options


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return run(tmp_path_factory.mktemp("noise") / "results", init_noise=0.8)


def test_the_tracker_is_given_the_box_and_the_truth_stays_true(stored: Results) -> None:
    dataset = registry.build_dataset(registry.datasets().get(BASE))
    spec = noisy_spec(dataset.spec, 0.8)
    (found,) = stored.runs
    for index in range(2):
        video = dataset.sequence(index, 3)
        tracked = found.trajectory(index)
        given = given_box(spec, index, video)
        np.testing.assert_array_equal(tracked.truth[0], video.boxes)
        np.testing.assert_array_equal(tracked.predicted[0], np.tile(given, (3, 1)))
        # Frame 0 scores what is reported there: of a tracker that says nothing, the given box.
        np.testing.assert_array_equal(
            tracked.iou[0], mask_iou(video.boxes, np.tile(given, (3, 1)), (100, 100))
        )
        assert 0.6 < tracked.iou[0, 0] < 1


def test_every_table_says_it(stored: Results) -> None:
    for form in ("markdown", "latex", "html", "text"):
        said = str(trackbench.report(stored, form))
        assert "the first box is given with an error, in place of the true one" in said
        assert "their IoU with the true ones is 0.8" in said
    assert NOISY in str(trackbench.report(stored, "csv"))


@pytest.mark.thorough
def test_with_and_without_noise_stand_apart_and_the_same_is_not_run_again(
    stored: Results,
) -> None:
    told: list[str] = []
    both = [run(stored.path, init_noise=noise, tell=told.append) for noise in (None, 0.8, 0.9)]
    assert [list(each.datasets) for each in both] == [[BASE], [NOISY], [f"{BASE[:-3]}-init-0.9-v1"]]
    assert len([line for line in told if "all stored" in line]) == 1
    assert len({float(each.cells()[0].mean) for each in both}) == 3
    assert both[1].cells()[0].mean == stored.cells()[0].mean


def test_its_record_says_it_and_others_follow_the_schema_of_before(
    stored: Results, tmp_path: Path
) -> None:
    record = stored.datasets[NOISY]
    assert record.start_noise == StartNoise(BASE, 0.8)
    assert recorded_dataset(record) == noisy_spec(registry.datasets().get(BASE), 0.8)
    plain = run(tmp_path / "plain")
    schemas = {
        name: json.loads((where.path / "datasets" / name / RECORD).read_text())["schema"]
        for name, where in ((NOISY, stored), (BASE, plain))
    }
    assert schemas == {NOISY: 7, BASE: 2}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"id": BASE}, f"it would be {NOISY}"),
        ({"start_noise": StartNoise(BASE, 0.9)}, "it would be mnist-single-same-init-0.9-v1"),
        ({"start_noise": StartNoise(BASE, 1.5)}, "1"),
    ],
)
def test_a_record_whose_name_does_not_say_its_noise_is_damage(
    stored: Results, tmp_path: Path, changes: dict[str, object], said: str
) -> None:
    path = tmp_path / RECORD
    save(replace(stored.datasets[NOISY], **changes), path)  # type: ignore[arg-type]  # some of them
    with pytest.raises(DamagedFileError, match=said):
        load(DatasetRecord, path)


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda path: run(path / "x", init_noise=1.0), "init_noise must be from 0.01 to below 1"),
        (
            lambda path: run(path / "x", init_noise=0.8, protocol="vot-st-v1"),
            "vot-st-v1 starts trackers on true boxes",
        ),
        (
            lambda path: run(path / "x", datasets="mnist-factors-init-0.9", init_noise=0.8),
            "mnist-factors-init-0.9-v1 has noise in its start already",
        ),
        (
            lambda path: trackbench.export_results(path, "got10k", path / "x"),
            f"holds {NOISY}, whose first boxes were given with an error",
        ),
        (
            lambda path: trackbench.export("mnist-factors-init-0.9", "otb", path / "x"),
            "export mnist-factors-v1",
        ),
        (
            lambda path: import_results(path / "given", "mnist-factors-init-0.9", out=path / "x"),
            "import it as mnist-factors-v1",
        ),
    ],
)
def test_what_would_hide_the_noise_is_refused_and_nothing_written(
    stored: Results, act: Callable[[Path], object], said: str
) -> None:
    given = stored.path / "given" / "one"
    given.mkdir(parents=True, exist_ok=True)
    (given / "0.txt").write_text("1,2,3,4\n" * 3)
    with pytest.raises(TrackbenchError, match=said):
        act(stored.path)
    assert not (stored.path / "x").exists()


def test_a_file_asks_for_it_and_an_option_goes_before(tmp_path: Path) -> None:
    file = tmp_path / "bench.toml"
    text = f"trackers = 'static'\ndatasets = '{BASE}'\nsequences = 1\nlengths = [2]\nout = 'out'\n"
    file.write_text(f"{text}init_noise = 0.8\n")
    assert list(trackbench.run_file(file, jobs=1).datasets) == [NOISY]
    file.write_text(f"{text}init_noise = '0.8'\n")
    with pytest.raises(TrackbenchError, match=r"init_noise = '0.8': write init_noise = 0.8"):
        trackbench.read_bench(file)


@pytest.mark.thorough
def test_the_same_bytes_for_any_number_of_jobs_in_shards_and_in_lockstep(
    stored: Results, tmp_path: Path
) -> None:
    options = {"init_noise": 0.8, "sequences": 60, "lengths": [2], "tracker": "rectracker-id"}
    whole = run(tmp_path / "whole", **options)  # type: ignore[arg-type]  # of several types
    two = run(tmp_path / "two", **options, jobs=2)  # type: ignore[arg-type]  # of several types
    shards = [tmp_path / str(number) for number in (1, 2)]
    for number, shard in enumerate(shards, 1):
        run(shard, **options, shard=f"{number}/2")  # type: ignore[arg-type]  # of several types
    merged = trackbench.merge(shards, tmp_path / "merged")
    for other in (two, merged):
        for ours, theirs in zip(whole.runs, other.runs, strict=True):
            assert {n: c.sha256 for n, c in ours.record.chunks.items()} == {
                n: c.sha256 for n, c in theirs.record.chunks.items()
            }
    alone = run(tmp_path / "alone", tracker="static", init_noise=0.8, sequences=1)
    np.testing.assert_array_equal(
        alone.runs[0].trajectory(0).predicted[0], stored.runs[0].trajectory(0).predicted[0]
    )


@pytest.mark.thorough
def test_a_true_mask_is_not_handed_out_beside_a_box_with_an_error(tmp_path: Path) -> None:
    load_plugin(PLUGINS / "masked.py")
    load_plugin(PLUGINS / "tiny.py")
    results = run(
        tmp_path / "r",
        tracker="given",
        datasets="discs",
        sequences=None,
        lengths=None,
        init_noise=0.8,
        timeout=20.0,
    )
    (found,) = results.runs
    # What this tracker answers where it was handed no mask; else it answers that.
    assert found.trajectory(0).predicted[0, 1].tolist() == [1, 1, 5, 5]


@pytest.mark.thorough
def test_side_by_side_a_base_and_its_noise_are_diagnosed(tmp_path: Path) -> None:
    for noise in (None, 0.8, 0.5):
        run(tmp_path / "r", tracker="static", sequences=12, lengths=[10], init_noise=noise)
    found = trackbench.diagnose(tmp_path / "r")
    (tracker,) = found.diagnosis.trackers
    assert (tracker.suite, tracker.base) == (BASE, BASE)
    (effect,) = tracker.effects
    assert (effect.factor.name, effect.base) == ("first box", 1.0)
    assert [level.value for level in effect.levels] == [0.5, 0.8]
    farther = BASE.replace("-v1", "-init-0.5-v1")
    assert [level.dataset for level in effect.levels] == [farther, NOISY]
    assert found.diagnosis.notes == tuple(
        f"static-v1 on {name}: frame 0 counts, and has the given box: that alone is a loss of "
        f"{costs} in so few frames."
        for name, costs in ((farther, "0.05"), (NOISY, "0.02"))
    )
    asked = trackbench.diagnose(tmp_path / "r", suite=BASE.removesuffix("-v1"))
    assert str(asked) == str(found)
    assert "Why does each tracker fail?" in str(trackbench.report(tmp_path / "r", "html"))


@pytest.mark.thorough
def test_other_videos_under_the_name_of_a_base_are_no_twins(tmp_path: Path) -> None:
    truth = tmp_path / "videos" / "one" / "groundtruth_rect.txt"
    (truth.parent / "img").mkdir(parents=True)
    frame = np.random.default_rng(0).integers(0, 255, (40, 50), np.uint8)
    for number in range(3):
        Image.fromarray(frame).save(truth.parent / "img" / f"{number + 1:04}.png")
    for noise, width in ((None, 12), (0.8, 12), (0.7, 13)):
        truth.write_text(f"5,5,{width},10\n" * 3)
        run(
            tmp_path / "r",
            datasets=f"otb:{tmp_path / 'videos'}",
            sequences=None,
            lengths=None,
            init_noise=noise,
        )
    (tracker,) = trackbench.diagnose(tmp_path / "r").diagnosis.trackers
    assert [level.value for level in tracker.effects[0].levels] == [0.8]
    assert tracker.missing == ("otb-init-0.7",)
    notes = trackbench.diagnose(tmp_path / "r").diagnosis.notes
    assert any("left out, the truth of its videos is not the base's" in note for note in notes)
