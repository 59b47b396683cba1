"""``bench.toml``: a run in a file, to be given again or to somebody else.

==================  ==============================================================================
``trackers``        as behind ``--tracker``: ids, names of the file's sections, schemes' names
``suite``           a suite's id; or
``datasets``        ids, and ``LAYOUT:PATH``
``sequences``       the first so many of each data set
``lengths``         ascending, ``"full"`` last
``protocol``        ``"paper-v1"``, ``"ope-v1"`` or ``"vot-st-v1"``
``runs``            of each tracker
``init_noise``      IoU of the first box that is given with the true one, such as ``0.8``
``out``             the results directory
``jobs``            processes
``timeout``         seconds that one call may take
``memory``          that a tracker may take, such as ``"4GiB"``
``plugins``         Python files that bring trackers, data sets or report formats
``[tracker.NAME]``  a tracker, with the keys of a section of a ``trackers.toml``
==================  ==============================================================================

Paths start from the file's folder, wherever the command is given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from trackbench.arguments.checking import arguments_checked
from trackbench.arguments.sizes import parse_size
from trackbench.contracts import TrackerSpec
from trackbench.errors import TrackbenchError, UnknownIdError
from trackbench.plugins.dataset_naming import dataset_named
from trackbench.plugins.importing import placed, working_folder
from trackbench.plugins.loading import load_plugin
from trackbench.plugins.own_folders import look_in_working_folder
from trackbench.running.bench_values import BenchValues
from trackbench.running.chosen_trackers import tracker_named
from trackbench.running.toml_sections import read_toml, sections_of
from trackbench.running.trackers_file import TrackersFile

KEYS = (
    *("trackers", "suite", "datasets", "sequences", "lengths", "protocol", "runs", "init_noise"),
    *("out", "jobs", "timeout", "memory", "plugins", "tracker"),
)


@dataclass(frozen=True)
class BenchFile:
    """A run in a file.

    Attributes:
        file: which.
        text: what stands in it.
        trackers: what is run.
        sections: its own trackers by name.
        asked: the other arguments of :func:`trackbench.run` that it gives.
    """

    file: Path
    text: str
    trackers: tuple[TrackerSpec, ...]
    sections: TrackersFile
    asked: dict[str, Any]

    def arguments(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the arguments of :func:`trackbench.run`, where some go before the file's.

        A suite goes before the file's data sets, and the other way round.

        Args:
            given: those that do, by their names.
        """
        asked = {"trackers": self.trackers, **self.asked}
        if "suite" in given or "datasets" in given:
            for name in ("suite", "datasets"):
                asked.pop(name, None)
        return {**asked, **given}


@arguments_checked
def read_bench(file: str | Path) -> BenchFile:
    """Read a run in a file, and import what it names; see docs/bench-toml.md.

    Raises:
        TrackbenchError: it cannot be read, or something in it is wrong, in a line that says where.
    """
    path = Path(file)
    table, text = read_toml(path, "bench.toml")
    for key in table:
        if key not in KEYS:
            raise TrackbenchError(f"{path}: {UnknownIdError('key', key, KEYS)}")
    values = BenchValues(str(path), table)
    home = path.absolute().parent
    sections = TrackersFile(path, sections_of(path, values.table_of("tracker"), "tracker."))
    asked = _asked(values, home)
    away = str(home) != working_folder()
    try:
        with placed(str(home), {}):
            for plugin in values.words("plugins"):
                load_plugin(home / plugin)
            named = [(name, _tracker(name, sections)) for name in values.words("trackers")]
            if datasets := values.words("datasets"):
                asked["datasets"] = tuple(map(dataset_named, datasets))
    except TrackbenchError as error:
        raise TrackbenchError(f"{path}: {error}") from error
    # What a scheme's command or a module reads, it finds from the file's folder.
    trackers = [
        replace(spec, folder=str(home)) if away and ":" in name and not spec.folder else spec
        for name, spec in named
    ]
    return BenchFile(path, text, tuple(trackers), sections, asked)


def _asked(values: BenchValues, home: Path) -> dict[str, Any]:
    """Return the arguments of a run that need no looking up."""
    memory, out = values.word("memory"), values.word("out")
    given = {
        "suite": values.word("suite"),
        "sequences": values.count("sequences"),
        "lengths": values.lengths("lengths"),
        "protocol": values.word("protocol"),
        "runs": values.count("runs"),
        "init_noise": values.number("init_noise", 0.8),
        "jobs": values.count("jobs"),
        "timeout": values.number("timeout", 60),
        "memory": None if memory is None else _bytes(values.where, memory),
        "out": None if out is None else home / Path(out).expanduser(),
    }
    return {name: value for name, value in given.items() if value is not None}


def _bytes(where: str, memory: str) -> int:
    try:
        return parse_size(memory)
    except ValueError as error:
        raise TrackbenchError(f"{where}: memory: {error}") from None


def _tracker(name: str, sections: TrackersFile) -> TrackerSpec:
    if name in sections:
        return sections[name]
    if ":" in name:
        look_in_working_folder([name])
    else:
        sections.check_known(name)
    return tracker_named(name)
