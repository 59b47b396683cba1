"""Write the published tables: what commands print into docs/results.md, and the README's from that.

    python scripts/update_results.py            # needs results/paper: see docs/results.md
    python scripts/update_results.py --summary  # the README's table alone

What stands in docs/results.md between ``<!-- output of: COMMAND -->`` and
``<!-- end of output -->`` becomes what COMMAND prints: a command that a reader can give to get the
same numbers. The README's table is read from there, so that the two cannot differ.
"""

from __future__ import annotations

import argparse
import re
import shlex
import subprocess
import sys
from itertools import accumulate
from pathlib import Path

ROOT = Path(__file__).parents[1]
OUTPUT = re.compile(
    r"(<!-- output of: (?P<command>[^\n]+?) -->\n).*?(<!-- end of output -->)", re.DOTALL
)
SUMMARY = re.compile(
    r"(<!-- summary of docs/results\.md -->\n).*?(<!-- end of summary -->)", re.DOTALL
)
LENGTH = "160"


def main() -> int:
    """Replace every output in docs/results.md, and the README's table."""
    parser = argparse.ArgumentParser(description="Write the published tables.")
    parser.add_argument(
        "--summary", action="store_true", help="only the README's table, from docs/results.md"
    )
    asked = parser.parse_args()
    results, readme = ROOT / "docs" / "results.md", ROOT / "README.md"
    text = results.read_text(encoding="utf-8")
    if not asked.summary:
        text = with_outputs(text, ROOT)
        results.write_text(text, encoding="utf-8")
    before = readme.read_text(encoding="utf-8")
    readme.write_text(with_summary(before, text), encoding="utf-8")
    return 0


def with_outputs(text: str, folder: Path) -> str:
    """Return a page with the output of every command that it names, each run in a folder.

    Raises:
        CalledProcessError: a command failed; nothing is replaced.
        ValueError: the page names no command.
    """

    def with_output(block: re.Match[str]) -> str:
        program, *arguments = shlex.split(block["command"])
        command = [sys.executable, "-m", program, *arguments]
        done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, text=True, check=True)
        return f"{block[1]}{done.stdout.strip()}\n{block[3]}"

    replaced, count = OUTPUT.subn(with_output, text)
    if not count:
        raise ValueError("there is no place for the output of a command")
    return replaced


def with_summary(readme: str, results: str) -> str:
    """Return the README with the table that :func:`summary` makes of docs/results.md.

    Raises:
        ValueError: the README has no place for it, or more than one.
    """
    table = summary(results)
    replaced, count = SUMMARY.subn(lambda block: f"{block[1]}{table}\n{block[2]}", readme)
    if count != 1:
        raise ValueError(f"the README has {count} places for a table, not one")
    return replaced


def summary(results: str) -> str:
    """Return a table with a row a tracker and the mean IoU of each data set at the full length.

    Args:
        results: docs/results.md, where the summary's tables come first.

    Raises:
        ValueError: no speed is given of a tracker, or there is no such table.
    """
    block = OUTPUT.search(results)
    if block is None:
        raise ValueError("docs/results.md holds no output of a command")
    output = block[0].splitlines()
    means: dict[str, dict[str, str]] = {}
    for start, line in enumerate(output):
        if line.startswith("| Tracker |"):
            names = _spread(_cells(output[start - 2]))
            at = {names[k]: k for k, cell in enumerate(_cells(line)) if cell == LENGTH}
            for row in map(_cells, output[start + 1 :]):
                if len(row) != len(names):
                    break
                found = {name: row[k].strip("*").partition(" ")[0] for name, k in at.items()}
                means.setdefault(row[0], {}).update(found)
    speeds = dict(re.findall(r"^- (\S+): ([\d,]+) frames/s", block[0], re.MULTILINE))
    if not means or means.keys() != speeds.keys():
        raise ValueError("docs/results.md has no table of every tracker, or no speed of one")
    head = ["Tracker", *next(iter(means.values())), "Frames/s"]
    rows = [[tracker, *of.values(), speeds[tracker]] for tracker, of in means.items()]
    ruler = [":---", *["---:"] * (len(head) - 1)]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ruler, *rows))


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def _spread(names: list[str]) -> list[str]:
    """Return the name above each column, where one stands above the first of several."""
    return list(accumulate((name.strip("*") for name in names), lambda last, name: name or last))


if __name__ == "__main__":
    sys.exit(main())
