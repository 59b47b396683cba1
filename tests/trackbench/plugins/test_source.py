"""A tracker's source is its file and what this imports of the author's own."""

import hashlib
import importlib
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from python_server import command_server, run_alone

from trackbench.plugins.hashing.source_hash import source_sha256

Hash = Callable[[str], str | None]

TRACKER = """
class Mine:
    def init(self, frame, box):
        self.box = box

    def update(self, frame):
        return self.box
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder on the path whose modules are forgotten afterwards."""
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    # Only these: a library that a test was the first to import cannot be loaded twice.
    written = {path.stem for path in tmp_path.rglob("*")}
    for name in [name for name in sys.modules if name.partition(".")[0] in written]:
        del sys.modules[name]


@pytest.fixture
def hashed() -> Hash:
    """Return what hashes the class Mine of a module as a new process would find it."""

    def call(module: str) -> str | None:
        importlib.invalidate_caches()
        sys.modules.pop(module, None)
        return source_sha256(importlib.import_module(module).Mine)

    return call


def said_by(*arguments: str, cwd: Path | None = None) -> str:
    """Return what a Python process of its own prints."""
    if arguments[0] in {"-c", "-m"}:
        done = command_server().run(list(arguments), cwd or Path.cwd())
    else:
        done = run_alone([sys.executable, *arguments], cwd or Path.cwd(), os.environ)
    assert done.returncode == 0, done.stderr
    return done.stdout


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


def test_of_a_tracker_in_one_file_its_bytes(root: Path, hashed: Hash) -> None:
    text = (
        "import os, json\nimport numpy\nimport trackbench.metrics\nfrom scipy import stats\n"
        + TRACKER
    )
    write(root, {"single_file.py": text, "stranger.py": "X = 1\n"})
    assert hashed("single_file") == hashlib.sha256(text.encode()).hexdigest()


FILES = {
    "author/__init__.py": "",
    "author/tracker.py": (
        "from . import near\nfrom .sub.deep import DEPTH\nimport author.absolute as a\n" + TRACKER
        + "\n    def later(self):\n        import lazy\n        from spaces.deep import inner\n"
    ),
    "author/near.py": "import author.tracker\nfrom author import around\n",
    "author/around.py": "from .sub import *\n",
    "author/absolute.py": "",
    "author/sub/__init__.py": "from . import listed\n",
    "author/sub/listed.py": "",
    "author/sub/deep.py": "DEPTH = 1\n",
    "lazy.py": "try:\n    import second\nexcept ImportError:\n    pass\n",
    "second.py": "this is no Python (\n",
    "spaces/deep/inner.py": "",
}  # fmt: skip
"""Relative, absolute, lazy and circular imports, a package without __init__.py, a broken file."""


@pytest.mark.parametrize("edited", FILES)
def test_an_edit_of_anything_it_imports_is_noticed(root: Path, hashed: Hash, edited: str) -> None:
    write(root, FILES)
    before = hashed("author.tracker")
    assert hashed("author.tracker") == before
    write(root, {edited: FILES[edited] + "# edited\n"})
    assert hashed("author.tracker") != before


def test_what_it_does_not_import_is_not_hashed(root: Path, hashed: Hash) -> None:
    write(root, {"author/__init__.py": "", "author/tracker.py": "import lazy\n" + TRACKER})
    write(root, {"lazy.py": "", "author/training.py": "", "notes.py": ""})
    before = hashed("author.tracker")
    write(root, {"author/training.py": "EPOCHS = 2\n", "notes.py": "import lazy\n"})
    assert hashed("author.tracker") == before


def test_it_is_the_same_wherever_the_files_lie(tmp_path: Path) -> None:
    code = "from one_of_two import *; print(source_sha256(Mine))"
    said = set()
    for place in ("here", "there/deeper"):
        begin = (
            "from trackbench.plugins.hashing.source_hash import source_sha256\nimport two_of_two\n"
        )
        write(tmp_path / place, {"one_of_two.py": begin + TRACKER, "two_of_two.py": "X = 1\n"})
        said.add(said_by("-c", code, cwd=tmp_path / place))
    assert len(said) == 1


def test_libraries_are_not_hashed_but_an_installed_tracker_s_own_package_is(
    root: Path, monkeypatch: pytest.MonkeyPatch, hashed: Hash
) -> None:
    site = root / "venv/lib/python3.11/site-packages"
    monkeypatch.syspath_prepend(site)
    write(site, {"sold/__init__.py": "", "sold/model.py": "", "library.py": "X = 1\n"})
    write(site, {"sold/tracker.py": "import library\nfrom sold import model\n" + TRACKER})
    before = hashed("sold.tracker")
    write(site, {"library.py": "X = 2\n"})
    assert hashed("sold.tracker") == before
    write(site, {"sold/model.py": "Y = 2\n"})
    assert hashed("sold.tracker") != before


def test_a_module_that_is_run_imports_as_under_its_own_name(root: Path) -> None:
    code = (
        "from . import helper\nfrom trackbench.plugins.hashing.source_hash import source_sha256\n"
        + TRACKER
        + "\nprint(source_sha256(Mine))\n"
    )
    write(root, {"runs/__init__.py": "", "runs/main.py": code, "runs/helper.py": ""})

    before = said_by("-m", "runs.main", cwd=root)
    write(root, {"runs/helper.py": "X = 1\n"})
    assert said_by("-m", "runs.main", cwd=root) != before


NOTEBOOK = """
import functools, json, re, beside
import numpy as np
from trackbench.plugins.hashing.source_hash import source_sha256
NAMES = ["kcf", {{"mosse": 1}}]
NAMES.append(NAMES)
def factor(x, *, power=2):
    return [x ** power for _ in range(3) if x in {{"a", "b", "c", 1, 2}}]
def twice(f):
    @functools.wraps(f)
    def wrapper(*given): return f(*given) * 2
    return wrapper
def shown(x): return x + 1
class Base:
    @property
    def size(self): return SIZE
class Mine(Base):
    def __init__(self): super().__init__()
    def lazy(self):
        import hidden
        return hidden.Y, INSIDE.get()
    def init(self, frame, box): self.box = factor(box), beside.X, json.dumps(NAMES)
    def update(self, frame): return self.box
    @staticmethod
    def again(): return Mine()
    @property
    def pattern(self): return PATTERN, HELD.value
    half = functools.partialmethod(update, 0.5)
    @twice
    def wrapped(self): return WEIGHTS, shown(1)
class Held:
    def __init__(self, value): self.value = value
    def get(self): return self.value + 1
PATTERN = re.compile("x+")
WEIGHTS = np.arange(3.0)
HELD = Held(5)
INSIDE = HELD
SIZE = 3
UNUSED = 1
box = 1
print(source_sha256(Mine))
"""


def said_by_notebook(root: Path, old: str = "", new: str = "") -> str:
    assert old in NOTEBOOK.format()
    if not (root / "beside.py").exists():
        write(root, {"beside.py": "X = 1\n", "hidden.py": "Y = 1\n"})
    return said_by("-c", NOTEBOOK.format().replace(old, new), cwd=root)


def test_without_a_file_the_compiled_code_is_the_same_in_every_process(tmp_path: Path) -> None:
    first = said_by_notebook(tmp_path)
    assert len(first.strip()) == 64
    assert said_by_notebook(tmp_path) == first
    assert said_by_notebook(tmp_path, "UNUSED = 1", "UNUSED = 2") == first
    assert said_by_notebook(tmp_path, "UNUSED = 1", "\n\nbox = 2") == first


@pytest.fixture(scope="module")
def unedited(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Return a folder, whose files no edit here changes, and what the notebook says in it."""
    folder = tmp_path_factory.mktemp("unedited")
    return folder, said_by_notebook(folder)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("return self.box", "return self.box + 1"),
        ("** power", "* power"),
        ("power=2", "power=3"),
        ("SIZE = 3", "SIZE = 4"),
        ("return SIZE", "return -SIZE"),
        ("range(3)", "range(4)"),
        ('"c", 1', '"d", 1'),
        ('"mosse": 1', '"mosse": 2'),
        ("return Mine()", "return None"),
        ("Mine(Base)", "Mine(Base, list)"),
        ("f(*given) * 2", "f(*given) * 3"),
        ("return x + 1", "return x + 2"),
        ("return PATTERN", "return 0, PATTERN"),
        ("update, 0.5", "update, 0.25"),
        ('"x+"', '"y+"'),
        ("arange(3.0)", "arange(4.0)"),
        ("Held(5)", "Held(6)"),
        ("self.value + 1", "self.value + 2"),
        ("@twice", "@(lambda f: f)"),
        ("import hidden", "import beside"),
    ],
)
def test_without_a_file_an_edit_of_anything_it_uses_is_noticed(
    unedited: tuple[Path, str], old: str, new: str
) -> None:
    folder, before = unedited
    assert said_by_notebook(folder, old, new) != before


@pytest.mark.parametrize("used", ["beside.py", "hidden.py"])
def test_without_a_file_the_files_it_uses_count(tmp_path: Path, used: str) -> None:
    before = said_by_notebook(tmp_path)
    write(tmp_path, {used: "X = Y = 2\n"})
    assert said_by_notebook(tmp_path) != before


@pytest.mark.thorough
def test_a_tracker_with_an_edited_helper_is_run_again_and_kept_beside(root: Path) -> None:
    write(root, {"plugin.py": "from weights_of_mine import LEFT\n" + TRACKER})
    command = [
        *("-m", "trackbench", "run", "--plugin", "plugin.py", "-t", "mine", "--jobs", "1"),
        *("-d", "mnist-single-same", "--sequences", "2", "--lengths", "5", "-o", "r"),
    ]
    codes, beside = [], []
    for text in ("LEFT = 1\n", "LEFT = 1\n", "LEFT = 2\n"):
        write(root, {"weights_of_mine.py": text})
        done = command_server().run(command, root)
        codes.append(done.returncode)
        beside.append("mine: another version (" in done.stdout)
    assert codes == [0, 0, 0]
    assert beside == [False, False, True]
