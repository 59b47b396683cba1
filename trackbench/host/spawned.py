"""What a process executes first that an author's code starts with multiprocessing's spawn method.

It is said to be the program's main file, which such a process executes before it looks for the
functions that it is to call: they may be in modules that no search path leads to.
"""

from __future__ import annotations

import json
import os
import sys
from types import ModuleType

_PACKAGE = "trackbench_host"
_MODULES = "TRACKBENCH_MODULES"

if __name__ == "__mp_main__" and _MODULES in os.environ:
    if _PACKAGE not in sys.modules:
        package = ModuleType(_PACKAGE)
        package.__path__ = [os.path.dirname(os.path.abspath(__file__))]
        sys.modules[_PACKAGE] = package
    from trackbench_host import from_source  # type: ignore[import-not-found]
    from trackbench_host.arranging import ByFile  # type: ignore[import-not-found]

    from_source.install()
    sys.meta_path.insert(0, ByFile(json.loads(os.environ[_MODULES])))
