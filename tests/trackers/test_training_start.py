from pathlib import Path

import pytest
import torch

from trackbench.errors import TrackbenchError
from trackbench.trackers.networks import NetworkSpec, build
from trackbench.trackers.training.start import warm_start
from trackbench.trackers.weights_file import Provenance, save

ID = NetworkSpec(n=0, frame=20, filters=2, hidden=4)


@pytest.fixture
def trained(tmp_path: Path) -> Path:
    save(tmp_path / "id.safetensors", build(ID, seed=3), Provenance())
    return tmp_path / "id.safetensors"


def test_attention_begins_with_what_id_has_learned(trained: Path) -> None:
    attentive = build(NetworkSpec(n=1, frame=20, filters=2, hidden=4), seed=7)
    focus = attentive.state_dict()["focus.weight"].clone()
    sha = warm_start(attentive, trained)
    given, own = build(ID, seed=3).state_dict(), attentive.state_dict()
    assert len(sha) == 64
    assert torch.equal(own["focus.weight"], focus)
    assert torch.equal(own["recurrent.weight"], given["recurrent.weight"])
    assert torch.equal(own["convolution.weight"], given["convolution.weight"])
    # The large matrix is stored in 8 bits: half a step of its row's scale at most.
    error = (own["projection.weight"] - given["projection.weight"]).abs()
    assert (error <= given["projection.weight"].abs().amax(1, keepdim=True) / 127 * 0.501).all()


def test_weights_that_do_not_fit_are_refused(trained: Path) -> None:
    with pytest.raises(TrackbenchError, match="whose large matrix does not fit"):
        warm_start(build(NetworkSpec(n=0, frame=40, filters=3, hidden=5), seed=0), trained)
