"""One text for one meaning: canonical JSON and the hash of a run's results. Pure."""

from __future__ import annotations

import json
import math
from dataclasses import fields
from hashlib import sha256
from typing import Any

from evaluator.records import RunContent

SIGNIFICANT_DIGITS = 10

JSON_FIELDS = frozenset(
    {"definition", "evidence", "counts", "canonical_json", "moves_with", "parameters", "parts", "warnings"}
)
"""Text fields that hold JSON, wherever they occur in the records."""

RUN_FIELDS = ("schema_version", "plan_id", "task", "seed", "plan_sha256", "data_sha256", "model_sha256", "n")
"""What of the run itself belongs to its result; ids, times, places and titles do not."""

WORDING = frozenset(
    {
        "sentence",
        "reason",
        "why",
        "question",
        "words",
        "label",
        "action",
        "what",
        "add_to_plan",
        "given_words",
        "other_words",
        "band_words",
        "warnings",
    }
)
"""Fields that only put into words what other fields hold as values."""


def canonical_json(value: object) -> str:
    """JSON with sorted keys, no spaces and no NaN; equal values give equal text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def rounded(value: Any) -> Any:
    """`value` with every fraction in it cut to ten significant digits; infinities become text."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, dict):
        return {str(key): rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(item) for item in value]
    if isinstance(value, float):
        return _rounded_float(float(value))
    return int(value)


def result_sha256(content: RunContent) -> str:
    """Hash of what a run found, leaving out times, file names and sentences.

    The order of the records within a table does not matter, so the hash is the same for any number of threads.
    """
    tables = content.tables
    result = {
        "run": {name: rounded(getattr(content.run, name)) for name in RUN_FIELDS},
        "population": _sorted_values(content.populations),
        "estimate": _sorted_values(tables.estimates),
        "gap": _sorted_values(tables.gaps),
        "quality": _sorted_values(tables.quality),
        "paired": _sorted_values(tables.paired),
        "curve": _sorted_values(tables.curves),
        "importance": _sorted_values(tables.importances),
        "effect": _sorted_values(tables.effects),
        "calibration": _sorted_values(tables.calibrations),
        "shrunken": _sorted_values(tables.shrunken),
        "group_gap": _sorted_values(tables.group_gaps),
        "distance": _sorted_values(tables.distances),
        "conditional": _sorted_values(tables.conditionals),
        "stratum": _sorted_values(tables.strata),
        "selection_ratio": _sorted_values(tables.selection_ratios),
        "statutory_table": _sorted_values(tables.statutory_tables),
        "conflict": _sorted_values(tables.conflicts),
        "price": _sorted_values(tables.prices),
        "trace": _sorted_values(tables.traces),
        "unknown_bound": _sorted_values(tables.unknown_bounds),
        "slice_search": _sorted_values(tables.slice_searches),
        "slice": _sorted_values(tables.slices),
        "slice_condition": _sorted_values(tables.slice_conditions),
        "slice_cause": _sorted_values(tables.slice_causes),
        "error_leaf": _sorted_values(tables.error_leaves),
        "dependence": _sorted_values(tables.dependences),
        "feature_share": _sorted_values(tables.feature_shares),
        "interaction": _sorted_values(tables.interactions),
        "interaction_point": _sorted_values(tables.interaction_points),
        "explained_case": _sorted_values(tables.cases),
        "case_part": _sorted_values(tables.case_parts),
        "similar_cases": _sorted_values(tables.similar_cases),
        "way_out": _sorted_values(tables.ways_out),
        "way_out_change": _sorted_values(tables.way_out_changes),
        "recourse_rate": _sorted_values(tables.recourse_rates),
        "reason": _sorted_values(tables.reasons),
        "reason_check": _sorted_values(tables.reason_checks),
        "explanation_check": _sorted_values(tables.explanation_checks),
        "surrogate_leaf": _sorted_values(tables.surrogate_leaves),
        "finding": _sorted_values(tables.findings),
        "not_tested": _sorted_values(tables.not_tested),
        "criterion": _sorted_values(content.criteria),
        "recommendation": _values(content.recommendation, _names(content.recommendation)),
    }
    return sha256(canonical_json(result).encode()).hexdigest()


def _rounded_float(value: float) -> float | str:
    shortened = float(f"{value:.{SIGNIFICANT_DIGITS - 1}e}")
    if not math.isfinite(shortened):
        return repr(shortened)
    return shortened if shortened else 0.0  # not -0.0


def _sorted_values(records: tuple[Any, ...]) -> list[dict[str, Any]]:
    """Records of one kind, in an order that their values alone decide."""
    names = _names(records[0]) if records else ()
    return sorted((_values(record, names) for record in records), key=canonical_json)


def _values(record: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: rounded(_parsed(name, getattr(record, name))) for name in names}


def _names(record: Any) -> tuple[str, ...]:
    """The fields of a record that belong to the result."""
    return tuple(field.name for field in fields(record) if field.name not in WORDING)


def _parsed(name: str, value: Any) -> Any:
    return json.loads(value) if name in JSON_FIELDS and value else value
