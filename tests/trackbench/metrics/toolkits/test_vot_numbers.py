"""VOT's overlaps, accuracy, multi-start, long-term and VOTS measures, against its own numbers."""

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
from trackbench.metrics.toolkits import vot_accuracy, vot_longterm, vot_multistart, vots
from trackbench.metrics.toolkits.refusal import ToolkitRefusesError
from trackbench.metrics.toolkits.vot_longterm import LongTermRun
from trackbench.metrics.toolkits.vot_multistart import MultiStart
from trackbench.metrics.toolkits.vot_overlap import overlaps

Case = dict[str, Any]
EXACT = 1e-9


def accuracies(case: Case) -> dict[str, float]:
    answers, truth, frame = boxes(case["answers"]), boxes(case["truth"]), tuple(case["frame"])
    ignored = boxes(case["ignore"]) if "ignore" in case else None

    def accuracy(burn_in: int, *, only_visible: bool = False) -> float:
        return vot_accuracy.accuracy(
            answers, truth, frame, burn_in=burn_in, only_visible=only_visible, ignored=ignored
        )

    return {
        "burnin10": accuracy(10),
        "burnin1": accuracy(1),
        "burnin1_visible": accuracy(1, only_visible=True),
    }


def presence(case: Case) -> vots.Presence:
    ignored = boxes(case["ignore"]) if "ignore" in case else None
    return vots.presence(
        boxes(case["answers"]), boxes(case["truth"]), tuple(case["frame"]), ignored
    )


def measures(found: vots.Presence) -> dict[str, float]:
    return {
        "accuracy": found.accuracy,
        "robustness": found.robustness,
        "nre": found.not_reported_error,
        "dre": found.drift_rate_error,
        "adq": found.absence_detection_quality,
    }


def counts(found: vots.Presence) -> list[int]:
    return [found.tracked, found.failed, found.missed, found.hallucinated, found.noticed]


CASES = [*toolkit_scores()["cases"], *toolkit_scores()["ignore"]]
REFUSED = [case for case in CASES if "raises" in case["vot"]["accuracy"]]
TAKEN = [case for case in CASES if case not in REFUSED]


def test_the_overlap_of_every_frame() -> None:
    for case in CASES:
        answers, truth, frame = boxes(case["answers"]), boxes(case["truth"]), tuple(case["frame"])
        wanted = {"overlap": None}
        if "ignore" in case:
            wanted = {"overlap": boxes(case["ignore"]), "overlap_without": None}
        for name, ignored in wanted.items():
            found = overlaps(answers, truth, frame, ignored)
            np.testing.assert_allclose(
                found, list(map(number, case["vot"][name])), rtol=0, atol=EXACT, err_msg=case["id"]
            )


def test_accuracy_of_every_sequence() -> None:
    assert len(TAKEN) == 132
    for case in TAKEN:
        assert_same(accuracies(case), numbers(case["vot"]["accuracy"]), EXACT, case["id"])


def test_what_is_tracked_missed_hallucinated_and_noticed_in_every_sequence() -> None:
    for case in TAKEN:
        found, wanted = presence(case), case["vot"]["vots"]
        assert counts(found) == wanted["counts"], case["id"]
        assert_same(measures(found), numbers(wanted), EXACT, case["id"])


def test_a_truth_that_is_never_known_is_refused() -> None:
    assert [case["id"] for case in REFUSED] == ["s058"]
    for measure in (accuracies, presence):
        with pytest.raises(
            ToolkitRefusesError, match="cannot start where the truth is never known"
        ):
            measure(REFUSED[0])


def test_totals_of_accuracy_weigh_by_length_or_not() -> None:
    found = {case["id"]: (accuracies(case), len(case["truth"])) for case in TAKEN}
    for name, ids, wanted in groups(toolkit_scores()["totals"]["vot"]["accuracy"]):
        if "raises" in wanted:
            assert not set(ids) <= found.keys()
            continue
        scores = {}
        for burn_in in ("burnin10", "burnin1", "burnin1_visible"):
            each, lengths = [found[i][0][burn_in] for i in ids], [found[i][1] for i in ids]
            scores[f"{burn_in}_weighted"] = vot_accuracy.mean_accuracy(each, lengths)
            scores[f"{burn_in}_unweighted"] = float(np.mean(each))
        assert_same(scores, numbers(wanted), EXACT, name)


def test_totals_of_vots_are_over_sequences_that_have_a_number() -> None:
    found = {case["id"]: measures(presence(case)) for case in TAKEN}
    for name, ids, wanted in groups(toolkit_scores()["totals"]["vot"]["vots"]):
        if "raises" in wanted:
            assert not set(ids) <= found.keys()
            continue
        scores = {
            measure: vots.mean_over_sequences([found[i][measure] for i in ids])
            for measure in numbers(wanted)
        }
        assert_same(scores, numbers(wanted), EXACT, name)


def multistart(case: Case) -> MultiStart:
    truth = boxes(case["truth"])
    runs = [
        vot_multistart.started_run(
            boxes(run["boxes"]),
            truth,
            run["anchor"],
            backwards=run["direction"] < 0,
            frame=tuple(case["frame"]),
        )
        for run in case["runs"]
    ]
    return MultiStart(tuple(runs), len(truth))


def test_runs_from_several_starts() -> None:
    for case in toolkit_scores()["multistart"]:
        found, wanted = multistart(case), case["vot"]
        scores = {
            "accuracy": found.accuracy,
            "robustness": found.robustness,
            "eao": vot_multistart.eao([found], 8, 30),
        }
        assert_same(scores, {name: number(wanted[name]) for name in scores}, EXACT, case["id"])
        assert [found.kept, found.length] == wanted["weights"]
        for run, overlap in zip(found.runs, wanted["overlaps"], strict=True):
            np.testing.assert_allclose(run.overlap, overlap, rtol=0, atol=EXACT)
        curve = vot_multistart.eao_curve([found], 30)
        np.testing.assert_allclose(curve, wanted["eao_curve"], rtol=0, atol=EXACT)


def test_several_starts_in_total() -> None:
    wanted = toolkit_scores()["totals"]["vot"]["multistart"]
    found = [multistart(case) for case in toolkit_scores()["multistart"]]
    scores = {
        "accuracy": vot_multistart.mean_accuracy(found),
        "robustness": vot_multistart.mean_robustness(found),
        "eao": vot_multistart.eao(found, wanted["eao_low"], wanted["eao_high"]),
        "eao_1_12": vot_multistart.eao(found, 1, 12),
        "eao_20_60": vot_multistart.eao(found, 20, 60),
    }
    assert_same(scores, {name: number(wanted[name]) for name in scores}, EXACT, "total")
    curve = vot_multistart.eao_curve(found, wanted["eao_high"])
    np.testing.assert_allclose(curve, wanted["eao_curve"], rtol=0, atol=EXACT)


def test_a_run_with_too_few_boxes_is_refused() -> None:
    case = toolkit_scores()["multistart"][0]
    with pytest.raises(ToolkitRefusesError, match="the run from frame 3 has 2 boxes, not 36"):
        vot_multistart.started_run(
            np.ones((2, 4)), boxes(case["truth"]), 3, backwards=False, frame=(240, 320)
        )


def long_term(case: Case) -> LongTermRun:
    return vot_longterm.long_term_run(
        boxes(case["answers"]),
        boxes(case["truth"]),
        np.array(list(map(number, case["confidence"]))),
        tuple(case["frame"]),
    )


def test_precision_recall_and_f_from_confidences() -> None:
    cases = toolkit_scores()["longterm"]
    for case in cases:
        run, wanted = long_term(case), case["vot"]
        np.testing.assert_allclose(run.overlap, wanted["overlaps"], rtol=0, atol=EXACT)
        found = vars(vot_longterm.precision_recall([run]))
        assert_same(found, {name: number(wanted[name]) for name in found}, EXACT, case["id"])
    found = vars(vot_longterm.precision_recall([long_term(case) for case in cases]))
    for _, _, wanted in groups(toolkit_scores()["totals"]["vot"]["longterm"]):
        assert_same(found, numbers(wanted), EXACT, "total")
