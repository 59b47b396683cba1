"""What a run needs and does not bring to a worker: packages, interpreters, files of data sets."""

from __future__ import annotations

from trackbench.errors import TrackbenchError, parameter
from trackbench.plugins.elsewhere import versions_of
from trackbench.plugins.hashing.tokens import UnhashableError
from trackbench.running.cluster.manifest import Linked, Manifest
from trackbench.running.cluster.packages import difference_here


def check_what_is_here(manifest: Manifest) -> None:
    """Make sure that this machine has by itself what a manifest does not bring.

    Raises:
        TrackbenchError: packages, an interpreter, or the files of a data set are others.
    """
    _check_installed(manifest)
    for linked in manifest.links:
        _check_same(linked)


def _check_installed(manifest: Manifest) -> None:
    """Make sure that this machine has the packages that the author's code imports.

    Raises:
        TrackbenchError: one is another, or missing.
    """
    found = difference_here(manifest.packages)
    for python, versions in manifest.interpreters:
        there = versions_of(python)
        if found is None and there != versions:
            said, wanted = (", ".join(map(" ".join, each)) for each in (there, versions))
            found = f"{python} has {said} there and not {wanted}"
    if found is not None:
        raise TrackbenchError(
            f"{found}: install the same there, or give {parameter('allow_mixed', True)}"
        )


def _check_same(linked: Linked) -> None:
    """Make sure that a data set's files are here what they are in the parent's machine.

    Raises:
        TrackbenchError: they are not, by their names, sizes, and what annotations say.
    """
    if not linked.sha256:
        return
    try:
        same, why = Linked.of(linked.path) == linked, ""
    except UnhashableError as error:
        same, why = False, f" ({error})"
    if not same:
        raise TrackbenchError(
            f"{linked.path} is not there what it is here{why}: its files' names, sizes or "
            "annotations are others"
        )
