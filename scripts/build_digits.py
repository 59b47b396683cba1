"""Build datasets/data/mnist.zip from the four standard IDX files of MNIST.

    python scripts/build_digits.py FOLDER_WITH_IDX_GZ [OUT.zip]

The archive is the same bytes every time: fixed names, order, times and compression.
"""

from __future__ import annotations

import gzip
import sys
import zipfile
from pathlib import Path

MEMBERS = ("train-images-idx3-ubyte", "t10k-images-idx3-ubyte")


def main(source: Path, out: Path) -> None:
    """Write the archive ``out`` from ``source``/*.gz."""
    with zipfile.ZipFile(out, "w") as archive:
        for name in MEMBERS:
            info = zipfile.ZipInfo(name, date_time=(1998, 11, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_LZMA
            archive.writestr(info, gzip.decompress((source / f"{name}.gz").read_bytes()))
    print(f"{out}: {out.stat().st_size / 2**20:.2f} MiB")


if __name__ == "__main__":
    default = Path(__file__).parents[1] / "datasets" / "data" / "mnist.zip"
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else default)
