"""What the tests share: the command line in a process of its own, and small plugins."""

from __future__ import annotations

import functools
import gc
import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

# Before NumPy is imported, here and in what the tests start: the threads of its OpenBLAS look for
# work for a twentieth of a second before they sleep, in each of a thousand processes.
os.environ.setdefault("OPENBLAS_THREAD_TIMEOUT", "4")

import forked_process
import hypothesis
import nursery
import pytest
import typer.main
from processors import take_a_share
from python_server import command_server, run_alone
from sampling import left_out, turn_of_commit

from trackbench.cli.app import main
from trackbench.host import bootstrap
from trackbench.results import machine
from trackbench.results.record_file import checksum

HAS_TORCH = find_spec("torch") is not None and find_spec("safetensors") is not None
"""The extra ``torch`` is installed."""

Resign = Callable[..., None]
CommandLine = Callable[..., subprocess.CompletedProcess[str]]

PLUGINS = Path(__file__).parent / "plugins"

# How long an example takes says how busy the machine is, and nothing of what is tested.
hypothesis.settings.register_profile("trackbench", deadline=None)
hypothesis.settings.load_profile("trackbench")

_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def pytest_configure(config: pytest.Config) -> None:
    """Prepare this process, and with it all that tests start."""
    _heed_signals()
    take_a_share(getattr(config, "workerinput", None))


def _heed_signals() -> None:
    """Have what tests start heed the signals that ``nohup`` and a shell's ``&`` make it ignore.

    What is ignored stays so in every process that is started from here; a handler does not.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        signal.signal(signal.SIGHUP, lambda *_: None)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, Any, Any]:
    """Skip a file of tests that cannot be imported because torch is not there."""
    report = yield
    failed = report.call.excinfo
    cause = failed and failed.value.__cause__
    if isinstance(cause, ModuleNotFoundError) and cause.name in {"torch", "safetensors"}:
        report.outcome = "skipped"
        report.longrepr = (str(report.fspath), 0, f"Skipped: needs {cause.name}")
    return report


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what is marked to need torch, where it is not there."""
    if not HAS_TORCH and item.get_closest_marker("needs_torch"):
        pytest.skip("needs torch")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave cases of thorough tests to other commits, where a share of them is asked for."""
    one_in = int(os.environ.get("TRACKBENCH_THOROUGH", "1"))
    if one_in == 1:
        return
    thorough = [item.nodeid for item in items if item.get_closest_marker("thorough")]
    out = left_out(thorough, one_in, turn_of_commit())
    config.hook.pytest_deselected(items=[item for item in items if item.nodeid in out])
    items[:] = [item for item in items if item.nodeid not in out]


def pytest_collection_finish() -> None:
    """Have the collector not look any more at what stays to the end: modules, and the tests.

    These are hundreds of thousands of objects, and what is checked for leaks collects often.
    """
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _commands_are_built_once() -> Iterator[None]:
    """Have Typer build the tree of commands once in a process, as it does in a user's.

    It builds it at each call, which is half the time of a command that only refuses something.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(typer.main, "get_command", functools.cache(typer.main.get_command))
        yield


@pytest.fixture(scope="session", autouse=True)
def _disks_are_not_waited_for() -> Iterator[None]:
    """Do without ``fsync`` in this process: it is for a machine that loses its power.

    Thousands of small results are stored here, each after the other, on a disk that others use.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: None)
        yield


@pytest.fixture(scope="session", autouse=True)
def _libraries_are_looked_up_once() -> Iterator[None]:
    """Read once in this process which libraries are installed: none comes or goes meanwhile.

    Each record says it, and thousands are made; it is a search through all that is installed.
    """
    found = machine.versions()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(machine, "versions", found.copy)
        yield


@pytest.fixture(scope="session", autouse=True)
def _makers_are_forked() -> Iterator[None]:
    """Fork makers and hosts' servers, which hardly any test needs to have started.

    ``TRACKBENCH_STARTED=1`` has all of them started, as a user's are.
    """
    if sys.platform != "linux" or os.environ.get("TRACKBENCH_STARTED"):
        yield
        return
    with nursery.nurseries(bootstrap.environment(os.environ)):
        yield


@pytest.fixture(scope="module")
def processes_are_started() -> Iterator[None]:
    """Start makers and hosts' servers as a user's are: this is about how that is done."""
    with forked_process.started():
        yield


@pytest.fixture(scope="session", autouse=True)
def _the_command_server_ends() -> Iterator[None]:
    """End what commands are forked from, if any was."""
    yield
    if command_server.cache_info().currsize:
        with command_server():
            pass


@pytest.fixture
def trackbench_cli(tmp_path: Path) -> CommandLine:
    """Run ``trackbench`` in a process of its own, in an empty working folder."""

    def call(*arguments: object, path: Path | None = None) -> subprocess.CompletedProcess[str]:
        words = ["-m", "trackbench", *map(str, arguments)]
        if path is None:
            return command_server().run(words, tmp_path)
        variables = {**os.environ, "PYTHONPATH": str(path)}
        return run_alone([sys.executable, *words], tmp_path, variables)

    return call


@dataclass(frozen=True)
class Done:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str


Commands = Callable[..., Done]


@contextmanager
def _signals_kept() -> Iterator[None]:
    """Put handlers back that a command, whose process ends with it, leaves behind."""
    before = {number: signal.getsignal(number) for number in _ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@pytest.fixture
def commands(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Commands:
    """Run ``trackbench`` in this process, in ``tmp_path``, outside of GitHub."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)

    def call(*arguments: object) -> Done:
        monkeypatch.setattr(sys, "argv", ["trackbench", *map(str, arguments)])
        with _signals_kept(), pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        code = ended.value.code
        assert isinstance(code, int)
        return Done(code, said.out, said.err)

    return call


@pytest.fixture(scope="session")
def resign() -> Resign:
    """Return :func:`_resign`."""
    return _resign


def _resign(directory: Path, **changes: Any) -> None:
    """Make the hashes in a results directory those of what it holds now, as a forger would.

    ``changes`` are fields of records to be other than they are, where a record has them.
    """
    parts = {}
    for file in sorted(directory.glob("datasets/*/record.json")):
        record = json.loads(file.read_text(encoding="utf-8"))
        record |= {name: value for name, value in changes.items() if name in record}
        for chunk in record["parts"]:
            record["parts"][chunk] = parts[file.parent.name, chunk] = _hash(file.parent, chunk)
        _write(file, record)
    for file in sorted(directory.glob("runs/*/*/*/*/record.json")):
        record = json.loads(file.read_text(encoding="utf-8"))
        record |= {name: value for name, value in changes.items() if name in record}
        for number, chunk in record["chunks"].items():
            chunk["sha256"] = _hash(file.parent, number)
            chunk["truth_sha256"] = parts[record["dataset"], number]
        _write(file, record)


def _hash(folder: Path, chunk: str) -> str:
    part = folder / f"part-{int(chunk):05d}.parquet"
    return hashlib.sha256(part.read_bytes() if part.exists() else b"").hexdigest()


def _write(file: Path, record: dict[str, Any]) -> None:
    record.pop("checksum", None)
    file.write_text(json.dumps({**record, "checksum": checksum(record)}), encoding="utf-8")
