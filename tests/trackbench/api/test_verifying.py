"""``verify``: the published data, and the same each time that they are made."""

from pathlib import Path

import pytest
from python_server import command_server

COMPANY = Path(__file__).parents[2] / "plugins" / "company.py"


@pytest.mark.parametrize(
    ("dataset", "code", "verdict"),
    [
        ("fixed-v1", 0, "has no published fingerprint"),
        ("alone-v1", 0, "has no published fingerprint"),  # two at once cannot be built
        ("remembers-v1", 1, "IS NOT THE SAME EACH TIME: sequence 3 is another"),
        ("once-v1", 1, "IS NOT THE SAME EACH TIME: sequence 3 is another"),
    ],
)
def test_what_is_another_each_time_is_told(
    tmp_path: Path, dataset: str, code: int, verdict: str
) -> None:
    words = ["-m", "trackbench", "verify", dataset, "--plugin", str(COMPANY)]
    done = command_server().run(words, tmp_path)
    assert (done.returncode, done.stderr) == (code, "")
    assert done.stdout.startswith(f"{dataset}  ")
    assert verdict in done.stdout
