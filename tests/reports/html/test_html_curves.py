"""What the page shows, against NumPy over the whole arrays."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from trackbench.metrics import METRICS, Metric, Trajectories, box_iou
from trackbench.reports.html.attribute_charts import FEWEST, by_attribute
from trackbench.reports.html.bins import BINS, Bins, bins_of, bins_of_attributes, number
from trackbench.reports.html.curves import RunCurves, binned, curves_of, pooled_datasets
from trackbench.reports.html.strips import extremes
from trackbench.reports.html.tracker_styles import looks_of

MakeTracked = Callable[..., Any]
Curves = dict[tuple[str, str], RunCurves]


@pytest.fixture(scope="module")
def tracked(track: MakeTracked) -> Any:
    return track(bare=("second",), failing=("bad",))


@pytest.fixture(scope="module")
def curves(tracked: Any) -> Curves:
    results = tracked.results
    found = curves_of(results, bins_of_attributes(results))
    return {(c.run.record.tracker, c.run.dataset.id): c for c in found}


def test_mean_and_band_of_every_frame(tracked: Any, curves: Curves) -> None:
    for key, curve in curves.items():
        iou = tracked.iou[key]
        np.testing.assert_allclose(curve.mean, iou.mean(axis=0), rtol=1e-12)
        np.testing.assert_allclose(curve.std, iou.std(axis=0, ddof=1), atol=1e-9)
        error = iou.std(axis=0, ddof=1) / np.sqrt(len(iou))
        np.testing.assert_allclose(curve.half_band, 1.96 * error, atol=1e-9)


def test_one_sequence_has_no_band(track: MakeTracked) -> None:
    results = track(sequences=1).results
    for curve in curves_of(results, {}):
        assert np.isnan(curve.half_band).all()
        assert not np.isnan(curve.mean).any()


def test_success_is_the_share_of_frames_above_each_threshold(tracked: Any, curves: Curves) -> None:
    for key, curve in curves.items():
        boxes = tracked.boxes[key].copy()
        boxes[:, 0] = tracked.truth[key[1]][:, 0]
        overlap = box_iou(boxes, tracked.truth[key[1]])
        expected = [(overlap > k / 20).mean() for k in range(21)]
        np.testing.assert_allclose(curve.success, expected, atol=1e-12)
        assert curve.auc == pytest.approx(np.mean(expected))
        auc = curve.run.metric(Metric.named("auc@otb"))[:, -1]
        assert curve.auc == pytest.approx(auc.mean())


def test_metrics_are_those_of_the_whole_run(tracked: Any, curves: Curves) -> None:
    for key, curve in curves.items():
        whole = Trajectories(
            predicted=tracked.boxes[key],
            truth=tracked.truth[key[1]],
            iou=tracked.iou[key],
            visibility=tracked.attributes[key[1]].get("visibility"),
            frame=(100, 100),
        )
        for metric, found in zip(METRICS, curve.run.metrics(METRICS), strict=True):
            np.testing.assert_array_equal(found[:, -1], metric.of(whole))


@pytest.mark.parametrize("protocol", ["paper-v1", "ope-v1"])
def test_scores_follow_the_protocol(track: MakeTracked, protocol: str) -> None:
    made = track(protocol=protocol)
    first = 0 if protocol == "paper-v1" else 1
    for curve in curves_of(made.results, {}):
        iou = made.iou[curve.run.record.tracker, curve.run.dataset.id]
        np.testing.assert_allclose(curve.scores, iou[:, first:].mean(axis=1), rtol=1e-12)


def test_iou_by_attribute(tracked: Any, curves: Curves) -> None:
    bins = bins_of_attributes(tracked.results)
    assert set(bins) == set(tracked.attributes["first-v1"])
    for tracker in ("good-v1", "bad"):
        curve = curves[tracker, "first-v1"]
        iou = tracked.iou[tracker, "first-v1"][:, 1:]
        for name, of in bins.items():
            values = tracked.attributes["first-v1"][name][:, 1:].astype(float)
            edges = of.edges
            counted = 0
            for i in range(of.count):
                above = values >= edges[i] if i else np.ones(values.shape, bool)
                below = values < edges[i + 1] if i + 1 < of.count else np.ones(values.shape, bool)
                inside = above & below & ~np.isnan(values)
                counted += inside.sum()
                assert curve.binned[name].frames[i] == inside.sum()
                np.testing.assert_allclose(
                    curve.binned[name].mean[i], iou[inside].mean() if inside.any() else np.nan
                )
            assert counted + curve.binned[name].without == values.size
            assert curve.binned[name].without == np.isnan(values).sum()
        assert curves[tracker, "second"].binned == {}


def test_frame_0_does_not_count_by_attribute() -> None:
    bins = Bins(np.array([0.0, 1.0, 2.0]))
    found = binned(bins, np.array([[0.5, 1.5, np.inf]]), np.array([[1.0, 0.25, 0.5]]))
    assert found.frames.tolist() == [0, 1]
    assert found.total.tolist() == [0.0, 0.25]
    assert found.without == 1
    assert np.isnan(found.mean[0])
    assert found.mean[1] == 0.25


def test_bins_hold_about_as_many_frames_each() -> None:
    values = np.random.default_rng(0).exponential(5, 60_000)
    bins = bins_of(values)
    counts = np.bincount(bins.of(values))
    assert bins.count == BINS
    assert counts.sum() == len(values)
    assert counts.min() > 0.9 * len(values) / BINS


def test_a_value_that_many_frames_share_is_a_bin_by_itself() -> None:
    values = np.concatenate([np.zeros(600), np.linspace(0.001, 0.9, 400)])
    bins = bins_of(values)
    counts = np.bincount(bins.of(values))
    assert counts[0] == 600
    assert bins.label(0) == "0"
    assert bins.label(1).startswith("0 to ")
    assert counts.sum() == 1000


def test_few_values_have_a_bin_each() -> None:
    assert [bins_of(np.array([2.0, 5.0, 2.0])).label(i) for i in range(2)] == ["2", "5"]
    yes_no = bins_of(np.array([0.0, 1.0]), boolean=True)
    assert yes_no.names == ("no", "yes")
    assert yes_no.of(np.array([0.0, 1.0])).tolist() == [0, 1]
    assert bins_of(np.full(9, 3.5)).count == 1


@pytest.mark.parametrize(
    ("low", "high"),
    [(500.0, 501.0), (1e12, 1.01e12), (-1e-5, 1e-5), (0.0, 1e-310), (1e15, 1e15 + 100), (0, 1e300)],
)
def test_labels_tell_neighbouring_bins_apart(low: float, high: float) -> None:
    for bins in (
        bins_of(np.linspace(low, high, 1000)),
        bins_of(np.repeat(np.linspace(low, high, 5), 9)),
    ):
        labels = [bins.label(i) for i in range(bins.count)]
        assert len(set(labels)) == len(labels)
        if bins.values is None:
            ends = [label.split(" to ") for label in labels]
            assert all(a != b for a, b in ends)
            assert all(above == below for (_, above), (below, _) in pairwise(ends))


def test_labels_have_no_digit_that_tells_nothing() -> None:
    bins = bins_of(np.linspace(500, 501, 1000))
    assert bins.numbers == ("500", "500.2", "500.3", "500.5", "500.7", "500.8", "501")
    assert bins_of(np.linspace(0, 5.4321, 1000)).label(5) == "4.53 to 5.43"
    shared = bins_of(np.concatenate([np.ones(600), np.linspace(0, 0.9, 400)]))
    assert shared.label(shared.count - 1) == "1"


@pytest.mark.parametrize("scale", [1e-300, 1e-12, 1.0, 1e12, 1e300])
def test_bins_of_any_magnitude_hold_every_value(scale: float) -> None:
    values = np.random.default_rng(1).normal(size=1000) * scale
    bins = bins_of(values)
    assert (np.diff(bins.edges) > 0).all()
    assert np.bincount(bins.of(values), minlength=bins.count).sum() == 1000
    assert bins.edges[0] <= values.min()
    assert values.max() < bins.edges[-1]


def test_numbers_on_axes() -> None:
    assert [number(v) for v in (0.0, -0.0, 5e-324, 0.25, 38.888, 103.2, 20_000.0)] == (
        ["0", "0", "0", "0.25", "38.9", "103", "20,000"]
    )


def test_extremes_are_over_all_data_sets(tracked: Any, curves: Curves) -> None:
    own = [curves["good-v1", "first-v1"], curves["good-v1", "second"]]
    scores = [
        (float(score), place, i)
        for place, curve in enumerate(own)
        for i, score in enumerate(tracked.iou["good-v1", curve.run.dataset.id].mean(axis=1))
    ]
    ordered = sorted(scores)
    expected = [ordered[-1], ordered[(len(ordered) - 1) // 2], ordered[0]]
    found = list(extremes(own))
    assert [name for name, _, _ in found] == ["best", "median", "worst"]
    for (_, curve, sequence), (score, place, i) in zip(found, expected, strict=True):
        assert (curve.run.dataset.id, sequence) == (own[place].run.dataset.id, i)
        assert curve.scores[sequence] == pytest.approx(score)


def test_a_single_sequence_is_shown_once(track: MakeTracked) -> None:
    results = track(["only"], ["first-v1"], sequences=1).results
    assert [name for name, _, _ in extremes(curves_of(results, {}))] == ["best"]


def test_what_is_pooled_all_trackers_ran_on(track: MakeTracked) -> None:
    assert pooled_datasets(track().results) == ("first-v1", "second")
    lacking = track(["a", "b"], ["x", "y"], without=[("a", "x")])
    assert pooled_datasets(lacking.results) == ("y",)
    apart = track(["a", "b", "c"], ["x", "y"], without=[("a", "x"), ("b", "y"), ("c", "x")])
    assert pooled_datasets(apart.results) == ("y",)


def test_findings_name_the_worst_bin(track: MakeTracked) -> None:
    made = track(["good-v1"], ["first-v1"], sequences=40)
    results = made.results
    bins = bins_of_attributes(results)
    curves = curves_of(results, bins)
    charts = by_attribute(results, curves, looks_of(results), bins, ["first-v1"])
    expected = {
        "visibility": "Visibility",
        "speed": "Speed",
        "scale": "Scale",
        "distractor_distance": "Distance to the distractor",
        "bounce": "Bounce",
        "weather": "weather",
    }
    assert [chart.title for chart in charts] == list(expected.values())
    for chart, name in zip(charts, expected, strict=True):
        found = curves[0].binned[name]
        kept = [i for i in range(bins[name].count) if found.frames[i] >= FEWEST]
        means = found.mean[kept]
        assert chart.counts == tuple(found.frames[kept[0] : kept[-1] + 1])
        if means.max() - means.min() >= 0.03:
            worst = bins[name].label(kept[int(means.argmin())])
            assert f"worst at {worst} ({means.min():.2f})" in chart.findings[0]
        else:
            assert "much the same" in chart.findings[0]


def test_a_bin_without_frames_enough_keeps_its_place(track: MakeTracked) -> None:
    """Else the bin right of it would seem to begin where that one does."""
    made = track(["good-v1"], ["first-v1"], sequences=40)
    found = np.sort(made.attributes["first-v1"]["scale"][:, 1:], axis=None)
    low, high = found[len(found) // 2 - 1 : len(found) // 2 + 1]  # there is nothing between them
    hole = np.array([low + (high - low) / 3, high - (high - low) / 3])
    bins = {"scale": Bins(np.array([found[0], found[len(found) // 4], *hole, found[-1]]))}
    results = made.results
    curves = curves_of(results, bins)
    (chart,) = by_attribute(results, curves, looks_of(results), bins, ["first-v1"])
    assert chart.counts[2] == 0
    (series,) = chart.series
    assert [x for x, _ in series.points] == [0.5, 1.5, 3.5]
    edges = dict(chart.x.marks)
    labels = [bins["scale"].label(i) for i in (0, 1, 3)]
    assert [f"{edges[x - 0.5]} to {edges[x + 0.5]}" for x, _ in series.points] == labels
