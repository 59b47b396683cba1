"""Who reads is known by what it is, not by what its file is called."""

import subprocess
import sys
from pathlib import Path

SCRIPT = """
import os
from trackbench.host.reads import Reads
notes = []
heard = Reads(notes.append)
heard.watch((), ())
heard.install()
import json.tool
os.listdir(".")
print(*notes)
"""


def test_a_folder_that_is_listed_by_a_file_called_like_importlib(tmp_path: Path) -> None:
    script = tmp_path / "importlib_of_mine.py"
    script.write_text(SCRIPT)
    done = subprocess.run(
        [sys.executable, script], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert f"folder {tmp_path.resolve()}" in done.stdout
