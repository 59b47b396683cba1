"""A host's end is waited for, and not asked for again and again."""

from __future__ import annotations

import selectors
from typing import Any

import pytest

from trackbench.plugins import registry
from trackbench.running.limits import Limits
from trackbench.running.messages import Order, Task
from trackbench.running.preload import packages_imported_by
from trackbench.running.recipe import recipe_of
from trackbench.running.servers import Servers
from trackbench.running.unit import track_unit
from trackbench.running.videos import Videos


def test_the_maker_sleeps_until_a_host_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    spec, tracker = registry.datasets().get("mnist-single-same-v1"), registry.trackers().get("ncc")
    order = Order(
        task=Task.TRACK,
        dataset=spec.id,
        stop=1,
        length=3,
        tracker=tracker.id,
        tracker_recipe=recipe_of((tracker.factory, dict(tracker.parameters)), tracker.id),
        preload=packages_imported_by(tracker.factory),
        batched=tracker.batched,
        limits=Limits(60.0),
    )
    woken = 0
    select = selectors.DefaultSelector.select

    def counted(*arguments: Any) -> Any:
        nonlocal woken
        ready = select(*arguments)
        woken += bool(ready)  # not when nothing came for a while: a machine may be slow
        return ready

    videos = Videos(registry.build_dataset(spec), order)
    monkeypatch.setattr(selectors.DefaultSelector, "select", counted)
    servers = Servers()
    try:
        made = track_unit(order, videos, servers, lambda *_: None)
    finally:
        servers.close()
    assert made.frames == 3
    # Built, tracked, closed, ended; and that nobody can print any more.
    assert 4 <= woken <= 8
