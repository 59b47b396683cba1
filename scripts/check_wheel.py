"""Hold what is to be published to what it should be: the wheel's size and content; does it run?

    python scripts/check_wheel.py --build dist                 # build both, and look at them
    python scripts/check_wheel.py dist --tag v0.2.0            # of this tag
    python scripts/check_wheel.py dist --smoke python3.12      # in an empty environment of that one

What is wrong is told in a line each, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import base64
import csv
import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LARGEST_MB = 60
"""Megabytes (10^6 bytes): what PyPI takes is 100."""
BUILT_FROM = "trackbench/built_from.json"
PARTS = ("trackers", "datasets", "reports")
NEEDED = (
    *("trackbench/py.typed", BUILT_FROM, "trackbench/host/host.py"),
    *("trackbench/trackers/weights/SHA256SUMS", "trackbench/reports/html/template/style.css"),
)
SMOKE = (
    ("--version",),
    ("list", "trackers"),
    ("run", "--tracker", "kcf,ncc,static", "--suite", "smoke", "--out", "smoke"),
    ("compare", "kcf", "ncc", "--results", "smoke"),
    ("report", "smoke", "--format", "html", "--out", "report.html"),
    ("verify", "mnist-single-same"),
)


def main() -> int:
    """Check, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dist", type=Path, help="the folder with the wheel and the sources")
    parser.add_argument("--build", action="store_true", help="build both into it first")
    parser.add_argument("--tag", help="the version must be this tag's, such as v0.2.0")
    parser.add_argument("--smoke", nargs="*", default=[], metavar="PYTHON", help="try these")
    asked = parser.parse_args()
    if asked.build:
        build(asked.dist)
    wheels, sources = (sorted(asked.dist.glob(kind)) for kind in ("*.whl", "*.tar.gz"))
    if len(wheels) != 1 or len(sources) != 1:
        sys.exit(f"{asked.dist} must hold one wheel and one .tar.gz, and nothing of older builds")
    wrong = [*wrong_in_wheel(wheels[0], asked.tag), *wrong_in_sources(sources[0])]
    for python in asked.smoke:
        wrong += smoke(python, wheels[0])
    for line in wrong:
        print(f"wrong: {line}")
    if not wrong:
        print(f"{wheels[0].name} is as it should be: {wheels[0].stat().st_size / 1e6:.1f} MB")
    return 1 if wrong else 0


def build(dist: Path) -> None:
    """Build the source distribution, and the wheel from that, as whoever installs it would."""
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(dist), str(ROOT)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def wrong_in_wheel(wheel: Path, tag: str | None) -> Iterator[str]:
    """Yield what is wrong with a wheel, a line each."""
    size = wheel.stat().st_size / 1e6
    if size >= LARGEST_MB:
        yield f"{wheel.name} has {size:.1f} MB: at most {LARGEST_MB} are allowed"
    with zipfile.ZipFile(wheel) as opened:
        names = set(opened.namelist())
        (info,) = {name.partition("/")[0] for name in names if ".dist-info/" in name}
        metadata = message_from_bytes(opened.read(f"{info}/METADATA"))
        yield from _wrong_in_record(opened, info)
        for line in opened.read("trackbench/trackers/weights/SHA256SUMS").decode().splitlines():
            sha256, file = line.split()
            content = opened.read(f"trackbench/trackers/weights/{file}")
            if hashlib.sha256(content).hexdigest() != sha256:
                yield f"{file} is not what SHA256SUMS states"
        built_from = json.loads(opened.read(BUILT_FROM)) if BUILT_FROM in names else {}
    if tops := {name.partition("/")[0] for name in names} - {"trackbench", info}:
        yield f"it holds {', '.join(sorted(tops))} beside the package"
    yield from (f"it lacks {name}" for name in _expected() if name not in names)
    if any("__pycache__" in name or name.startswith("/") or ".." in name for name in names):
        yield "it holds compiled files, or paths that lead out of it"
    if f"{info}/licenses/LICENSE" not in names or f"{info}/licenses/NOTICE" not in names:
        yield "it lacks LICENSE or NOTICE"
    if tag is not None and metadata["Version"] != tag.removeprefix("v"):
        yield f"its version is {metadata['Version']}, and the tag is {tag}"
    if tag is not None and built_from.get("dirty"):
        yield "it was built of changed files"


def wrong_in_sources(sources: Path) -> Iterator[str]:
    """Yield what is wrong with a source distribution, a line each."""
    with tarfile.open(sources) as opened:
        members = opened.getmembers()
    names = {member.name.partition("/")[2] for member in members}
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE", "NOTICE", *NEEDED):
        if name not in names:
            yield f"{sources.name} lacks {name}"
    if any(member.issym() or member.islnk() for member in members):
        yield f"{sources.name} holds links, which not every system can make"


def smoke(python: str, wheel: Path) -> Iterator[str]:
    """Install a wheel into an empty environment and run it there; yield what is wrong."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("PYTHON")
        }
        subprocess.run([python, "-m", "venv", place / "env"], check=True, env=environment)
        own = place / "env" / "bin"
        (place / "empty").mkdir()
        commands = [(own / "python", "-m", "pip", "install", "--quiet", wheel.resolve())]
        commands += [(own / "trackbench", *words) for words in SMOKE]
        for command in commands:
            done = subprocess.run(
                [str(word) for word in command],
                cwd=place / "empty",
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            said = " ".join(map(str, command[1:]))
            if done.returncode:
                yield f"{python}: {said} ends with {done.returncode}: {done.stderr.strip()}"
                return
        print(f"{python}: installed, and {len(SMOKE)} commands ran")


def _expected() -> Iterator[str]:
    """Yield what a wheel must hold: every module and data file of the checkout."""
    yield from NEEDED
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z", "trackbench", *PARTS],  # noqa: S607 - as found
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    for name in filter(None, listed):
        if not (ROOT / name).is_symlink():  # the three links are folders in the wheel
            yield name if name.startswith("trackbench/") else f"trackbench/{name}"


def _wrong_in_record(opened: zipfile.ZipFile, info: str) -> Iterator[str]:
    """Yield the files whose hashes are not those that RECORD states."""
    rows = csv.reader(io.StringIO(opened.read(f"{info}/RECORD").decode()))
    stated = {name: sha256 for name, sha256, _ in rows if sha256}
    for name, sha256 in stated.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(opened.read(name)).digest())
        if sha256 != f"sha256={digest.rstrip(b'=').decode()}":
            yield f"{name} is not what RECORD states"
    if others := set(opened.namelist()) - set(stated) - {f"{info}/RECORD"}:
        yield f"RECORD does not list {', '.join(sorted(others))}"


if __name__ == "__main__":
    sys.exit(main())
