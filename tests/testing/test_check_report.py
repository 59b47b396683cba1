"""Each wrong report format is named for what is wrong with it."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import trackbench
from trackbench.report_contract import ReportSpec
from trackbench.results.directory import Results
from trackbench.testing import check_report

sys.path.append(str(Path(__file__).parents[1] / "plugins"))
import wrong_reports
from wrong_reports import right


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    out = tmp_path_factory.mktemp("testing") / "r"
    return trackbench.run(["static", "ncc"], sequences=1, lengths=[2], out=out)


@pytest.mark.parametrize(
    "name",
    [
        *("raises", "no_text", "not_repeatable", "no_line_end"),
        *("leaves_out_trackers", "leaves_out_metrics"),
    ],
)
def test_a_wrong_format_is_named_for_that_alone(name: str, results: Results) -> None:
    write: Callable[..., str] = getattr(wrong_reports, name)
    found = check_report(write, results)
    assert found.names == (name.replace("_", "-"),)
    assert not found.ok


def test_a_right_format_passes(results: Results) -> None:
    spec = ReportSpec(id="right", factory=right, suffix=".txt", description="all names")
    assert check_report(spec, results).points == ()
    assert check_report(right, results.path).points == ()


def test_a_spec_says_what_it_is(results: Results) -> None:
    found = check_report(ReportSpec(id="right", factory=right, suffix="txt"), results)
    assert found.names == ("suffix", "no-description")


@pytest.mark.thorough
def test_results_are_made_where_there_are_none() -> None:
    assert check_report("csv").points == ()
