"""What code names by strings: files of data beside it, and variables of the environment.

Most files that a tracker reads are noticed when it opens them. Those that a compiled library opens
are not (``cv2.imread("template.png")``), but their names mostly stand in the source.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from trackbench.plugins.hashing.file_hash import content_sha256
from trackbench.plugins.hashing.tokens import pack

_OF_DATA = frozenset(
    f".{suffix}"
    for suffix in (
        *("onnx", "pt", "pth", "pb", "pbtxt", "torchscript", "engine", "trt", "plan", "tflite"),
        *("caffemodel", "prototxt", "param", "bin", "weights", "ckpt", "safetensors", "model"),
        *("npz", "npy", "h5", "hdf5", "mat", "pkl", "pickle", "joblib", "dat", "gz", "zip"),
        *("xml", "yml", "yaml", "json", "toml", "ini", "cfg", "conf", "config"),
        *("png", "jpg", "jpeg", "bmp", "tif", "tiff", "webp", "pgm", "ppm", "so", "cu"),
    )
)
EVERYWHERE = frozenset(
    (
        *("HOME", "USER", "LOGNAME", "PATH", "PWD", "OLDPWD", "TMPDIR", "TEMP", "TMP", "SHELL"),
        *("TERM", "HOSTNAME", "LANG", "DISPLAY", "PYTHONPATH", "VIRTUAL_ENV", "CONDA_PREFIX", "_"),
        *("PYTHONHASHSEED", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"),
        *("VECLIB_MAXIMUM_THREADS", "NUMEXPR_NUM_THREADS", "THP_MEM_ALLOC_ENABLE"),
    )
)
"""Variables that say who and where somebody is, or that are the same for every tracker."""

_MOST_FOLDERS = 200


def data_files(words: frozenset[str], folders: Iterable[Path]) -> list[tuple[str, Path]]:
    """Return (name, path) of the existing files of data that strings in code name.

    Args:
        words: all strings of the code.
        folders: that the code is in, or that relative names start from. Files are also looked for
            in the folders above, and in folders that a string names:
            ``HERE.parent / "models" / "net.onnx"``.
    """
    files = frozenset(word for word in words if Path(word).suffix.lower() in _OF_DATA)
    if not files:
        return []
    places = _with_subfolders(words - files, folders)
    found = {
        os.path.realpath(place / name): (Path(name).name, place / name)
        for name in sorted(files)
        for place in places
        if _is_file(place / name)
    }
    return sorted(found.values())


def variables_named(words: Iterable[str], variables: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of the environment that are set and that strings in code name."""
    return {name: variables[name] for name in sorted(set(words) & variables.keys() - EVERYWHERE)}


def surroundings_token(
    files: Iterable[tuple[str, Path]], variables: Mapping[str, str]
) -> bytes | None:
    """Return the hash of files and variables; None where there are none.

    Raises:
        UnhashableError: a file cannot be read.
    """
    pairs = [(name, content_sha256(path)) for name, path in files]
    pairs += sorted(variables.items())
    return pack("surroundings", *(part for pair in pairs for part in pair)) if pairs else None


def _with_subfolders(words: Iterable[str], folders: Iterable[Path]) -> list[Path]:
    names = sorted(word for word in words if word.strip("./ ") and len(word.split()) == 1)
    found: dict[Path, None] = {}
    for folder in folders:
        found |= dict.fromkeys((folder, folder.parent))
    for _ in range(2):
        for place in list(found):
            for name in names:
                if len(found) < _MOST_FOLDERS and _is_folder(place / name):
                    found[place / name] = None
    return list(found)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False
