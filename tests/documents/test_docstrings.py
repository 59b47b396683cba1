"""The examples in docstrings are run, each module's in a folder with small results."""

from __future__ import annotations

import doctest
import importlib
from importlib.util import find_spec
from pathlib import Path

import pytest

import trackbench
from trackbench.plugins import registry

ROOT = Path(__file__).parents[2]
FOLDERS = ("trackbench", "trackers", "datasets", "reports")
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def with_examples() -> list[str]:
    """Return the names of the modules that have a ``>>>`` in them."""
    found = []
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*.py"):
            parts = path.relative_to(ROOT).with_suffix("").parts
            linked = parts[:2] in {("trackbench", other) for other in FOLDERS}
            if not linked and ">>> " in path.read_text(encoding="utf-8"):
                whole = parts if folder == "trackbench" else ("trackbench", *parts)
                found.append(".".join(whole).removesuffix(".__init__"))
    return sorted(found)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ``results/smoke`` of two trackers, and ``baseline.json`` of these."""
    path = tmp_path_factory.mktemp("documented")
    run = trackbench.run(["kcf", "mosse"], "smoke", out=path / "results" / "smoke")
    trackbench.baseline(run, path / "baseline.json")
    return path


@pytest.mark.parametrize("name", with_examples())
def test_what_a_docstring_shows_is_so(
    name: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    for known in (registry.trackers(), registry.datasets()):
        monkeypatch.setattr(known, "_specs", dict(known._specs))
    if not find_spec("torch"):
        pytest.importorskip(name, reason="needs torch")
    done = doctest.testmod(importlib.import_module(name), optionflags=FLAGS, report=False)
    assert done.attempted > 0
    assert done.failed == 0


def test_a_wrong_docstring_would_be_seen() -> None:
    assert with_examples()
    (test,) = doctest.DocTestFinder().find(_wrong, "wrong")
    assert doctest.DocTestRunner(verbose=False, optionflags=FLAGS).run(test, out=str).failed == 1


def _wrong() -> None:
    """Say something else.

    >>> 1 + 1
    3
    """
