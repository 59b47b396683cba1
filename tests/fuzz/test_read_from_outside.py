"""Damaged baselines, weights and digits: refused in one line, or just what the whole file says.

``TRACKBENCH_FUZZ=full`` tries 4,000 cases, ``TRACKBENCH_FUZZ_SEED`` other ones. With ``-s``, counts
and seed are printed.
"""

from __future__ import annotations

import copy
import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from fuzzing import Fuzzing
from hypothesis import given
from hypothesis import strategies as st

from trackbench.analysis import baseline_file
from trackbench.analysis.baseline import Baseline, BaselineDataset, BaselineRun
from trackbench.datasets import digits
from trackbench.errors import TrackbenchError
from trackbench.metrics.evaluation_protocol import EvaluationProtocol
from trackbench.trackers import weights_file
from trackbench.trackers.networks import NetworkSpec, build

FUZZING = Fuzzing(share=20)
cases, DONE, REFUSED = FUZZING.cases, FUZZING.done, FUZZING.refused


HUGE = {"@400@": "9" * 400, "@5000@": "-" + "9" * 5000}
"""What Python would not write as an integer."""

JSON: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from([None, True, False, 0, -1, 1, 2, 7.5, -0.0, 1e-320, 1e308, *HUGE]),
    st.sampled_from(["\x1b[2J", "\ud800", "=1+1", "x" * 9_000, "paper-v1", "ope-v1", [], {}]),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.recursive(
        st.none() | st.booleans(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
        max_leaves=5,
    ),
)


@pytest.fixture(scope="module", autouse=True)
def _told() -> Iterator[None]:
    yield
    FUZZING.tell()


def dumped(value: Any) -> str:
    text = json.dumps(value)
    for name, written in HUGE.items():
        text = text.replace(f'"{name}"', written)
    return text


def places(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    keys = value.keys() if isinstance(value, dict) else range(len(value))
    for key in keys:
        yield (*above, key)
        if isinstance(value[key], dict | list):
            yield from places(value[key], (*above, key))


@st.composite
def other_json(draw: Callable[..., Any], original: Any) -> Any:
    """Draw ``original`` with a node replaced, deleted, repeated, renamed, or by another one's."""
    found = copy.deepcopy(original)
    every = list(places(found))
    *above, last = draw(st.sampled_from(every))
    parent = found
    for key in above:
        parent = parent[key]
    match draw(st.sampled_from(["replace", "replace", "delete", "repeat", "rename", "swap"])):
        case "replace":
            parent[last] = draw(JSON)
        case "delete":
            del parent[last]
        case "repeat" if isinstance(parent, list):
            parent.insert(last, copy.deepcopy(parent[last]))
        case "rename" if isinstance(parent, dict):
            parent[draw(st.text(max_size=8))] = parent.pop(last)
        case _:
            *others, other = draw(st.sampled_from(every))
            source = original
            for key in others:
                source = source[key]
            parent[last] = copy.deepcopy(source[other])
    return found


@st.composite
def other_bytes(draw: Callable[..., Any], original: bytes) -> bytes:
    """Draw ``original`` with flipped bits, cut, or with something put in, doubled or zeroed."""
    place = draw(st.integers(0, len(original) - 1))
    end = draw(st.integers(place, min(len(original), place + 64)))
    match draw(st.sampled_from(["flip", "flip", "cut", "remove", "insert", "double", "zero"])):
        case "flip":
            damaged = bytearray(original)
            for at in draw(st.sets(st.integers(0, len(original) - 1), min_size=1, max_size=3)):
                damaged[at] ^= 1 << draw(st.integers(0, 7))
            return bytes(damaged)
        case "cut":
            return original[:place]
        case "remove":
            return original[:place] + original[end:]
        case "insert":
            return original[:place] + draw(st.binary(max_size=16)) + original[place:]
        case "double":
            return original[:end] + original[place:]
        case _:
            return original[:place] + bytes(end - place) + original[end:]


def read(name: str, path: Path, content: bytes, reading: Callable[[Path], Any]) -> Any:
    """Return what is read from ``content``, or None if it is refused as it should be."""
    path.write_bytes(content)
    DONE[name] += 1
    try:
        return reading(path)
    except TrackbenchError as error:
        message = str(error)
    REFUSED[name] += 1
    assert message
    assert len(message) < len(str(path)) + 700
    return None


SCORES = np.round(np.random.default_rng(0).random((6, 2)), 4)
BASELINE = Baseline(
    EvaluationProtocol.PAPER_V1,
    (BaselineDataset("d-v1", "f" * 64, 6, (20, 40)), BaselineDataset("e-v1", "e" * 64, 6, (20,))),
    (
        BaselineRun("a-v1", "1", "d-v1", 71.5, "cpu", {"numpy": "2"}, (0, 1), (0, 0), SCORES),
        BaselineRun("b-v1", "2", "d-v1", float("nan"), "cpu", {}, (0, 0), (3, 3), SCORES / 2),
        BaselineRun("b-v1", "2", "e-v1", 1e3, "cpu", {}, (0,), (0,), SCORES[:, :1]),
    ),
)


def said(baseline: Baseline) -> str:
    return repr(
        [baseline.protocol, *map(asdict, baseline.datasets)]
        + [{**asdict(run), "scores": run.scores.tolist()} for run in baseline.runs]
    )


@pytest.fixture
def baseline(tmp_path: Path) -> bytes:
    baseline_file.write(BASELINE, tmp_path / "whole.json")
    whole = (tmp_path / "whole.json").read_bytes()
    assert said(baseline_file.read(tmp_path / "whole.json")) == said(BASELINE)
    return whole


@pytest.mark.thorough
@cases(1200)
@given(data=st.data())
def test_a_baseline_with_another_node(tmp_path: Path, baseline: bytes, data: Any) -> None:
    content = dumped(data.draw(other_json(json.loads(baseline)))).encode()
    found = read("baseline, nodes", tmp_path / "b.json", content, baseline_file.read)
    assert found is None or said(found) == said(BASELINE)


@cases(800)
@given(data=st.data())
def test_a_baseline_with_other_bytes(tmp_path: Path, baseline: bytes, data: Any) -> None:
    content = data.draw(other_bytes(baseline))
    found = read("baseline, bytes", tmp_path / "b.json", content, baseline_file.read)
    assert found is None or said(found) == said(BASELINE)


@cases(200)
@given(data=st.data())
def test_a_baseline_of_before_there_were_hashes(tmp_path: Path, baseline: bytes, data: Any) -> None:
    """It cannot tell other numbers, but what it is read as is a baseline."""
    whole = json.loads(baseline)
    del whole["sha256"]
    content = dumped(data.draw(other_json(whole))).encode()
    found = read("baseline without hash, nodes", tmp_path / "b.json", content, baseline_file.read)
    for run in found.runs if found is not None else ():
        assert ((run.scores >= 0) & (run.scores <= 1)).all()
        assert all(type(count) is int for count in (*run.failures, *run.invalid))


SPEC = NetworkSpec(n=1, frame=20, filters=2, hidden=3)


@pytest.fixture
def weights(tmp_path: Path) -> bytes:
    provenance = weights_file.Provenance(recipe="default", steps=3, data={"d-v1": "f"}, score=0.5)
    weights_file.save(tmp_path / "whole", build(SPEC), provenance)
    return (tmp_path / "whole").read_bytes()


def held(loaded: weights_file.Weights) -> str:
    tensors = loaded.network.state_dict().items()
    hashed = {name: hashlib.sha256(value.numpy().tobytes()).hexdigest() for name, value in tensors}
    return repr([asdict(loaded.network.spec), asdict(loaded.provenance), loaded.sha256, hashed])


@cases(500)
@given(data=st.data())
def test_weights_with_other_bytes(tmp_path: Path, weights: bytes, data: Any) -> None:
    content = data.draw(other_bytes(weights))
    found = read("weights, bytes", tmp_path / "w", content, weights_file.load)
    assert found is None or held(found) == held(weights_file.load(tmp_path / "whole"))


def header_and_rest(weights: bytes) -> tuple[dict[str, Any], bytes]:
    size = int.from_bytes(weights[:8], "little")
    return json.loads(weights[8 : 8 + size]), weights[8 + size :]


def with_header(header: str, rest: bytes) -> bytes:
    return len(header.encode()).to_bytes(8, "little") + header.encode() + rest


@cases(400)
@given(data=st.data())
def test_weights_with_another_header(tmp_path: Path, weights: bytes, data: Any) -> None:
    header, rest = header_and_rest(weights)
    content = with_header(dumped(data.draw(other_json(header))), rest)
    found = read("weights, header", tmp_path / "w", content, weights_file.load)
    assert found is None or held(found) == held(weights_file.load(tmp_path / "whole"))


@cases(400)
@given(data=st.data())
def test_weights_with_other_sizes_or_origin_and_a_right_hash(
    tmp_path: Path, weights: bytes, data: Any
) -> None:
    """Whoever computes the hash may say what he likes; but it must make sense."""
    header, rest = header_and_rest(weights)
    metadata = header["__metadata__"]
    part = data.draw(st.sampled_from(["network", "provenance"]))
    metadata[part] = dumped(data.draw(other_json(json.loads(metadata[part]))))
    tensors = weights_file.load(tmp_path / "whole").network.state_dict()
    tensors[weights_file.MATRIX], tensors[weights_file.SCALE] = weights_file.quantise(
        tensors[weights_file.MATRIX]
    )
    metadata["sha256"] = weights_file._digest(metadata, tensors)
    content = with_header(json.dumps(header), rest)
    found = read("weights, sizes and origin", tmp_path / "w", content, weights_file.load)
    if found is not None:
        assert all(torch.isfinite(value).all() for value in found.network.state_dict().values())


IMAGES = bytes(16) + np.random.default_rng(0).integers(0, 256, 20 * 784, np.uint8).tobytes()
IMAGES_SHA256 = hashlib.sha256(IMAGES).hexdigest()


@pytest.fixture(params=[zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> bytes:
    with zipfile.ZipFile(tmp_path / "whole.zip", "w", request.param) as packed:
        packed.writestr("other", b"x" * 100)
        packed.writestr("images", IMAGES)
    return (tmp_path / "whole.zip").read_bytes()


@cases(167)
@given(data=st.data())
def test_digits_with_other_bytes(tmp_path: Path, archive: bytes, data: Any) -> None:
    """An archive as the shipped one, read in the same way, but small enough to be read often."""

    def images(path: Path) -> Any:
        return digits._images.__wrapped__(path, "images", IMAGES_SHA256)

    found = read("digits, bytes", tmp_path / "d.zip", data.draw(other_bytes(archive)), images)
    assert found is None or found.tobytes() == IMAGES[16:]


def test_one_file_in_the_place_of_another(tmp_path: Path, baseline: bytes, weights: bytes) -> None:
    shipped = digits.ARCHIVE.read_bytes()

    def images(path: Path) -> Any:
        return digits.load(digits.Digits.TEST, path)

    for reading, others in {
        baseline_file.read: (weights, shipped),
        weights_file.load: (baseline, shipped),
        images: (baseline, weights),
    }.items():
        for content in others:
            assert read("swapped", tmp_path / "file", content, reading) is None
