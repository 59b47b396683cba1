"""The processors that a process may use, from what the kernel says in real files."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from processors import every_processor

from trackbench.running import processors
from trackbench.running.processors import quota, unified_quota, usable_processors

V2 = "30 23 0:26 {root} {point} rw,nosuid,nodev shared:9 - cgroup2 cgroup2 rw,nsdelegate\n"
V1 = "33 25 0:29 {root} {point} rw,nosuid shared:13 - cgroup cgroup rw,cpu,cpuacct\n"
OTHERS = (
    "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw,errors=remount-ro\n"
    "34 25 0:30 / {point}/memory rw shared:14 - cgroup cgroup rw,memory\n"
    "25 22 0:23 / /sys/fs/cgroup ro shared:8 - tmpfs tmpfs ro,mode=755\n"
)


@pytest.fixture(autouse=True)
def _processors_are_not_shared() -> Iterator[None]:
    with every_processor():
        yield


def process(folder: Path, cgroup: str, mountinfo: str, root: str = "/") -> float:
    """Return the quota of a process that the kernel describes so."""
    proc, point = folder / "proc", folder / "mount"
    proc.mkdir(exist_ok=True)
    (proc / "cgroup").write_text(cgroup)
    escaped = str(point).replace(" ", "\\040")
    (proc / "mountinfo").write_text((OTHERS + mountinfo).format(root=root, point=escaped))
    return quota(proc)


def group(folder: Path, path: str, **files: str) -> None:
    at = folder / "mount" / path
    at.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (at / name.replace("__", ".")).write_text(content)


def test_unified_quotas_of_all_groups_above_count(tmp_path: Path) -> None:
    inside = "0::/user.slice/job/step\n"
    group(tmp_path, "user.slice/job/step", cpu__max="max 100000\n")
    assert process(tmp_path, inside, V2) == os.cpu_count()
    group(tmp_path, "user.slice", cpu__max="600000 100000\n")
    assert process(tmp_path, inside, V2) == 6
    group(tmp_path, "user.slice/job", cpu__max="250000 100000\n")
    assert process(tmp_path, inside, V2) == 2.5
    group(tmp_path, "user.slice/job/step", cpu__max="300000 100000\n")
    assert process(tmp_path, inside, V2) == 2.5
    group(tmp_path, "other", cpu__max="50000 100000\n")
    assert process(tmp_path, inside, V2) == 2.5


def test_a_container_sees_its_own_group_as_the_root(tmp_path: Path) -> None:
    group(tmp_path, "", cpu__max="150000 100000\n")
    assert process(tmp_path, "0::/\n", V2) == 1.5
    assert process(tmp_path, "0::/../../other\n", V2) == 1.5
    # without a namespace of its own, the path is the host's, and so is the mount's root
    assert process(tmp_path, "0::/docker/abc\n", V2, root="/docker/abc") == 1.5
    assert process(tmp_path, "0::/docker/abc\n", V2, root="/elsewhere") == 1.5


def test_quotas_of_version_1(tmp_path: Path) -> None:
    lines = "12:memory:/docker/abc\n4:cpu,cpuacct:/docker/abc\n0::/\n"
    group(tmp_path, "", cpu__cfs_quota_us="-1\n", cpu__cfs_period_us="100000\n")
    assert process(tmp_path, lines, V1, root="/docker/abc") == os.cpu_count()
    group(tmp_path, "", cpu__cfs_quota_us="350000\n", cpu__cfs_period_us="100000\n")
    assert process(tmp_path, lines, V1, root="/docker/abc") == 3.5
    assert process(tmp_path, lines, V1) == 3.5
    group(tmp_path, "docker/abc", cpu__cfs_quota_us="25000\n", cpu__cfs_period_us="50000\n")
    assert process(tmp_path, lines, V1) == 0.5


def test_a_mount_whose_name_has_a_blank(tmp_path: Path) -> None:
    folder = tmp_path / "with blank"
    folder.mkdir()
    group(folder, "job", cpu__max="200000 100000")
    assert process(folder, "0::/job\n", V2) == 2


@pytest.mark.parametrize(
    "nonsense", ["", "\n", "max", "x y", "-1 -1", "0 0", "100000 0", "1 2 3", "\x00", "0::", "::/"]
)
def test_nonsense_is_no_quota(tmp_path: Path, nonsense: str) -> None:
    assert unified_quota(nonsense) is None
    group(tmp_path, "", cpu__max=nonsense, cpu__cfs_quota_us=nonsense, cpu__cfs_period_us=nonsense)
    assert process(tmp_path, "0::/\n", V2) == os.cpu_count()
    assert process(tmp_path, nonsense, nonsense) == os.cpu_count()
    assert quota(tmp_path / "nowhere") == os.cpu_count()


def test_a_quota_counts_in_whole_processors_and_at_least_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processors, "_PROC", tmp_path / "proc")
    for limit, expected in {"10000 100000": 1, "199999 100000": 1}.items():
        group(tmp_path, "", cpu__max=limit)
        process(tmp_path, "0::/\n", V2)
        assert usable_processors() == expected
    group(tmp_path, "", cpu__max="99900000 100000")
    process(tmp_path, "0::/\n", V2)
    assert usable_processors() == len(os.sched_getaffinity(0))


def test_a_process_that_is_bound_to_processors() -> None:
    one = min(os.sched_getaffinity(0))
    program = (
        f"import os; os.sched_setaffinity(0, {{{one}}})\n"
        "from trackbench.running.processors import usable_processors; print(usable_processors())"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout == b"1\n"
