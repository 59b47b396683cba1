"""How many makers a run starts."""

from collections.abc import Callable

import pytest

from trackbench.results.directory import Results
from trackbench.running import pool


@pytest.mark.parametrize(
    ("trackers", "options", "units"),
    [
        (["static"], {"sequences": 1}, 1),
        (["static"], {}, 2),
        (["static", "ncc"], {"sequences": 2}, 2),
    ],
)
def test_no_more_than_there_are_units(
    run_tiny: Callable[..., Results],
    monkeypatch: pytest.MonkeyPatch,
    trackers: list[str],
    options: dict[str, int],
    units: int,
) -> None:
    started = []

    class Counted(pool.MakerProcess):
        def _start(self) -> None:
            started.append(self)
            super()._start()

    monkeypatch.setattr(pool, "MakerProcess", Counted)
    results = run_tiny("tiny.py", trackers, datasets=["tiny-other"], jobs=3, **options)
    assert len(started) == units + 1  # one makes videos of this data set in another order
    assert {len(run.record.chunks) for run in results.runs} == {units // len(trackers)}


def test_they_begin_to_end_all_at_once(
    run_tiny: Callable[..., Results], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that takes long to end, as on a machine that is busy, has nobody wait behind it."""
    makers: list[pool.MakerProcess] = []
    held: list[bool] = []

    class Watched(pool.MakerProcess):
        def _start(self) -> None:
            makers.append(self)
            super()._start()

        def end(self, deadline: float | None = None) -> None:
            held.extend(each.channel.fileno() >= 0 for each in makers)
            super().end(deadline)

    monkeypatch.setattr(pool, "MakerProcess", Watched)
    run_tiny("tiny.py", ["static"], datasets=["tiny-other"], jobs=2)
    assert len(makers) > 1
    assert held == [False] * len(makers) ** 2
