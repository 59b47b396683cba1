"""What of the author's a run needs on other machines: found in the parent, by its hashes' files."""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from importlib.machinery import all_suffixes
from pathlib import Path

from trackbench.contracts import TrackerSpec
from trackbench.errors import TrackbenchError, brief
from trackbench.plugins.elsewhere import Elsewhere
from trackbench.plugins.factories import is_ours
from trackbench.plugins.fingerprints import ON_DISK
from trackbench.plugins.hashing.file_hash import MOST_FILES, content_sha256, named_path
from trackbench.plugins.hashing.surroundings import EVERYWHERE
from trackbench.plugins.hashing.tokens import UnhashableError
from trackbench.plugins.importing import environment_before, folder_before, placed
from trackbench.plugins.own_folders import folder_of_module, own_folders, search_path
from trackbench.plugins.plugin_files import plugin_modules
from trackbench.plugins.reads import Known
from trackbench.running.cluster.manifest import Carried, Linked, Manifest
from trackbench.running.cluster.packages import packages_of
from trackbench.running.messages import Brought
from trackbench.running.plan import Plan
from trackbench.running.versions import Versions

_OURS = "trackbench"
_OF_DEVICES = ("CUDA_", "NVIDIA_", "HIP_", "ROCR_")
"""How variables begin by which a worker says which device is its own."""


def manifest_of(
    plan: Plan, versions: Versions, brought: tuple[Brought, ...], *, allow_mixed: bool = False
) -> Manifest:
    """Return what of a plan is brought to workers, as it is on the disk now.

    Args:
        plan: of the run.
        versions: of its trackers and data sets.
        brought: the data sets that every order brings.
        allow_mixed: workers may have other packages.

    Raises:
        TrackbenchError: a file cannot be read, or a folder has too many files.
    """
    trackers = [versions.known_of_tracker(spec) for spec in plan.trackers]
    datasets = [versions.known_of_dataset(spec) for spec in plan.datasets]
    named = [path for known in trackers if known for path in known.paths]
    named += [str(path) for spec in plan.trackers for path in _files_of_ours(spec)]
    of_data = [path for known in datasets if known for path in known.paths]
    on_disk = [
        path
        for spec, known in zip(plan.datasets, datasets, strict=True)
        if known is not None and spec.factory == ON_DISK
        for path in known.paths
    ]
    code = [path for path in of_data if path.endswith(tuple(all_suffixes()))]
    folders = [path for path in named if Path(path).is_dir()]
    files = [path for path in (*named, *code, *_modules()) if Path(path).is_file()]
    files += [str(file) for folder in folders for file in _within(folder)]
    path = search_path()
    return Manifest(
        files=tuple(map(_carried, sorted(set(files)))),
        folders=tuple(sorted(set(folders))),
        links=tuple(
            _linked(path, known=path in on_disk) for path in sorted(set(of_data) - set(code))
        ),
        variables=_variables([*trackers, *datasets]),
        folder=folder_before(),
        python=sys.executable,
        ahead=tuple(path[: _first_of_library(path)]),
        brought=brought,
        packages=() if allow_mixed else packages_of(_code_here(plan, versions)),
        interpreters=() if allow_mixed else tuple(_interpreters(plan)),
    )


def _code_here(plan: Plan, versions: Versions) -> list[str]:
    """Return the author's files of what is imported by this Python."""
    here = [t for t in plan.trackers if not isinstance(t.factory, Elsewhere)]
    known = [*map(versions.known_of_tracker, here), *map(versions.known_of_dataset, plan.datasets)]
    return [path for each in known if each for path in each.paths if path.endswith(".py")]


def _interpreters(plan: Plan) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    """Yield the interpreters of trackers that have one of their own, each once."""
    found = [tracker.factory for tracker in plan.trackers]
    yield from {f.python: f.versions for f in found if isinstance(f, Elsewhere)}.items()


def ids_with_files(plan: Plan) -> frozenset[str]:
    """Return the ids of the data sets whose files each worker has by itself."""
    return frozenset(spec.id for spec in plan.datasets if spec.files or spec.factory == ON_DISK)


def _files_of_ours(spec: TrackerSpec) -> Iterator[Path]:
    """Yield the files that parameters of a built-in tracker name."""
    if not is_ours(spec.factory):
        return
    with placed(spec.folder, spec.environment):
        for name in ("weights", *spec.names_files):
            value = spec.parameters.get(name)
            path = named_path(value) if isinstance(value, str | os.PathLike) else None
            if path is not None:
                yield Path(os.path.realpath(path))


def _modules() -> Iterator[str]:
    """Yield the files of the author's modules that are loaded here, the script's included."""
    own = own_folders()
    for name in sorted(sys.modules):
        top = name.partition(".")[0]
        if top in {_OURS, f"{_OURS}_host"} or top in sys.stdlib_module_names:
            continue
        file = getattr(sys.modules[name], "__file__", None)
        if isinstance(file, str) and (name in plugin_modules() or folder_of_module(name) in own):
            yield str(Path(file).absolute())


def _within(folder: str) -> Iterator[Path]:
    count = 0
    for place, folders, names in os.walk(folder, followlinks=True):
        folders[:] = [name for name in folders if name != "__pycache__"]
        for name in names:
            count += 1
            if count > MOST_FILES:
                raise TrackbenchError(
                    f"{folder} has more than {MOST_FILES} files, which is too much to bring to a "
                    "cluster's workers: name those that are needed"
                )
            yield Path(place) / name


def _linked(path: str, *, known: bool) -> Linked:
    if known:
        return Linked(path, "")
    try:
        return Linked.of(path)
    except UnhashableError:  # then nothing of the data set is used again, which is said
        return Linked(path, "")


def _carried(path: str) -> Carried:
    try:
        sha256, size = content_sha256(Path(path)), Path(path).stat().st_size
    except (OSError, UnhashableError) as error:
        raise TrackbenchError(
            f"{path} cannot be brought to the cluster's workers: {brief(error)}"
        ) from error
    return Carried(os.path.abspath(path), os.path.realpath(path), sha256, size)  # noqa: PTH100 - links stay


def _variables(known: Iterable[Known | None]) -> dict[str, str | None]:
    """Return the variables that decide something, as they are here."""
    here = environment_before()
    asked = {name for each in known if each is not None for name in each.variables}
    return {name: here.get(name) for name in sorted(asked - EVERYWHERE) if not is_of_device(name)}


def is_of_device(variable: str) -> bool:
    """Whether a variable of the environment says which device is a worker's own."""
    return variable.startswith(_OF_DEVICES)


def _first_of_library(path: list[str]) -> int:
    """Return the place of Python's own library in its path."""
    library = os.path.realpath(sysconfig.get_path("stdlib"))
    zipped = f"python{sys.version_info.major}{sys.version_info.minor}.zip"
    for number, place in enumerate(path):
        if os.path.realpath(place) == library or Path(place).name == zipped:
            return number
    return 0
