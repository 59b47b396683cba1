"""What holds for every registered report format."""

import pytest

import trackbench
from trackbench import registry
from trackbench.factories import resolve
from trackbench.registry import ReportSpec
from trackbench.reports.options import ReportOptions
from trackbench.results import Results


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return trackbench.run(
        "static", sequences=2, lengths=[2, 4], out=tmp_path_factory.mktemp("contract") / "r"
    )


@pytest.mark.parametrize("spec", list(registry.reports()), ids=lambda spec: spec.id)
@pytest.mark.parametrize("with_published", [False, True])
def test_it_names_every_tracker(spec: ReportSpec, results: Results, with_published: bool) -> None:
    text = resolve(spec.factory)(results, ReportOptions(with_published=with_published))
    assert "static-v1" in text.replace("\\", "")
    assert text.endswith("\n")
    assert text == resolve(spec.factory)(results, ReportOptions(with_published=with_published))
    assert spec.suffix.startswith(".")
    assert spec.description
