"""Installed packages that an author's code imports, on two machines."""

from __future__ import annotations

from pathlib import Path

import pytest

from trackbench.running.cluster.packages import difference_here, packages_of


def install(place: Path, name: str, version: str, *requires: str, digest: str = "a") -> None:
    """Write what an installer leaves of a package."""
    (place / name).mkdir(parents=True, exist_ok=True)
    (place / name / "__init__.py").touch()
    about = place / f"{name}-{version}.dist-info"
    about.mkdir()
    required = "".join(f"Requires-Dist: {each}\n" for each in requires)
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{required}"
    (about / "METADATA").write_text(metadata)
    lines = (
        f"{name}/__init__.py,sha256={digest},0",
        f"../../bin/{name},sha256={place.name},9",  # it names the interpreter's place
        f"{about.name}/direct_url.json,sha256={place.name},9",
    )
    (about / "RECORD").write_text("\n".join(lines) + "\n")
    (about / "top_level.txt").write_text(f"{name}\n")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where packages are installed on the first machine."""
    place = tmp_path / "here" / "site-packages"
    install(place, "tblabtop", "1.0", "tblabcore>=0.1", "tblabextra; extra == 'more'", "tbnowhere")
    install(place, "tblabcore", "0.1", "TBLab_Top")  # they may require one another
    install(place, "tblabextra", "0.1")
    monkeypatch.syspath_prepend(place)
    return place


def mine(folder: Path, code: str) -> str:
    file = folder / "mine.py"
    file.write_text(code)
    return str(file)


@pytest.mark.parametrize(
    "code",
    [
        "import tblabtop",
        "from tblabtop.x import y",
        "def f():\n    import tblabtop as t\n",
        "from importlib import import_module\nx = import_module('tblabtop.x')",
    ],
)
def test_what_is_imported_and_what_that_requires_counts(
    tmp_path: Path, here: Path, code: str
) -> None:
    found = packages_of([mine(tmp_path, f"import os, trackbench\n{code}")])
    assert here.is_dir()
    assert [(each.name, each.version) for each in found] == [
        ("tblabcore", "0.1"),
        ("tblabtop", "1.0"),
    ]
    assert difference_here(found) is None


def test_code_that_imports_nothing_installed_needs_nothing(tmp_path: Path, here: Path) -> None:
    assert here.is_dir()
    assert packages_of([mine(tmp_path, "import os, beside, trackbench.metrics\n")]) == ()


@pytest.mark.parametrize(
    ("version", "digest", "said"),
    [
        ("0.1", "a", None),
        ("0.2", "a", "tblabcore is 0.2 there and not 0.1"),
        ("0.1", "b", "tblabcore 0.1 has other files there, though it is called so"),
        ("", "", "tblabcore 0.1 is missing there"),
    ],
)
def test_another_machine_says_what_it_has_otherwise(
    tmp_path: Path,
    here: Path,
    monkeypatch: pytest.MonkeyPatch,
    version: str,
    digest: str,
    said: str | None,
) -> None:
    found = packages_of([mine(tmp_path, "import tblabtop")])
    there = tmp_path / "there" / "site-packages"
    install(there, "tblabtop", "1.0")
    if version:
        install(there, "tblabcore", version, digest=digest)
    here.rename(here.parent / "gone")
    monkeypatch.syspath_prepend(there)
    assert difference_here(found) == said
