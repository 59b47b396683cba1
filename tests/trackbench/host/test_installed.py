"""Where installed packages are, asked in the middle of whatever a host is importing."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig

import numpy as np
import pytest

from trackbench.host.installed import Installed

FIRST_ASKED_BY_A_TRACKER = """
import sys
from trackbench.host import from_source
from_source.install()
for name in [name for name in sys.modules if name.startswith(("sysconfig", "_sysconfig"))]:
    del sys.modules[name]  # as where nobody has asked it yet
import sysconfig
print(sysconfig.get_config_var("EXT_SUFFIX"))
"""


def test_it_asks_sysconfig_nothing_when_a_module_is_imported(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In Python 3.13 that is an error while sysconfig itself is importing its data."""

    def not_now(*_: object) -> str:
        raise KeyError("abi_thread")

    monkeypatch.setattr(sysconfig, "get_path", not_now)
    installed = Installed()
    assert installed.holds(os.path.realpath(np.__file__))
    assert installed.holds(os.path.realpath(os.__file__))
    assert not installed.holds(os.path.realpath(__file__))


def test_a_tracker_may_be_the_first_to_ask_sysconfig() -> None:
    command = [sys.executable, "-c", FIRST_ASKED_BY_A_TRACKER]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == sysconfig.get_config_var("EXT_SUFFIX")
