"""The script that an author has started, in processes that want only what it defines."""

from __future__ import annotations

import sys


def stop_where_a_script_is_only_read() -> None:
    """End the execution of an author's script in a process that wants only what it defines.

    A script without ``if __name__ == "__main__":`` would start a run, an export or a training in
    every process of one. So each of them begins with this.
    """
    for name in ("trackbench_host.arranging", "trackbench.host.arranging"):
        if name in sys.modules:
            sys.modules[name].check_not_executing_main()
