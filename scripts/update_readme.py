"""Write the outputs of commands into README.md, each between the comments that name its command.

    python scripts/update_readme.py

What stands between ``<!-- output of: COMMAND -->`` and ``<!-- end of output -->`` becomes what
COMMAND prints. The commands are those that a reader can run to get the same numbers.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

README = Path(__file__).parents[1] / "README.md"
BLOCK = re.compile(
    r"(<!-- output of: (?P<command>[^\n]+?) -->\n).*?(<!-- end of output -->)", re.DOTALL
)


def main() -> int:
    """Run every command that README.md names, and replace its output."""
    text = README.read_text(encoding="utf-8")
    replaced, count = BLOCK.subn(_with_output, text)
    README.write_text(replaced, encoding="utf-8")
    print(f"{README.name}: {count} outputs")
    return 0 if count else 1


def _with_output(block: re.Match[str]) -> str:
    program, *arguments = shlex.split(block["command"])
    command = [sys.executable, "-m", program, *arguments]
    done = subprocess.run(command, cwd=README.parent, stdout=subprocess.PIPE, text=True, check=True)
    return f"{block[1]}{done.stdout.strip()}\n{block[3]}"


if __name__ == "__main__":
    sys.exit(main())
