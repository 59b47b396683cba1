"""``trackbench view`` in a real Chromium: while runs finish, on demand, and two directories."""

from __future__ import annotations

import http.client
import json
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser
from stored import MadeUp, store_run

import trackbench
from trackbench.contracts import TrackerSpec
from trackbench.errors import TrackbenchError
from trackbench.reports.viewing.server import View

DATA = {"datasets": "mnist-single-same", "sequences": 3, "lengths": [8], "jobs": 1}


@contextmanager
def serving(*directories: Path) -> Iterator[View]:
    served = trackbench.view(*directories, port=0)
    thread = threading.Thread(target=served.serve)
    thread.start()
    try:
        yield served
    finally:
        served.close()
        thread.join()


def asked(served: View, path: str, **headers: str) -> tuple[int, str]:
    port = int(served.address.rstrip("/").rsplit(":", 1)[1])
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


@pytest.mark.thorough
def test_the_page_becomes_the_report_and_plays_every_sequence(
    browser: Browser, tmp_path: Path
) -> None:
    (tmp_path / "r").mkdir()
    with serving(tmp_path / "r") as served:
        page = browser.new_page(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(served.address)
        assert page.locator("h1").inner_text() == "Nothing to show yet"
        trackbench.run("static", out=tmp_path / "r", **DATA)
        page.locator("#scores").wait_for()
        assert page.locator("#scores .sortable tbody tr").count() == 1
        trackbench.run("mosse", out=tmp_path / "r", **DATA)
        page.locator("#scores .sortable tbody tr").nth(1).wait_for()
        assert page.locator("#every tbody button").count() == 3
        page.locator("#every tbody button").last.click()
        page.locator("#stage rect").nth(2).wait_for()
        assert page.locator("#boxes").inner_text().split("\n")[0] == "truth"
        page.locator("#close").click()
        assert complaints == []
        page.close()


@pytest.mark.thorough
def test_two_directories_stand_beside_one_another_with_what_changed(
    browser: Browser, tmp_path: Path
) -> None:
    trackbench.run(["static", "mosse"], out=tmp_path / "a", **DATA)
    trackbench.run(["static"], out=tmp_path / "b", **DATA)
    with serving(tmp_path / "a", tmp_path / "b") as served:
        page = browser.new_page()
        page.goto(served.address)
        cells = page.locator("main tbody tr").all_inner_texts()
        assert len(cells) == 1
        assert cells[0].split("\t")[0] == "static-v1"
        assert cells[0].split("\t")[-1] == "+0.000"
        frames = [page.frame_locator("iframe").nth(n) for n in (0, 1)]
        rows = [frame.locator("#scores .sortable tbody tr") for frame in frames]
        rows[0].nth(1).wait_for()
        rows[1].first.wait_for()
        assert [each.count() for each in rows] == [2, 1]
        looks = [
            frame.locator("#scores .sortable tbody tr[data-tracker=static-v1] svg")
            for frame in frames
        ]
        assert looks[0].get_attribute("class") == looks[1].get_attribute("class")
        page.close()


def test_a_tracker_looks_the_same_in_both_pages_whatever_else_is_stored(tmp_path: Path) -> None:
    truth = np.tile([10.0, 10, 20, 20], (4, 2, 1))
    made = MadeUp("d", "0" * 64, 0, truth, chunk=2)
    for folder, tracker, protocol, half in (
        ("a", "a", "ope-v1", False),  # is not shown
        ("a", "b", "paper-v1", True),  # nor is that
        ("a", "c", "paper-v1", False),
        ("b", "c", "paper-v1", False),
        ("b", "d", "paper-v1", False),
    ):
        spec = TrackerSpec(id=tracker, factory="a:b")
        store_run(tmp_path / folder, made, spec, truth, protocol=protocol, unfinished=half)
    served = trackbench.view(tmp_path / "a", tmp_path / "b", protocol="paper-v1", port=0)
    pages = [served.answer(path)[2].decode() for path in ("0/", "1/")]
    served.close()
    looks = [
        dict(re.findall(r'data-tracker="([^"]*)"><h3><svg class="swatch ([^"]*)"', page))
        for page in pages
    ]
    assert [set(each) for each in looks] == [{"c"}, {"c", "d"}]
    assert looks[0]["c"] == looks[1]["c"] != looks[1]["d"]


def test_it_answers_this_machine_alone_and_nothing_but_results(
    tmp_path: Path, store_small: Any
) -> None:
    store_small(tmp_path / "r")
    with serving(tmp_path / "r") as served:
        assert asked(served, "/", Host="evil.example:8642")[0] == 403
        for path in ("/../../etc/passwd", "/clip/0/99", "/clip/9/0", "/clip/0/x", "/1/"):
            assert asked(served, path)[0] == 404, path
        status, text = asked(served, "/clip/0/0")
        assert (status, "is registered here" in text) == (404, True)
        state = json.loads(asked(served, "/state")[1])
        assert state["running"] == ["b on d: 4 of 8 frames stored"]


def test_what_cannot_be_served_is_said(tmp_path: Path) -> None:
    with pytest.raises(TrackbenchError, match="there is no results directory"):
        trackbench.view(tmp_path / "none")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(TrackbenchError, match=f"port {port} is taken"):
            trackbench.view(tmp_path, port=port)
