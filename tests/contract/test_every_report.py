"""What holds for every registered report format."""

import pytest

import trackbench
from trackbench import registry
from trackbench.factories import resolve
from trackbench.metrics import METRICS
from trackbench.registry import ReportSpec
from trackbench.reports.options import Layout, ReportOptions
from trackbench.results import Results

ALL = tuple(metric.id for metric in METRICS)
EVERYTHING = {"with_published": True, "intervals": True, "metrics": ALL}
OPTIONS = {
    "plain": ReportOptions(),
    "paper": ReportOptions(layout=Layout.PAPER),
    "published": ReportOptions(with_published=True),
    "intervals": ReportOptions(intervals=True),
    "metrics": ReportOptions(metrics=ALL),
    "everything": ReportOptions(**EVERYTHING),
    "everything-paper": ReportOptions(layout=Layout.PAPER, **EVERYTHING),
}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return trackbench.run(
        "static", sequences=2, lengths=[2, 4], out=tmp_path_factory.mktemp("contract") / "r"
    )


@pytest.mark.parametrize("spec", list(registry.reports()), ids=lambda spec: spec.id)
@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
def test_it_names_every_tracker_whatever_is_asked_for(
    spec: ReportSpec, results: Results, options: ReportOptions
) -> None:
    text = resolve(spec.factory)(results, options)
    assert "static-v1" in text.replace("\\", "")
    assert text.endswith("\n")
    assert text == resolve(spec.factory)(results, options)
    assert spec.suffix.startswith(".")
    assert spec.description


@pytest.mark.parametrize("spec", list(registry.reports()), ids=lambda spec: spec.id)
def test_it_names_every_metric_asked_for(spec: ReportSpec, results: Results) -> None:
    text = resolve(spec.factory)(results, OPTIONS["metrics"]).replace("\\", "")
    assert [metric for metric in ALL if metric not in text] == []
