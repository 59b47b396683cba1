from dataclasses import replace

import pytest

from trackbench.contracts import Suite, TrackerSpec
from trackbench.errors import TrackbenchError, UnknownIdError
from trackbench.plugins.factories import resolve
from trackbench.plugins.kinds import Kind
from trackbench.plugins.registry import specs_of, trackers
from trackbench.plugins.registry import suites as registered_suites
from trackbench.plugins.specs_by_id import BrokenPlugin, Registry

V1 = Suite(id="demo-v1", datasets=("a",), lengths=(10,))
V2 = replace(V1, id="demo-v2")
V10 = replace(V1, id="demo-v10")


@pytest.fixture
def suites() -> Registry[Suite]:
    registry: Registry[Suite] = Registry(Kind.SUITE)
    for spec in (V1, V10, V2):
        registry.add(spec)
    return registry


def test_a_name_without_version_is_the_newest(suites: Registry[Suite]) -> None:
    assert suites.get("demo") is V10
    assert suites.get("demo-v2") is V2


def test_a_bare_name_cannot_stand_before_the_versions(suites: Registry[Suite]) -> None:
    with pytest.raises(TrackbenchError, match="'demo' is registered already"):
        suites.add(replace(V1, id="demo"))


@pytest.mark.parametrize("name", ["kcf", "kcf-v1", "kcf-v2"])
def test_no_plugin_takes_a_built_in_name(name: str) -> None:
    ours = trackers().get("kcf")
    for register in (trackers().add, trackers().replace):
        with pytest.raises(TrackbenchError, match="the tracker 'kcf-v1' is registered already"):
            register(TrackerSpec(id=name, factory="elsewhere:Kcf"))
    with pytest.raises(TrackbenchError, match="is registered already"):
        trackers().check_free(name)
    assert trackers().get("kcf") is ours


@pytest.mark.parametrize("name", ["paper", "paper-v1", "paper-v2"])
def test_no_plugin_takes_the_name_of_a_built_in_suite(name: str) -> None:
    ours = registered_suites().get("paper")
    for register in (registered_suites().add, registered_suites().replace):
        with pytest.raises(TrackbenchError, match="the suite 'paper-v1' is registered already"):
            register(replace(V1, id=name))
    assert registered_suites().get("paper") is ours


def test_a_built_in_spec_may_be_registered_again(suites: Registry[Suite]) -> None:
    suites.add(ours := replace(V1, id="ours-v1"), built_in=True)
    suites.add(ours)
    suites.add(newer := replace(V1, id="ours-v2"), built_in=True)
    assert suites.get("ours") is newer


def test_a_name_differs_from_the_nearest_in_case_only(suites: Registry[Suite]) -> None:
    with pytest.raises(UnknownIdError, match="did you mean demo"):
        suites.get("DEMO")


def test_a_broken_plugin_says_why_when_it_is_asked_for(suites: Registry[Suite]) -> None:
    suites.broken.append(BrokenPlugin("fancy", "fancy:SUITE", "ImportError: no fancy"))
    with pytest.raises(TrackbenchError, match="'fancy' cannot be loaded: fancy:SUITE: ImportError"):
        suites.get("fancy")


def test_an_unknown_name_suggests_the_nearest(suites: Registry[Suite]) -> None:
    with pytest.raises(UnknownIdError, match=r"unknown suite 'dmeo': did you mean demo\?"):
        suites.get("dmeo")


def test_an_unknown_version_suggests_one_of_the_name(suites: Registry[Suite]) -> None:
    with pytest.raises(UnknownIdError, match=r"unknown suite 'demo-v3': did you mean demo-v"):
        suites.get("demo-v3")


def test_nothing_near_lists_what_is_known(suites: Registry[Suite]) -> None:
    with pytest.raises(UnknownIdError, match="known: demo, demo-v1, demo-v10, demo-v2"):
        suites.get("zzzzzzzz")


def test_an_id_is_registered_once(suites: Registry[Suite]) -> None:
    suites.add(V1)  # the same again is no conflict: an entry point may be declared twice
    with pytest.raises(TrackbenchError, match="'demo-v1' is registered already"):
        suites.add(replace(V1, lengths=(20,)))


def test_an_entry_point_may_be_a_spec_or_several() -> None:
    assert list(specs_of(Kind.SUITE, "x", V1)) == [V1]
    assert list(specs_of(Kind.SUITE, "x", (V1, V2))) == [V1, V2]
    with pytest.raises(TrackbenchError, match="x is int, not Suite"):
        specs_of(Kind.SUITE, "x", 3)


@pytest.mark.parametrize(
    ("factory", "message"),
    [
        ("no.such.module:f", "no module 'no.such.module'"),
        ("trackbench.nothing:f", "no module 'trackbench.nothing'"),
        ("trackbench.errors:nothing", "has no 'nothing'"),
        ("trackbench.errors:", "has no ''"),
        ("trackbench.contracts:__doc__", "is not a class or function"),
    ],
)
def test_a_factory_that_cannot_be_found_is_said(factory: str, message: str) -> None:
    with pytest.raises(TrackbenchError, match=message):
        resolve(factory)
