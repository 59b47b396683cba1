"""From nothing to a row in a table: ``trackbench new``, then exactly what it prints."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from trackbench.results.directory import Results

Shell = Callable[..., str]
PrintedCommands = Callable[[str], list[str]]


@pytest.mark.thorough
def test_trackers_for_one_video_and_for_many(
    tmp_path: Path, shell: Shell, printed_commands: PrintedCommands
) -> None:
    made = shell(
        ["trackbench new tracker my-own", "trackbench new tracker many --batched"], tmp_path
    )
    commands = printed_commands(made)
    assert [command.split()[1] for command in commands] == ["run", "show", "run", "show"]
    said = shell(commands, tmp_path)
    assert "my-own: " in said
    assert "many: " in said
    assert (tmp_path / "my_own.gif").is_file()
    results = Results.load(tmp_path / "results/smoke")
    assert results.trackers == ["many", "my-own"]
    for cell in results.cells():
        assert (cell.failures, cell.invalid) == (0, 0)
        assert cell.mean > 0.5  # it does track; standing still scores 0.1
    iou = {(run.record.tracker, run.record.dataset): run.iou for run in results.runs}
    assert len(results.datasets) == 4
    for dataset in results.datasets:
        assert iou["my-own", dataset].tobytes() == iou["many", dataset].tobytes()


@pytest.mark.thorough
def test_a_data_set_and_how_to_publish_it(
    tmp_path: Path, shell: Shell, printed_commands: PrintedCommands
) -> None:
    commands = printed_commands(shell(["trackbench new dataset squares"], tmp_path))
    said = shell(commands, tmp_path)
    verified = re.search(
        r"^squares-v1  ([0-9a-f]{64})  has no published fingerprint$", said, re.MULTILINE
    )
    assert verified
    results = Results.load(tmp_path / "results/squares")
    assert results.datasets["squares-v1"].lengths == (20, 40, 60)
    mean = {(cell.tracker, cell.length): cell.mean for cell in results.cells()}
    for length in (20, 40, 60):
        assert mean["ncc-v1", length] > 0.9
        assert mean["static-v1", length] < 0.2

    plugin = tmp_path / "squares.py"
    text = plugin.read_text()
    published = text.replace("fingerprint=None", f'fingerprint="{verified[1]}"')
    assert published != text
    plugin.write_text(published)
    assert shell(commands[:1], tmp_path) == f"squares-v1  {verified[1]}  ok\n"
    plugin.write_text(published.replace("bar: int = 8", "bar: int = 12"))
    assert "DIFFERS from" in shell(commands[:1], tmp_path, expected=1)


@pytest.mark.thorough
def test_a_report(tmp_path: Path, shell: Shell, printed_commands: PrintedCommands) -> None:
    run, report = printed_commands(shell(["trackbench new report bars"], tmp_path))
    said = shell([run, report + " --metric survival --out bars.txt"], tmp_path)
    assert "static-v1" in said
    text = (tmp_path / "bars.txt").read_text()
    assert text == shell([report + " --metric survival"], tmp_path)
    bar = r"^mnist-multi-diff-v1, 40 frames\n  0\.12 #####  +static-v1\n  survival: "
    assert re.search(bar, text, re.MULTILINE)


@pytest.mark.thorough
def test_a_path_with_spaces_and_quotes_and_an_edit(
    tmp_path: Path, shell: Shell, printed_commands: PrintedCommands
) -> None:
    (tmp_path / "it's mine").mkdir()
    made = shell(["""trackbench new tracker mine --out "it's mine/the tracker.py" """], tmp_path)
    run = printed_commands(made)[0].replace("--suite smoke", "-d mnist-single-same --sequences 1")
    assert "mine: " in shell([run], tmp_path)
    plugin = tmp_path / "it's mine/the tracker.py"
    plugin.write_text(plugin.read_text().replace("SIDE = 8", "SIDE = 4"))
    assert "mine: another version (" in shell([run], tmp_path)
    assert "another version" not in shell([f"{run} --fresh"], tmp_path)
