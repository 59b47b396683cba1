"""A notebook's tracker has one hash: whichever kernel, order of cells, lines, and after its use."""

import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from python_server import PythonServer, run_alone

pytestmark = [pytest.mark.needs_torch, pytest.mark.thorough]

KERNEL = """
import linecache, sys, types
main = types.ModuleType("__main__")
sys.modules["__main__"] = main
for number, cell in enumerate(sys.argv[1:]):
    name = f"/tmp/ipykernel_{number}_{hash(cell)}.py"
    linecache.cache[name] = len(cell), None, cell.splitlines(True), name
    exec(compile(cell, name, "exec"), vars(main))
"""

IMPORTS = """
import abc, collections, contextlib, dataclasses, enum, functools, typing
from dataclasses import dataclass, field
import numpy as np, torch
import trackbench
"""
DATA = """
NAMES = {"kcf", "mosse", "csrt", "mil", "tld"}
TABLE = {"a": np.zeros(5000), "b": [1, (2.0, None)]}
LIMIT: int = 3
RNG = np.random.default_rng(5)
"""
TYPES = """
class Way(enum.Enum):
    UP = "up"
    DOWN = "down"
    @classmethod
    def _missing_(cls, value): return cls.UP
class Flag(enum.Flag):
    A = 1
    B = 2
@dataclass(frozen=True, order=True)
class Size:
    width: int = 3
    near: "list[Size]" = field(default_factory=list, compare=False)
    def area(self): return self.width ** 2
Pair = collections.namedtuple("Pair", "left right")
T = typing.TypeVar("T")
class Filter(abc.ABC, typing.Generic[T]):
    @abc.abstractmethod
    def apply(self, x: T) -> T: ...
    @functools.cached_property
    def cached(self): return LIMIT
class Blur(Filter[float]):
    __slots__ = ("x",)
    def apply(self, x): return x * 2
"""
FUNCTIONS = """
def helper(x, *, by=1.5):
    return x * by + LIMIT if x else other(x)
def other(x): return helper(x + 1)
@functools.singledispatch
def kind(x): return "any"
@kind.register
def _(x: int): return "int"
@functools.lru_cache
def slow(x): return helper(x)
@contextlib.contextmanager
def held(): yield slow(1)
def counted(f):
    @functools.wraps(f)
    def wrapper(*a):
        return f(*a)
    return wrapper
"""
NET = """
class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.layer = torch.nn.Linear(2, 2)
    def forward(self, x): return self.layer(x)
NET = Net()
"""
TRACKER = """
class Mine(trackbench.Tracker):
    sizes = {Size(2), Size(1)}
    def init(self, frame, box):
        self.box, self.names, self.way = box, NAMES, Way("sideways")
        with held(): self.flag = Flag.A | Flag.B
        kind(3), Blur().apply(1.0), Blur().cached, Pair(1, 2), TABLE, isinstance(self, Filter)
    @counted
    def update(self, frame):
        with torch.no_grad(): NET(torch.zeros(2))
        return self.box
    @torch.no_grad()
    def shown(self): return [helper(x) for x in range(3)]
"""
CELLS = (IMPORTS, DATA, TYPES, FUNCTIONS, NET, TRACKER)
SAY = """
from trackbench.plugins.hashing.source_hash import source_of
found = source_of(Mine)
print(found.sha256 or found.unhashed)
"""
UNRELATED = "\n\n# nothing\nELSE = 1\ndef unrelated(): return ELSE\n"
USE = """
import cloudpickle
t = Mine()
t.init(1, 2)
t.update(3)
t.shown()
slow(5)
t.__reduce_ex__(4)
cloudpickle.loads(cloudpickle.dumps((Way, Flag, Size, Pair, Net, NET, helper)))
"""


ROOT = Path(__file__).parents[3]
Said = Callable[..., str]


@pytest.fixture(scope="module")
def said() -> Iterator[Said]:
    """Return what gives what a kernel of its own prints; those of one seed import torch once."""
    with PythonServer(
        ("numpy.random", "torch", "cloudpickle"), PYTHONPATH=f"{ROOT}", PYTHONHASHSEED="0"
    ) as kernels:

        def call(*cells: str, seed: str = "0") -> str:
            words = ["-c", KERNEL, *cells]
            if seed == "0":
                done = kernels.run(words, ROOT)
            else:
                variables = {**os.environ, "PYTHONPATH": f"{ROOT}", "PYTHONHASHSEED": seed}
                done = run_alone([sys.executable, *words], ROOT, variables)
            assert done.returncode == 0, done.stderr
            return done.stdout.strip()

        yield call


@pytest.fixture(scope="module")
def plain(said: Said) -> str:
    found = said(*CELLS, SAY)
    assert len(found) == 64
    return found


def test_in_a_new_kernel(said: Said, plain: str) -> None:
    assert said(*CELLS, SAY, seed="1") == plain


def test_after_it_was_used(said: Said, plain: str) -> None:
    assert said(*CELLS, USE, SAY, seed="2") == plain
    assert said(*CELLS, USE, SAY, USE, SAY).split() == [plain, plain]


def test_on_other_lines_beside_other_cells_and_run_again(said: Said, plain: str) -> None:
    moved = ["\n\n# moved\n" + cell for cell in CELLS]
    assert said(UNRELATED, *moved, UNRELATED, SAY, seed="3") == plain
    assert said(*CELLS, *CELLS, USE, TYPES, FUNCTIONS, NET, TRACKER, SAY) == plain
    assert said("\n".join(CELLS), SAY) == plain


def test_in_another_order_of_cells(said: Said, plain: str) -> None:
    order = [DATA, TYPES, FUNCTIONS, NET]
    for seed in range(2):
        random.Random(seed).shuffle(order)  # noqa: S311 - no secret
        assert said(IMPORTS, *order, TRACKER, SAY) == plain


def test_typed_in_and_read_from_a_pipe(plain: str) -> None:
    done = subprocess.run(
        [sys.executable],
        input="\n".join((*CELLS, SAY)),
        env={**os.environ, "PYTHONPATH": f"{ROOT}"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == plain


EDITS = [
    ('"mil"', '"mill"'),
    ("zeros(5000)", "ones(5000)"),
    ("(2.0, None)", "(2, None)"),
    ("LIMIT: int = 3", "LIMIT: int = 4"),
    ('UP = "up"', 'UP = "high"'),
    ('"down"', '"below"'),
    ("return cls.UP", "return cls.DOWN"),
    ("B = 2\n", "B = 4\n"),
    ("width: int = 3", "width: int = 4"),
    ("self.width ** 2", "self.width ** 3"),
    ("order=True", "order=False"),
    ("left right", "left wrong"),
    ("return x * 2", "return x * 3"),
    ("by=1.5", "by=1.25"),
    ("helper(x + 1)", "helper(x - 1)"),
    ('"int"', '"integer"'),
    ("return helper(x)\n@", "return other(x)\n@"),
    ("yield slow(1)", "yield slow(2)"),
    ("return f(*a)", "return f(*a) or 0"),
    ("manual_seed(0)", "manual_seed(1)"),
    ("return self.layer(x)", "return -self.layer(x)"),
    ("Size(1)}", "Size(3)}"),
    ("@counted", "@(lambda f: f)"),
    ("@torch.no_grad()\n", "@torch.enable_grad()\n"),
    ("range(3)", "range(4)"),
]


def test_an_edit_is_noticed(said: Said, plain: str) -> None:
    edited = []
    for old, new in EDITS:
        assert "".join(CELLS).count(old) == 1
        edited.append([cell.replace(old, new) for cell in CELLS])
    # One kernel for all: the cells that were not edited are run again each time.
    found = said(*(cell for cells in edited for cell in (*cells, SAY))).split()
    assert {len(one) for one in found} == {64}
    assert [edit for edit, one in zip(EDITS, found, strict=True) if one == plain] == []


def test_what_is_set_by_another_cell_counts(said: Said, plain: str) -> None:
    others = ("Mine.level = 2", "NET.layer.bias.data.fill_(7)", "LIMIT = 9", "RNG = 1")
    # One kernel for all: what a cell has set, the notebook's own cells set back.
    found = said(*(cell for other in others for cell in (*CELLS, other, SAY))).split()
    assert [one != plain for one in found] == [True, True, True, False]  # nobody uses RNG


def test_what_cannot_be_hashed_is_said(said: Said) -> None:
    lock = "import threading\nLIMIT = threading.Lock()\n"
    assert said(*CELLS, lock, SAY) == (
        "the tracker (the global LIMIT): a _thread.lock cannot be hashed "
        "(cannot pickle '_thread.lock' object)"
    )
