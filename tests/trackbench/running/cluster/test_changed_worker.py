"""A worker that is no longer what it was when it was asked."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

import trackbench
from trackbench.errors import TrackbenchError
from trackbench.plugins.loading import load_plugin
from trackbench.results import machine
from trackbench.results.directory import Results

distributed = pytest.importorskip("distributed", reason="needs the extra cluster")

TINY = Path(__file__).parents[3] / "plugins" / "tiny.py"


@pytest.fixture
def results(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Return where results go: as soon as some are there, workers have another NumPy.

    Another process at a worker's address looks the same from here.
    """
    out, found = tmp_path / "r", machine.versions()

    def versions() -> dict[str, str]:
        is_worker = threading.current_thread() is not threading.main_thread()
        return {**found, "numpy": "1.0"} if is_worker and records(out) else found

    monkeypatch.setattr(machine, "versions", versions)
    return out


def records(out: Path) -> list[Path]:
    return list(out.glob("runs/**/record.json"))


def run(out: Path, **options: Any) -> None:
    load_plugin(TINY)
    start = {"n_workers": 1, "threads_per_worker": 1, "dashboard_address": "127.0.0.1:0"}
    with (
        distributed.LocalCluster(processes=False, **start) as started,
        distributed.Client(started, set_as_default=False) as client,
    ):
        trackbench.run(
            ["static", "ncc"], datasets="tiny", out=out, cluster=client, tell=lambda _: None,
            **options,
        )  # fmt: skip


@pytest.mark.thorough
def test_its_answers_are_refused_though_its_address_is_one_that_was_asked(results: Path) -> None:
    with pytest.raises(TrackbenchError, match=r"worker .* has numpy 1\.0 and not "):
        run(results)
    stored = [path.read_text() for path in records(results)]
    assert stored
    assert [each for each in stored if '"1.0"' in each] == []


@pytest.mark.thorough
def test_where_that_is_allowed_the_records_say_it(results: Path) -> None:
    run(results, allow_mixed=True)
    said = {run.record.versions["numpy"] for run in Results.load(results).runs}
    assert any("1.0" in each for each in said)
