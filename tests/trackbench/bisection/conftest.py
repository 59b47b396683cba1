"""Small repositories of authors."""

import os
import subprocess
from pathlib import Path

import pytest

TRACKER = """
class Mine:
    def init(self, frame, box):
        self.box = list(box)

    def update(self, frame):
        from .late import shift  # imported in the tracker's own process alone

        return [self.box[0] + shift(), *self.box[1:]]
"""
FILES = {
    "pyproject.toml": (
        '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n'
        '[project]\nname = "my-pkg"\nversion = "0.1"\n[tool.setuptools]\npackages = ["mypkg"]\n'
    ),
    ".gitignore": "results/\n*.egg-info/\nbuild/\nweights.npy\n",
    "mypkg/__init__.py": "",
    "mypkg/core.py": "SHIFT = 0.0\n",
    "mypkg/late.py": "from . import core\n\n\ndef shift():\n    return core.SHIFT\n",
    "mypkg/tracker.py": TRACKER,
    "README": "mine\n",
}


class AuthorsRepository:
    """A repository, which the test is in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.git("init", "--quiet", "--initial-branch=main", ".")
        self.git("config", "user.email", "author@example.org")
        self.git("config", "user.name", "Author")

    def git(self, *arguments: str) -> str:
        return subprocess.run(
            ["git", *arguments], cwd=self.folder, capture_output=True, text=True, check=True
        ).stdout

    def commit(self, subject: str) -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", subject)
        return self.git("rev-parse", "HEAD").strip()

    def write(self, files: dict[str, str]) -> None:
        for name, text in files.items():
            (self.folder / name).parent.mkdir(exist_ok=True)
            (self.folder / name).write_text(text, encoding="utf-8")

    def left(self) -> list[str]:
        """Return what a bisection has left: worktrees beside the author's, files of its own."""
        trees = self.git("worktree", "list", "--porcelain").split("\n\n")
        others = [tree for tree in trees if tree.strip()][1:]
        return others + [str(path) for path in (self.folder / ".git").glob("trackbench*")]


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AuthorsRepository:
    """Return a repository whose first commit has a tracker that is as good as the static one."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    made = AuthorsRepository(tmp_path / "author")
    made.write(FILES)
    made.commit("A tracker")
    monkeypatch.chdir(made.folder)
    return made
