"""``trackbench bisect`` in an author's repository, with what is installed of it in the way."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import trackbench
from trackbench.bisection.bisection import Bisection, Standing
from trackbench.bisection.own_modules import moved
from trackbench.bisection.repository import Repository
from trackbench.bisection.strays import Guard, StrayError
from trackbench.plugins import registry

ROOT = Path(__file__).parents[3]
SMALL: dict[str, Any] = {
    "datasets": "mnist-single-same", "sequences": 2, "lengths": [20], "jobs": 1,
}  # fmt: skip
OPTIONS = ("-d", "mnist-single-same", "--sequences", "2", "--lengths", "20", "--jobs", "1")


def fallen(repository: Any) -> str:
    """Commit a tracker that loses its target at once."""
    repository.write({"mypkg/core.py": "SHIFT = 90.0\n"})
    return str(repository.commit("Tune the shift"))


def scores(found: Bisection) -> list[float | None]:
    return [next(iter(entry.scores.values()), None) for entry in found.log]


@pytest.mark.thorough
def test_an_installed_copy_takes_no_commits_place(
    repository: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What ``pip install .`` made of one commit stands first on the path of every process."""
    repository.write({"mypkg/tracker.py": "raise RuntimeError('half done')\n"})
    broken = repository.commit("Half of a change")
    repository.git("checkout", "HEAD~1", "--", "mypkg")
    culprit = fallen(repository)
    site = tmp_path / "site-packages"
    shutil.copytree(repository.folder / "mypkg", site / "mypkg")
    info = site / "my_pkg-0.1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: my-pkg\nVersion: 0.1\n")
    (info / "top_level.txt").write_text("mypkg\n")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(site), str(ROOT)]))
    repository.write({"README": "changed and in no commit\n"})
    before = {path: path.stat().st_mtime_ns for path in repository.folder.rglob("*.py")}

    said: list[str] = []
    found = trackbench.bisect(
        "HEAD~2..", "mypkg.tracker:Mine", out=tmp_path / "r", tell=said.append, **SMALL
    )
    (only,) = found.culprits
    # The commit in between cannot be run, so it may have been that one as well.
    assert [commit.sha for commit in only.commits] == [broken, culprit]
    (fall,) = only.falls
    good, none, bad = scores(found)
    assert none is None
    assert "half done" in found.log[1].reason
    assert (fall.before, fall.after) == (good, bad)
    assert good is not None
    assert bad is not None
    assert good > bad + 0.01
    assert fall.low <= fall.difference <= fall.high
    assert [entry.standing for entry in found.log] == [
        *(Standing.GOOD, Standing.SKIPPED, Standing.BAD),
    ]
    # The static tracker is what this one is at its first commit.
    static = trackbench.run("static", out=tmp_path / "s", **SMALL).cells()[0]
    assert good == pytest.approx(static.mean, abs=1e-4)
    assert any("in no commit" in note for note in found.notes)
    assert repository.left() == []
    assert repository.git("status", "--short") == " M README\n"
    assert {p: p.stat().st_mtime_ns for p in repository.folder.rglob("*.py")} == before

    page, picture = tmp_path / "scores.html", tmp_path / "scores.svg"
    found.chart(page)
    found.chart(picture)
    for text in (str(found), found.render("markdown"), page.read_text(encoding="utf-8")):
        assert culprit[:10] in text
        assert f"{bad:.3f}" in text
    assert picture.read_text(encoding="utf-8").startswith("<svg")
    stated = json.loads(found.render("json"))
    assert stated["culprits"][0]["commits"][-1]["sha"] == culprit


@pytest.mark.thorough
def test_an_editable_installation_leads_to_no_other_commit(repository: Any, tmp_path: Path) -> None:
    """A real ``pip install -e`` of the checkout, and a history with a merge in it."""
    repository.git("checkout", "--quiet", "-b", "side")
    repository.write({"README": "side\n"})
    repository.commit("Words")
    repository.git("checkout", "--quiet", "main")
    repository.write({"NEWS": "none\n"})
    repository.commit("More words")
    repository.git("merge", "--quiet", "--no-edit", "side")
    culprit = fallen(repository)
    first = repository.git("rev-list", "--max-parents=0", "HEAD").strip()
    python = installed_editable(repository.folder, tmp_path / "environment")
    done = subprocess.run(
        [python, "-m", "trackbench", "bisect", f"{first}..", "-t", "mypkg.tracker:Mine", *OPTIONS,
         "--format", "json"],
        cwd=repository.folder, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert [each["sha"] for each in found["culprits"][0]["commits"]] == [culprit]
    bad = [entry["commit"]["sha"] for entry in found["log"] if entry["standing"] == "bad"]
    assert bad == [culprit]
    # Each commit is what its own files say, and what is the same tracker was run once.
    assert len({entry["scores"][0]["score"] for entry in found["log"]}) == 2
    assert len({entry["fingerprint"] for entry in found["log"]}) == 2 < len(found["log"])
    assert len(list(Path(found["results"]).glob("runs/*/*/*/*/record.json"))) == 2
    assert repository.left() == []


def installed_editable(checkout: Path, environment: Path) -> Path:
    """Return the Python of an environment with the checkout installed into it, and ours beside."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    python = environment / "bin" / "python"
    (site,) = environment.glob("lib/python*/site-packages")
    lines = [f"import site; site.addsitedir({p!r})\n" for p in sys.path if "site-packages" in p]
    (site / "beside.pth").write_text("".join(lines))
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps",
         "--no-index", "--no-build-isolation", "--editable", checkout],
        check=True, capture_output=True,
    )  # fmt: skip
    assert list(site.glob("__editable__*"))
    return python


@pytest.mark.thorough
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])
def test_whatever_ends_it_no_worktree_is_left(repository: Any, sent: int) -> None:
    fallen(repository)
    process = subprocess.Popen(
        [sys.executable, "-m", "trackbench", "bisect", "HEAD~1..", "-t", "mypkg.tracker:Mine",
         "-d", "mnist-single-same", "--jobs", "1"],
        cwd=repository.folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    made = repository.folder / ".git/trackbench-bisect/author/mypkg"
    wait_until(made.is_dir)
    time.sleep(0.3)  # in the middle of something
    process.send_signal(sent)
    _, said = process.communicate(timeout=60)
    assert process.returncode == (130 if sent == signal.SIGINT else -signal.SIGKILL)
    assert ("the same command goes on" in said) == (sent == signal.SIGINT)
    wait_until(lambda: not repository.left())
    assert repository.git("status", "--short") == ""


def wait_until(holds: Any) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


WRONG = {
    ("HEAD",): "write GOOD..BAD",
    ("HEAD...HEAD",): "write GOOD..BAD",
    ("nonsense..HEAD",): "nonsense is no commit",
    ("HEAD..HEAD",): "two commits",
    ("HEAD..other",): "is no ancestor",
    ("HEAD..", "--chart", "scores.gif"): "must end in .svg or .html",
    ("HEAD~1..", "--protocol", "ope"): "did you mean ope-v1",
}


def test_what_cannot_be_bisected_is_told_in_a_line(
    repository: Any, commands: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    fallen(repository)
    repository.git("checkout", "--quiet", "--orphan", "other")
    repository.commit("Another beginning")
    repository.git("checkout", "--quiet", "main")
    monkeypatch.chdir(repository.folder)
    for arguments, said in WRONG.items():
        done = commands("bisect", *arguments, "-t", "mypkg.tracker:Mine")
        assert done.code == 2, arguments
        assert said in done.err
        assert done.err.count("\n") == 1
    assert not (repository.folder / "results").exists()
    assert repository.left() == []


def test_it_needs_a_repository_of_the_authors(
    commands: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = commands("bisect", "HEAD~1..", "-t", "mine.py:Mine")
    assert (done.code, "is in no working tree of git" in done.err) == (2, True)
    monkeypatch.chdir(ROOT)
    if Path(trackbench.__file__).parents[1] == ROOT:
        done = commands("bisect", "HEAD~1..", "-t", "mine.py:Mine")
        assert done.code == 2


def test_a_built_in_tracker_is_of_no_commit(tmp_path: Path) -> None:
    with pytest.raises(StrayError, match="trackbench's own"):
        Guard(tmp_path, ()).check_tracker(registry.trackers().get("static"))


def test_files_of_the_checkout_are_strays_and_what_git_does_not_know_is_none(
    repository: Any, tmp_path: Path
) -> None:
    roots = Repository.around(repository.folder).roots
    worktree = repository.folder / ".git" / "trackbench-bisect" / "author"
    shutil.copytree(repository.folder / "mypkg", worktree / "mypkg")
    guard = Guard(worktree, roots)
    weights = repository.folder / "weights.npy"
    weights.write_bytes(b"")
    site = repository.folder / ".venv" / "lib" / "site-packages" / "other.py"
    guard.check_files("mine", [worktree / "mypkg" / "core.py", weights, site])
    for stray in ("mypkg/core.py", "README", "new.py"):
        with pytest.raises(StrayError, match="not of the commit"):
            guard.check_files("mine", [repository.folder / stray])
    (worktree / "mypkg" / "tracker.py").write_text("def late():\n    import nspkg.core\n")
    Guard(worktree, roots, frozenset({"other"})).check_imports(
        "mine", worktree / "mypkg/tracker.py"
    )
    guard = Guard(worktree, roots, frozenset({"nspkg"}))
    with pytest.raises(StrayError, match="imports nspkg, which is installed from this"):
        guard.check_imports("mine", worktree / "mypkg/tracker.py")
    assert moved(str(repository.folder / "src"), worktree, roots) == worktree / "src"
    assert moved(str(tmp_path), worktree, roots) is None
