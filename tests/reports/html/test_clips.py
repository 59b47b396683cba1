"""Films: what a browser plays of them, and what is said where nothing makes them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser

from trackbench.errors import TrackbenchError
from trackbench.reports.clips import ClipForm, save_clip

SIZE = 121, 80
PLAYED = """file => new Promise(done => {
  const video = document.createElement('video');
  video.muted = true;
  video.onerror = () => done(video.error.message);
  video.onended = () => done([video.videoWidth, video.videoHeight, video.duration]);
  video.src = file;
  document.body.append(video);
  video.play().catch(error => done(String(error)));
})"""


def pictures(count: int) -> Iterator[Image.Image]:
    for t in range(count):
        yield Image.fromarray(np.full((*SIZE[::-1], 3), (20 * t, 200, 40), np.uint8))


@pytest.mark.thorough
@pytest.mark.parametrize("without_pyav", [False, True], ids=["pyav", "opencv"])
def test_chromium_plays_it(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, without_pyav: bool
) -> None:
    forms = [ClipForm.WEBM] if without_pyav else list(ClipForm)
    if without_pyav:
        monkeypatch.setitem(sys.modules, "av", None)
    page = browser.new_page()
    (tmp_path / "empty.html").write_text("<!doctype html><title>films</title>")
    page.goto((tmp_path / "empty.html").as_uri())
    for form in forms:
        save_clip(pictures(10), tmp_path / f"film{form.value}", 40, form)
        width, height, seconds = page.evaluate(PLAYED, f"film{form.value}")
        assert (width, height) == (122, 80)
        assert seconds == pytest.approx(0.4, abs=0.05)
    page.close()


@pytest.mark.parametrize("form", list(ClipForm))
def test_every_frame_is_in_it(form: ClipForm, tmp_path: Path) -> None:
    av = pytest.importorskip("av")
    save_clip(pictures(7), tmp_path / "film", 80, form)
    with av.open(str(tmp_path / "film")) as film:
        frames = [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]
    reds = [int(frame[40, 60, 0]) for frame in frames]
    assert reds == pytest.approx([20 * t for t in range(7)], abs=6)


def test_without_what_makes_it_a_line_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(TrackbenchError, match=r"trackbench\[video\].*or write a .webm or a .gif"):
        save_clip(pictures(2), tmp_path / "film.mp4", 80, ClipForm.MP4)
    monkeypatch.setitem(sys.modules, "cv2", None)
    with pytest.raises(TrackbenchError, match=r"trackbench\[video\].*or write a .gif"):
        save_clip(pictures(2), tmp_path / "film.webm", 80, ClipForm.WEBM)
