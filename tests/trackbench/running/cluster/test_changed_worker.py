"""A worker that is no longer what it was when it was asked."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import trackbench
from trackbench.errors import TrackbenchError
from trackbench.plugins.loading import load_plugin
from trackbench.results import machine
from trackbench.results.directory import Results
from trackbench.running.progress import Progress

distributed = pytest.importorskip("distributed", reason="needs the extra cluster")

TINY = Path(__file__).parents[3] / "plugins" / "tiny.py"


@pytest.fixture
def upgraded(monkeypatch: pytest.MonkeyPatch) -> Callable[[Progress], None]:
    """Return what is to hear of progress: after the first frames workers have another NumPy.

    Another process at a worker's address looks the same from here.
    """
    changed, found = threading.Event(), machine.versions()

    def versions() -> dict[str, str]:
        here = threading.current_thread() is threading.main_thread() or not changed.is_set()
        return found if here else {**found, "numpy": "1.0"}

    def progress(told: Progress) -> None:
        if told.frames:
            changed.set()

    monkeypatch.setattr(machine, "versions", versions)
    return progress


def run(out: Path, progress: Callable[[Progress], None], **options: Any) -> None:
    load_plugin(TINY)
    start = {"n_workers": 1, "threads_per_worker": 1, "dashboard_address": "127.0.0.1:0"}
    with (
        distributed.LocalCluster(processes=False, **start) as started,
        distributed.Client(started, set_as_default=False) as client,
    ):
        trackbench.run(
            ["static", "ncc"], datasets="tiny", out=out, cluster=client, tell=lambda _: None,
            progress=progress, **options,
        )  # fmt: skip


@pytest.mark.thorough
def test_its_answers_are_refused_though_its_address_is_one_that_was_asked(
    tmp_path: Path, upgraded: Callable[[Progress], None]
) -> None:
    with pytest.raises(TrackbenchError, match=r"worker .* has numpy 1\.0 and not "):
        run(tmp_path / "r", upgraded)
    records = [path.read_text() for path in (tmp_path / "r" / "runs").rglob("record.json")]
    assert records
    assert [each for each in records if '"1.0"' in each] == []


@pytest.mark.thorough
def test_where_that_is_allowed_the_records_say_it(
    tmp_path: Path, upgraded: Callable[[Progress], None]
) -> None:
    run(tmp_path / "r", upgraded, allow_mixed=True)
    said = {run.record.versions["numpy"] for run in Results.load(tmp_path / "r").runs}
    assert any("1.0" in each for each in said)
