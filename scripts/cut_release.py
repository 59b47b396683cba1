"""Cut a release in CHANGELOG.md and CITATION.cff, or hold a tag to them.

python scripts/cut_release.py v0.2.0           # "Unreleased" becomes 0.2.0, of today
python scripts/cut_release.py --check v0.2.0   # do both files say so?
python scripts/cut_release.py --notes v0.2.0   # print what changed in it
"""

from __future__ import annotations

import argparse
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TAG = re.compile(r"v(\d+\.\d+\.\d+(?:(?:a|b|rc)\d+)?)")
UNRELEASED = "## Unreleased\n"


def main() -> None:
    """Do what is asked; what is wrong is told in a line, with exit code 1."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tag", help="such as v0.2.0")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--check", action="store_true", help="only look whether the files agree")
    what.add_argument("--notes", action="store_true", help="print the release's part of the log")
    asked = parser.parse_args()
    match = TAG.fullmatch(asked.tag)
    if match is None:
        sys.exit(f"{asked.tag} is no tag of a release: write v1.2.3 or v1.2.3rc1")
    changelog, citation = ROOT / "CHANGELOG.md", ROOT / "CITATION.cff"
    log, cited = changelog.read_text(encoding="utf-8"), citation.read_text(encoding="utf-8")
    if asked.notes:
        print(notes(log, match[1]))
    elif asked.check:
        check(log, cited, match[1])
    else:
        today = datetime.now(UTC).date().isoformat()
        changelog.write_text(cut(log, match[1], today), encoding="utf-8")
        citation.write_text(with_version(cited, match[1], today), encoding="utf-8")
        print(f"git commit --all --message 'Release {match[1]}' && git tag {asked.tag}")


def cut(log: str, version: str, today: str) -> str:
    """Return the change log with what is unreleased as a release's."""
    if f"## {version} " in log:
        sys.exit(f"CHANGELOG.md has {version} already")
    before, heading, after = log.partition(UNRELEASED)
    if not heading or after.lstrip().startswith("## ") or not after.strip():
        sys.exit("CHANGELOG.md has nothing unreleased")
    return f"{before}{UNRELEASED}\n## {version} ({today})\n{after}"


def with_version(cited: str, version: str, today: str) -> str:
    """Return CITATION.cff with the version and the day of its release."""
    without = re.sub(r"^date-released: .*\n", "", cited, flags=re.MULTILINE)
    line = f"version: {version}\ndate-released: {today}\n"
    return re.sub(r"^version: .*\n", line, without, count=1, flags=re.MULTILINE)


def check(log: str, cited: str, version: str) -> None:
    """End with exit code 1 where one of the files does not have the release."""
    notes(log, version)
    if f"\nversion: {version}\n" not in cited:
        sys.exit(f"CITATION.cff is not of {version}: see scripts/cut_release.py")


def notes(log: str, version: str) -> str:
    """Return a release's part of the change log."""
    parts = re.split(r"^## ", log, flags=re.MULTILINE)
    found = [part for part in parts if part.startswith(f"{version} (")]
    if not found:
        sys.exit(f"CHANGELOG.md has no {version}: see scripts/cut_release.py")
    return found[0].partition("\n")[2].strip()


if __name__ == "__main__":
    main()
