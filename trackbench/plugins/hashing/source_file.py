"""One source file of an author's: what it imports, and what strings are written in it."""

from __future__ import annotations

import ast
import hashlib
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_KEPT = 256
"""Files that are remembered as they were parsed."""
_IMPORTING = frozenset({"import_module", "__import__"})
ENVIRONMENT_NAMES = frozenset({"environ", "environb", "getenv", "getenvb"})
LONGEST_NAME = 200
"""Characters of a string that may be the name of a file, or of a variable of the environment."""

_PLAIN = (
    ast.Import | ast.ImportFrom | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    | ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Expr | ast.Pass
)  # fmt: skip


@dataclass(frozen=True)
class OwnFile:
    """A file of the author's.

    Attributes:
        sha256: of its bytes.
        imports: what may be names of modules in its import statements, wherever they stand.
        unconditional: what it defines does not depend on when or where it is imported: no
            definition stands under a condition, and none is there twice.
        path: where it is.
        words: the strings that are written in it.
        names_environment: it names the environment, so that its words may be names of variables.
    """

    sha256: str
    imports: tuple[str, ...]
    unconditional: bool
    path: Path
    words: frozenset[str] = frozenset()
    names_environment: bool = False


def read_file(path: Path, package: str) -> OwnFile:
    """Read a file whose relative imports start from ``package``."""
    content = path.read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    try:
        imported, unconditional, words = _parsed(content, package)
        environment = any(name.encode() in content for name in ENVIRONMENT_NAMES)
        return OwnFile(sha256, imported, unconditional, path, words, environment)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        # Compiled code, a mistake that importing it will show, or too deep for the parser.
        return OwnFile(sha256, (), unconditional=False, path=path)


@lru_cache(maxsize=_KEPT)
def _parsed(content: bytes, package: str) -> tuple[tuple[str, ...], bool, frozenset[str]]:
    """Return what a file imports, whether what it defines is unconditional, and its words.

    It is remembered, for the same file is looked at before a run and again after each chunk.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the author's style: they are shown when it is imported
        tree = ast.parse(content)
    return tuple(_imported(tree, package)), _is_unconditional(tree), frozenset(_words(tree))


def _words(tree: ast.Module) -> Iterator[str]:
    """Yield the strings of a file that are short enough to be the name of something."""
    for node in ast.walk(tree):
        value = node.value if isinstance(node, ast.Constant) else None
        if isinstance(value, str) and len(value) <= LONGEST_NAME:
            yield value


def _imported(tree: ast.Module, package: str) -> Iterator[str]:
    """Yield what may be the name of a module in every import of a file.

    ``from a import b`` yields ``a.b``, for b may be a module; where it is none, ``a`` is found.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(filter(None, (_above(package, node.level), node.module)))
            yield from (f"{base}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and node.args:
            called = getattr(node.func, "attr", None) or getattr(node.func, "id", None)
            name = getattr(node.args[0], "value", None)
            if called in _IMPORTING and isinstance(name, str):
                level = len(name) - len(name.lstrip("."))
                yield ".".join(filter(None, (_above(package, level), name[level:])))


def _above(package: str, level: int) -> str:
    return package.rsplit(".", level - 1)[0] if level else ""


def _is_unconditional(tree: ast.Module) -> bool:
    left: list[ast.Module | ast.ClassDef] = [tree]
    while left:
        body = left.pop().body
        names = [n.name for n in body if isinstance(n, ast.FunctionDef | ast.ClassDef)]
        if len(set(names)) < len(names) or not all(isinstance(node, _PLAIN) for node in body):
            return False
        left += [node for node in body if isinstance(node, ast.ClassDef)]
    return True
