"""Whatever stops an export, nothing looks finished, and the same command goes on."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from processes import alive, children
from python_server import command_server

from trackbench.datasets.export.folder import CARD, UNFINISHED, ExportFolder
from trackbench.datasets.export.images import ImageFormat
from trackbench.errors import DamagedFileError, IncompatibleResultsError, TrackbenchError

CommandLine = Callable[..., subprocess.CompletedProcess[str]]
PLUGIN = Path(__file__).parents[2] / "plugins" / "colour.py"
STARTED = (sys.executable, "-m", "trackbench")
MANY = (
    *("export", "mnist-single-same", "-l", "got10k", "-o", "set", "-j", "2"),
    *("--sequences", "30", "--length", "50"),
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, tree_of: Any) -> dict[str, bytes]:
    """What the command writes if nothing stops it."""
    folder = tmp_path_factory.mktemp("whole")
    done = command_server().run(["-m", "trackbench", *MANY], folder)
    assert done.returncode == 0, done.stderr
    files: dict[str, bytes] = tree_of(folder / "set")
    return files


@pytest.mark.thorough
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (signal.SIGINT, 130),
        (signal.SIGTERM, 143),
        (signal.SIGKILL, -9),
    ],
)
def test_a_signal(
    tmp_path: Path,
    whole: dict[str, bytes],
    trackbench_cli: CommandLine,
    tree_of: Any,
    sent: int,
    code: int,
) -> None:
    process = subprocess.Popen((*STARTED, *MANY), cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while len(list(tmp_path.glob("set/val/mnist*"))) < 3:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.005)
    workers = children(process.pid)
    process.send_signal(sent)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == code
    assert "Traceback" not in errors
    assert ("interrupted: what is finished stays" in errors) == (code > 0)
    deadline = time.monotonic() + 30
    while any(alive(worker) for worker in workers):
        assert time.monotonic() < deadline, "a worker outlives its parent"
        time.sleep(0.05)
    assert len(workers) >= 2
    there = [path.name for path in (tmp_path / "set").rglob("*")]
    assert UNFINISHED in there
    assert CARD not in there
    assert "list.txt" not in there
    done = [name for name in there if name.startswith("mnist")]
    assert 3 <= len(done) < 30
    again = trackbench_cli(*MANY)
    assert again.returncode == 0, again.stderr
    assert "already there" not in again.stdout
    assert tree_of(tmp_path / "set") == whole


@pytest.mark.thorough
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_disk_that_is_full(
    tmp_path: Path, trackbench_cli: CommandLine, jobs: str, tree_of: Any
) -> None:
    command = ("export", "colour-v1", "--plugin", str(PLUGIN), "-l", "otb", "-o", "set", "-j", jobs)

    def limit() -> None:  # no file over 9,000 bytes; a frame of noise takes more
        resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000))

    done = subprocess.run(
        (*STARTED, *command),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=limit,
    )
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert "cannot be written (File too large): what is finished stays" in done.stderr
    assert not done.stdout
    assert [*tree_of(tmp_path / "set")] == [UNFINISHED]
    again = trackbench_cli(*command)
    assert again.returncode == 0, again.stderr


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("dataset", "message"),
    [
        ("late", "late sequence 4 cannot be made: RuntimeError: no such video"),
        ("dying", "sequence 4 cannot be written: its process ended with exit code 7"),
    ],
)
def test_a_data_set_that_fails_on_the_way(
    tmp_path: Path, trackbench_cli: CommandLine, dataset: str, message: str
) -> None:
    command = ("export", dataset, "--plugin", PLUGIN, "-l", "vot", "-o", "set", "-j", "2")
    done = trackbench_cli(*command)
    assert (done.returncode, done.stderr) == (2, f"trackbench: {message}\n")
    assert not (tmp_path / "set" / CARD).exists()
    assert not (tmp_path / "set" / "sequences" / "list.txt").exists()


@pytest.mark.thorough
def test_a_second_process_is_refused(tmp_path: Path, trackbench_cli: CommandLine) -> None:
    process = subprocess.Popen((*STARTED, *MANY), cwd=tmp_path, stdout=subprocess.DEVNULL)
    while not (tmp_path / "set" / UNFINISHED).exists():
        assert process.poll() is None
        time.sleep(0.005)
    process.send_signal(signal.SIGSTOP)
    second = trackbench_cli(*MANY)
    process.send_signal(signal.SIGCONT)
    assert (second.returncode, second.stderr.count("\n")) == (2, 1)
    assert "another export is writing to set" in second.stderr
    assert process.wait(timeout=60) == 0


def test_whatever_a_kill_leaves_is_gone_on_with(tmp_path: Path, export: Any, tree_of: Any) -> None:
    made = export(tmp_path / "set")
    expected, path = tree_of(made.path), made.path
    extent = (path / CARD).read_text()

    def killed_before_the_mark() -> None:
        for name in (CARD, "val/list.txt"):
            (path / name).unlink()
        for name in made.names:
            for file in sorted((path / "val" / name).iterdir()):
                file.unlink()
            (path / "val" / name).rmdir()
        (path / "val").rmdir()
        (path / ".trackbench.lock").touch()
        (path / f".{UNFINISHED}.abc").touch()

    def killed_in_a_sequence() -> None:
        (path / CARD).rename(path / UNFINISHED)
        (path / "val" / made.names[1]).rename(path / "val" / f".{made.names[1]}.partial")
        (path / "val" / "list.txt").rename(path / "val" / ".list.txt.abc")

    def killed_before_the_card() -> None:
        (path / CARD).rename(path / UNFINISHED)
        (path / f".{CARD}.abc").write_text(extent[:100])

    def killed_after_the_card() -> None:
        (path / UNFINISHED).write_text(extent)

    for kill in (
        killed_before_the_mark,
        killed_in_a_sequence,
        killed_before_the_card,
        killed_after_the_card,
    ):
        kill()
        assert tree_of(path) != expected
        assert not export(path).found
        assert tree_of(path) == expected, kill.__name__


def test_an_export_that_came_meanwhile_is_left_alone(
    tmp_path: Path, export: Any, tree_of: Any
) -> None:
    made = export(tmp_path / "set")
    before, other = tree_of(made.path), replace(made.card.extent, sequences=2)
    with (
        pytest.raises(IncompatibleResultsError, match="holds another export"),
        ExportFolder(made.path, "val").writing(other),
    ):
        pytest.fail("another export may write")
    assert tree_of(made.path) == before


def test_where_a_sequence_has_gone_nothing_looks_finished(tmp_path: Path, export: Any) -> None:
    made = export(tmp_path / "set")
    (made.path / "val" / made.names[0]).rename(tmp_path / "gone")
    with ExportFolder(made.path, "val").writing(made.card.extent):
        assert {path.name for path in made.path.iterdir()} == {
            *("val", UNFINISHED, ".trackbench.lock")
        }
        assert sorted(path.name for path in (made.path / "val").iterdir()) == made.names[1:]


def test_an_image_damaged_before_an_export_goes_on(tmp_path: Path, export: Any) -> None:
    made = export(tmp_path / "set", image=ImageFormat.JPEG)
    (made.path / CARD).rename(made.path / UNFINISHED)
    image = made.path / "val" / made.names[1] / "00000003.jpg"
    image.write_bytes(image.read_bytes()[:300])
    with pytest.raises(TrackbenchError, match=r"00000003\.jpg \(delete its sequence's folder"):
        export(made.path, image=ImageFormat.JPEG)
    shutil.rmtree(image.parent)
    assert export(made.path, image=ImageFormat.JPEG).card == made.card


def test_a_finished_one_is_there_already_and_is_not_touched(tmp_path: Path, export: Any) -> None:
    made = export(tmp_path / "set")
    times = {path: path.stat().st_mtime_ns for path in made.path.rglob("*")}
    again = export(made.path)
    assert again.found
    assert again.card == made.card
    assert {path: path.stat().st_mtime_ns for path in made.path.rglob("*")} == times


@pytest.mark.parametrize("other", [{"sequences": 2}, {"length": 9}, {"layout": "vot"}])
@pytest.mark.parametrize("unfinished", [False, True])
def test_another_export_is_refused(
    tmp_path: Path, export: Any, tree_of: Any, other: dict[str, Any], unfinished: bool
) -> None:
    made = export(tmp_path / "set")
    if unfinished:
        (made.path / CARD).rename(made.path / UNFINISHED)
    before = tree_of(made.path)
    with pytest.raises(IncompatibleResultsError, match=r"another export \(mnist-multi-diff-v1"):
        export(made.path, **other)
    assert tree_of(made.path) == before


def test_what_is_the_users_is_left_alone(tmp_path: Path, export: Any, tree_of: Any) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.tex").write_text("mine")
    (tmp_path / "file").write_text("mine")
    before = tree_of(tmp_path)
    with pytest.raises(TrackbenchError, match="thesis is not empty and holds no export"):
        export(tmp_path / "thesis")
    for out in ("file", "file/below"):
        with pytest.raises(TrackbenchError, match="file is a file: exports need a directory"):
            export(tmp_path / out)
    with pytest.raises(TrackbenchError, match="/proc/set is not writable"):
        export(Path("/proc/set"))
    assert tree_of(tmp_path) == before
    (tmp_path / "empty").mkdir()
    assert not export(tmp_path / "empty").found


@pytest.mark.parametrize(
    "text",
    [
        *("", "[]", '{"schema": "one"}', '{"schema": 1}', "\xff", '{"schema": 1e999}'),
        *('{"schema": true}', '{"schema": -1}', "[" * 200_000, '{"schema": ' + "9" * 5000 + "}"),
    ],
    ids=range(10),
)
def test_a_damaged_card(tmp_path: Path, export: Any, text: str) -> None:
    made = export(tmp_path / "set")
    (made.path / CARD).write_bytes(text.encode("latin-1"))
    with pytest.raises(DamagedFileError, match=r"trackbench\.json is not the card of an export"):
        export(made.path)


@pytest.mark.parametrize("value", ["two", [], {}, None, True, 1.5, -1, 10**200, "\x1b[2J"])
def test_a_card_with_a_field_that_is_none(tmp_path: Path, export: Any, value: object) -> None:
    """Whatever a field holds in the place of what it should, it is refused in one line."""
    made = export(tmp_path / "set")
    whole = json.loads((made.path / CARD).read_text())
    for name in whole:
        # what another data set may say as well is no damage
        if name == "generator" or type(whole[name]) is type(value):
            continue
        if name == "mean_error" and type(value) is int and value > 0:
            continue
        (made.path / CARD).write_text(json.dumps(whole | {name: value}))
        with pytest.raises(TrackbenchError, match=r"is not the card of|follows schema") as refused:
            export(made.path)
        assert len(str(refused.value)) < 500 + len(str(made.path))


@pytest.mark.parametrize("lacking", ["seed", "notes", "image"])
def test_a_card_that_lacks_a_field_or_has_another(
    tmp_path: Path, export: Any, lacking: str
) -> None:
    made = export(tmp_path / "set")
    whole = json.loads((made.path / CARD).read_text())
    for damaged in ({k: v for k, v in whole.items() if k != lacking}, whole | {"new": 1}):
        (made.path / CARD).write_text(json.dumps(damaged))
        with pytest.raises(DamagedFileError, match=r"the card of an export: it (lacks|has)"):
            export(made.path)


@pytest.mark.parametrize("name", [CARD, UNFINISHED])
def test_a_pipe_or_a_link_in_the_place_of_the_card(tmp_path: Path, export: Any, name: str) -> None:
    made = export(tmp_path / "set")
    (made.path / CARD).rename(tmp_path / "card")
    for put in (os.mkfifo, lambda path: path.symlink_to(tmp_path / "card"), Path.mkdir):
        put(made.path / name)
        with pytest.raises(DamagedFileError, match=f"{name} (is not the|cannot be read)"):
            export(made.path)
        (made.path / name).rmdir() if put is Path.mkdir else (made.path / name).unlink()


def test_nothing_is_written_through_a_link(tmp_path: Path, export: Any, tree_of: Any) -> None:
    """An export that somebody handed on, in which something leads out of it."""
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis").write_text("mine")
    made = export(tmp_path / "set")
    sequence = made.path / "val" / made.names[1]
    shutil.rmtree(sequence)
    before = tree_of(mine)
    for link, target in (
        (made.path / ".trackbench.lock", mine / "thesis"),
        (made.path / ".trackbench.lock", mine / "nothing"),
        (sequence, mine),
    ):
        link.symlink_to(target)
        with pytest.raises(DamagedFileError, match="link"):
            export(made.path)
        link.unlink()
    (made.path / "val").rename(mine / "val")
    before = tree_of(mine)
    (made.path / "val").symlink_to(mine / "val")
    with pytest.raises(DamagedFileError, match="val is a symbolic link"):
        export(made.path)
    assert tree_of(mine) == before


def test_a_card_of_a_newer_schema(tmp_path: Path, export: Any) -> None:
    made = export(tmp_path / "set")
    (made.path / CARD).write_text('{"schema": 3}')
    with pytest.raises(TrackbenchError, match="follows schema 3, newer than this trackbench knows"):
        export(made.path)


def test_folders_above_are_made(tmp_path: Path, export: Any) -> None:
    export(tmp_path / "a" / "b" / "set")
    assert (tmp_path / "a" / "b" / "set" / CARD).exists()
