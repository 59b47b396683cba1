"""Which version stands with results: of a checkout its commit now, not that of its installation."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from trackbench.results import code_version as module
from trackbench.results.code_version import Commit, code_version, commit
from trackbench.results.machine import versions


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a repository of one commit in the place of ours."""
    package = tmp_path / "trackbench"
    package.mkdir()
    (package / "a.py").write_text("1\n", encoding="utf-8")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "one")
    monkeypatch.setattr(module, "PACKAGE", package)
    monkeypatch.setattr(module, "BUILT_FROM", package / "built_from.json")
    forget()
    yield tmp_path
    forget()


def forget() -> None:
    commit.cache_clear()
    code_version.cache_clear()


def git(folder: Path, *arguments: str) -> str:
    names = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    done = subprocess.run(
        ["git", "-C", str(folder), *names, *arguments],
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


def test_a_checkout_is_of_the_commit_that_it_is_at(checkout: Path) -> None:
    first = git(checkout, "rev-parse", "HEAD")
    number = metadata.version("trackbench").partition("+")[0]
    assert commit() == Commit(first, changed=False)
    assert code_version() == f"{number}+g{first[:10]}"
    (checkout / "trackbench" / "a.py").write_text("2\n", encoding="utf-8")
    forget()
    assert code_version() == f"{number}+g{first[:10]}.dirty"
    git(checkout, "commit", "-q", "-am", "two")
    forget()
    second = git(checkout, "rev-parse", "HEAD")
    assert second != first
    assert code_version() == f"{number}+g{second[:10]}"
    assert versions()["trackbench"] == code_version()


def test_another_repositorys_hook_does_not_decide(
    checkout: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path_factory.mktemp("other")
    git(other, "init", "-q")
    git(other, "commit", "-q", "--allow-empty", "-m", "another")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    found = commit()
    monkeypatch.delenv("GIT_DIR")
    assert found == Commit(git(checkout, "rev-parse", "HEAD"), changed=False)


def test_a_wheel_has_its_own(checkout: Path) -> None:
    said = {"commit": "a" * 40, "dirty": True}
    (checkout / "trackbench" / "built_from.json").write_text(json.dumps(said), encoding="utf-8")
    assert commit() == Commit("a" * 40, changed=True)
    assert code_version() == metadata.version("trackbench")


def test_without_git_it_is_the_installed_one(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(checkout / "nowhere"))
    assert commit() is None
    assert code_version() == metadata.version("trackbench")


def test_all_that_says_a_version_says_the_same() -> None:
    code = (
        "import trackbench; from trackbench.results.machine import versions;"
        "assert trackbench.__version__ == versions()['trackbench']"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.usefixtures("checkout")
def test_git_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    real = subprocess.run

    def run(words: list[str], **options: Any) -> Any:
        asked.append(words)
        return real(words, **options)

    monkeypatch.setattr(subprocess, "run", run)
    assert code_version() == code_version()
    assert commit() is commit()
    assert len(asked) == 1


def test_a_repository_without_a_commit_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "trackbench").mkdir()
    git(tmp_path, "init", "-q")
    monkeypatch.setattr(module, "PACKAGE", tmp_path / "trackbench")
    monkeypatch.setattr(module, "BUILT_FROM", tmp_path / "built_from.json")
    forget()
    assert commit() is None
    forget()
