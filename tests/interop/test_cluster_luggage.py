"""What a run brings to a cluster that lives on: plugins, weights, files, and data by their path."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from dask_processes import DaskProcesses
from interpreters import bare_python
from video_trees import rows, write, write_images

from trackbench.plugins.fingerprints import sample_indices
from trackbench.results.directory import Results

MINE = """
import sys
import numpy as np
from {helper} import STEP

class Mine:
    def __init__(self, weights=None):
        self.more = 0.0 if weights is None else float(open(weights).read())
        print("from", *__file__.split("/"), flush=True)  # no path, which would be put as it is here

    def init(self, frame, box):
        self.box = np.asarray(box, dtype=float)

    def update(self, frame):
        self.box = self.box + np.array([STEP + self.more, {step}, 0, 0])
        return self.box
"""


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskProcesses]:
    """Have a scheduler and two workers that live through all runs here."""
    with DaskProcesses(tmp_path_factory.mktemp("cluster")) as started:
        started.wait_for_workers(2)
        yield started


def run(
    cluster: DaskProcesses | None, folder: Path, *options: str, **variables: str
) -> subprocess.CompletedProcess[str]:
    where = ("--jobs", "1") if cluster is None else ("--cluster", cluster.address)
    data = () if {"-d", "-s"} & {*options} else ("-d", "mnist-single-same", "--sequences", "2")
    words = ("-m", "trackbench", "run", "--quiet", "--lengths", "5", *data, *where, *options)
    return subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def of_numpy_1(folder: Path) -> dict[str, str]:
    """Return variables with which a process takes its NumPy for version 1.0."""
    said = folder / "said" / "numpy-1.0.dist-info"
    said.mkdir(parents=True)
    (said / "METADATA").write_text("Metadata-Version: 2.1\nName: numpy\nVersion: 1.0\n")
    path = [str(said.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {"PYTHONPATH": os.pathsep.join(path)}


def last_x(out: Path, tracker: str = "mine") -> list[tuple[float, float]]:
    """Return how far each sequence's last box is from its first."""
    (found,) = [run for run in Results.load(out).runs if run.record.tracker.startswith(tracker)]
    moved = [t.predicted[:, -1, :2] - t.predicted[:, 0, :2] for t in found.trajectories()]
    return [(float(x), float(y)) for each in moved for x, y in each]


def test_a_plugin_and_its_helper_that_were_edited_are_the_new_ones(
    tmp_path: Path, cluster: DaskProcesses
) -> None:
    mine, helper = tmp_path / "mine.py", tmp_path / "helping.py"
    options = ("-t", "mine.py:Mine", "--show-output")
    for number, (step, more) in enumerate([(1, 1), (1, 2), (3, 2)]):  # neither, helper, plugin
        mine.write_text(MINE.format(helper="helping", step=step))
        helper.write_text(f"STEP = {more}.0\n")
        done = run(cluster, tmp_path, *options, "--out", f"r{number}")
        assert done.returncode == 0, done.stderr
        below = " ".join(f"{cluster.folder}/workers".split("/"))
        assert f"from {below} " in done.stderr  # not this machine's own file
        assert last_x(tmp_path / f"r{number}") == [(4.0 * more, 4.0 * step)] * 2
    again = run(cluster, tmp_path, *options, "--out", "r0")  # what is stored is the old one's
    assert again.returncode == 0, again.stderr
    assert last_x(tmp_path / "r0") == [(8.0, 12.0)] * 2


def test_what_cannot_be_imported_there_is_one_line_with_the_workers_name(
    tmp_path: Path, cluster: DaskProcesses
) -> None:
    installed = tmp_path / "elsewhere" / "site-packages"
    installed.mkdir(parents=True)
    (installed / "onlyhere.py").write_text("STEP = 1.0\n")
    (tmp_path / "mine.py").write_text(MINE.format(helper="onlyhere", step=1))
    path = os.pathsep.join(filter(None, (os.environ.get("PYTHONPATH"), str(installed))))
    done = run(cluster, tmp_path, "-t", "mine.py:Mine", "--out", "r", PYTHONPATH=path)
    assert done.returncode == 2, done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    assert done.stderr.startswith("trackbench: on worker w"), done.stderr
    assert "No module named 'onlyhere'" in done.stderr
    assert list(tmp_path.glob("r/**/*.parquet")) == []


def test_sections_of_a_trackers_file_weights_and_another_interpreter(
    tmp_path: Path, cluster: DaskProcesses
) -> None:
    code = tmp_path / "code"
    write(code / "mine.py", MINE.format(helper="helping", step=1))
    write(code / "helping.py", "STEP = 1.0\n")
    write(code / "weights.txt", "0.5")
    (tmp_path / "theirs").mkdir()
    python = bare_python(tmp_path / "theirs")
    write(
        tmp_path / "trackers.toml",
        f"""
        [mine]
        tracker = "mine:Mine"
        folder = "code"
        parameters = {{ weights = "weights.txt" }}

        [theirs]
        tracker = "mine:Mine"
        folder = "code"
        python = "{python}"
        """,
    )
    options = ("--trackers", "trackers.toml", "-t", "mine", "-t", "theirs")
    done = run(cluster, tmp_path, *options, "--out", "r")
    assert done.returncode == 0, done.stderr
    alone = run(None, tmp_path, *options, "--out", "alone")
    assert alone.returncode == 0, alone.stderr
    assert last_x(tmp_path / "r") == [(6.0, 4.0)] * 2 == last_x(tmp_path / "alone")
    assert last_x(tmp_path / "r", "theirs") == [(4.0, 4.0)] * 2


def test_data_on_disk_are_found_by_their_path_and_verified(
    tmp_path: Path, cluster: DaskProcesses
) -> None:
    data = tmp_path / "data"
    for name in ("a", "b"):
        write_images(data / name / "img", [f"{n:04d}.png" for n in range(1, 7)])
        write(data / name / "groundtruth.txt", rows(6))
    options = ("-t", "static", "-d", f"folder:{data}:confirmed=yes")
    done = run(cluster, tmp_path, *options, "--out", "r")
    assert done.returncode == 0, done.stderr
    assert run(None, tmp_path, *options, "--out", "alone").returncode == 0
    stored = [
        {part.name: part.read_bytes() for part in (tmp_path / out).rglob("*.parquet")}
        for out in ("r", "alone")
    ]
    assert stored[0] == stored[1]


@pytest.mark.parametrize("there", ["nothing", "another"])
def test_data_that_are_other_on_a_worker_are_refused_by_name(tmp_path: Path, there: str) -> None:
    apart = ("unshare", "--mount", "--map-root-user")
    if subprocess.run([*apart, "true"], capture_output=True, check=False).returncode:
        pytest.skip("needs a mount namespace")
    data, other = tmp_path / "data", tmp_path / "other"
    for root, boxes in ((data, rows(6)), (other, rows(6, first=1))):
        if root is data or there == "another":
            write_images(root / "a" / "img", [f"{n:04d}.png" for n in range(1, 7)])
            write(root / "a" / "groundtruth.txt", boxes)
    other.mkdir(exist_ok=True)
    mount = f'mount --bind {other} {data} && exec "$@"'
    with DaskProcesses(tmp_path, workers=0, nanny=False) as cluster:
        cluster.start_worker("odd", before=(*apart, "sh", "-c", mount, "sh"))
        cluster.wait_for_workers(1)
        options = ("-t", "static", "-d", f"folder:{data}:confirmed=yes", "--out", "r")
        done = run(cluster, tmp_path, *options)
    assert done.returncode == 2, done.stderr
    guess, line = done.stderr.splitlines()
    assert "boxes are taken as was guessed" in guess
    assert line.startswith("trackbench: on worker odd: folder-data is not there what it is here: ")
    assert list(tmp_path.glob("r/**/*.parquet")) == []


def test_pictures_of_the_same_size_that_are_others_on_a_worker_are_refused(tmp_path: Path) -> None:
    apart = ("unshare", "--mount", "--map-root-user")
    if subprocess.run([*apart, "true"], capture_output=True, check=False).returncode:
        pytest.skip("needs a mount namespace")
    data, other = tmp_path / "data", tmp_path / "other"
    for root, grey in ((data, 10), (other, 20)):
        for name in ("a", "b"):
            for number in range(1, 7):
                image = root / name / "img" / f"{number:04d}.pgm"
                image.parent.mkdir(parents=True, exist_ok=True)
                image.write_bytes(b"P5 40 40 255\n" + bytes([grey]) * 1600)
            write(root / name / "groundtruth.txt", rows(6))
    mount = f'mount --bind {other} {data} && exec "$@"'
    options = ("-t", "static", "-d", f"folder:{data}:confirmed=yes")
    with DaskProcesses(tmp_path, workers=0, nanny=False) as cluster:
        cluster.start_worker("odd", before=(*apart, "sh", "-c", mount, "sh"))
        cluster.wait_for_workers(1)
        for place, frame in (("a/img/0001.pgm", 0), ("b/img/0004.pgm", 3)):
            done = run(cluster, tmp_path, *options, "--out", "r")
            assert done.returncode == 2, done.stderr
            assert done.stderr.splitlines()[-1].startswith("trackbench: on worker odd (tcp://")
            said = f"frame {frame} of folder-data sequence {place[0]} is not there what it is here"
            assert said in done.stderr
            assert list(tmp_path.glob("r/**/*.parquet")) == []
            for image in data.glob("*/img/*"):
                copy = other / image.relative_to(data)
                copy.write_bytes(image.read_bytes())
            hole = other / "b" / "img" / "0004.pgm"  # as a copy that was broken off leaves it
            hole.write_bytes(bytes(hole.stat().st_size))


def test_what_a_tracker_reads_there_only_while_it_runs_must_be_what_it_is_here(
    tmp_path: Path, cluster: DaskProcesses
) -> None:
    (tmp_path / "w.txt").write_text("2.0")
    late = MINE.replace("STEP + self.more", "float(open('w.txt').read())")
    (tmp_path / "mine.py").write_text(late.format(helper="math", step=1).replace("STEP", "pi"))
    options = ("-t", "mine.py:Mine", "--out")
    alone = run(None, tmp_path, *options, "alone")
    assert alone.returncode == 0, alone.stderr
    assert "is run anew each time: while it runs it reads" in alone.stderr
    assert last_x(tmp_path / "alone") == [(8.0, 4.0)] * 2
    done = run(cluster, tmp_path, *options, "r")
    assert done.returncode == 2, done.stderr
    assert f"mine reads the file {tmp_path}/w.txt while it runs, and that is not" in done.stderr
    assert list(tmp_path.glob("r/**/*.parquet")) == []


def test_workers_of_another_numpy_are_refused_by_name_or_recorded(tmp_path: Path) -> None:
    with DaskProcesses(tmp_path, workers=0, nanny=False) as cluster:
        cluster.start_worker("old", variables={**of_numpy_1(tmp_path), "CUDA_VISIBLE_DEVICES": "7"})
        cluster.wait_for_workers(1)
        done = run(cluster, tmp_path, "-t", "static", "--out", "r")
        assert done.returncode == 2, done.stderr
        assert done.stderr.startswith("trackbench: worker old (tcp://")
        assert "has numpy 1.0 and not " in done.stderr
        assert "--allow-mixed" in done.stderr
        assert done.stderr.count("\n") == 1
        assert list(tmp_path.glob("r/**/*.parquet")) == []
        plugin = Path(__file__).parents[1] / "plugins" / "sleepers.py"
        options = ("--allow-mixed", "--plugin", str(plugin), "-t", "tellsdevice", "--show-output")
        done = run(cluster, tmp_path, *options, "--out", "mixed")
        assert done.returncode == 0, done.stderr
        assert "device 7" in done.stderr  # the worker's device is the tracker's
    (found,) = Results.load(tmp_path / "mixed").runs
    assert "1.0" in found.record.versions["numpy"]


def test_a_worker_of_another_numpy_that_comes_during_a_run_ends_it(tmp_path: Path) -> None:
    plugin = Path(__file__).parents[1] / "plugins" / "sleepers.py"
    words = ("-m", "trackbench", "run", "--quiet", "--plugin", str(plugin), "-t", "sleeper")
    with DaskProcesses(tmp_path, workers=1, nanny=False) as cluster:
        cluster.wait_for_workers(1)
        options = ("-d", "many", "--out", "r", "--cluster", cluster.address)
        with subprocess.Popen(
            [sys.executable, *words, *options], cwd=tmp_path, stdout=-1, stderr=-1, text=True
        ) as done:
            deadline = time.monotonic() + 60
            while not list(tmp_path.glob("r/**/*.parquet")):
                assert time.monotonic() < deadline
                time.sleep(0.1)
            cluster.start_worker("old", variables=of_numpy_1(tmp_path))
            said_of_it = done.communicate(timeout=120)[1]
    assert done.returncode == 2, said_of_it
    assert "trackbench: worker old (tcp://" in said_of_it
    assert "has numpy 1.0 and not " in said_of_it


FILES = """
from pathlib import Path

import numpy as np
from trackbench import DatasetSpec, Video

ROOT = Path({root!r})

class OfFiles:
    def __init__(self, spec):
        self.spec = spec

    def sequence(self, index, length=None):
        rows = np.loadtxt(ROOT / f"{{index:02d}}.txt", ndmin=2)[:length]
        return Video(np.full((len(rows), 40, 40), index, np.uint8), rows)

SPEC = DatasetSpec(
    id="of-files-v1", factory=OfFiles, seed=1, sequences=20, length=6, chunk=5, files=(str(ROOT),)
)
"""


def test_a_sequence_beyond_the_sample_that_is_another_on_a_worker_is_refused(
    tmp_path: Path,
) -> None:
    apart = ("unshare", "--mount", "--map-root-user")
    if subprocess.run([*apart, "true"], capture_output=True, check=False).returncode:
        pytest.skip("needs a mount namespace")
    data, other = tmp_path / "data", tmp_path / "other"
    for root in (data, other):
        root.mkdir()
        for index in range(20):
            (root / f"{index:02d}.txt").write_text("5 5 9 9\n" * 6)
    assert 3 not in sample_indices(20)
    (tmp_path / "of_files.py").write_text(FILES.format(root=str(data)))
    mount = f'mount --bind {other} {data} && exec "$@"'
    options = ("--plugin", "of_files.py", "-t", "static", "-d", "of-files")
    with DaskProcesses(tmp_path, workers=0, nanny=False) as cluster:
        cluster.start_worker("odd", before=(*apart, "sh", "-c", mount, "sh"))
        cluster.wait_for_workers(1)
        for out, first in (("r", "6"), ("r", "5"), ("again", "6")):  # it is looked in each run
            (other / "03.txt").write_text(f"{first} 5 9 9\n" * 6)
            done = run(cluster, tmp_path, *options, "--out", out)
            if first == "5":
                assert done.returncode == 0, done.stderr
                continue
            assert done.returncode == 2, done.stderr
            assert done.stderr == (
                f"trackbench: on worker odd: {data} is not there what it is here: its files' "
                "names, sizes or annotations are others\n"
            )
            assert list(tmp_path.glob(f"{out}/**/*.parquet")) == []


def installed(place: Path, step: float, version: str) -> str:
    """Return where a package is installed that another one, which a tracker imports, requires."""
    place /= "site-packages"
    core, above = (
        f"STEP = {step}\n",
        "from labcore import STEP as HELD\n\ndef step(): return HELD\n",
    )
    for name, code, said in (("labcore", core, version), ("lababove", above, "1.0")):
        (place / name).mkdir(parents=True)
        (place / name / "__init__.py").write_text(code)
        about = place / f"{name}-{said}.dist-info"
        about.mkdir()
        digest = (
            f"{name}/__init__.py,sha256={hashlib.sha256(code.encode()).hexdigest()},{len(code)}"
        )
        (about / "RECORD").write_text(f"{digest}\n{about.name}/METADATA,sha256={place.name},\n")
        required = "Requires-Dist: labcore>=0\n" if name == "lababove" else ""
        said_of_it = f"Metadata-Version: 2.1\nName: {name}\nVersion: {said}\n{required}"
        (about / "METADATA").write_text(said_of_it)
        (about / "top_level.txt").write_text(f"{name}\n")
    return os.pathsep.join(filter(None, (os.environ.get("PYTHONPATH"), str(place))))


def test_a_package_that_trackers_import_must_be_the_same_on_workers(tmp_path: Path) -> None:
    here = installed(tmp_path / "here", 2.0, "0.1")
    (tmp_path / "mine.py").write_text(
        MINE.format(helper="math", step=1).replace("STEP + self.more", "lababove.step()")
        .replace("import STEP", "import pi\nimport lababove")
    )  # fmt: skip
    there = installed(tmp_path / "there", 3.0, "0.1")
    options = ("-t", "mine.py:Mine", "--out", "r")
    with DaskProcesses(tmp_path, workers=0, nanny=False) as cluster:
        cluster.start_worker("odd", variables={"PYTHONPATH": there})
        cluster.wait_for_workers(1)
        done = run(cluster, tmp_path, *options, PYTHONPATH=here)
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("trackbench: on worker odd: labcore 0.1 has other files there")
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.glob("r/**/*.parquet")) == []
    with DaskProcesses(tmp_path, workers=0, nanny=False) as cluster:
        same = installed(tmp_path / "same", 2.0, "0.1")
        cluster.start_worker("same", variables={"PYTHONPATH": same})
        cluster.wait_for_workers(1)
        done = run(cluster, tmp_path, *options, PYTHONPATH=here)
    assert done.returncode == 0, done.stderr
    assert last_x(tmp_path / "r") == [(8.0, 4.0)] * 2
