"""What a run is made with: libraries, platform, processor, and when."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import metadata
from pathlib import Path

from trackbench.plugins.elsewhere import LIBRARIES
from trackbench.results.code_version import code_version

_LIBRARIES = ("trackbench", "numpy", *LIBRARIES, "pyarrow")


@dataclass(frozen=True)
class Machine:
    """What computes something.

    Attributes:
        versions: library -> version; python and platform included.
        processor: the model.
    """

    versions: dict[str, str]
    processor: str

    @classmethod
    def here(cls) -> Machine:
        """Return what this process computes with: some milliseconds of looking in files."""
        return cls(versions(), processor())


def versions() -> dict[str, str]:
    """Return library -> version, of those that are installed; python and platform included."""
    found = {"python": platform.python_version(), "platform": platform.platform()}
    for library in _LIBRARIES:
        try:
            found[library] = (
                code_version() if library == "trackbench" else metadata.version(library)
            )
        except metadata.PackageNotFoundError:
            continue
    return found


def processor() -> str:
    """Return the model of the machine's processor."""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        for line in cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def now(after: str = "") -> str:
    """Return the time in UTC, such as ``2026-11-25T17:30:00.123456Z``: as texts, in their order.

    Args:
        after: such a time, or nothing. What is returned is later, even where the clock has been
            set back, for it says which of two runs is the newer.
    """
    moment = datetime.now(UTC)
    if after:
        moment = max(moment, parse_time(after) + timedelta(microseconds=1))
    return f"{moment:%Y-%m-%dT%H:%M:%S.%f}Z"


def parse_time(text: str) -> datetime:
    """Return the time that :func:`now` has written, or raise :class:`ValueError`."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
