"""What libjpeg prints of a damaged image, told to who decodes it, in real threads."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Event, Thread

import cv2
import numpy as np
import pytest

from trackbench.plugins import decoder_complaints
from trackbench.plugins.decoder_complaints import decoded, standard_error, watched


def jpeg(*, damaged: bool) -> bytes:
    picture = np.random.default_rng(1).integers(0, 256, (48, 64), np.uint8)
    content = bytearray(cv2.imencode(".jpg", picture)[1].tobytes())
    if damaged:
        content[len(content) // 2 : len(content) // 2 + 200] = bytes(200)
    return bytes(content)


def decode(content: bytes) -> tuple[int, ...]:
    return cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_GRAYSCALE).shape


def test_a_complaint_is_told_and_not_printed(capfd: pytest.CaptureFixture[str]) -> None:
    with watched():
        shape, complaint = decoded(partial(decode, jpeg(damaged=True)))
        assert decoded(partial(decode, jpeg(damaged=False))) == ((48, 64), "")
    assert shape == (48, 64)
    assert complaint.startswith("Corrupt JPEG data: ")
    assert capfd.readouterr().err == ""


def test_where_nobody_watches_it_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    with watched():
        pass
    assert decoded(partial(decode, jpeg(damaged=True))) == ((48, 64), "")
    assert capfd.readouterr().err.startswith("Corrupt JPEG data: ")


def test_in_many_threads_each_is_told_of_its_own(capfd: pytest.CaptureFixture[str]) -> None:
    contents = [jpeg(damaged=index % 3 == 0) for index in range(300)]
    with watched(), ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda content: decoded(partial(decode, content)), contents))
    assert [bool(complaint) for _, complaint in found] == [index % 3 == 0 for index in range(300)]
    assert capfd.readouterr().err == ""


def test_what_else_is_printed_meanwhile_is_passed_on(capfd: pytest.CaptureFixture[str]) -> None:
    said: list[str] = []

    def prints() -> int:
        if not said:  # it is called again, for something was printed
            os.write(2, b"one\nCorrupt JPEG data: bad Huffman code\ntwo\n")
        said.append("")
        return 3

    with watched():
        assert decoded(prints) == (3, "")
    assert capfd.readouterr().err == "one\ntwo\n"


def test_an_error_leaves_standard_error_as_it_was(capfd: pytest.CaptureFixture[str]) -> None:
    def fails() -> int:
        os.write(2, b"before\n")
        raise ValueError("wrong")

    with watched(), pytest.raises(ValueError, match="wrong"):
        decoded(fails)
    os.write(2, b"after\n")
    assert capfd.readouterr().err == "before\nafter\n"


def test_a_process_started_meanwhile_prints_where_it_should(
    capfd: pytest.CaptureFixture[str],
) -> None:
    def starts() -> int:
        return subprocess.run(["echo", "hello"], stdout=standard_error(), check=True).returncode

    assert standard_error() == 2
    with watched(), watched():
        assert decoded(starts) == (0, "")
    assert standard_error() == 2
    assert capfd.readouterr().err == "hello\n"


def test_where_standard_error_is_closed() -> None:
    program = """
import os, sys
from functools import partial
sys.path.insert(0, sys.argv[1])
from test_decoder_complaints import *
os.close(2)
with watched():
    found = decoded(partial(decode, jpeg(damaged=True)))
print(bool(found[1]))
"""
    here = str(Path(__file__).parent)
    done = subprocess.run(
        [sys.executable, "-c", program, here], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.returncode) == ("True\n", 0)
    assert decoder_complaints.standard_error() == 2


def test_a_watch_ends_once_what_is_decoded_ahead_has_ended(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    begun, may_end = Event(), Event()
    found: list[tuple[int, str]] = []

    def decodes() -> int:
        begun.set()
        may_end.wait()
        os.write(2, b"Corrupt JPEG data: x\n")
        return 3

    ahead = Thread(target=lambda: found.append(decoded(decodes)))
    ending = Thread(target=lambda: (time.sleep(0.05), may_end.set()))
    with watched():
        ahead.start()
        begun.wait()
        ending.start()
    # its descriptors would be these files', which it would empty and print into
    files = [(tmp_path / str(number)).open("w+b", buffering=0) for number in range(4)]
    for file in files:
        file.write(b"precious")
    ahead.join()
    ending.join()
    os.write(2, b"after\n")
    assert found == [(3, "Corrupt JPEG data: x")]
    assert {os.pread(file.fileno(), 99, 0) for file in files} == {b"precious"}
    assert capfd.readouterr().err == "after\n"
    for file in files:
        file.close()


def test_what_is_decoded_ahead_after_the_end_is_decoded_plainly(
    capfd: pytest.CaptureFixture[str],
) -> None:
    watch = decoder_complaints._Watch()
    watch.end()
    assert watch.decoded(partial(decode, jpeg(damaged=True))) == ((48, 64), "")
    assert capfd.readouterr().err.startswith("Corrupt JPEG data: ")


def test_it_lasts_as_long_as_the_last_who_watches() -> None:
    first_has_ended, second_watches = Event(), Event()
    found: list[str] = []

    def second() -> None:
        with watched():
            second_watches.set()
            first_has_ended.wait()
            found.append(decoded(partial(decode, jpeg(damaged=True)))[1])

    thread = Thread(target=second)
    with watched():
        thread.start()
        second_watches.wait()
    first_has_ended.set()
    thread.join()
    assert found[0].startswith("Corrupt JPEG data: ")


def wrongly_judged(_: int) -> int:
    return sum(
        bool(decoded(partial(decode, jpeg(damaged=damaged)))[1]) is not damaged
        for damaged in [True, False] * 40
    )


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_processes_that_are_forked_do_not_share_what_is_said() -> None:
    with watched(), multiprocessing.get_context("fork").Pool(4) as pool:
        assert pool.map(wrongly_judged, range(8)) == [0] * 8


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_what_a_process_prints_that_was_forked_meanwhile(
    capfd: pytest.CaptureFixture[str],
) -> None:
    def forks() -> int:
        child = os.fork()
        if not child:
            os.write(2, b"child\n")
            os._exit(decoded(partial(decode, jpeg(damaged=True)))[1] == "")
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

    with watched():
        assert decoded(forks) == (0, "")
    assert capfd.readouterr().err == "child\n"
