"""What holds for every registered report format."""

import pytest

import trackbench
from trackbench.plugins import registry
from trackbench.report_contract import ReportSpec
from trackbench.results.directory import Results
from trackbench.testing import check_report


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return trackbench.run(
        "static", sequences=2, lengths=[2, 4], out=tmp_path_factory.mktemp("contract") / "r"
    )


LARGE = {"html", "html-table", "svg", "text"}
"""One to three seconds each."""


@pytest.mark.parametrize(
    "spec",
    [
        pytest.param(spec, id=spec.id, marks=pytest.mark.thorough if spec.id in LARGE else ())
        for spec in registry.reports()
    ],
)
def test_it_keeps_the_contract_whatever_is_asked_for(spec: ReportSpec, results: Results) -> None:
    found = check_report(spec, results).raise_if_wrong()
    assert found.points == ()
