"""Answers and news of a maker as they go over the wire: plain JSON, and the bytes of arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trackbench.errors import brief
from trackbench.host.run_lengths import MaskRuns
from trackbench.host.wire import Message, WireError
from trackbench.plugins.dataset_identity import MadeOf
from trackbench.results import json_codec
from trackbench.results.chunks import Failure, Truth
from trackbench.running.messages import Answer, Described, Made, News, Refusal, SpoiledBy, Tried

Arrays = dict[str, NDArray[Any]]


def encoded(answer: Answer | News) -> tuple[dict[str, Any], bytes]:
    """Return an answer as what goes over the wire: plain JSON, and bytes."""
    match answer:
        case News():
            return {"news": answer.frames}, answer.output
        case Refusal():
            return {"refusal": str(answer.message), "detail": str(answer.detail)}, b""
        case Tried():
            spoiled, source = _plain(answer.spoiled), answer.source_sha256
            return {"tried": spoiled, "source": source, "reads": list(answer.reads)}, b""
        case Described():
            frame, reads = list(answer.frame), list(answer.reads)
            made_of = None if answer.made_of is None else asdict(answer.made_of)
            described = {"described": answer.fingerprint, "frame": frame}
            return {**described, "reads": reads, "made_of": made_of}, b""
        case Made():
            return _encoded_made(answer)


def _encoded_made(answer: Made) -> tuple[dict[str, Any], bytes]:
    truth = answer.truth
    arrays: Arrays = {
        "boxes": answer.boxes,
        "iou": answer.iou,
        "truth": truth.boxes,
        # a maker has seen every frame
        **({} if truth.frame_hashes is None else {"hashes": truth.frame_hashes}),
        "sizes": truth.sizes,
        **{f"attribute {name}": values for name, values in truth.attributes.items()},
    }
    remarks = {
        "confidence": answer.confidence,
        "absent": answer.absent,
        "target_absent": truth.absent,
        "absent_rows": truth.absent_rows,
    }
    arrays |= {name: values for name, values in remarks.items() if values is not None}
    arrays |= _of_masks("mask", answer.masks) | _of_masks("true mask", truth.masks)
    described, content = _packed(arrays)
    says = {
        "made": described,
        "seconds": answer.seconds,
        "frames": answer.frames,
        "peak": answer.peak_memory,
        "failures": [_plain(failure) for failure in answer.failures],
        "by_masks": answer.by_masks,
        "differs": answer.differs,
        "reads": list(answer.reads),
        "dataset_reads": list(answer.dataset_reads),
    }
    return says, content


def decoded(message: Message) -> Answer | News:
    """Return the answer that a message holds.

    Raises:
        WireError: it holds none.
    """
    says = message.says
    try:
        if "news" in says:
            return News(int(says["news"]), message.payload)
        if "refusal" in says:
            return Refusal(str(says["refusal"]), str(says["detail"]))
        if "described" in says:
            height, width = says["frame"]
            frame = int(height), int(width)
            made_of = None if says["made_of"] is None else MadeOf(**says["made_of"])
            return Described(str(says["described"]), frame, _texts(says["reads"]), made_of)
        if "tried" in says:
            why = says["tried"]
            spoiled = None if why is None else json_codec.decoded(SpoiledBy, why)
            source = None if says["source"] is None else str(says["source"])
            return Tried(spoiled, source, _texts(says["reads"]))
        return _decoded_made(says, message.payload)
    except (KeyError, TypeError, ValueError) as error:
        raise WireError(f"an answer is none: {brief(error)}") from error


def _decoded_made(says: Mapping[str, Any], content: bytes) -> Made:
    arrays = _unpacked(says["made"], content)
    begin = "attribute "
    attributes = {k.removeprefix(begin): v for k, v in arrays.items() if k.startswith(begin)}
    true_masks = _masks_of("true mask", arrays)
    return Made(
        truth=Truth(
            arrays["truth"],
            arrays["hashes"],
            arrays["sizes"],
            attributes,
            arrays.get("target_absent"),
            true_masks,
            arrays.get("absent_rows"),
        ),
        boxes=arrays["boxes"],
        iou=arrays["iou"],
        confidence=arrays.get("confidence"),
        absent=arrays.get("absent"),
        masks=_masks_of("mask", arrays),
        by_masks=bool(says["by_masks"]),
        seconds=float(says["seconds"]),
        frames=int(says["frames"]),
        peak_memory=int(says["peak"]),
        failures=json_codec.decoded(tuple[Failure, ...], says["failures"]),
        differs=None if says["differs"] is None else str(says["differs"]),
        reads=_texts(says["reads"]),
        dataset_reads=_texts(says["dataset_reads"]),
    )


def _of_masks(name: str, masks: MaskRuns | None) -> Arrays:
    return {} if masks is None else {f"{name} counts": masks.counts, f"{name} ends": masks.ends}


def _masks_of(name: str, arrays: Arrays) -> MaskRuns | None:
    if f"{name} ends" not in arrays:
        return None
    return MaskRuns(arrays[f"{name} counts"], arrays[f"{name} ends"])


def _texts(found: Any) -> tuple[str, ...]:
    return tuple(str(text) for text in found)


def _plain(why: Failure | SpoiledBy | None) -> dict[str, Any] | None:
    return None if why is None else {**asdict(why), "kind": why.kind.value}


def _packed(arrays: Mapping[str, NDArray[Any]]) -> tuple[list[list[Any]], bytes]:
    """Return names, dtypes and shapes of arrays, and their bytes one after the other."""
    described, parts = [], []
    for name, values in arrays.items():
        whole = np.ascontiguousarray(values)
        described.append([name, whole.dtype.str, list(whole.shape)])
        parts.append(whole.tobytes())
    return described, b"".join(parts)


def _unpacked(described: list[list[Any]], content: bytes) -> Arrays:
    """Return the arrays of :func:`_packed`.

    Raises:
        ValueError: one is of something else than numbers, or longer than there are bytes.
    """
    arrays, at = {}, 0
    for name, kind, shape in described:
        dtype = np.dtype(kind)
        if dtype.kind not in "biuf":
            raise ValueError(f"{name} is no array of numbers")
        count = int(np.prod(shape))
        arrays[str(name)] = np.frombuffer(content, dtype, count, at).reshape(shape)
        at += count * dtype.itemsize
    return arrays
