"""A parameter is hashed by what it holds, everywhere the same; what has none is said."""

import gc
import subprocess
import sys
from pathlib import Path

import pytest

from trackbench.plugins.hashing.tokens import UnhashableError
from trackbench.plugins.hashing.value_hash import value_sha256

VALUES = """
import array, collections, ctypes, dataclasses, datetime, decimal, enum, fractions, functools
import operator, pathlib, random, re, socket, struct, sys, threading, types, weakref
import numpy as np, torch
class Colour(enum.Enum):
    RED = 1
    BLUE = 2
class Way(enum.Flag):
    UP = 1
    LEFT = 2
@dataclasses.dataclass(frozen=True)
class Size:
    width: int = 3
    parts: tuple = ()
class Model:
    def __init__(self, value):
        self.value = value
        self.me = self
class Slots:
    __slots__ = ("a",)
    def __init__(self, a): self.a = a
class Net(torch.nn.Module):
    def __init__(self, width, scale=1.0):
        super().__init__()
        torch.manual_seed(0)
        self.layer, self.scale = torch.nn.Linear(2, width), scale
        self.register_buffer("mean", torch.zeros(2))
def twice(x): return x * 2
def thrice(x): return x * 3
def power(k):
    return lambda x: x ** k
def changed(net, name, value):
    getattr(net, name).data.fill_(value)
    return net
def big(at):
    array = np.zeros(5000)
    array[2500] = at
    return array
def twins(one): return one, one
def images(order): return torch.zeros(1, 2, 2, 2).contiguous(memory_format=order)
def nan(payload): return struct.unpack("<d", struct.pack("<Q", 0x7FF8 << 48 | payload))[0]
def spaced(at):
    return np.dtype({"names": ["a"], "formats": ["i4"], "offsets": [at], "itemsize": 8})
def with_(thing, **attributes):
    for name, value in attributes.items(): setattr(thing, name, value)
    return thing
def made(**attributes):
    thing = Model.__new__(Model)
    thing.__dict__.update(attributes)
    return thing
def drawn(generator, how):
    getattr(generator, how)()
    return generator
class Whole(int): pass
class Word(str): pass
class Place(type(pathlib.Path())):
    __slots__ = ("extra",)
    def __new__(cls, path, extra): return super().__new__(cls, path)
    def __init__(self, path, extra):
        if sys.version_info >= (3, 12): super().__init__(path)
        self.extra = extra
    def __reduce__(self): return Place, (str(self), self.extra)
class Folder:
    __slots__ = ("path", "extra")
    def __init__(self, path, extra): self.path, self.extra = path, extra
    def __fspath__(self): return self.path
class Tied(torch.nn.Module):
    def __init__(self, tied):
        super().__init__()
        self.a = torch.nn.Parameter(torch.zeros(2))
        self.b = self.a if tied else torch.nn.Parameter(torch.zeros(2))
"""

DIFFERENT = [
    ("big(0)", "big(1)"),
    ("np.zeros(3)", "np.zeros(3, 'f4')"),
    ("np.zeros((2, 3))", "np.zeros((3, 2))"),
    ("np.array([1], '>i2')", "np.array([256], '<i2')"),
    ("np.array([1, 'a'], object)", "np.array([1, 'b'], object)"),
    ("np.array([(1, 2.)], 'i4,f8')", "np.array([(1, 3.)], 'i4,f8')"),
    ("np.zeros(1, [('a', 'i4')])", "np.zeros(1, [('b', 'i4')])"),
    ("np.array(['2020'], 'M8[D]')", "np.array(['2020'], 'M8[s]')"),
    ("np.longdouble(1)", "np.nextafter(np.longdouble(1), np.longdouble(2))"),
    ("np.ma.array([1, 2], mask=[0, 1])", "np.ma.array([1, 2], mask=[1, 0])"),
    ("np.float32(1)", "np.float64(1)"),
    ("torch.zeros(3)", "torch.zeros(3, dtype=torch.bfloat16)"),
    ("torch.ones(1, dtype=torch.bfloat16)", "torch.zeros(1, dtype=torch.bfloat16)"),
    ("torch.eye(3).to_sparse()", "2 * torch.eye(3).to_sparse()"),
    ("torch.tensor([1j]).conj()", "torch.tensor([1j])"),
    ("Net(2)", "Net(3)"),
    ("Net(2)", "Net(2, 0.5)"),
    ("Net(2)", "changed(Net(2), 'mean', 1)"),
    ("Net(2)", "Net(2).eval()"),
    ("Net(2)", "Net(2).half()"),
    ("Size()", "Size(4)"),
    ("Size(parts=(big(0),))", "Size(parts=(big(1),))"),
    ("Colour.RED", "Colour.BLUE"),
    ("Way.UP", "Way.UP | Way.LEFT"),
    ("Model(1)", "Model(2)"),
    ("Slots(1)", "Slots(2)"),
    ("Slots(1)", "Model(1)"),
    ("{'a', 'b'}", "{'a', 'c'}"),
    ("{'a'}", "frozenset({'a'})"),
    ("{1: 'a'}", "{'1': 'a'}"),
    ("(1, 2)", "[1, 2]"),
    ("(1,)", "(1.0,)"),
    ("(True,)", "(1,)"),
    ("tuple(range(20))", "tuple(map(float, range(20)))"),
    ("0.0j", "-0.0j"),
    ("b'a'", "'a'"),
    ("range(5)", "range(0, 5, 2)"),
    ("re.compile('a')", "re.compile('a', re.I)"),
    ("twice", "thrice"),
    ("twice", "lambda x: x * 2"),
    ("power(2)", "power(3)"),
    ("[lambda x: x + 1, lambda x: x + 2][0]", "[lambda x: x + 1, lambda x: x + 2][1]"),
    ("functools.partial(twice, 1)", "functools.partial(twice, 2)"),
    ("functools.lru_cache(power(2))", "functools.lru_cache(power(3))"),
    ("Model", "Slots"),
    ("Model(1).__init__", "Model(2).__init__"),
    ("type('T', (), {'k': 1})", "type('T', (), {'k': 2})"),
    ("dataclasses.make_dataclass('A', ['x'])", "dataclasses.make_dataclass('A', ['y'])"),
    ("collections.namedtuple('P', 'x y')(1, 2)", "collections.namedtuple('P', 'x z')(1, 2)"),
    ("collections.OrderedDict(a=1, b=2)", "collections.OrderedDict(b=2, a=1)"),
    ("collections.deque([1], 3)", "collections.deque([1], 4)"),
    ("np.random.default_rng(1)", "np.random.default_rng(2)"),
    ("random.Random(1)", "random.Random(2)"),
    ("torch.Generator().manual_seed(1)", "torch.Generator().manual_seed(2)"),
    ("datetime.datetime(2020, 1, 1)", "datetime.datetime(2020, 1, 2)"),
    ("np.add", "np.subtract"),
    ("torch.nn.functional.relu", "torch.nn.functional.elu"),
    ("[1].append", "[2].append"),
    # What another process is given of how numbers lie in memory: sums are rounded in that order.
    ("np.asfortranarray(np.eye(3) + 1)", "np.eye(3) + 1"),
    ("torch.zeros(2, 2).t()", "torch.zeros(2, 2)"),
    ("images(torch.channels_last)", "images(torch.contiguous_format)"),
    ("torch.zeros(1).expand(3)", "torch.zeros(3)"),
    # Who changes one of two that are one, changes both.
    ("(big(1), big(1))", "twins(big(1))"),
    ("[[0], [0]]", "[*twins([0])]"),
    ("{'x': {}, 'y': {}}", "(lambda a: {'x': a, 'y': a})({})"),
    ("[{1}, {1}]", "[*twins({1})]"),
    ("[bytearray(b'x'), bytearray(b'x')]", "[*twins(bytearray(b'x'))]"),
    ("[torch.zeros(2), torch.zeros(2)]", "[*twins(torch.zeros(2))]"),
    ("(lambda a, b: [a, b, a])(([0],), ([0],))", "(lambda a, b: [a, b, b])(([0],), ([0],))"),
    ("(lambda a, b: [a, b, a, b])([0], [0])", "(lambda a, b: [a, b, b, a])([0], [0])"),
    ("(lambda a: a.append(a) or a)([])", "(lambda a: a.append([a]) or a)([])"),
    ("Model([0])", "(lambda m: setattr(m, 'more', m.value) or m)(Model([0]))"),
    ("made(more=[0], value=[0])", "(lambda a: made(more=a, value=a))([0])"),
    ("Tied(False)", "Tied(True)"),
    # Order is there for whoever looks through it.
    ("made(a=1, b=2)", "made(b=2, a=1)"),
    ("types.SimpleNamespace(a=1, b=2)", "types.SimpleNamespace(b=2, a=1)"),
    ("{'k': {'a': 1, 'b': 2}}", "{'k': {'b': 2, 'a': 1}}"),
    ("collections.Counter('ab')", "collections.Counter('ba')"),
    ("{'k': types.MappingProxyType({})}", "{'k': {}}"),
    # Not-a-number has a sign and a payload.
    ("0.0", "-0.0"),
    ("nan(0)", "nan(1)"),
    ("nan(0)", "-nan(0)"),
    ("[nan(0)] * 9", "[nan(1)] * 9"),
    ("complex(0, nan(0))", "complex(0, nan(1))"),
    ("np.float64(nan(0))", "np.float64(nan(1))"),
    ("np.longdouble('nan')", "-np.longdouble('nan')"),
    ("np.longdouble(0)", "-np.longdouble(0)"),
    # What was set on what has no __dict__ of its own in Python's eyes, or is written in C.
    ("with_(Colour.RED, extra=1)", "with_(Colour.RED, extra=2)"),
    ("with_(Way.UP | Way.LEFT, extra=1)", "with_(Way.UP | Way.LEFT, extra=2)"),
    ("with_(Whole(1), extra=1)", "with_(Whole(1), extra=2)"),
    ("with_(Word('a'), extra=1)", "with_(Word('a'), extra=2)"),
    ("Place('/x/y', 1)", "Place('/x/y', 2)"),
    ("Folder('/x/y', 1)", "Folder('/x/y', 2)"),
    ("with_(torch.zeros(2), extra=1)", "with_(torch.zeros(2), extra=2)"),
    ("with_(torch.nn.Parameter(torch.zeros(2)), k=1)", "torch.nn.Parameter(torch.zeros(2))"),
    ("with_(functools.partial(twice), extra=1)", "with_(functools.partial(twice), extra=2)"),
    ("with_(ValueError('a'), extra=1)", "with_(ValueError('a'), extra=2)"),
    # Kinds that are equal, and are not the same.
    ("Whole(1)", "1"),
    ("Word('a')", "'a'"),
    ("bytearray(b'a')", "b'a'"),
    ("memoryview(b'abcd')", "memoryview(b'abcd').cast('H')"),
    ("np.int64(1)", "1"),
    ("np.int64(1)", "np.array(1)"),
    ("np.str_('a')", "'a'"),
    ("np.bool_(True)", "True"),
    ("collections.deque([1])", "collections.deque([1], 4)"),
    ("collections.defaultdict(int)", "collections.defaultdict(float)"),
    ("collections.defaultdict(int)", "{}"),
    ("array.array('i', [1])", "array.array('l', [1])"),
    ("np.ma.array([1., 2.], mask=[0, 1], fill_value=1)", "np.ma.array([1., 2.], mask=[0, 1])"),
    ("np.dtype('f4', metadata={'a': 1})", "np.dtype('f4', metadata={'a': 2})"),
    ("spaced(0)", "spaced(4)"),
    ("np.zeros(2, spaced(0))", "np.zeros(2, spaced(4))"),
    ("datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)", "datetime.datetime(2020, 1, 1)"),
    ("datetime.datetime(2020, 1, 1, fold=1)", "datetime.datetime(2020, 1, 1)"),
    ("decimal.Decimal('1.0')", "decimal.Decimal('1.00')"),
    ("decimal.Context(prec=3)", "decimal.Context(prec=4)"),
    ("fractions.Fraction(1, 2)", "fractions.Fraction(1, 3)"),
    ("slice(1, 2, 3)", "slice(1, 2)"),
    ("weakref.ref(Model)", "weakref.ref(Slots)"),
    ("operator.itemgetter(1)", "operator.itemgetter(2)"),
    # Generators that have gone on.
    ("drawn(np.random.RandomState(1), 'normal')", "np.random.RandomState(1)"),
    ("drawn(np.random.default_rng(1), 'random')", "np.random.default_rng(1)"),
    ("drawn(random.Random(1), 'random')", "random.Random(1)"),
    ("drawn(iter([1, 2]), '__next__')", "iter([1, 2])"),
]

SAME = [
    ("np.arange(6)[::2]", "np.array([0, 2, 4])"),
    ("torch.arange(6.)[::2]", "torch.tensor([0., 2., 4.])"),
    ("np.zeros(3)[:2].copy()", "np.zeros(2)"),
    ("{'a', 'b', 'c', (1, Colour.RED)}", "{'c', (1, Colour.RED), 'b', 'a'}"),
    ("[{Size(1), Size(2)}]", "[{Size(2), Size(1)}]"),
    ("Net(2)", "Net(2)"),
    ("Model({'x'})", "Model({'x'})"),
    ("[(1, 'a'), (1, 'a')]", "[*twins((1, 'a'))]"),
    ("[frozenset({1}), frozenset({1})]", "[*twins(frozenset({1}))]"),
]


def hashes(tmp_path: Path, *expressions: str, seed: str = "0") -> list[str]:
    """Return what a process of its own says of expressions."""
    (tmp_path / "values.py").write_text(VALUES)
    code = (
        "import sys; from values import *\n"
        "from trackbench.plugins.hashing.value_hash import value_sha256\n"
        "for text in sys.argv[1:]: print(value_sha256(eval(text), 'it')[0])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *expressions],
        cwd=tmp_path,
        env={"PYTHONHASHSEED": seed, "PYTHONPATH": f"{Path(__file__).parents[3]}"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


@pytest.mark.thorough
@pytest.mark.needs_torch
def test_other_content_is_another_hash_and_the_same_content_the_same(tmp_path: Path) -> None:
    pairs = DIFFERENT + SAME
    flat = [text for pair in pairs for text in pair]
    first = hashes(tmp_path, *flat)
    assert len(first) == len(flat)
    found = dict(zip(pairs, zip(first[::2], first[1::2], strict=True), strict=True))
    assert [pair for pair in DIFFERENT if found[pair][0] == found[pair][1]] == []
    assert [pair for pair in SAME if found[pair][0] != found[pair][1]] == []
    assert hashes(tmp_path, *flat, seed="1") == first


UNHASHABLE = [
    ("threading.Lock()", "a _thread.lock cannot be hashed"),
    ("socket.socket()", "a socket.socket cannot be hashed"),
    ("(x for x in ())", "a generator cannot be hashed"),
    ("ctypes.pointer(ctypes.c_int(3))", "ctypes objects containing pointers"),
    ("[{'a': (1, open('/dev/null'))}]", "a _io.TextIOWrapper cannot be hashed"),
    ("(lambda s: lambda: s)(threading.Lock())", "s in the closure of <lambda>.<locals>.<lambda>"),
    ("cv2.KalmanFilter(4, 2)", "a cv2.KalmanFilter cannot be hashed"),
    ("torch.empty(3, device='meta')", "a tensor of layout torch.strided on meta"),
    ("Rude()", "a Rude cannot be hashed (mine)"),
    ("deep()", "too deep"),
]


@pytest.mark.needs_torch
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(("text", "said"), UNHASHABLE)
def test_what_has_no_content_is_said_in_one_line(text: str, said: str) -> None:
    code = (
        "import ctypes, socket, threading, cv2, torch\n"
        "class Rude:\n    def __getstate__(self): raise OSError('mine')\n"
        "def deep():\n    x = []\n    for _ in range(10000): x = [x]\n    return x\n"
    )
    names: dict[str, object] = {"__name__": "__main__"}
    exec(code, names)  # noqa: S102 - as in a notebook
    with pytest.raises(UnhashableError) as raised:
        value_sha256(eval(text, names), "parameter 'p'")  # noqa: S307
    message = str(raised.value)
    del raised
    gc.collect()  # what was left open is closed here, and not as a warning in another test
    assert message.startswith("parameter 'p'")
    assert said in message
    assert "\n" not in message


def test_long_chains_and_shared_parts_are_hashed_in_time() -> None:
    chain: object = None
    for _ in range(5000):
        chain = Link(chain)
    shared: object = 1
    for _ in range(100):
        shared = (shared, shared)
    assert value_sha256(chain, "it") != value_sha256(shared, "it")


class Link:
    """One of a chain."""

    def __init__(self, behind: object) -> None:
        self.behind = behind
