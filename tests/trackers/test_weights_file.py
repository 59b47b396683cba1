"""Weights files: small, checked, refused when they are not what they should be."""

from __future__ import annotations

import json
import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import safetensors.torch
import torch
from torch import Tensor

from trackbench.errors import DamagedFileError, TrackbenchError
from trackbench.trackers import weights_file
from trackbench.trackers.networks import Architecture, NetworkSpec, build
from trackbench.trackers.weights_file import Provenance, dequantise, load, quantise, save

TINY = NetworkSpec(frame=16, filters=4, kernel=4, stride=2, hidden=12)
STATED = Provenance(recipe="toy", steps=7, seed=3, data={"a-v1": "f" * 64}, score=0.25)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    save(tmp_path / "w.safetensors", build(TINY, seed=1), STATED)
    return tmp_path / "w.safetensors"


def parts(file: Path) -> tuple[dict[str, str], dict[str, Tensor]]:
    with safetensors.safe_open(file, "pt") as opened:
        return opened.metadata(), {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118 - not a dict


@pytest.mark.parametrize(
    "spec", [TINY, replace(TINY, n=3), replace(TINY, architecture=Architecture.CONVTRACKER)]
)
def test_round_trip(tmp_path: Path, spec: NetworkSpec) -> None:
    network = build(spec, seed=1)
    digest = save(tmp_path / "w", network, STATED)
    found = load(tmp_path / "w")
    assert found.network.spec == spec
    assert type(found.network) is type(network)
    assert found.provenance == STATED
    assert found.sha256 == digest
    for name, wanted in network.state_dict().items():
        value = found.network.state_dict()[name]
        if name == "projection.weight":
            step = wanted.abs().amax(1, keepdim=True) / 127
            assert ((value - wanted).abs() <= step * 0.5001).all()
        else:
            assert torch.equal(value, wanted), name
    assert not any(value.requires_grad for value in found.network.parameters())


def test_saving_again_changes_nothing(file: Path, tmp_path: Path) -> None:
    save(tmp_path / "again", load(file).network, STATED)
    first, second = load(file).network.state_dict(), load(tmp_path / "again").network.state_dict()
    for name, value in first.items():
        torch.testing.assert_close(second[name], value, rtol=1e-6, atol=0)


def test_the_matrix_takes_a_byte_a_weight(file: Path) -> None:
    _, tensors = parts(file)
    assert {
        name: value.dtype for name, value in tensors.items() if value.dtype != torch.float32
    } == {"projection.weight": torch.int8}


def test_quantising_rows_of_very_different_size() -> None:
    matrix = torch.tensor([[1e-6, -4.9e-7, 0.0], [100.0, 1.0, -100.0], [0.0, 0.0, 0.0]])
    whole, scale = quantise(matrix)
    assert whole.tolist() == [[127, -62, 0], [127, 1, -127], [0, 0, 0]]
    error = (dequantise(whole, scale) - matrix).abs()
    assert (error <= scale[:, None] * 0.5001).all()


@pytest.mark.parametrize("kept", [0.999, 0.5, 0.001, 0.0])
def test_a_truncated_file_is_damaged(file: Path, kept: float) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: int(len(content) * kept)])
    with pytest.raises(DamagedFileError, match=r"w\.safetensors is not a whole safetensors file"):
        load(file)


def test_any_changed_tensor_is_noticed(file: Path) -> None:
    content = bytearray(file.read_bytes())
    header = int.from_bytes(content[:8], "little") + 8
    for place in np.random.default_rng(0).integers(header, len(content), 20):
        changed = content.copy()
        changed[place] ^= 1
        file.write_bytes(changed)
        with pytest.raises(DamagedFileError, match="SHA-256"):
            load(file)


def test_no_pickle_is_opened(tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self) -> tuple[object, tuple[Path]]:
            return (Path.touch, (tmp_path / "ran",))

    torch.save({"w": torch.zeros(3)}, tmp_path / "torch.pt")
    (tmp_path / "evil.pkl").write_bytes(pickle.dumps(Evil()))
    for name in ("torch.pt", "evil.pkl"):
        with pytest.raises(DamagedFileError, match="not a whole safetensors file"):
            load(tmp_path / name)
    assert not (tmp_path / "ran").exists()


def test_another_project_s_safetensors_are_foreign(tmp_path: Path) -> None:
    safetensors.torch.save_file({"w": torch.zeros(3)}, tmp_path / "w")
    with pytest.raises(DamagedFileError, match="holds no trackbench weights"):
        load(tmp_path / "w")


def test_a_newer_schema_is_named(file: Path) -> None:
    header, tensors = parts(file)
    safetensors.torch.save_file(tensors, file, {**header, "schema": "99"})
    with pytest.raises(
        TrackbenchError, match=r"schema 99, newer than this trackbench knows \(2\): upgrade"
    ):
        load(file)


@pytest.mark.parametrize(
    "wrong",
    [{"hidden": 13}, {"n": 1}, {"architecture": "transformer"}, {"depth": 3}, {"stride": 0}],
    ids=str,
)
def test_a_header_of_another_network_does_not_fit(file: Path, wrong: dict[str, object]) -> None:
    header, tensors = parts(file)
    header["network"] = json.dumps(json.loads(header["network"]) | wrong)
    safetensors.torch.save_file(tensors, file, header)
    with pytest.raises(DamagedFileError, match="does not have the SHA-256 that it states"):
        load(file)
    signed = {**header, "sha256": weights_file._digest(header, tensors)}
    safetensors.torch.save_file(tensors, file, signed)
    with pytest.raises(DamagedFileError, match="do not fit together"):
        load(file)


def test_a_header_that_would_fit_another_network_is_noticed(tmp_path: Path) -> None:
    """The tensors of Att-1 and Att-3 have the same names and shapes."""
    save(tmp_path / "w", build(replace(TINY, n=1)), Provenance())
    content = (tmp_path / "w").read_bytes()
    one, three = rb"\"n\": 1", rb"\"n\": 3"
    assert content.count(one) == 1
    (tmp_path / "w").write_bytes(content.replace(one, three))
    with pytest.raises(DamagedFileError, match="does not have the SHA-256 that it states"):
        load(tmp_path / "w")


def test_a_header_that_boasts_is_noticed(file: Path) -> None:
    header, tensors = parts(file)
    boast = json.dumps(json.loads(header["provenance"]) | {"score": 0.99})
    safetensors.torch.save_file(tensors, file, {**header, "provenance": boast})
    with pytest.raises(DamagedFileError, match="does not have the SHA-256 that it states"):
        load(file)


def test_files_of_schema_1_are_read(file: Path) -> None:
    """Their SHA-256 is over the tensors alone, and they do not say how they began."""
    header, tensors = parts(file)
    provenance = json.loads(header["provenance"])
    del provenance["start"], provenance["precision"]
    header |= {"schema": "1", "provenance": json.dumps(provenance)}
    header["sha256"] = weights_file._digest(header, tensors)
    safetensors.torch.save_file(tensors, file, header)
    assert load(file).provenance.start == ""


def test_tensors_of_types_that_we_do_not_write(file: Path) -> None:
    header, tensors = parts(file)
    for odd in (torch.zeros(3, dtype=torch.bfloat16), torch.tensor(1.0)):
        safetensors.torch.save_file({**tensors, "odd": odd}, file, header)
        with pytest.raises(DamagedFileError, match="does not have the SHA-256 that it states"):
            load(file)


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(TrackbenchError, match="there is no weights file"):
            load(path)
