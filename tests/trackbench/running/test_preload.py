"""What a server imports once, so that hosts need not: also what a file's decorators load."""

from pathlib import Path

import pytest

from trackbench.running.preload import packages_imported_by

REGISTRY = "trackbench.plugins.loading"


@pytest.mark.parametrize(
    ("head", "loaded"),
    [
        ("import trackbench\n@trackbench.register_tracker('named-here')", True),
        ("from trackbench import register_tracker\n@register_tracker('named-here')", True),
        ("import trackbench\nCONTEXT = trackbench.Context", False),
        ("import numpy", False),
    ],
)
def test_what_registers_a_tracker_is_loaded_where_a_file_registers_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, head: str, loaded: bool
) -> None:
    (tmp_path / "written_by_the_test.py").write_text(f"{head}\nclass Mine:\n    pass\n")
    monkeypatch.syspath_prepend(tmp_path)
    found = packages_imported_by("written_by_the_test:Mine")
    assert (REGISTRY in found) == loaded
    # What that imports itself is not for hosts: there, nothing is looked up.
    assert not any(name.startswith("trackbench.plugins.reg") for name in found)
