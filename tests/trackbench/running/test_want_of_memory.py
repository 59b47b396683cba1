"""Errors that are for want of memory, whatever class they have: no processes here."""

import errno
import os
import subprocess

import pytest

from trackbench.host.descendants import children_of
from trackbench.host.want_of_memory import is_for_memory
from trackbench.running import other_processes

SAID = [
    RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to"),
    RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB"),
    ValueError("alloc.cpp:73: error: (-4:Insufficient memory) Failed to allocate 3600000000 bytes"),
    ImportError("libtorch.so: cannot allocate memory in static TLS block"),
    OSError(errno.ENOMEM, "nothing left"),
    MemoryError(),
]


@pytest.mark.parametrize("error", SAID, ids=lambda error: str(error)[:20])
def test_it_is_said_by_the_class_the_number_or_the_words(error: Exception) -> None:
    assert is_for_memory(error)


@pytest.mark.parametrize(
    "error", [ValueError("lost it"), OSError(errno.ENOSPC, "full"), KeyError("memory")]
)
def test_other_errors_are_not(error: Exception) -> None:
    assert not is_for_memory(error)


def test_an_error_that_was_raised_of_it_is() -> None:
    outer = RuntimeError("no model")
    outer.__cause__ = ValueError("between")
    outer.__cause__.__context__ = MemoryError()
    assert is_for_memory(outer)


def test_errors_in_a_circle_come_to_an_end() -> None:
    one, other = ValueError("one"), ValueError("other")
    one.__context__, other.__context__ = other, one
    assert not is_for_memory(one)


def test_children_are_found_where_the_kernel_does_not_list_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with subprocess.Popen(["sleep", "60"], start_new_session=True) as child:
        assert child.pid in children_of(os.getpid())
        listed = other_processes.own_memory_below(os.getpid())
        monkeypatch.setattr(other_processes, "_KERNEL_LISTS_CHILDREN", False)
        assert listed > 0
        assert other_processes.own_memory_below(os.getpid()) > 0
        child.kill()
