"""``vot:SCRIPT.py``: a script for the VOT toolkit becomes a tracker."""

from __future__ import annotations

import sys
from pathlib import Path

from trackbench.contracts import TrackerSpec
from trackbench.errors import TrackbenchError
from trackbench.plugins.elsewhere import elsewhere
from trackbench.plugins.naming import free_id
from trackbench.scheme_contract import NamedTracker
from trackbench.trackers.named_files import words_of


def vot_tracker(named: NamedTracker) -> TrackerSpec:
    """Return the tracker of a script, which an interpreter of its own runs; it is not imported.

    Raises:
        TrackbenchError: there is no such script, or no such interpreter.
    """
    words = words_of(named.rest)
    script = Path(words[0]).absolute()
    if script.suffix != ".py":
        raise TrackbenchError(f"vot:{words[0]} names no script: write vot:SCRIPT.py")
    if not script.is_file():
        raise TrackbenchError(f"there is no script {words[0]}")
    factory = elsewhere(
        f"{script.stem}:vot.VOT",
        sys.executable if named.python is None else named.python,
        [str(Path.cwd())],
        first=str(script.parent),
        script=str(script),
        built_by="trackbench_host.vot_script:VotScript",
    )
    return TrackerSpec(
        id=free_id(script.stem, f"vot-{script.stem}"),
        factory=factory,
        parameters={"script": str(script), **({"arguments": words[1:]} if words[1:] else {})},
        fixed=("script",),
        description=f"the script {script.name}, written for the VOT toolkit",
    )
