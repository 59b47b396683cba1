"""``trackbench``, forked from a process that has imported what it needs of others.

``python forked_command.py ADDRESSES ARGUMENTS...`` is for a shell what ``trackbench ARGUMENTS...``
is: with its streams, variables and folder, and its exit code. ADDRESSES are nurseries'
(:mod:`nursery`), as JSON. Where none is for it, it is started.
"""

from __future__ import annotations

import json
import os
import socket
import sys
from typing import Any

SECONDS = 300.0

_CODE = """
import os, runpy, sys
sys.path[0] = os.getcwd()
runpy.run_module("trackbench", run_name="__main__", alter_sys=True)
"""


def forked(address: str, asked: dict[str, Any], files: list[int]) -> tuple[socket.socket, int]:
    """Ask a nursery for a process.

    Args:
        address: its.
        asked: what :func:`nursery._become` needs.
        files: descriptors, to be there under the numbers that are asked for.

    Returns:
        What its exit code will come from, and its number; 0: it was not made here.
    """
    channel = socket.socket(socket.AF_UNIX)
    channel.settimeout(SECONDS)
    channel.connect(address)
    content = json.dumps(asked).encode()
    socket.send_fds(channel, [len(content).to_bytes(8, "big")], files)
    channel.sendall(content)
    process = number_from(channel)
    if not process:
        channel.close()
    return channel, process


def number_from(channel: socket.socket) -> int:
    """Return the next number that a nursery sends."""
    said = channel.recv(8, socket.MSG_WAITALL)
    assert len(said) == 8, "the nursery has ended"
    return int.from_bytes(said, "big", signed=True)


def description(
    code: str, arguments: list[str], variables: dict[str, str], nurseries: dict[str, str]
) -> dict[str, Any]:
    """Return what is asked for a process of a code, in this folder and on these processors."""
    return {
        "code": code,
        "arguments": arguments,
        "variables": variables,
        "folder": os.getcwd(),  # noqa: PTH109 - pathlib is not loaded here
        "numbers": [0, 1, 2],
        "processors": sorted(os.sched_getaffinity(0)),
        "nurseries": nurseries,
    }


def _main() -> None:
    nurseries, arguments = json.loads(sys.argv[1]), sys.argv[2:]
    if "command" in nurseries:
        asked = description(_CODE, arguments, dict(os.environ), nurseries)
        channel, process = forked(nurseries["command"], asked, [0, 1, 2])
        if process:
            channel.settimeout(None)
            code = number_from(channel)
            sys.exit(code if code >= 0 else 128 - code)
    os.execv(sys.executable, [sys.executable, "-m", "trackbench", *arguments])  # noqa: S606 - as the shell would


if __name__ == "__main__":
    _main()
