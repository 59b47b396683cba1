"""A suite that has other numbers of sequences for each of its data sets."""

from dataclasses import replace
from pathlib import Path

import pytest

import trackbench
from trackbench.errors import TrackbenchError

SUITE = trackbench.Suite(
    id="two-v1",
    datasets=("mnist-single-same-v1", "mnist-multi-same-v1"),
    sequences_each=(1, 3),
    lengths=(2,),
)


def counts(results: trackbench.Results) -> dict[str, int]:
    return {name: record.sequences for name, record in results.datasets.items()}


@pytest.mark.thorough
def test_each_data_set_has_its_own_and_an_option_goes_before(tmp_path: Path) -> None:
    results = trackbench.run("static", SUITE, out=tmp_path / "own", jobs=1)
    assert counts(results) == {"mnist-single-same-v1": 1, "mnist-multi-same-v1": 3}
    assert "over 1 to 3 sequences" in str(trackbench.report(results, "text"))
    noisy = trackbench.run("static", SUITE, out=tmp_path / "noisy", jobs=1, init_noise=0.8)
    assert list(counts(noisy).values()) == [1, 3]
    asked = trackbench.run("static", SUITE, out=tmp_path / "asked", jobs=1, sequences=2)
    assert list(counts(asked).values()) == [2, 2]


def test_numbers_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    wrong = replace(SUITE, sequences_each=(1, 3, 5))
    with pytest.raises(TrackbenchError, match="suite two has 2 data sets and 3 numbers"):
        trackbench.run("static", wrong, out=tmp_path / "r")
    wrong = replace(SUITE, sequences_each=(1, 501))
    with pytest.raises(TrackbenchError, match="mnist-multi-same-v1 has 500 sequences, not 501"):
        trackbench.run("static", wrong, out=tmp_path / "r")
    assert not (tmp_path / "r").exists()
