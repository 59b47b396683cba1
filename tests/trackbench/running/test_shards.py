"""Shards of a run, and what is put together of them: the whole, byte for byte, or a refusal."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import trackbench
from trackbench.errors import DamagedFileError, IncompatibleResultsError, TrackbenchError
from trackbench.plugins.loading import load_plugin
from trackbench.results.directory import Results
from trackbench.results.record_file import checksum

PLUGINS = Path(__file__).parents[2] / "plugins"
TRACKERS = ["static", "sometimes"]
pytestmark = pytest.mark.thorough

RUNS = 4
"""One more than are enough to call ``static`` deterministic; ``sometimes`` fails in every other."""
PLAN: dict[str, Any] = {"datasets": ["tiny", "tiny-other"], "sequences": 4, "runs": RUNS}
"""Two chunks of each data set."""
TIMES = {"seconds", "started", "last_run", "peak_memory", "checksum"}
NAMES = ["s1", "s2", "s3"]


def run_shard(out: Path, shard: str | None, **options: Any) -> Results:
    load_plugin(PLUGINS / "tiny.py")
    load_plugin(PLUGINS / "chance.py")
    given = {**PLAN, "tell": str, "jobs": 2, **options}
    return trackbench.run(given.pop("trackers", TRACKERS), out=out, shard=shard, **given)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the whole and its three shards; it is only read."""
    folder = tmp_path_factory.mktemp("shards")
    run_shard(folder / "whole", None)
    for number, name in enumerate(NAMES, start=1):
        run_shard(folder / name, f"{number}/3")
    return folder


@pytest.fixture
def shards(made: Path, tmp_path: Path) -> list[Path]:
    """Return copies of the three shards."""
    return [shutil.copytree(made / name, tmp_path / name) for name in NAMES]


def files(folder: Path, pattern: str) -> dict[str, Path]:
    return {str(path.relative_to(folder)): path for path in sorted(folder.rglob(pattern))}


def record(path: Path) -> Any:
    return json.loads(path.read_text(), object_pairs_hook=without_times)


def without_times(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return {name: value for name, value in pairs if name not in TIMES}


def rewritten(file: Path, edit: Callable[[dict[str, Any]], None]) -> None:
    """Change a file of ours, with the checksum that it then has."""
    held = json.loads(file.read_text())
    held.pop("checksum")
    edit(held)
    file.write_text(json.dumps({**held, "checksum": checksum(held)}))


def test_merged_shards_are_the_whole(made: Path, tmp_path: Path) -> None:
    out = tmp_path / "merged"
    out.mkdir()  # an empty one may be there
    merged = trackbench.merge([made / name for name in ("s2", "s3", "s1")], out)
    whole = Results.load(made / "whole")

    parts, expected = files(out, "*.parquet"), files(made / "whole", "*.parquet")
    assert len(parts) == 4 + 4 * (3 + RUNS)  # the truth; three runs of static, and all of the other
    assert {n: p.read_bytes() for n, p in parts.items()} == {
        n: p.read_bytes() for n, p in expected.items()
    }
    records, theirs = files(out, "record.json"), files(made / "whole", "record.json")
    assert {n: record(p) for n, p in records.items()} == {n: record(p) for n, p in theirs.items()}
    assert not list(out.rglob("shard.json"))
    timed = ["fps", "peak_memory"]
    assert (
        merged.table(every=True)
        .drop(columns=timed)
        .equals(whole.table(every=True).drop(columns=timed))
    )
    failures = [(f.sequence, f.frame, f.output) for run in merged.runs for f in run.failures]
    assert len(failures) == 4
    assert failures == [(f.sequence, f.frame, f.output) for r in whole.runs for f in r.failures]
    told: list[str] = []
    run_shard(out, None, tell=told.append)
    assert any("nothing was run" in line for line in told)


def test_each_shard_has_every_third_unit_and_no_other(made: Path) -> None:
    units = [
        f"{tracker}/{dataset}/{run}/{chunk}"
        for tracker in ("static-v1", "sometimes")
        for dataset, chunks in (("tiny-v1", 2), ("tiny-other-v1", 2))
        for run in range(RUNS)
        for chunk in range(chunks)
    ]
    for number, name in enumerate(NAMES):
        held = Results.of_shard(made / name).incomplete
        stored = {f"{r.tracker}/{r.dataset}/{r.run}/{chunk}" for r in held for chunk in r.chunks}
        assert stored == set(units[number::3])


def test_a_stopped_shard_goes_on_and_a_finished_one_does_nothing(
    shards: list[Path],
) -> None:
    before = {n: p.read_bytes() for n, p in files(shards[0], "*.parquet").items()}
    lost = next(iter((shards[0] / "runs" / "sometimes").rglob("part-*.parquet"))).parent
    shutil.rmtree(lost)
    with pytest.raises(TrackbenchError, match=r"s1 \(shard 1 of 3\) is not finished: .* of its 11"):
        trackbench.merge(shards, shards[0].parent / "out")
    assert not (shards[0].parent / "out").exists()
    told: list[str] = []
    run_shard(shards[0], "1/3", tell=told.append)
    assert {n: p.read_bytes() for n, p in files(shards[0], "*.parquet").items()} == before
    run_shard(shards[0], "1/3", tell=told.append)
    assert any("nothing was run" in line for line in told)


def test_fresh_runs_a_shard_anew_where_it_has_not_run_0(tmp_path: Path) -> None:
    few: dict[str, Any] = {"trackers": ["sometimes"], "datasets": ["tiny-other"], "sequences": 2}
    for _ in range(2):
        again = run_shard(tmp_path / "s", "2/3", runs=3, fresh=True, **few)
    (held,) = again.incomplete
    assert (held.run, list(held.chunks)) == (1, [0])
    assert held.started == held.last_run


def test_more_shards_than_units(tmp_path: Path) -> None:
    few: dict[str, Any] = {"trackers": ["static"], "datasets": ["tiny-other"], "runs": 1}
    told: list[str] = []
    for number in (1, 2, 3):
        run_shard(tmp_path / str(number), f"{number}/3", tell=told.append, **few)
    assert told == ["shard 3 of 3 has no units: there are fewer than shards"]
    merged = trackbench.merge([tmp_path / n for n in "321"], tmp_path / "out")
    assert [run.record.complete for run in merged.runs] == [True]
    assert not Results.of_shard(tmp_path / "3").incomplete


def test_a_shard_missing_or_twice_is_named(shards: list[Path], tmp_path: Path) -> None:
    one, two, _ = shards
    out = tmp_path / "out"
    with pytest.raises(IncompatibleResultsError, match="of 3 shards 1 is missing: 3"):
        trackbench.merge([two, one], out)
    other = shutil.copytree(two, tmp_path / "again")
    with pytest.raises(IncompatibleResultsError, match=r"2 of 3 is there twice: .*s2 and"):
        trackbench.merge([*shards, other], out)
    with pytest.raises(TrackbenchError, match="out is no shard: there is no such directory"):
        trackbench.merge([one, out], out)
    with pytest.raises(TrackbenchError, match=r"^shards must not be empty$"):
        trackbench.merge([], out)
    assert not out.exists()


def test_an_out_that_is_not_empty_is_left_as_it_is(shards: list[Path], tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").touch()
    with pytest.raises(TrackbenchError, match="out is there and not empty"):
        trackbench.merge(shards, tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mine"]


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"trackers": ["static"]}, "its trackers are static-v1, not static-v1, sometimes"),
        ({"datasets": ["tiny"]}, "its data sets are tiny-v1, not tiny-v1, tiny-other-v1"),
        ({"sequences": 3}, "its tiny-v1 is 3 sequences of 8 frames in parts of 3, not 4"),
        ({"lengths": [4, 8]}, "its tiny-v1 is scored at 4,8 frames, not at 8"),
        ({"protocol": "ope-v1"}, "it is under ope-v1, not paper-v1"),
        ({"runs": 3}, "it has 3 runs of each tracker, not 4"),
    ],
    ids=str,
)
def test_a_shard_of_another_plan_is_named(
    options: dict[str, Any], why: str, shards: list[Path], tmp_path: Path
) -> None:
    # None of the units of so high a number is there, and what the shard is of is said all the same.
    run_shard(tmp_path / "other", "99/99", **options)
    (tmp_path / "other" / "shard.json").rename(shards[2] / "shard.json")
    rewritten(shards[2] / "shard.json", lambda held: held.update(shard={"number": 3, "of": 3}))
    with pytest.raises(IncompatibleResultsError, match=r"s3 .shard 3 of 3. is of another") as told:
        trackbench.merge(shards, tmp_path / "out")
    assert why in str(told.value)


def test_a_shard_of_other_code_is_named(shards: list[Path], tmp_path: Path) -> None:
    source = (PLUGINS / "chance.py").read_text()
    edited = tmp_path / "chance.py"
    edited.write_text(source.replace('"odd"', '"odd run"'))
    shutil.copy(PLUGINS / "tiny.py", tmp_path / "tiny.py")
    shutil.rmtree(shards[2])
    load_plugin(edited)
    load_plugin(tmp_path / "tiny.py")
    trackbench.run(TRACKERS, out=shards[2], shard="3/3", tell=str, jobs=2, **PLAN)
    with pytest.raises(IncompatibleResultsError, match="its sometimes has another fingerprint"):
        trackbench.merge(shards, tmp_path / "out")


def test_a_shard_with_more_than_its_units_is_named(shards: list[Path], tmp_path: Path) -> None:
    theirs = shards[1] / "runs" / "sometimes" / "tiny-v1"
    shutil.copytree(theirs, shards[0] / "runs" / "sometimes" / "tiny-v1", dirs_exist_ok=True)
    with pytest.raises(IncompatibleResultsError, match=r"s1 .shard 1 of 3. holds what is not"):
        trackbench.merge(shards, tmp_path / "out")


def test_edited_files_are_named(shards: list[Path], tmp_path: Path) -> None:
    part = next(iter((shards[1] / "runs").rglob("*.parquet")))
    whole = part.read_bytes()
    part.write_bytes(whole[:-9] + bytes([whole[-9] ^ 1]) + whole[-8:])
    with pytest.raises(DamagedFileError, match=f"s2/runs/.*{part.name} is not the part"):
        trackbench.merge(shards, tmp_path / "out")
    part.write_bytes(whole)
    for name in ("shard.json", "runs/static-v1/tiny-v1/paper-v1"):
        file = next(iter(sorted((shards[1] / name).rglob("record.json"))), shards[1] / name)
        held = file.read_text()
        file.write_text(held.replace("static-v1", "static-v2"))
        with pytest.raises(DamagedFileError, match="it was changed after it was written"):
            trackbench.merge(shards, tmp_path / "out")
        file.write_text(held)
    assert not (tmp_path / "out").exists()
    assert not list(tmp_path.glob(".out*"))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"shard": {"number": 4, "of": 3}}, "there is no shard 4 of 3"),
        ({"shard": {"number": 0, "of": 3}}, "shard.number is 0"),
        ({"shard": "1/3"}, "shard is '1/3'"),
        ({"schema": 2}, "newer than this trackbench knows"),
        ({"other": 1}, "it has 'other', which is not known here"),
    ],
    ids=str,
)
def test_a_forged_description_of_a_shard_is_refused(
    change: dict[str, Any], why: str, made: Path, tmp_path: Path
) -> None:
    shutil.copy(made / "s1" / "shard.json", tmp_path / "shard.json")
    rewritten(tmp_path / "shard.json", lambda held: held.update(change))
    with pytest.raises(DamagedFileError, match=r"shard\.json (is not|follows)") as told:
        trackbench.merge([tmp_path], tmp_path / "out")
    assert why in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("field", ["sequences", "length", "runs"])
def test_a_forged_plan_of_any_size_is_refused_at_once(
    field: str, shards: list[Path], tmp_path: Path
) -> None:
    def edit(held: dict[str, Any]) -> None:
        if field == "runs":
            held["plan"]["runs"] = 1000
            held["plan"]["trackers"] *= 10_000
        else:
            held["plan"]["datasets"][0][field] = 2**40

    for shard in shards:
        rewritten(shard / "shard.json", edit)
    with pytest.raises(TrackbenchError):
        trackbench.merge(shards, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_other_truth_in_a_chunk_that_two_have_is_named(shards: list[Path], tmp_path: Path) -> None:
    part = shards[1] / "datasets" / "tiny-v1" / "record.json"
    other = "f" * 64

    def edit(held: dict[str, Any]) -> None:
        held["parts"]["0"] = other

    def edit_run(held: dict[str, Any]) -> None:
        if "0" in held["chunks"]:
            held["chunks"]["0"]["truth_sha256"] = other

    rewritten(part, edit)
    for file in (shards[1] / "runs").glob("*/tiny-v1/**/record.json"):
        rewritten(file, edit_run)
    with pytest.raises(IncompatibleResultsError, match="s2 holds other truth in part 0 of tiny-v1"):
        trackbench.merge(shards, tmp_path / "out")


def test_what_differs_between_machines_is_kept(shards: list[Path], tmp_path: Path) -> None:
    def edit(held: dict[str, Any]) -> None:
        held["versions"]["numpy"] = "0.1"
        held["processor"] = "another"
        held["unhashed"] = "it asks a server"

    for file in (shards[1] / "runs" / "static-v1" / "tiny-v1").rglob("record.json"):
        rewritten(file, edit)
    merged = trackbench.merge(shards, tmp_path / "out")
    (found,) = (run.record for run in merged.runs if run.record.name == "static-v1 on tiny-v1")
    assert "0.1" in found.versions["numpy"].split(", then ")
    assert ", then " in found.versions["numpy"]
    assert "another" in found.processor.split("; ")
    assert len(found.processor.split("; ")) == 2
    assert found.unhashed == "it asks a server"
    assert "it asks a server" in str(merged)


def test_a_directory_takes_one_shard_of_one_plan(made: Path, shards: list[Path]) -> None:
    refused: list[tuple[Path, str | None, dict[str, Any], str]] = [
        (shards[0], "2/3", {}, "holds shard 1 of 3, and takes nothing of shard 2 of 3"),
        (shards[0], "1/4", {}, "holds shard 1 of 3, and takes nothing of shard 1 of 4"),
        (shards[0], None, {}, "holds shard 1 of 3, and takes nothing of a whole run"),
        (shards[0], "1/3", {"runs": 3}, "holds shard 1 of 3 of another plan"),
        (made / "whole", "1/3", {}, "holds results of a whole run, and takes nothing of shard 1"),
    ]
    for path, shard, options, why in refused:
        with pytest.raises(IncompatibleResultsError, match=f"{path.name} {why}"):
            run_shard(path, shard, **options)


@pytest.mark.parametrize("text", ["0/3", "4/3", "3", "a/b", "1/0", "-1/3", "1/100001", "1 / 3"])
def test_what_is_no_shard_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(TrackbenchError, match="is none: write its number and how many there are"):
        run_shard(tmp_path / "r", text)
    assert not (tmp_path / "r").exists()


def test_a_tracker_that_cannot_be_hashed_has_no_shards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # where it is built it leaves a file
    load_plugin(PLUGINS / "onlooker.py")
    with pytest.raises(TrackbenchError, match="could not be told to be of one another"):
        run_shard(tmp_path / "r", "1/3", trackers=["onlooker"])
    assert not (tmp_path / "r").exists()


def test_a_shard_alone_is_shown_nowhere(shards: list[Path]) -> None:
    alone = "s1 holds shard 1 of 3 alone, not the whole"
    ran = run_shard(shards[0], "1/3")
    assert alone in str(ran)
    for read in (
        ran.table,
        lambda: Results.load(shards[0]),
        lambda: trackbench.report(shards[0]),
        lambda: trackbench.report(ran),
        lambda: trackbench.compare(TRACKERS, shards[0]),
        lambda: trackbench.baseline(shards[0]),
    ):
        with pytest.raises(TrackbenchError, match=alone):
            read()


def test_on_the_command_line(commands: Callable[..., Any], tmp_path: Path) -> None:
    words = ["run", "--plugin", PLUGINS / "chance.py", "--plugin", PLUGINS / "tiny.py"]
    words += ["-t", "sometimes", "-d", "tiny-other", "--runs", "2", "--jobs", "1"]
    for number, code in ((1, 3), (2, 0)):
        done = commands(*words, "--shard", f"{number}/2", "--out", f"s{number}")
        assert done.code == code, done.err
        assert f"shard {number} of 2 is finished: 2 units in s{number}" in done.out
        assert "when shards 1 to 2 are: trackbench merge" in done.out
    refused = commands("report", "s1")
    assert (refused.code, refused.out) == (2, "")
    assert "s1 holds shard 1 of 2 alone" in refused.err
    missing = commands("merge", "s1", "--out", "whole")
    assert missing.code == 2
    assert "of 2 shards 1 is missing: 2" in missing.err
    merged = commands("merge", "s1", "s2", "--out", "whole")
    assert merged.code == 3
    assert "failed: sometimes on tiny-other-v1 sequence 1" in merged.out
    assert commands("report", "whole").code == 0
    commands(*words, "--shard", "1/2")
    assert (tmp_path / "results" / "data-sets-shard-1-of-2").is_dir()
