"""``trackbench.new`` and ``trackbench.init``, which the commands of their names call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any

import pytest

import trackbench
from trackbench.errors import TrackbenchError

Commands = Callable[..., Any]


@pytest.mark.parametrize(
    ("kind", "options", "ids"),
    [
        ("tracker", {}, ("mine-a",)),
        ("tracker", {"batched": True}, ("mine-a",)),
        ("dataset", {}, ("mine-a-v1",)),
        ("report", {}, ("mine-a",)),
        ("package", {}, ("mine-a-v1",)),
        ("package", {"parts": ["report", "dataset"]}, ("mine-a-v1", "mine-a")),
        ("package", {"parts": "report"}, ("mine-a",)),
    ],
)
def test_the_function_and_the_command_write_and_print_the_same(
    kind: str,
    options: dict[str, Any],
    ids: tuple[str, ...],
    tmp_path: Path,
    commands: Commands,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "python").mkdir()
    given = options.get("parts", ())
    parts = [given] if isinstance(given, str) else given
    words = [word for part in parts for word in ("--with", part)]
    if "batched" in options:
        words.append("--batched")
    done = commands("new", kind, "mine-a", *words)
    assert (done.code, done.err) == (0, "")
    monkeypatch.chdir(tmp_path / "python")
    made = trackbench.new(kind, "mine-a", **options)
    assert done.out == f"{made}\n"
    assert (made.kind, made.ids) == (kind, ids)
    assert made.commands
    assert f"{made.path}: {made.about}. Next:\n\n    {made.commands[0]}\n" in done.out
    assert tree(tmp_path / made.path) == tree(tmp_path / "python" / made.path)
    with pytest.raises(FrozenInstanceError):
        made.path = Path()  # type: ignore[misc]


def tree(path: Path) -> dict[str, bytes]:
    files = [path] if path.is_file() else [each for each in path.rglob("*") if each.is_file()]
    assert files
    return {str(each.relative_to(path.parent)): each.read_bytes() for each in files}


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (("trakcer", "x"), {}, "unknown kind of plugin 'trakcer': did you mean tracker?"),
        (("package", "x"), {"parts": ["suite"]}, "unknown kind of plugin 'suite'"),
        (("dataset", "x"), {"batched": True}, "batched=True is for a tracker: leave it out"),
        (("tracker", "x"), {"from_folder": "."}, "from_folder is for a data set: leave it out"),
        (("package", "x"), {"from_folder": "."}, "from_folder is for a data set: leave it out"),
        (("report", "x"), {"parts": "tracker"}, "parts is for a package: leave it out"),
        (
            ("package", "x"),
            {"parts": "dataset", "batched": True},
            "batched=True is for a tracker: add parts='tracker', or leave it out",
        ),
        (("tracker", "x"), {"out": "x.txt"}, "out x.txt: a plugin is a Python file"),
        (("dataset", "x"), {"from_folder": "gone"}, "gone: is no folder"),
    ],
)
def test_what_does_not_go_together_is_refused_by_its_parameters(
    arguments: tuple[str, str],
    options: dict[str, Any],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(TrackbenchError) as error:
        trackbench.new(*arguments, **options)
    assert str(error.value).startswith(message)
    assert list(tmp_path.iterdir()) == []


def test_a_run_in_a_file_begins_the_same_from_python(
    tmp_path: Path, commands: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = commands("init", "--out", "my bench.toml")
    (tmp_path / "python").mkdir()
    monkeypatch.chdir(tmp_path / "python")
    made = trackbench.init("my bench.toml")
    assert done.out == f"{made}\n"
    assert made.command == "trackbench run 'my bench.toml'"
    assert tree(made.path) == tree(tmp_path / "my bench.toml")
    with pytest.raises(TrackbenchError, match=r"is there already and stays as it is: .* out$"):
        trackbench.init("my bench.toml")
    assert trackbench.init().path == Path("bench.toml")
