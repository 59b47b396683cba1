"""One-pass scores of every toolkit, sequence by sequence and in total, against its own numbers."""

from collections.abc import Callable
from functools import cache, partial
from typing import Any

import numpy as np
import pytest

from tests.support.toolkit_scores import (
    assert_same,
    boxes,
    groups,
    number,
    numbers,
    toolkit_scores,
)
from trackbench.metrics.toolkits import (
    got10k,
    ostrack,
    pysot,
    pysot_toolkit,
    pytracking,
    trackingnet,
)
from trackbench.metrics.toolkits.curves import OpeScores, mean_of
from trackbench.metrics.toolkits.got10k import FrameOverlaps
from trackbench.metrics.toolkits.pytracking import Family
from trackbench.metrics.toolkits.refusal import ToolkitRefusesError
from trackbench.metrics.toolkits.trackingnet import TrackingNetScores

Case = dict[str, Any]
Scores = OpeScores | FrameOverlaps | TrackingNetScores
EXACT, SINGLE_PRECISION = 1e-9, 1e-4


def got10k_scores(case: Case, *, all_covered: bool) -> FrameOverlaps:
    covered = np.ones(len(case["truth"]), bool) if all_covered else visible(case)
    return got10k.evaluate_got10k(
        boxes(case["answers"]), boxes(case["truth"]), covered, tuple(case["frame"])
    )


def of_boxes(evaluate: Callable[..., Scores], case: Case) -> Scores:
    return evaluate(boxes(case["answers"]), boxes(case["truth"]))


def flagged(evaluate: Callable[..., Scores], case: Case) -> Scores:
    return evaluate(boxes(case["answers"]), boxes(case["truth"]), visible(case))


def of_family(evaluate: Callable[..., Scores], family: Family, case: Case, **how: bool) -> Scores:
    return evaluate(boxes(case["answers"]), boxes(case["truth"]), family, visible(case), **how)


def visible(case: Case) -> np.ndarray:
    return np.array(case["visible"]) == 1


EVALUATED: dict[tuple[str, str], Callable[[Case], Scores]] = {
    ("got10k", "GOT10k"): partial(got10k_scores, all_covered=False),
    ("got10k", "GOT10k_all_covered"): partial(got10k_scores, all_covered=True),
    ("got10k", "OTB"): partial(of_boxes, got10k.evaluate_otb),
    ("got10k", "UAV123"): partial(of_boxes, got10k.evaluate_uav123),
    ("got10k", "LaSOT"): partial(of_boxes, got10k.evaluate_lasot),
    ("trackingnet", ""): partial(of_boxes, trackingnet.evaluate),
    **{
        (name, kind): partial(flagged if kind == "LaSOT" else of_boxes, module.evaluate)
        for name, module in (("pysot", pysot), ("pysot_toolkit", pysot_toolkit))
        for kind in ("OTB", "UAV", "LaSOT")
    },
    **{
        (name, f"{family.value}_{frames}"): partial(
            of_family, module.evaluate, family, only_valid=frames == "valid"
        )
        for name, module in (("pytracking", pytracking), ("ostrack", ostrack))
        for family in Family
        for frames in ("all", "valid")
    },
}


def tolerance(toolkit: str) -> float:
    return SINGLE_PRECISION if toolkit in ("pytracking", "ostrack") else EXACT


def as_printed(toolkit: str, scores: Scores) -> dict[str, float]:
    """Return numbers under the names and on the scale of the file."""
    if isinstance(scores, FrameOverlaps):
        return {"ao": scores.ao, "sr50": scores.sr50, "sr75": scores.sr75}
    if isinstance(scores, TrackingNetScores):
        return {
            "coverage": 100 * scores.coverage,
            "success": 100 * scores.success,
            "precision": 100 * scores.precision,
            "norm_precision": 100 * scores.normalised,
        }
    scale = 100.0 if tolerance(toolkit) == SINGLE_PRECISION else 1.0
    return {
        "auc": scale * scores.auc,
        "success_auc": scale * scores.auc,
        "success50": scale * scores.op50,
        "op50": scale * scores.op50,
        "op75": scale * scores.op75,
        "precision20": scale * scores.precision20,
        "norm_precision_auc": scale * scores.normalised_auc,
        "norm_precision20": scale * scores.normalised20,
        "avg_overlap": np.nan if scores.overlap is None else scores.overlap,
    }


def expected(case: Case, toolkit: str, kind: str) -> dict[str, Any]:
    found: dict[str, Any] = case[toolkit][kind] if kind else case[toolkit]
    return found


@cache
def of_all(toolkit: str, kind: str) -> dict[str, Scores]:
    """Return the scores of every sequence that is not refused, each held to the file's."""
    found = {}
    for case in toolkit_scores()["cases"]:
        wanted, at = expected(case, toolkit, kind), f"{case['id']} {toolkit} {kind}"
        if "raises" in wanted:
            with pytest.raises(ToolkitRefusesError, match=r"\w+ \w+ .*"):
                EVALUATED[toolkit, kind](case)
            continue
        found[case["id"]] = EVALUATED[toolkit, kind](case)
        assert_same(as_printed(toolkit, found[case["id"]]), numbers(wanted), tolerance(toolkit), at)
    return found


@pytest.mark.parametrize(("toolkit", "kind"), EVALUATED)
def test_every_sequence_has_the_toolkits_number_or_is_refused_as_there(
    toolkit: str, kind: str
) -> None:
    assert len(of_all(toolkit, kind)) >= 100


@pytest.mark.parametrize(("toolkit", "kind"), EVALUATED)
def test_totals_are_by_the_toolkits_own_averaging(toolkit: str, kind: str) -> None:
    totals = toolkit_scores()["totals"][toolkit]
    found = of_all(toolkit, kind)
    checked = 0
    for name, ids, wanted in groups(totals[kind] if kind else totals):
        if "raises" in wanted:
            assert not set(ids) <= found.keys()
            continue
        scores = as_printed(toolkit, total([found[case] for case in ids]))
        assert_same(scores, numbers(wanted), tolerance(toolkit), f"{toolkit} {kind} {name}")
        checked += 1
    assert checked >= 2


def total(scores: list[Any]) -> Scores:
    if isinstance(scores[0], FrameOverlaps):
        return got10k.all_frames(scores)
    return trackingnet.mean_of(scores) if hasattr(scores[0], "covered") else mean_of(scores)


@pytest.mark.parametrize("bounded", [False, True])
def test_rectangle_iou_of_every_frame(bounded: bool) -> None:
    for case in toolkit_scores()["cases"]:
        iou = got10k.rectangle_iou(
            boxes(case["answers"]),
            boxes(case["truth"]),
            tuple(case["frame"]) if bounded else None,
        )
        wanted = case["got10k"]["iou_bound" if bounded else "iou"]
        np.testing.assert_allclose(iou, list(map(number, wanted)), rtol=0, atol=EXACT)


@pytest.mark.parametrize(("name", "module"), [("pytracking", pytracking), ("ostrack", ostrack)])
def test_a_single_frame_is_scored_as_there_where_it_can_be_read(name: str, module: Any) -> None:
    single = [case for case in toolkit_scores()["cases"] if "kept_2d" in case[name]]
    assert len(single) == 4
    for case in single:
        for kind, wanted in case[name]["kept_2d"].items():
            family, frames = kind.split("_")
            scores = of_family(
                module.evaluate,
                Family(family),
                case,
                only_valid=frames == "valid",
                one_frame=True,
            )
            assert_same(as_printed(name, scores), numbers(wanted), SINGLE_PRECISION, case["id"])
