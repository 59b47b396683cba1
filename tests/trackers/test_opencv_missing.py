"""OpenCV that cannot be loaded, or was built without the contrib modules."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

MISSING_LIBRARY = "raise ImportError('libGL.so.1: cannot open shared object file\\nand more')"
# What plain opencv-python 5 looks like from here: MIL, but neither KCF nor the legacy trackers.
PLAIN_OPENCV = """
__version__ = "5.0.0"
def setNumThreads(count): pass
def TrackerMIL_create(): pass
class ocl:
    @staticmethod
    def setUseOpenCL(use): pass
"""
REMEDY = "install opencv-contrib-python-headless, after uninstalling every other opencv package"


@pytest.mark.parametrize(
    ("fake", "algorithm", "message"),
    [
        (
            MISSING_LIBRARY,
            "kcf",
            "OpenCV cannot be loaded (libGL.so.1: cannot open shared object file): ",
        ),
        (PLAIN_OPENCV, "kcf", "OpenCV 5.0.0 here has no TrackerKCF: "),
        (PLAIN_OPENCV, "tld", "OpenCV 5.0.0 here has no TrackerTLD: "),
    ],
)
def test_a_crippled_opencv_is_one_clear_line(
    fake: str, algorithm: str, message: str, tmp_path: Path
) -> None:
    (tmp_path / "cv2").mkdir()
    (tmp_path / "cv2" / "__init__.py").write_text(fake)
    code = (
        "import sys\n"
        "sys.path.insert(0, sys.argv[1])\n"
        "from trackbench.errors import TrackbenchError\n"
        "from trackbench.trackers.opencv import OpenCVTracker\n"
        "try:\n"
        "    OpenCVTracker(sys.argv[2])\n"
        "except TrackbenchError as error:\n"
        "    print(error)\n"
    )
    arguments = [sys.executable, "-c", code, str(tmp_path), algorithm]
    output = subprocess.run(arguments, check=True, capture_output=True, text=True).stdout
    assert output == f"{message}{REMEDY}\n"
