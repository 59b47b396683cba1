"""The parameters that a tracker takes, whichever interpreter it is imported by."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from trackbench.contracts import TrackerSpec
from trackbench.errors import LONGEST, TrackbenchError, brief
from trackbench.host import bootstrap
from trackbench.host.parameters import Taken, taken_by
from trackbench.plugins.elsewhere import Elsewhere
from trackbench.plugins.factories import resolve
from trackbench.plugins.importing import environment_before, placed
from trackbench.running.recipe import recipe_elsewhere

_SECONDS = 120.0

_CODE = """
import sys
sys.path[:] = [place for place in sys.path if place]
import json, os, types
said = json.loads(sys.argv[1])
answer = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)  # what a module prints when it is imported is no answer
package = types.ModuleType({package!r})
package.__path__ = [{folder!r}]
sys.modules[{package!r}] = package
from {package}.arranging import arrange
from {package}.loading import resolve
from {package}.parameters import described
arrange(said["place"])
json.dump(described(resolve(said["factory"])), answer)
answer.close()
os._exit(0)
"""


def parameters_of(spec: TrackerSpec) -> list[Taken] | None:
    """Return what a tracker's factory takes, but for what is fixed; None where it does not say.

    The factory is imported; nothing is built. What the spec gives stands in the place of the
    factory's own defaults.

    Raises:
        TrackbenchError: it cannot be imported.
    """
    if isinstance(spec.factory, Elsewhere):
        taken = _asked(spec, spec.factory)["taken"]
        found = None if taken is None else [Taken(*each) for each in taken]
    else:
        with placed(spec.folder, spec.environment):
            try:
                found = taken_by(resolve(spec.factory))
            except TrackbenchError:
                raise
            except Exception as error:  # what it imports may fail in any way
                raise TrackbenchError(f"{spec.id} cannot be imported: {brief(error)}") from error
    if found is None:
        return None
    names = {each.name for each in found}
    further = [
        Taken(name, type(value).__name__, _shown(spec, name, value))
        for name, value in spec.parameters.items()
        if name not in names
    ]
    return [_as_given(each, spec) for each in (*found, *further) if each.name not in spec.fixed]


def _as_given(taken: Taken, spec: TrackerSpec) -> Taken:
    if taken.name not in spec.parameters:
        return taken
    value = spec.parameters[taken.name]
    return Taken(taken.name, taken.kind or type(value).__name__, _shown(spec, taken.name, value))


def _shown(spec: TrackerSpec, name: str, value: object) -> str:
    """Return a value as it is shown: of variables the names alone."""
    if name in spec.secret and isinstance(value, Mapping):
        return ", ".join(map(str, value))
    return repr(value)


def as_there(spec: TrackerSpec) -> TrackerSpec:
    """Return the spec of another process's tracker with what its class says of itself.

    That is what it would say here: that it follows videos in lockstep, or is handed whole ones, and
    what it is.

    Raises:
        TrackbenchError: it cannot be imported there.
    """
    if not isinstance(spec.factory, Elsewhere):
        return spec
    said = _asked(spec, spec.factory)
    return replace(
        spec,
        batched=spec.batched or (said["batched"] and not spec.family),
        sees_future=spec.sees_future or (said["whole"] and not spec.family),
        description=spec.description or said["description"],
    )


def _asked(spec: TrackerSpec, factory: Elsewhere) -> dict[str, Any]:
    recipe = recipe_elsewhere(factory, {}, spec.id)
    recipe = replace(
        recipe,
        folder=factory.start_in or spec.folder or recipe.folder,
        variables=dict(spec.environment),
    )
    said = {"place": recipe.place, "factory": factory.built_by or factory.dotted}
    folder = str(Path(bootstrap.__file__).parent)
    code = _CODE.format(package=bootstrap.PACKAGE, folder=folder)
    try:
        done = subprocess.run(
            [factory.python, "-c", code, json.dumps(said)],
            env=bootstrap.environment(environment_before()),
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_SECONDS,
            stdin=subprocess.DEVNULL,
            check=False,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise TrackbenchError(
            f"{spec.id} cannot be asked for its parameters: {brief(error)}"
        ) from error
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        lines = done.stderr.strip().splitlines()
        why = lines[-1][:LONGEST] if lines else f"exit code {done.returncode}"
        why = why.removeprefix(f"{bootstrap.PACKAGE}.loading.BuildError: ")
        raise TrackbenchError(f"{spec.id} cannot be imported by {factory.python}: {why}") from None
    return answer
