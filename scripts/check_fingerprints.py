"""Are the data the same bytes on every supported Python and NumPy?

    python scripts/check_fingerprints.py

Builds a wheel of this tree and installs it without its dependencies into an empty virtual
environment for each Python (3.11, 3.12, 3.13) and NumPy (1.26.*, which 3.13 has no wheel of,
and the newest 2.*), with only what ``trackbench verify`` needs. In each it runs ``trackbench
verify``, makes other sequences forwards, backwards and in several processes, and does it again with
the processor's vector instructions switched off in NumPy and with the oldest kernels of OpenBLAS.
Everything must agree. Of factor suites it verifies the base, and makes a few frames of each level.

The interpreters are those that PYTHON311, PYTHON312 and PYTHON313 name, else python3.11 and so on.
Exits with 1 if anything differs.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

TREE = Path(__file__).resolve().parents[1]
PYTHONS = ("3.11", "3.12", "3.13")
NUMPYS = ("numpy==1.26.*", "numpy>=2,<3")
NEVER_MADE = {("3.13", "numpy==1.26.*")}
NEEDED = ("cloudpickle", "typer")

# Makes sequences that verify does not: in two orders and in three processes at once.
ORDERS = """
import hashlib
import multiprocessing
from trackbench.plugins import registry
from trackbench.plugins.start_noise import given_box

LEVELS = {name for suite in registry.factor_suites() for name in suite.datasets[1:]}
WANTED = [
    (spec.id, index % spec.sequences)
    for spec in registry.datasets()
    for index in ((5,) if spec.id in LEVELS else (5, 77, 311))
]

def digest(wanted):
    name, index = wanted
    dataset = registry.build_dataset(registry.datasets().get(name))
    sequence = dataset.sequence(index, 4 if name in LEVELS else 40)
    content = hashlib.sha256(sequence.frames.tobytes() + sequence.boxes.tobytes())
    content.update(given_box(dataset.spec, index, sequence).tobytes())
    if sequence.masks is not None:
        content.update(sequence.masks.tobytes())
    for attribute, values in sorted(sequence.attributes.items()):
        content.update(attribute.encode() + values.tobytes())
    return name, index, content.hexdigest()

if __name__ == "__main__":
    forwards = [digest(wanted) for wanted in WANTED]
    backwards = [digest(wanted) for wanted in reversed(WANTED)][::-1]
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        spread = sorted(pool.imap_unordered(digest, WANTED))
    assert forwards == backwards, "the order matters"
    assert sorted(forwards) == spread, "processes matter"
    for made in forwards:
        print(*made)
"""

# All but the levels of factor suites, of which a few frames are made above.
VERIFIED = """
from trackbench.plugins import registry
levels = {name for suite in registry.factor_suites() for name in suite.datasets[1:]}
print(*(spec.id for spec in registry.datasets() if spec.id not in levels))
"""

VERSIONS = "import numpy, sys; print('Python', sys.version.split()[0], 'NumPy', numpy.__version__)"

# What NumPy chooses at run time and this processor has.
VECTOR_FEATURES = """
try:
    from numpy._core import _multiarray_umath as core
except ImportError:
    from numpy.core import _multiarray_umath as core
print(",".join(name for name in core.__cpu_dispatch__ if core.__cpu_features__[name]))
"""


def main() -> int:
    """Check every combination; return the exit code."""
    with tempfile.TemporaryDirectory(prefix="trackbench-fingerprints-") as folder:
        temporary = Path(folder)
        pythons = [interpreter(version) for version in PYTHONS]
        wheel = build_wheel(pythons[0], temporary)
        outputs: dict[str, str] = {}
        for python, version in zip(pythons, PYTHONS, strict=True):
            for numpy in NUMPYS:
                if (version, numpy) in NEVER_MADE:
                    continue
                place = temporary / f"{version}-{numpy.translate(str.maketrans('=<>*,', '-----'))}"
                environment = install(python, place, numpy, wheel)
                outputs |= check(environment, temporary)
    (reference, expected), *others = outputs.items()
    print(expected)
    print(f"{reference}: the reference, printed above")
    different = 0
    for name, output in others:
        same = output == expected
        print(f"{name}: {'the same' if same else 'DIFFERENT'}")
        if not same:
            print(output)
            different += 1
    print(f"{len(outputs)} checks, {different} different from the first")
    return 1 if different else 0


def interpreter(version: str) -> str:
    """Return a Python of a version, by its variable or on the path."""
    variable = f"PYTHON{version.replace('.', '')}"
    found = os.environ.get(variable) or shutil.which(f"python{version}")
    if found:
        command = [found, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
        answer = subprocess.run(command, capture_output=True, text=True, check=False)
        if answer.stdout.strip() == version:
            return found
    sys.exit(f"no working Python {version}: let {variable} name one")


def build_wheel(python: str, temporary: Path) -> Path:
    """Build the wheel from a copy, so that nothing is left in the tree."""
    print("building the wheel", flush=True)
    left_out = shutil.ignore_patterns(".*", "build", "dist", "*.egg-info", "__pycache__")
    copy = temporary / "tree"
    shutil.copytree(TREE, copy, symlinks=True, ignore=left_out)
    shutil.rmtree(copy / "results", ignore_errors=True)
    out = temporary / "wheel"
    run(python, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", out, copy)
    (wheel,) = out.glob("trackbench-*.whl")
    return wheel


def install(python: str, place: Path, numpy: str, wheel: Path) -> Path:
    """Make a virtual environment and return its Python."""
    run(python, "-m", "venv", place)
    inside = place / "bin" / "python"
    pip = (inside, "-m", "pip", "--disable-pip-version-check", "install", "--quiet")
    run(*pip, numpy, *NEEDED)
    run(*pip, "--no-deps", wheel)
    return inside


def check(python: Path, temporary: Path) -> dict[str, str]:
    """Return what each way of running it on one environment printed."""
    name = run(python, "-c", VERSIONS).strip()
    program = temporary / "orders.py"
    program.write_text(ORDERS, encoding="utf-8")
    features = run(python, "-c", VECTOR_FEATURES).strip()
    ways = {
        name: {},
        f"{name} without {features}": {"NPY_DISABLE_CPU_FEATURES": features},
        f"{name} with OpenBLAS for Prescott": {"OPENBLAS_CORETYPE": "Prescott"},
    }
    verified_ids = run(python, "-c", VERIFIED, cwd=temporary).split()
    outputs = {}
    for way, variables in ways.items():
        print(f"checking {way}", flush=True)
        verified = run(
            python, "-m", "trackbench", "verify", *verified_ids, cwd=temporary, **variables
        )
        outputs[way] = verified + run(python, program, cwd=temporary, **variables)
    return outputs


def run(*command: object, cwd: Path | None = None, **variables: str) -> str:
    """Run a command and return its standard output; end the script if it fails."""
    done = subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        text=True,
        cwd=cwd,
        env={k: v for k, v in os.environ.items() if k != "PYTHONPATH"} | variables,
        check=False,
    )
    if done.returncode:
        said = " ".join(map(str, command))
        sys.exit(f"{said}\nended with {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
