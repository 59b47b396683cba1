"""A results directory that is removed, moved or replaced while a run writes to it."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from trackbench.errors import TrackbenchError
from trackbench.results import locks
from trackbench.results.locks import HeldError, Lock, locked

Kit = Any


def _remove_runs(path: Path) -> None:
    shutil.rmtree(path / "runs")


def _replace_all(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    shutil.copytree(path.with_name("elsewhere"), path)


def _remove_locks(path: Path) -> None:
    for lock in (path / "runs").rglob(".lock"):
        lock.unlink()


@pytest.mark.parametrize("what", [shutil.rmtree, _remove_runs, _replace_all, _remove_locks])
def test_nothing_is_written_where_somebody_else_may_be_writing(
    kit: Kit, what: Callable[[Path], None]
) -> None:
    store, run = kit.store, kit.run()
    with store.writing(run, kit.dataset()) as begun:
        first = store.add(begun, kit.outcome(0))
        what(kit.path)
        kit.put(run, [1, 2])  # another process, that holds the lock which is there now
        with pytest.raises(TrackbenchError, match="was removed, moved or replaced while"):
            store.add(first, kit.outcome(1))
    with kit.store.writing(run, kit.dataset()) as found:
        assert {1, 2} <= found.chunks.keys()


def test_a_lock_that_was_removed_while_it_was_waited_for_is_held_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / ".lock"
    hold = locks._hold

    def removed_first(lock: Lock, mode: int) -> None:
        path.unlink()
        monkeypatch.setattr(locks, "_hold", hold)
        hold(lock, mode)

    monkeypatch.setattr(locks, "_hold", removed_first)
    with locked(path) as lock:
        assert lock.there
        with pytest.raises(HeldError), locked(path, wait=False):
            pass


def test_a_lock_that_is_another_file_each_time_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / ".lock"
    monkeypatch.setattr(locks, "_hold", lambda *_: path.unlink())
    with pytest.raises(TrackbenchError, match="cannot be held"), locked(path):
        pass
