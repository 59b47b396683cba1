"""How much memory the kernel allows, and how many processes it has killed for want of memory."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from trackbench.printing.amounts import memory

_ROOT = Path("/sys/fs/cgroup")


def out_of_memory_kills() -> int:
    """Return how many processes of this control group the kernel has killed for want of memory."""
    for folder in _groups():
        with suppress(OSError, ValueError):
            for line in (folder / "memory.events").read_text(encoding="ascii").splitlines():
                name, _, count = line.partition(" ")
                if name == "oom_kill":
                    return int(count)
    with suppress(OSError, ValueError):  # no group counts them: those of the whole machine
        for line in Path("/proc/vmstat").read_text(encoding="ascii").splitlines():
            name, _, count = line.partition(" ")
            if name == "oom_kill":
                return int(count)
    return 0


def memory_allowed() -> str:
    """Return in words how much memory the kernel allows; empty: not known."""
    for folder in _groups():
        for name in ("memory.max", "memory.limit_in_bytes"):
            with suppress(OSError, ValueError):
                limit = int((folder / name).read_text(encoding="ascii"))
                if limit < 1 << 60:  # version 1 writes "none" as a number that no machine has
                    return f"all processes here may hold {memory(limit)}"
    with suppress(OSError, ValueError, IndexError):
        total = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()[0].split()[1]
        return f"this machine has {memory(int(total) << 10)}"
    return ""


def _groups() -> list[Path]:
    """Return the folders of this process's control group and those above, nearest first."""
    found: list[Path] = []
    with suppress(OSError):
        for line in Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines():
            _, controllers, name = line.split(":", 2)
            root = _ROOT if not controllers else _ROOT / "memory"
            if controllers and "memory" not in controllers.split(","):
                continue
            folder = root / name.strip("/")
            found += [folder, *(p for p in folder.parents if p == root or root in p.parents)]
    return found
