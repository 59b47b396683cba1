"""What a file does not say is hashed too: closures, attributes and globals as they are now."""

import functools
import pickle
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from python_server import command_server

Edited = Callable[[str, str], tuple[str, str]]

FACTORY = """
import functools, os, threading
from pathlib import Path
import numpy as np
import other
from other import traced, Base, helper
HERE = Path(__file__).parent
WEIGHTS = HERE / "w.npy"
THRESHOLD = float(os.environ.get("THRESHOLD", 3))
TABLE = np.zeros(5000)
LOCK, POOL, UNUSED = threading.Lock(), [threading.RLock()], 1
NAMES = {"a", "b", "c"}
def scaled(x, by=1.5): return x * by * TABLE.sum()
class Plain(Base):
    lock = threading.Lock()
    size = 4
    cache = functools.lru_cache(lambda self: 1)
    def init(self, frame, box):
        with LOCK: self.box = scaled(box), THRESHOLD, NAMES, POOL
    def update(self, frame): return self.box, other.LIMIT, HERE, WEIGHTS
    def lazy(self):
        import third
        return third.deeper.DEPTH
def make(k, then=None):
    class Made:
        K = k
        def init(self, frame, box): self.box = box
        def update(self, frame): return self.box if then is None else then(self.box)
    return Made
def outer(k, lock=None):
    def factory(): return Plain(), k, lock
    return factory
@traced
def wrapped(): return Plain()
@functools.lru_cache
def cached(): return Plain()
Typed = type("Typed", (Plain,), {"rate": 1})
"""

FILES = {
    "factory.py": FACTORY,
    "other.py": (
        "import functools, inside\nLIMIT = 7\nFACTOR = 1\ndef helper(x): return x * FACTOR\n"
        "def fast(x): return x\n"
        "class Base:\n    rate = 1\n    def base(self): return helper(1)\n"
        "def traced(f):\n    @functools.wraps(f)\n    def wrapper(*a): return f(*a)\n"
        "    return wrapper\n"
    ),
    "inside.py": "",
    "third/__init__.py": "from . import deeper\n",
    "third/deeper.py": "DEPTH = 1\n",
}

OTHER = [
    ("f.make(3)", "", "f.make(4)", ""),
    ("f.make(3)", "", "f.make(3, f.scaled)", ""),
    ("f.make(3, lambda b: b)", "", "f.make(3, lambda b: b + 1)", ""),
    ("f.outer(3)", "", "f.outer(4)", ""),
    ("f.outer(f.Plain)", "", "f.outer(f.Typed)", ""),
    ("f.Plain", "", "f.Plain", "f.Plain.threshold = 0.5"),
    ("f.Plain", "", "f.Plain", "f.Plain.size = 5"),
    ("f.Plain", "", "f.Plain", "del f.Plain.size"),
    ("f.Plain", "", "f.Plain", "f.Plain.update = lambda self, frame: None"),
    ("f.Plain", "", "f.Plain", "f.Plain.update = f.Plain.init"),
    ("f.Plain", "", "f.Plain", "f.Plain.base = f.scaled"),
    ("f.Plain", "", "f.Plain", "f.Base.rate = 2"),
    ("f.Plain", "", "f.Plain", "f.Base.base = f.other.fast"),
    ("f.Plain", "", "f.Plain", "f.THRESHOLD = 4"),
    ("f.Plain", "", "f.Plain", "f.NAMES.add('d')"),
    ("f.Plain", "", "f.Plain", "f.TABLE[2500] = 1"),
    ("f.Plain", "", "f.Plain", "f.scaled = f.other.fast"),
    ("f.Plain", "", "f.Plain", "f.scaled.__defaults__ = (2.0,)"),
    ("f.Plain", "", "f.Plain", "f.other.LIMIT = 8"),
    ("f.Plain", "", "f.Plain", "f.other.FACTOR = 2"),
    ("f.Plain", "", "f.Plain", "f.other = __import__('third')"),
    ("f.Plain", "", "f.Typed", ""),
    ("f.Typed", "", "f.Typed", "f.Typed.rate = 2"),
    ("f.Typed", "", "type('Typed', (f.Plain,), {'rate': 2})", ""),
    ("f.cached", "", "f.cached", "f.TABLE[2500] = 1"),
    ("f.wrapped", "", "f.wrapped", "f.other.FACTOR = 2"),
    ("f.Plain", "", "f.Plain.__call__", ""),
]

EQUAL = [
    ("f.make(3)", "", "f.make(3)", "f.make(4)"),
    ("f.Plain", "", "f.Plain", "f.UNUSED = 2"),
    ("f.Plain", "", "f.Plain", "f.cached(); f.cached.cache_info(); f.Plain().init(0, 1)"),
    ("f.Plain", "", "f.Plain", "import third; f.Plain().lazy()"),
    ("f.Plain", "", "f.Plain", "import pickle; pickle.dumps(f.Plain())"),
]


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


def said(root: Path, expression: str, before: str = "", **environment: str) -> str:
    """Return what a process of its own says of a factory: its hash, or why there is none."""
    code = (
        "from trackbench.plugins.hashing.source_hash import source_of\n"
        "import factory as f; import sys\n"
        "exec(sys.argv[2]); found = source_of(eval(sys.argv[1]))\n"
        "print(found.sha256 or found.unhashed)"
    )
    done = command_server().run(["-c", code, expression, before], root, **environment)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write(tmp_path, FILES)
    (tmp_path / "w.npy").write_bytes(b"1")
    return tmp_path


@pytest.fixture(scope="module")
def edited_and_restored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edited]:
    """Return what a factory says, and what it says after an edit, which is undone again.

    What it says unedited is asked once for all edits, in the folder that they are made in: in
    another one, a hash of the place itself would look like that of an edit.
    """
    root = tmp_path_factory.mktemp("edited")
    write(root, FILES)
    (root / "w.npy").write_bytes(b"1")
    once = functools.cache(functools.partial(said, root))

    def call(factory: str, edited: str) -> tuple[str, str]:
        before = once(factory)
        write(root, {edited: FILES[edited] + "# edited\n"})
        after = said(root, factory)
        write(root, {edited: FILES[edited]})
        return before, after

    yield call
    assert said(root, "f.Plain") == once("f.Plain")  # each edit was undone


@pytest.mark.thorough
def test_what_is_changed_from_outside_is_another_hash(root: Path) -> None:
    once = functools.cache(functools.partial(said, root))
    assert [
        (a, b, change) for a, before, b, change in OTHER if once(a, before) == once(b, change)
    ] == []


def test_what_decides_nothing_is_none(root: Path) -> None:
    once = functools.cache(functools.partial(said, root))
    assert [case for case in EQUAL if once(*case[:2]) != once(*case[2:])] == []


@pytest.mark.thorough
def test_a_new_process_and_another_place_say_the_same(root: Path) -> None:
    there = root / "there/deeper"
    write(there, FILES)
    (there / "w.npy").write_bytes(b"1")
    for factory in ("f.Plain", "f.make(3)", "f.wrapped", "f.Typed", "f.outer(f.Plain)"):
        first = said(root, factory, PYTHONHASHSEED="1")
        assert len(first) == 64
        assert said(there, factory, PYTHONHASHSEED="2") == first


def test_the_environment_that_makes_a_constant_counts(root: Path) -> None:
    assert said(root, "f.Plain", THRESHOLD="4") != said(root, "f.Plain")
    assert said(root, "f.Plain", OTHERWISE="4") == said(root, "f.Plain")


@pytest.mark.parametrize("factory", ["f.wrapped", "f.make(3)", "f.Plain", "f.outer(1)"])
@pytest.mark.parametrize("edited", ["factory.py", "other.py", "inside.py", "third/deeper.py"])
def test_all_files_count(edited_and_restored: Edited, factory: str, edited: str) -> None:
    before, after = edited_and_restored(factory, edited)
    assert after != before


def test_a_file_that_a_global_names_counts(root: Path) -> None:
    before = said(root, "f.Plain")
    (root / "w.npy").write_bytes(b"2")
    assert said(root, "f.Plain") != before
    (root / "w.npy").write_bytes(b"1")
    (root / "results").mkdir()
    assert said(root, "f.Plain") == before


def test_what_a_closure_holds_and_cannot_be_hashed_is_said(root: Path) -> None:
    assert said(root, "f.outer(3, f.LOCK)") == (
        "the tracker (lock in the closure of outer.<locals>.factory): "
        "a _thread.lock cannot be hashed (cannot pickle '_thread.lock' object)"
    )
    with (root / "w.npy").open() as file, pytest.raises(TypeError) as refused:
        pickle.dumps(file)  # which words it has for that depends on Python
    assert said(root, "f.make(open('w.npy'))") == (
        "the tracker (make.<locals>.Made.K): a _io.TextIOWrapper cannot be hashed "
        f"({refused.value})"
    )


KEEPING = """
class Kept:
    def __init__(self, k): self.k, self.lock = k, __import__("threading").Lock()
    def PICKLED
KEPT = Kept(int(open("k.txt").read()))
def made(): return KEPT.k
"""


@pytest.mark.parametrize(
    "pickled", ["__getstate__(self): return {}", "__reduce__(self): return ''"]
)
def test_what_an_object_of_the_authors_leaves_out_of_its_pickle_counts(
    root: Path, pickled: str
) -> None:
    (root / "factory.py").write_text(KEEPING.replace("PICKLED", pickled))
    found = []
    for k in ("1", "1", "2"):
        (root / "k.txt").write_text(k)
        found.append(said(root, "f.made"))
    assert len(found[0]) == 64
    assert found[0] == found[1] != found[2]


HIDING = [
    ("__import__('cv2').KalmanFilter(4, 2)", "a cv2.KalmanFilter cannot be hashed"),
    ("(x for x in open('k.txt').read())", "a generator cannot be hashed"),
    ("open('k.txt')", "a _io.TextIOWrapper cannot be hashed"),
    pytest.param(
        *(
            "__import__('torch').jit.script(__import__('torch').nn.Tanh())",
            "torch.ScriptModule cannot",
        ),
        marks=pytest.mark.needs_torch,
    ),
]


@pytest.mark.thorough
@pytest.mark.parametrize(("held", "why"), HIDING)
def test_a_global_that_hides_what_it_was_made_of_is_said(root: Path, held: str, why: str) -> None:
    """It may have been read from anywhere, and the file that reads it does not change with it."""
    (root / "k.txt").write_text("1")
    (root / "factory.py").write_text(f"HELD = {held}\ndef made(): return HELD\n")
    answer = said(root, "f.made")
    assert answer.startswith("the tracker (the global HELD): ")
    assert why in answer


@pytest.mark.parametrize(
    "held",
    [
        "threading.local()",
        "open('log.txt', 'w')",
        "sys.stdin",
        "{'b': 1}.keys()",
        "logging.getLogger('a')",
        "functools.partial(max, 1)",
        "concurrent.futures.ThreadPoolExecutor(2)",
    ],
)
def test_a_global_that_hides_nothing_has_a_hash(root: Path, held: str) -> None:
    imports = "import concurrent.futures, functools, logging, sys, threading\n"
    (root / "factory.py").write_text(f"{imports}HELD = {held}\ndef made(): return HELD\n")
    assert len(said(root, "f.made")) == 64
    assert said(root, "f.made") == said(root, "f.made")


CHOICES = {
    "a function": "if {0}:\n    def help(): return 1\nelse:\n    def help(): return 2\n",
    "a method": "",
    "a lambda": "help = (lambda: 1) if {0} else (lambda: 2)\n",
    "an import": "try:\n    if {0}: raise ImportError\n    from a import help\n"
    "except ImportError:\n    from b import help\n",
    "a module": "if {0}:\n    import a as m\nelse:\n    import b as m\n"
    "def help(): return m.help()\n",
}


@pytest.mark.parametrize("choice", CHOICES)
def test_what_is_chosen_when_the_file_is_imported_counts(root: Path, choice: str) -> None:
    condition = "__import__('os').environ.get('CHOOSE')"
    method = f"    if {condition}:\n        def update(self): return 1\n"
    write(
        root,
        {
            "a.py": "def help(): return 1\n",
            "b.py": "def help(): return 2\n",
            "factory.py": CHOICES[choice].format(condition)
            + "class Up:\n    def update(self): return 2\n"
            + "class Mine(Up):\n    def init(self): return help()\n"
            + (method if choice == "a method" else ""),
        },
    )
    assert said(root, "f.Mine") != said(root, "f.Mine", CHOOSE="1")


def test_a_module_that_is_imported_by_its_written_name_counts(root: Path) -> None:
    for way in ("importlib.import_module('named.inner')", "__import__('named.inner')"):
        text = f"import importlib\nclass Mine:\n    def init(self): return {way}\n"
        write(root, {"factory.py": text, "named/__init__.py": "", "named/inner.py": "X = 1\n"})
        before = said(root, "f.Mine")
        write(root, {"named/inner.py": "X = 2\n"})
        assert said(root, "f.Mine") != before


def test_a_module_that_a_loaded_one_holds_counts(root: Path) -> None:
    text = "import importlib\nm = importlib.import_module('na' + 'med')\nclass Mine: pass\n"
    write(root, {"factory.py": text, "named.py": "X = 1\n"})
    before = said(root, "f.Mine")
    write(root, {"named.py": "X = 2\n"})
    assert said(root, "f.Mine") != before


def test_a_class_that_came_back_from_a_pickle_by_value_is_the_same(root: Path) -> None:
    back = "import cloudpickle as c; c.register_pickle_by_value(f); c.loads(c.dumps(f.{0}))"
    write(root, {"factory.py": "class Mine:\n    def init(self): return 1\n"})
    assert said(root, "f.Mine", back.format("Mine")) == said(root, "f.Mine")
    other = "exec('def init(self): return 2', f.__dict__); f.Mine.init = f.init; "
    first = said(root, "f.Mine", other)
    assert first not in {said(root, "f.Mine"), said(root, "f.Mine", back.format("Mine"))}
    assert said(root, "f.Mine", other + back.format("Mine")) != said(root, "f.Mine")
