"""What trackers print is read above the bars, and nothing of it is lost."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from rich.console import Console
from terminal import left_on_screen, on_terminal

import trackbench
from trackbench.cli.printed_above import EVERY_SECONDS, PrintedAbove

TALKER = r"""import sys
import time


class Talker:
    def init(self, frame, box):
        self.box, self.n = box, 0
        print("begun")

    def update(self, frame):
        self.n += 1
        time.sleep(0.03)
        sys.stdout.write(f"\rstep {self.n} ")
        if self.n % 10 == 0:
            print("\x1b[31mred\x1b[0m \x1b[2Aup")
        sys.stdout.flush()
        return self.box
"""


@pytest.mark.thorough
def test_above_the_bars(tmp_path: Path) -> None:
    (tmp_path / "talker.py").write_text(TALKER)
    data = ("-d", "mnist-single-same", "--sequences", "1", "--lengths", "125", "--show-output")
    command = [sys.executable, "-m", "trackbench", "run", "-t", "talker.py:Talker", *data]
    printed = b""
    with on_terminal([*command, "-o", "r"], 80, tmp_path) as terminal:
        while part := terminal.read():
            printed += part
    assert terminal.process.returncode == 0
    assert b"frames/s" in printed  # there were bars
    screen = left_on_screen(printed)
    first = screen.index("begun")
    assert screen[first + 1 : first + 14] == [
        *(f"step {n} red up" for n in range(10, 125, 10)),
        "step 124",
    ]


def shown(*pieces: tuple[str, bytes]) -> list[str]:
    text = io.StringIO()
    above = PrintedAbove(Console(file=text, width=40))
    for tracker, printed in pieces:
        above(tracker, printed)
    above.finish()
    return text.getvalue().splitlines()


@pytest.mark.parametrize(
    ("pieces", "lines"),
    [
        ([("a", b"one\ntw"), ("b", b"B\n"), ("a", b"o\n")], ["one", "B", "two"]),
        ([("a", b"10 %\r20 %"), ("a", b"\r30 %"), ("a", b"\rdone\n")], ["done"]),
        ([("a", b"dos\r"), ("a", b"\nend\r\n")], ["dos", "end"]),
        ([("a", "é".encode()[:1]), ("a", "é".encode()[1:] + b"\xff\n")], ["é\\xff"]),
        ([("a", b"no end"), ("b", b"neither\r")], ["no end", "neither"]),
        ([("a", b"\x1b[1;1H\x07[bold]x[/bold]\n\n")], ["[bold]x[/bold]", ""]),
    ],
)
def test_lines_are_put_together(pieces: list[tuple[str, bytes]], lines: list[str]) -> None:
    assert shown(*pieces) == lines


def test_a_line_without_an_end_is_shown_in_pieces() -> None:
    found = shown(*[("a", b"x" * 4_000)] * 6)
    assert [len(line) for line in found] == [10_000, 10_000, 4_000]


class Counted(Console):
    """Counts how often it draws."""

    drawn = 0

    def print(self, *objects: Any, **options: Any) -> None:
        self.drawn += 1
        super().print(*objects, **options)


def test_the_bars_are_not_drawn_for_each_line() -> None:
    console = Counted(file=io.StringIO(), width=40)
    above = PrintedAbove(console)
    begun = monotonic()
    for number in range(500):
        above("a", f"line {number}\n".encode())
    drawn, took = console.drawn, monotonic() - begun
    assert 1 <= drawn <= 1 + took / EVERY_SECONDS
    above.finish()
    assert isinstance(console.file, io.StringIO)
    assert console.file.getvalue() == "".join(f"line {number}\n" for number in range(500))


def test_what_was_printed_before_a_hang_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    text = io.StringIO()
    above = PrintedAbove(Console(file=text, width=40))
    above("a", b"one\n")
    above("a", b"two\n")
    monkeypatch.setattr("trackbench.cli.printed_above.monotonic", lambda: monotonic() + 1)
    above.print_due()
    assert text.getvalue() == "one\ntwo\n"


@pytest.mark.thorough
def test_what_data_sets_print_stands_above_the_bars(tmp_path: Path) -> None:
    path = tmp_path / "printing.py"
    trackbench.new("dataset", "printing", out=path)
    code = path.read_text()
    said = "import sys, time; time.sleep(0.3); print('made', index, file=sys.stderr); "
    at = "        spec, p = self.spec, self._parameters\n"
    path.write_text(code.replace(at, at.replace("spec, p", f"{said}spec, p"), 1))
    command = [sys.executable, "-m", "trackbench", "run", "--plugin", str(path), "-t", "static"]
    data = ("-d", "printing-v1", "--sequences", "9", "--lengths", "4", "-j", "1", "-o", "r")
    printed = b""
    with on_terminal([*command, *data], 80, tmp_path) as terminal:
        while part := terminal.read():
            printed += part
    assert terminal.process.returncode == 0
    assert b"frames/s" in printed  # there were bars
    screen = left_on_screen(printed)
    (begun,) = [n for n, line in enumerate(screen) if line.endswith("by 1 process")]
    assert screen[begun + 1 : begun + 10] == [f"made {n}" for n in range(9)]
    assert not [line for line in screen if "frames/s" in line and "static" in line and "%" in line]
