"""``trackers.toml``: an author's trackers by name, to be run beside any others."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from trackbench.arguments.checking import arguments_checked
from trackbench.contracts import TrackerSpec
from trackbench.errors import TrackbenchError, UnknownIdError
from trackbench.host.families import FAMILIES
from trackbench.ids import parse
from trackbench.plugins import registry
from trackbench.plugins.elsewhere import Elsewhere
from trackbench.plugins.importing import placed
from trackbench.plugins.loading import load_plugin
from trackbench.plugins.own_folders import look_in_working_folder
from trackbench.running.chosen_trackers import tracker_named, with_parameters, with_weights
from trackbench.running.taken_parameters import as_there, parameters_of
from trackbench.running.toml_sections import Section, read_sections

_LONGER = 5.0
"""Seconds that a program's host has beyond the program, whose last words the message shall have."""


class TrackersFile(Mapping[str, TrackerSpec]):
    """The trackers of a file by name; each is imported when it is first asked for.

    Attributes:
        file: which.
        sections: what stands in it, by name.
    """

    def __init__(self, file: Path, sections: Mapping[str, Section] | None = None) -> None:
        """Read it, unless its sections are read already.

        Raises:
            TrackbenchError: it cannot be read, or something in it is wrong.
        """
        self.file = file
        self.sections = read_sections(file) if sections is None else dict(sections)
        self._specs: dict[tuple[str, str | None], TrackerSpec] = {}

    def __getitem__(self, name: str) -> TrackerSpec:
        """Return the spec of a tracker.

        Raises:
            UnknownIdError: the file has none of that name.
            TrackbenchError: it cannot be imported, or does not take what the file gives it.
        """
        return self.spec(name)

    def spec(self, name: str, python: str | Path | None = None) -> TrackerSpec:
        """Return the spec of a tracker; ``python``: an interpreter in place of the file's."""
        if name not in self.sections:
            raise UnknownIdError(f"tracker of {self.file}", name, self.sections)
        key = name, None if python is None else str(python)
        if key not in self._specs:
            self._specs[key] = _spec_of(self.sections[name], python)
        return self._specs[key]

    def check_known(self, name: str) -> None:
        """Raise where a name is neither in the file nor registered.

        Raises:
            UnknownIdError: it is not; the message names the nearest of all.
        """
        known = [*self.sections, *(parse(spec.id).name for spec in registry.trackers())]
        if name not in known:
            try:
                registry.trackers().get(name)
            except UnknownIdError:
                raise UnknownIdError("tracker", name, known) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self.sections)

    def __len__(self) -> int:
        return len(self.sections)

    def __contains__(self, name: object) -> bool:
        return name in self.sections


@arguments_checked
def read_trackers(file: str | Path) -> TrackersFile:
    """Return the trackers of a ``trackers.toml`` by name; see docs/trackers-toml.md.

    Args:
        file: with a section for each tracker.

    Raises:
        TrackbenchError: it cannot be read, or something in it is wrong.

    Example:
        >>> from pathlib import Path
        >>> import trackbench
        >>> _ = Path("trackers.toml").write_text("still = { tracker = 'static' }")
        >>> trackbench.read_trackers("trackers.toml")["still"].id
        'still'
    """
    return TrackersFile(Path(file))


def _spec_of(section: Section, python: str | Path | None) -> TrackerSpec:
    try:
        return _built(section, python or section.python)
    except TrackbenchError as error:
        raise TrackbenchError(f"{section.where}: {error}") from error


def _built(section: Section, python: str | Path | None) -> TrackerSpec:
    own = python is None and section.is_apart and _is_module(section.tracker)
    with placed(str(section.folder), section.environment):
        if section.plugin is not None:
            _load_once(section.plugin, section.environment)
        if ":" not in section.tracker and python is not None:
            raise TrackbenchError(
                f"python is for trackers that are named module:Class, not for {section.tracker}"
            )
        if python is None and not own:
            look_in_working_folder([section.tracker])
        spec = tracker_named(section.tracker, sys.executable if own else python)
    spec = replace(
        spec,
        id=section.name,
        folder=str(section.folder),
        environment=dict(section.environment),
        timeout=section.timeout,
        description=section.description or spec.description,
        superseded_by=None,
    )
    spec = as_there(spec) if own else spec
    spec = with_parameters(spec, section.parameters)
    if section.device is not None:
        spec = with_parameters(spec, {"device": section.device})
    if section.weights is not None:
        spec = _with_weights(spec, section.weights)
    return _with_program_timeout(spec)


_loaded: dict[Path, Mapping[str, str]] = {}
"""Plugins that were loaded -> with which variables of their own."""


def _load_once(plugin: Path, environment: Mapping[str, str]) -> None:
    """Load a plugin; what is loaded twice has two classes of a name, of which one is found.

    Raises:
        TrackbenchError: it cannot be loaded, or was, with other variables.
    """
    if plugin not in _loaded:
        load_plugin(plugin)
        _loaded[plugin] = environment
    elif _loaded[plugin] != environment:
        raise TrackbenchError(
            f"a process has a plugin with one set of variables, and {plugin.name} is wanted with "
            "two: name the tracker module:Class and leave plugin out"
        )


def _is_module(name: str) -> bool:
    """Whether a name leads to a module that is imported where nothing else is said."""
    first = name.partition(":")[0]
    if first in {*FAMILIES, "video", "file"} or first.endswith(".py"):
        return True
    schemes = list(registry.schemes())
    others = any(
        first == each.id or (each.ending and first.endswith(each.ending)) for each in schemes
    )
    return ":" in name and not others


def _with_weights(spec: TrackerSpec, weights: Path) -> TrackerSpec:
    """Return the spec with a file of weights, if the tracker takes any."""
    if spec.needs_weights:
        return with_weights(spec, weights)
    taken = parameters_of(spec)
    if taken is not None and "weights" not in {each.name for each in taken}:
        raise TrackbenchError(f"{spec.id} has no parameter weights: leave weights out")
    return with_parameters(spec, {"weights": str(weights)})


def _with_program_timeout(spec: TrackerSpec) -> TrackerSpec:
    """Return the spec of a program such that the program is told, if it waits for itself."""
    if spec.timeout is None or not spec.unseen or isinstance(spec.factory, Elsewhere):
        return spec
    if "timeout" not in {each.name for each in parameters_of(spec) or ()}:
        return spec
    spec = with_parameters(spec, {"timeout": spec.timeout})
    return replace(spec, timeout=(spec.timeout or 0) + _LONGER)
