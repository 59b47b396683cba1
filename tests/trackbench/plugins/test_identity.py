"""What a tracker's results are kept under: all that decides them, and a line where that fails."""

import hashlib
import json
import math
import os
import socket
import struct
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from trackbench.contracts import TrackerSpec
from trackbench.errors import TrackbenchError
from trackbench.plugins import registry
from trackbench.plugins.factories import tracker_from, with_source
from trackbench.plugins.fingerprints import tracker_fingerprint
from trackbench.plugins.identity import Identity
from trackbench.plugins.tracker_identity import tracker_identity
from trackbench.running.chosen_trackers import with_parameters, with_weights

STORED = {
    "kcf-v1": "23c7ce49e1029af8c0be7928b9085b81245a5f2003d567fed46930b05676f913",
    "csrt-v1": "c4fa4db4d250e28fa70d0621d7a476ce4b5354055d5bdddbbbb539cc99a098e2",
    "mil-v1": "17d92b9b147b83bb99aad8e6ed6ce0aef1f123751e6c4de763bb1b4acf50507c",
    "mosse-v1": "c91bd7c4ce2d4936fb5b9f97da443cef673cfc120462afc2b1ace8c095cd07cc",
    "medianflow-v1": "64428f77d4f3cd1b0deecd0b13896a13bb67ce0171d118af40e21671f3cd2fb3",
    "tld-v1": "f2705736c6b2d28335a2be3be3aa56dcccbdd6f0e3b1d14f8cf1add8f1229daa",
    "ncc-v1": "b6ea2aa8c5094e70359e68333a5e6bb348e4d6872e7cea7a86b2b88a61e66a39",
    "kalman-v1": "8a8b717c393277e002d2da6a3af4cff2ec9c8f28a10021a4ad943fef64d00a4b",
    "static-v1": "fc25940e8da31d3a0563f4ed67ec7c85bd1c2e83e7bd1455cea0151f4dd2986d",
    "rectracker-id-v1": "7ff55683d8efd226a438e319792e2ec20798b0c43c05ab13c0cffd1d5085e071",
    "rectracker-att1-v1": "23bb70250ecb0d834c81ee938f3a5f8f720448cf5919d0b10064667947f24405",
    "rectracker-att3-v1": "83be7c87f704b622e3e6799967b729919183028aeb17023fa054ef1204023081",
    "convtracker-v1": "65c3dae2b16a3a6abe1a315063f7a789336edfc88f6138b61ee1f1e4592e8d60",
}
"""Computed by commit 7d7c673, before parameters were hashed by content."""


class Mine:
    """A tracker."""

    def init(self, frame: Any, box: Any) -> None:
        """Start."""

    def update(self, frame: Any) -> Any:
        """Follow."""


def spec(**parameters: Any) -> TrackerSpec:
    return TrackerSpec(id="mine", factory=Mine, parameters=parameters, source_sha256="0" * 64)


def identity(**parameters: Any) -> Identity:
    return tracker_identity(spec(**parameters))


def hashed(**parameters: Any) -> str:
    found = identity(**parameters)
    assert found.unhashed is None
    return found.fingerprint


def test_what_was_stored_of_the_built_in_trackers_is_still_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for word in ("kcf", "cpu", "mosse"):  # a folder that is called as a parameter's word
        (tmp_path / word).mkdir()
    for one in registry.trackers():
        if one.id in STORED:
            assert tracker_identity(one) == Identity(STORED[one.id])


def test_plain_parameters_are_hashed_as_they_were() -> None:
    given = {"a": 1, "b": [0.5, None, {"c": "word", "d": [True]}], "e": {}, "f": [[1, 2], [1, 2]]}
    described = {
        "id": "mine",
        "factory": f"{__name__}:Mine",
        "parameters": given,
        "batched": False,
        "weights": None,
        "source": "0" * 64,
    }
    as_before = hashlib.sha256(json.dumps(described, sort_keys=True).encode()).hexdigest()
    assert hashed(**given) == as_before


def test_what_parameters_share_counts_for_who_changes_one_changes_both() -> None:
    one, array = [0], np.zeros(3)
    assert hashed(a=[one, one]) != hashed(a=[one, [0]])
    assert hashed(a=one, b=one) != hashed(a=one, b=[0])
    assert hashed(a=array, b={"k": array}) != hashed(a=array, b={"k": array.copy()})
    assert hashed(a=one, b=one) == hashed(a=(other := [0]), b=other)
    word = (1, "a")
    assert hashed(a=word, b=word) == hashed(a=word, b=(1, "a"))


def test_plain_values_are_told_apart_where_json_would_not() -> None:
    payload = struct.unpack("<d", struct.pack("<Q", 0x7FF8 << 48 | 1))[0]
    different = [
        (math.nan, payload),
        ([math.nan], [payload]),
        (0.0, -0.0),
        (1, True),
        (1, 1.0),
        ({"k": {"a": 1, "b": [2]}}, {"k": {"b": [2], "a": 1}}),
        ([{"a": {"x": 1, "y": 2}}], [{"a": {"y": 2, "x": 1}}]),
    ]
    assert [pair for pair in different if hashed(p=pair[0]) == hashed(p=pair[1])] == []


def test_each_parameter_counts_for_itself() -> None:
    array = np.zeros(5000)
    assert hashed(a=array, b=1) != hashed(b=array, a=1)
    assert hashed(a=array) != hashed(a=np.ones(5000))
    assert hashed(a=array) == hashed(a=np.zeros(5000))
    assert hashed(a=(1, 2)) != hashed(a=[1, 2])
    assert hashed(a={1: 2}) != hashed(a={"1": 2})


def place(path: Path, content: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    return path


@pytest.mark.parametrize("given", [str, Path, lambda p: {"deep": [(p,)]}, lambda p: [str(p)]])
def test_a_file_counts_by_its_content(tmp_path: Path, given: Any) -> None:
    file = place(tmp_path / "here/w.npy", "1")
    before = hashed(w=given(file))
    os.utime(file, (1, 1))
    assert hashed(w=given(file)) == before
    assert hashed(w=given(place(tmp_path / "moved/w.npy", "1"))) == before
    assert hashed(w=given(place(tmp_path / "here/w.npy", "2"))) != before
    # The name may say what it is, or be only a word that some file happens to be called.
    assert hashed(w=given(place(tmp_path / "here/w.txt", "1"))) != before


def test_relative_and_home_names_of_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    before = hashed(a="w.npy"), hashed(a="~/w.npy")
    place(tmp_path / "w.npy", "1")
    first = hashed(a="w.npy"), hashed(a="~/w.npy")
    place(tmp_path / "w.npy", "2")
    assert len({*before, *first, hashed(a="w.npy")}) == 4
    signs = [identity(a=sign).unhashed for sign in (".", "..", "/", "~", "", " ", os.devnull)]
    assert signs == [None] * 7


def test_a_folder_counts_by_all_files_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    place(folder / "a/1.txt", "x")
    place(folder / "b.txt", "y")
    (folder / "round").symlink_to(folder)
    found = [hashed(data=folder), hashed(data=str(folder))]
    (folder / "a/1.txt").write_text("z")
    found.append(hashed(data=folder))
    (folder / "a/1.txt").rename(folder / "a/2.txt")
    found.append(hashed(data=folder))
    (folder / "empty").mkdir()
    found.append(hashed(data=folder))
    outside = place(tmp_path / "outside/c", "1")
    (folder / "link").symlink_to(outside.parent)
    found.append(hashed(data=folder))
    outside.write_text("2")
    found.append(hashed(data=folder))
    assert len(set(found)) == 7


@pytest.mark.thorough
def test_a_folder_of_too_many_files_is_said(tmp_path: Path) -> None:
    for number in range(10_001):
        (tmp_path / str(number)).touch()
    said = identity(data=tmp_path).unhashed
    assert said is not None
    assert said.endswith(f"parameter 'data': {tmp_path} holds more than 10000 files")


def test_a_large_file_is_read_in_pieces(tmp_path: Path) -> None:
    file = tmp_path / "large"
    with file.open("wb") as large:
        large.truncate(40 << 20)
        before = hashed(w=file)
        large.seek((40 << 20) - 1)
        large.write(b"1")
    assert hashed(w=file) != before


def test_pipes_sockets_and_devices_are_not_opened_but_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    inside = tmp_path / "folder"
    inside.mkdir()
    os.mkfifo(inside / "pipe")
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind("socket")
        for given in ("pipe", "socket", "/dev/tty", inside):
            said = identity(source=given).unhashed
            assert said is not None
            assert said.startswith("mine is run anew each time: parameter 'source'")
            assert "neither a file nor a folder" in said


class Held:
    """Has a lock, which has no content."""

    def __init__(self) -> None:
        self.lock = threading.Lock()


def test_what_cannot_be_hashed_is_said_and_never_found_again() -> None:
    found = identity(held=Held(), size=3)
    assert found.unhashed == (
        "mine is run anew each time: parameter 'held': a _thread.lock cannot be hashed "
        "(cannot pickle '_thread.lock' object)"
    )
    again = identity(held=Held(), size=3)
    assert again.fingerprint != found.fingerprint
    assert len(again.fingerprint) == 64
    assert tracker_fingerprint(spec(held=Held())) != tracker_fingerprint(spec(held=Held()))


def test_a_circle_and_a_deep_list_are_hashed_or_said() -> None:
    circle: list[Any] = [1]
    circle.append(circle)
    other = [2, circle]
    assert hashed(a=circle) != hashed(a=other)
    deep: Any = 1
    for _ in range(100_000):  # Python 3.13 writes 3,000 as JSON
        deep = [deep]
    assert "too deep" in str(identity(a=deep).unhashed)


def test_a_factory_that_cannot_be_hashed_is_said() -> None:
    lock = threading.Lock()

    def factory() -> Any:
        return lock

    found = tracker_identity(with_source(tracker_from(factory, "mine")))
    assert found.unhashed is not None
    assert "lock in the closure of" in found.unhashed


def test_weights_count_by_content_however_they_are_given(tmp_path: Path) -> None:
    first, second = place(tmp_path / "1", "a"), place(tmp_path / "2", "b")
    tracker = registry.trackers().get("rectracker-id")
    shipped = tracker_fingerprint(tracker)
    named = tracker_fingerprint(with_weights(tracker, first))
    assert named == tracker_fingerprint(with_weights(tracker, place(tmp_path / "3", "a")))
    assert named == tracker_fingerprint(with_parameters(tracker, {"weights": str(first)}))
    assert len({shipped, named, tracker_fingerprint(with_weights(tracker, second))}) == 3
    # The hash was taken when the option was read; the file's content now is what will be run.
    before = with_weights(tracker, first)
    first.write_text("c")
    assert tracker_fingerprint(before) != named


def test_files_that_a_tracker_reads_on_its_own() -> None:
    def said(*files: str) -> str:
        return tracker_fingerprint(replace(spec(), files=files))

    own = Path(__file__).name
    assert len({said(), said(own), said("test_registry.py"), said(own, "test_registry.py")}) == 4
    assert said(own, "test_registry.py") == said("test_registry.py", own)
    with pytest.raises(TrackbenchError, match=r"^mine reads gone\.json, and there is no "):
        with_source(replace(spec(), files=("gone.json",)))
