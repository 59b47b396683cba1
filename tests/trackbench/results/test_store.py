"""The results directory: atomic, resumable, never mixed, the same bytes for any number of jobs."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import trackbench
from trackbench.errors import DamagedFileError, IncompatibleResultsError, TrackbenchError
from trackbench.metrics.evaluation_protocol import EvaluationProtocol
from trackbench.plugins.loading import load_plugin
from trackbench.results.directory import Results

Copied = Callable[[int], Path]
Resign = Callable[..., None]
PLUGIN = Path(__file__).parents[2] / "plugins" / "misbehaving.py"


@pytest.fixture(autouse=True)
def _plugin() -> None:
    load_plugin(PLUGIN)


def run(
    out: Path, *, jobs: int = 1, sequences: int = 101, lengths: tuple[int, ...] = (3, 6)
) -> Results:
    return trackbench.run(
        "still",
        datasets=["mnist-single-same", "mnist-multi-diff"],
        sequences=sequences,
        lengths=lengths,
        out=out,
        jobs=jobs,
    )


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """Return what gives the results of so many sequences, run once, to be copied."""
    load_plugin(PLUGIN)
    folder = tmp_path_factory.mktemp("runs")

    def of(sequences: int) -> Path:
        path = folder / f"{sequences}"
        if not path.exists():
            run(path, sequences=sequences)
        return path

    return of


@pytest.fixture
def copied(tmp_path: Path, runs: Callable[[int], Path]) -> Callable[[int], Path]:
    """Return what puts results of so many sequences into the test's own folder."""

    def call(sequences: int) -> Path:
        return Path(shutil.copytree(runs(sequences), tmp_path / "r"))

    return call


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def run_folder(path: Path, dataset: str = "mnist-single-same-v1") -> Path:
    (found,) = path.glob(f"runs/still/{dataset}/paper-v1/[0-9a-f]*")
    return found


def parts(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*.parquet")}


@pytest.mark.thorough
def test_results_are_the_same_bytes_for_any_number_of_jobs(tmp_path: Path) -> None:
    for jobs in (1, 2, 5):
        run(tmp_path / f"{jobs}", jobs=jobs)
    assert len(parts(tmp_path / "1")) == 2 * 2 * 3  # truth and predictions, two sets, three chunks
    assert parts(tmp_path / "1") == parts(tmp_path / "2") == parts(tmp_path / "5")


@pytest.mark.thorough
def test_a_row_per_frame_with_box_iou_and_flags(tmp_path: Path, copied: Copied) -> None:
    copied(2)
    folder = run_folder(tmp_path / "r")
    table = pq.read_table(folder / "part-00000.parquet")
    columns = ["sequence", "frame", "x", "y", "w", "h", "iou", "invalid", "failed"]
    assert table.column_names == columns
    assert table["sequence"].to_pylist() == [0] * 6 + [1] * 6
    assert table["frame"].to_pylist() == [*range(6)] * 2
    assert table["iou"].to_pylist()[0] == 1.0
    truth = pq.read_table(tmp_path / "r/datasets/mnist-single-same-v1/part-00000.parquet")
    assert set(truth.column_names) >= {"x", "y", "w", "h", "visibility", "speed", "scale", "bounce"}
    assert truth.schema.field("frame_hash").type == "uint64"
    assert set(truth["height"].to_pylist()) == set(truth["width"].to_pylist()) == {100}
    record = json.loads((folder / "record.json").read_text())
    assert table.schema.metadata == {
        b"trackbench.schema": b"2",
        b"trackbench.chunk": b"0",
        b"trackbench.tracker": record["fingerprint"].encode(),
        b"trackbench.data": record["dataset_fingerprint"].encode(),
        b"trackbench.protocol": b"paper-v1",
    }


def test_the_record_says_what_was_run_on_what(tmp_path: Path, copied: Copied) -> None:
    copied(2)
    folder = run_folder(tmp_path / "r")
    record = json.loads((folder / "record.json").read_text())
    assert record["schema"] == 2
    assert folder.name == record["fingerprint"][:16]
    assert record["dataset_fingerprint"].startswith("707eec4c7f72")
    assert len(record["fingerprint"]) == len(record["source_sha256"]) == 64
    assert {"trackbench", "numpy", "python", "pyarrow"} <= record["versions"].keys()
    assert record["processor"]
    chunk, truth = record["chunks"]["0"], tmp_path / "r/datasets/mnist-single-same-v1"
    assert chunk["frames"] == 12
    assert chunk["timeout"] == 60.0
    assert chunk["sha256"] == sha256(folder / "part-00000.parquet")
    assert chunk["truth_sha256"] == sha256(truth / "part-00000.parquet")
    assert json.loads((truth / "record.json").read_text())["parts"] == {"0": chunk["truth_sha256"]}
    started = datetime.fromisoformat(record["started"])
    assert timedelta() <= datetime.now(UTC) - started < timedelta(minutes=5)
    assert record["started"] == record["last_run"]


@pytest.mark.thorough
def test_what_is_stored_is_not_run_again(tmp_path: Path) -> None:
    first = run(tmp_path / "r").table()
    stamps = {p: p.stat().st_mtime_ns for p in (tmp_path / "r").rglob("*.parquet")}
    assert run(tmp_path / "r").table().equals(first)
    assert {p: p.stat().st_mtime_ns for p in (tmp_path / "r").rglob("*.parquet")} == stamps


@pytest.mark.thorough
def test_a_new_length_within_what_is_stored_needs_no_run(tmp_path: Path, copied: Copied) -> None:
    copied(4)
    before = parts(tmp_path / "r")
    table = run(tmp_path / "r", sequences=4, lengths=(2, 6)).table()
    assert sorted(set(table["length"])) == [2, 3, 6]
    assert parts(tmp_path / "r") == before


@pytest.mark.thorough
def test_other_sequences_lengths_or_trackers_are_never_mixed(tmp_path: Path) -> None:
    run(tmp_path / "r", sequences=4)
    with pytest.raises(IncompatibleResultsError, match="4 sequences of 6 frames"):
        run(tmp_path / "r", sequences=5)
    with pytest.raises(IncompatibleResultsError, match="not 4 of 7"):
        run(tmp_path / "r", sequences=4, lengths=(7,))
    other = trackbench.TrackerSpec(id="still", factory="trackbench.trackers.static:StaticTracker")
    results = trackbench.run(
        other, datasets=["mnist-single-same"], sequences=4, lengths=(6,), out=tmp_path / "r"
    )
    assert [run.record.dataset for run in results.runs] == ["mnist-single-same-v1"]
    (older,) = results.older
    assert (older.tracker, len(older.datasets)) == ("still", 2)
    assert older.fingerprint != results.runs[0].record.fingerprint


@pytest.mark.thorough
def test_a_killed_run_goes_on_where_it_was(
    tmp_path: Path, trackbench_cli: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    """Kill a real run in the middle with SIGKILL; the rest gives the bytes of an unbroken one."""
    command = [
        *("run", "--plugin", PLUGIN, "--tracker", "still", "--jobs", "1"),
        *("--dataset", "mnist-single-same", "--dataset", "mnist-multi-diff"),
        *("--sequences", "201", "--lengths", "3,6", "--out", tmp_path / "broken"),
    ]
    started = [sys.executable, "-m", "trackbench", *map(str, command)]
    process = subprocess.Popen(started, stdout=subprocess.DEVNULL)
    runs = tmp_path / "broken/runs"
    deadline = time.monotonic() + 60
    while len(list(runs.rglob("part-*.parquet"))) < 3:
        assert process.poll() is None, "the run ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.001)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    kept = {p: p.stat().st_mtime_ns for p in runs.rglob("part-*.parquet")}
    named = [
        p.parent / f"part-{int(chunk):05d}.parquet"
        for p in runs.rglob("record.json")
        for chunk in json.loads(p.read_text())["chunks"]
    ]
    assert 2 <= len(named) < 2 * 5
    assert trackbench_cli(*command).returncode == 0
    assert all(p.stat().st_mtime_ns == kept[p] for p in named), "a finished chunk was run again"
    run(tmp_path / "whole", sequences=201)
    assert parts(tmp_path / "broken") == parts(tmp_path / "whole")
    assert not list((tmp_path / "broken").rglob(".*.tmp")), "a temporary file was left"


@pytest.mark.thorough
def test_unfinished_runs_are_left_out_and_said(
    tmp_path: Path, copied: Copied, resign: Resign
) -> None:
    copied(101)
    record = run_folder(tmp_path / "r") / "record.json"
    content = json.loads(record.read_text())
    del content["chunks"]["1"]
    record.write_text(json.dumps(content))
    resign(tmp_path / "r")
    results = Results.load(tmp_path / "r")
    assert [r.dataset for r in results.incomplete] == ["mnist-single-same-v1"]
    assert [r.record.dataset for r in results.runs] == ["mnist-multi-diff-v1"]


@pytest.mark.parametrize("file", ["record.json", "part-00001.parquet"])
def test_a_damaged_file_is_named(tmp_path: Path, copied: Copied, file: str) -> None:
    copied(101)
    path = run_folder(tmp_path / "r") / file
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(DamagedFileError, match=file):
        Results.load(tmp_path / "r").table()


def test_a_missing_part_is_named(tmp_path: Path, copied: Copied) -> None:
    copied(101)
    (run_folder(tmp_path / "r") / "part-00002.parquet").unlink()
    with pytest.raises(DamagedFileError, match="part-00002"):
        Results.load(tmp_path / "r").table()


def test_a_newer_schema_is_refused(tmp_path: Path, copied: Copied) -> None:
    copied(4)
    for path in (tmp_path / "r").rglob("record.json"):
        path.write_text(path.read_text().replace('"schema": 2', '"schema": 8'))
    with pytest.raises(DamagedFileError, match="schema 8, newer than this trackbench knows"):
        Results.load(tmp_path / "r")


def test_two_protocols_need_a_choice(tmp_path: Path, copied: Copied) -> None:
    copied(2)
    trackbench.run(
        "still",
        datasets=["mnist-single-same"],
        sequences=2,
        lengths=(3, 6),
        out=tmp_path / "r",
        protocol="ope-v1",
    )
    with pytest.raises(TrackbenchError, match="ope-v1 and paper-v1: choose with protocol"):
        Results.load(tmp_path / "r")
    for chosen in ("ope-v1", EvaluationProtocol.OPE_V1):
        assert Results.load(tmp_path / "r", chosen).protocol is EvaluationProtocol.OPE_V1
    with pytest.raises(TrackbenchError, match=r"^unknown protocol 'ope'"):
        Results.load(tmp_path / "r", "ope")


@pytest.mark.thorough
def test_fresh_replaces_another_tracker_of_the_name_on_all_its_data_sets(tmp_path: Path) -> None:
    run(tmp_path / "r", sequences=2)

    class Corner:
        """Always the same box in the corner."""

        def init(self, frame: object, box: object) -> None: ...

        def update(self, frame: object) -> tuple[int, ...]:
            return (0, 0, 1, 1)

    other = trackbench.TrackerSpec(id="still", factory=Corner)
    arguments = {"sequences": 2, "lengths": (3, 6), "out": tmp_path / "r"}
    both = ["mnist-single-same", "mnist-multi-diff"]
    results = trackbench.run(other, datasets=both[:1], fresh=True, **arguments)
    assert [older.datasets for older in results.older] == [("mnist-multi-diff-v1",)]
    results = trackbench.run(other, datasets=both, fresh=True, **arguments)
    assert results.table()["mean"].max() < 0.5
    assert results.older == ()


@pytest.mark.thorough
def test_an_edited_tracker_is_another_tracker(tmp_path: Path) -> None:
    """Its spec names it by a string, so only the hash of its source tells the edit."""
    module = tmp_path / "edited_by_the_test.py"
    still = (
        "class Still:\n    def init(self, f, b): self.b = b\n    def update(self, f): return {}\n"
    )
    command = (
        "import trackbench as t; print(t.run(t.TrackerSpec(id='e', "
        "factory='edited_by_the_test:Still'), datasets=['mnist-single-same'], sequences=2, "
        "lengths=[5], out='r').table()['mean'].item())"
    )
    said = []
    for answer in ("self.b", "(0, 0, 1, 1)"):
        module.write_text(still.format(answer))
        done = subprocess.run(
            [sys.executable, "-c", command],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        said.append(done.stdout + done.stderr)
    assert float(said[0]) > 0.2
    assert float(said[1]) == 0.2  # what is given: frame 0 of 5


def test_two_plans_in_one_directory_are_never_mixed(
    tmp_path: Path, copied: Copied, resign: Resign
) -> None:
    copied(4)
    path = tmp_path / "r/datasets/mnist-single-same-v1/record.json"
    path.write_text(path.read_text().replace('"sequences": 4', '"sequences": 3'))
    resign(tmp_path / "r")
    with pytest.raises(IncompatibleResultsError, match="holds 4 sequences of 6 frames"):
        Results.load(tmp_path / "r")


def test_a_damaged_truth_is_mended_by_the_next_tracker(tmp_path: Path, copied: Copied) -> None:
    copied(4)
    part = tmp_path / "r/datasets/mnist-single-same-v1/part-00000.parquet"
    good = part.read_bytes()
    part.write_bytes(b"junk")
    trackbench.run(
        "static", datasets=["mnist-single-same"], sequences=4, lengths=(3, 6), out=tmp_path / "r"
    )
    assert part.read_bytes() == good


@pytest.mark.thorough
def test_nothing_is_written_if_one_of_two_trackers_cannot_be_built(tmp_path: Path) -> None:
    def unbuildable() -> None:
        raise OSError("no model")

    bad = trackbench.TrackerSpec(id="bad", factory=unbuildable)
    with pytest.raises(TrackbenchError, match="bad cannot be built: OSError: no model"):
        trackbench.run(
            ["static", bad], datasets=["mnist-single-same"], lengths=[3], out=tmp_path / "r"
        )
    assert not (tmp_path / "r").exists()
