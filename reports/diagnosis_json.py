"""A diagnosis as JSON, for programs."""

from __future__ import annotations

import json
from typing import Any

from trackbench.analysis.diagnosis import Diagnosis, TrackerDiagnosis
from trackbench.analysis.diagnosis_words import sentence
from trackbench.analysis.factor_effects import ALPHA, FactorEffect, LevelEffect
from trackbench.analysis.factor_remarks import NEGLIGIBLE
from trackbench.analysis.interactions import Interaction
from trackbench.results.json_values import number_or_null


def diagnosis_json(diagnosis: Diagnosis) -> str:
    """Return all of it; what is no number, is not told, or lies beyond the last level, is null."""
    whole = {
        "protocol": diagnosis.protocol.value,
        "alpha": ALPHA,
        "negligible": NEGLIGIBLE,
        "tests": diagnosis.tests,
        "trackers": [_tracker(found) for found in diagnosis.trackers],
        "interactions": [_interaction(found) for found in diagnosis.interactions],
        "notes": list(diagnosis.notes),
    }
    return json.dumps(whole, indent=1, allow_nan=False) + "\n"


def _tracker(found: TrackerDiagnosis) -> dict[str, Any]:
    return {
        "tracker": found.tracker,
        "suite": found.suite,
        "base": found.base,
        "length": found.length,
        "sequences": found.sequences,
        "score": number_or_null(found.score),
        "sentence": sentence(found),
        "named": [effect.factor.name for effect in found.named],
        "missing": list(found.missing),
        "factors": [_factor(found, effect) for effect in found.effects],
    }


def _factor(found: TrackerDiagnosis, effect: FactorEffect) -> dict[str, Any]:
    return {
        "factor": effect.factor.name,
        "unit": effect.factor.unit,
        "base": effect.base,
        "costs_nothing": None if found.little_to_lose else effect.costs_nothing,
        "half_lost": [
            {
                "at": number_or_null(each.at),
                "near": number_or_null(each.low),
                "far": number_or_null(each.high),
            }
            for each in effect.half
        ],
        "levels": [_level(level) for level in effect.levels],
    }


def _level(level: LevelEffect) -> dict[str, Any]:
    return {
        "value": level.value,
        "dataset": level.dataset,
        "sequences": level.sequences,
        "left_out": level.left_out,
        "base": level.base,
        "score": level.score,
        "effect": level.effect,
        "low": number_or_null(level.low),
        "high": number_or_null(level.high),
        "p": level.p,
        "p_adjusted": level.p_adjusted,
        "told_apart": level.told_apart,
        "steepest": level.steepest,
    }


def _interaction(found: Interaction) -> dict[str, Any]:
    return {
        "tracker": found.tracker,
        "suite": found.crossed.suite,
        "dataset": found.crossed.dataset,
        "factors": list(found.crossed.factors),
        "levels": [level.value for level in found.crossed.levels],
        "sequences": found.sequences,
        "effects": list(found.effects),
        "together": found.together,
        "beyond": found.beyond,
        "low": number_or_null(found.low),
        "high": number_or_null(found.high),
        "p_adjusted": found.p_adjusted,
    }
