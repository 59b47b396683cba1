"""Which of the units on workers that die is held to have killed them."""

from __future__ import annotations

import pytest

from trackbench.results.chunks import FailureKind
from trackbench.running.cluster.flight import Flight
from trackbench.running.cluster.flights import Flights
from trackbench.running.maker_process import RefusedError
from trackbench.running.messages import Order, Task


def flights() -> Flights:
    return Flights(lambda address: f"<{address}>")


def added(of: Flights, task: Task = Task.TRACK) -> Flight:
    return of.add(Order(task, dataset="d", tracker="t"))


def test_a_unit_alone_on_three_workers_that_die_has_killed_them() -> None:
    of = flights()
    unit = added(of)
    for worker in ("a", "b"):
        unit.begin(worker)
        assert of.lost(worker) == []  # Dask gives it to another worker
    unit.begin("c")
    assert of.lost("elsewhere") == []
    assert of.lost("c") == [unit]
    assert of.to_resend == [unit]
    why = unit.sent.spoiled
    assert why is not None
    assert why.kind is FailureKind.KILLED
    assert why.message == "3 workers of the cluster died while they ran it (<a>, <b>, <c>)"
    for worker in ("a", "b"):  # no tracker runs any more
        unit.begin(worker)
        of.lost(worker)
    unit.begin("c")
    with pytest.raises(RefusedError, match=r"d cannot be made: 3 workers of the cluster died"):
        of.lost("c")


def test_where_others_come_through_deaths_it_takes_as_many_more() -> None:
    of = flights()
    lucky, unit = added(of), added(of)
    for worker in ("a", "b"):
        lucky.begin(worker)
        of.lost(worker)
    lucky.begin("c")
    of.landed(lucky)
    for worker in ("a", "b", "c", "d"):
        unit.begin(worker)
        assert of.lost(worker) == []
    unit.begin("e")
    assert of.lost("e") == [unit]


def test_one_of_several_on_workers_that_die_is_tried_alone() -> None:
    of = flights()
    killer, near = added(of), added(of)
    for worker in ("a", "b", "c"):
        killer.begin(worker)
        near.begin(worker)
        given_up = of.lost(worker)
    assert given_up == [killer, near]
    assert of.to_resend == []
    first = of.next_alone()
    assert first is killer
    assert of.next_alone() is None
    assert not of.may_be_joined
    killer.begin("d")
    assert of.lost("d") == [killer]
    assert of.to_resend == [killer]
    assert killer.sent.spoiled is not None
    killer.begin("e")
    of.landed(killer)
    assert of.next_alone() is near
    near.begin("e")
    of.landed(near)
    assert near.sent.spoiled is None
    assert len(of) == 0
    assert of.may_be_joined


def test_a_worker_that_dies_after_it_was_done_counts_for_nothing() -> None:
    of = flights()
    unit = added(of)
    unit.begin("a")
    unit.end()
    assert of.lost("a") == []
    assert unit.casualties.died == []
    assert of.under_way == {}
