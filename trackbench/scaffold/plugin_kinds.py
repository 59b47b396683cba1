"""The kinds of plugin there is a template for."""

from __future__ import annotations

from enum import Enum

from trackbench.scaffold.names import Names


class Part(Enum):
    """What a plugin brings."""

    TRACKER = "tracker"
    DATASET = "dataset"
    REPORT = "report"

    def id(self, names: Names, *, package: bool) -> str:
        """Return the id that the part gets.

        Data that are published never change but by a new version, so a data set has one from the
        first; a tracker has one in a package. A format of a report has none.
        """
        if self is Part.DATASET or (self is Part.TRACKER and package):
            return names.versioned
        return names.id

    def check_free(self, names: Names, *, package: bool) -> None:
        """Raise if one of the part's ids cannot be registered.

        Raises:
            TrackbenchError: one is taken.
        """
        from trackbench.plugins.kinds import Kind
        from trackbench.plugins.registry import registry

        kinds = {
            Part.TRACKER: (Kind.TRACKER,),
            Part.DATASET: (Kind.DATASET, Kind.SUITE),
            Part.REPORT: (Kind.REPORT,),
        }
        for kind in kinds[self]:
            registry(kind).check_free(self.id(names, package=package))
