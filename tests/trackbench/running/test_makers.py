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
    ended: list[tuple[pool.MakerProcess, float | None, set[pool.MakerProcess]]] = []

    class Watched(pool.MakerProcess):
        def _start(self) -> None:
            makers.append(self)
            super()._start()

        def end(self, deadline: float | None = None) -> None:
            ending = {each for each in makers if each.channel.fileno() < 0}
            ended.append((self, deadline, ending))
            super().end(deadline)

    monkeypatch.setattr(pool, "MakerProcess", Watched)
    run_tiny("tiny.py", ["static"], datasets=["tiny-other"], jobs=2)
    assert {one for one, _, _ in ended} == set(makers)
    of_pools = [{o for o, same, _ in ended if same == deadline} for _, deadline, _ in ended]
    assert max(map(len, of_pools)) > 1
    assert all(of_pool <= ending for of_pool, (_, _, ending) in zip(of_pools, ended, strict=True))
