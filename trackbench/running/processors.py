"""How many processors this process may use, which in a container is fewer than the machine has."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

_PROC = Path("/proc/self")


def usable_processors() -> int:
    """Return the number of processors that this process may use, at least 1.

    It is bound to some of them (taskset, Slurm, a container's cpuset), or a control group it is in
    has a quota of time (docker run --cpus, Kubernetes' limits), of which the whole processors
    count: half a one more would slow down those that are timed.
    """
    bound = getattr(os, "process_cpu_count", _affinity)() or 1
    return max(1, min(bound, int(quota(_PROC))))


def quota(proc: Path) -> float:
    """Return the smallest quota of the control groups of a process, in processors.

    Args:
        proc: the process's folder in ``/proc``; its ``cgroup`` says which groups it is in and its
            ``mountinfo`` where they are found.

    Returns:
        Processors; the machine's number where there is no quota.
    """
    quotas = (_quota_of(group) for group in _groups(proc))
    return min((found for found in quotas if found is not None), default=os.cpu_count() or 1)


@dataclass(frozen=True)
class Mount:
    """Where a hierarchy of control groups is found.

    Attributes:
        root: the group that is at ``point``; a container sees only what is below its own.
        point: the folder.
        unified: version 2, which has one hierarchy for all.
        options: of version 1, the controllers among them.
    """

    root: PurePosixPath
    point: Path
    unified: bool
    options: frozenset[str]


def mounts(mountinfo: str) -> list[Mount]:
    """Return the control groups' mounts of a ``/proc/PID/mountinfo``."""
    found = []
    for line in mountinfo.splitlines():
        left, _, right = line.partition(" - ")
        before, after = left.split(), right.split()
        if len(before) >= 5 and len(after) >= 3 and after[0] in {"cgroup", "cgroup2"}:
            root, point = map(_unescaped, before[3:5])
            options = frozenset(after[2].split(","))
            found.append(Mount(PurePosixPath(root), Path(point), after[0] == "cgroup2", options))
    return found


def memberships(cgroup: str) -> list[tuple[frozenset[str], PurePosixPath]]:
    """Return controllers and group of each line of a ``/proc/PID/cgroup``; version 2 has none."""
    found = []
    for line in cgroup.splitlines():
        number, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if number.isdecimal() and path.startswith("/"):
            names = frozenset(name for name in controllers.split(",") if name)
            found.append((names, PurePosixPath(path)))
    return found


def unified_quota(cpu_max: str) -> float | None:
    """Return the processors of a ``cpu.max``: ``"150000 100000"`` is 1.5; None for ``"max 1"``."""
    words = cpu_max.split()
    return _ratio(*words) if len(words) == 2 else None


def _groups(proc: Path) -> Iterator[Path]:
    """Yield the folder of each control group that limits a process: its own and those above."""
    where = mounts(_read(proc / "mountinfo"))
    for controllers, path in memberships(_read(proc / "cgroup")):
        for mount in where:
            if mount.unified if not controllers else "cpu" in controllers & mount.options:
                yield from _upwards(mount, path)


def _upwards(mount: Mount, path: PurePosixPath) -> Iterator[Path]:
    # A group that is not below what is mounted is seen as the mount itself.
    inside = path.relative_to(mount.root) if path.is_relative_to(mount.root) else PurePosixPath()
    if ".." in inside.parts:  # the process is in a group above its namespace's
        inside = PurePosixPath()
    for part in (inside, *inside.parents):
        yield mount.point / part


def _quota_of(group: Path) -> float | None:
    unified = unified_quota(_read(group / "cpu.max"))
    if unified is not None:
        return unified
    return _ratio(_read(group / "cpu.cfs_quota_us"), _read(group / "cpu.cfs_period_us"))


def _ratio(quota: str, period: str) -> float | None:
    """Return processors; version 1 says -1 where version 2 says max."""
    try:
        time, every = int(quota), int(period)
    except ValueError:
        return None
    return time / every if time > 0 and every > 0 else None


def _affinity() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1  # macOS binds no process to some of them


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return ""


def _unescaped(path: str) -> str:
    r"""Return a path of ``mountinfo``, where a blank is ``\040``."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), path)
