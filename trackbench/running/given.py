"""What a caller may give for a tracker.

It stands alone because the command line, whose help is to be quick, imports it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    from trackbench.contracts import TrackerSpec

GivenTracker: TypeAlias = "str | TrackerSpec | Callable[..., object]"
"""An id, ``"package.module:Class"`` or a scheme's name, a spec, or what makes a tracker."""
