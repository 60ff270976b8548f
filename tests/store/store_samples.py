"""Runs made of recognisable values, for the tests of the store."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from evaluator.records import (
    AnalysisTables,
    Calibration,
    Case,
    CasePart,
    Conditional,
    Conflict,
    CriterionResult,
    CurvePoint,
    Dependence,
    Distance,
    Effect,
    ErrorLeaf,
    Estimate,
    ExplanationCheck,
    FeatureShare,
    Finding,
    Gap,
    GroupGap,
    Importance,
    Interaction,
    InteractionPoint,
    NotTested,
    Paired,
    PlanText,
    Population,
    Price,
    Provenance,
    Quality,
    Reason,
    ReasonCheck,
    Recommendation,
    RecourseRate,
    Run,
    RunContent,
    SelectionRatio,
    Shrunken,
    SimilarCases,
    Slice,
    SliceCause,
    SliceCondition,
    SliceSearch,
    StatutoryTable,
    Stratum,
    SurrogateLeaf,
    Timing,
    Trace,
    UnknownBound,
    WayOut,
    WayOutChange,
)
from evaluator.store import SCHEMA_VERSION, ColumnRow, ScoredRows, make_run_id
from evaluator.store.canonical import JSON_FIELDS
from evaluator.store.tables import Column, table_of

START = datetime(2026, 3, 1, 9, 30, 15, tzinfo=UTC)


def sample(record: type, row: int = 1, **changes: Any) -> Any:
    """A record whose every field says which field and row it is."""
    values = {column.field: _value(column, row) for column in _columns(record)}
    return record(**(values | changes))


@lru_cache
def _columns(record: type) -> tuple[Column, ...]:
    return table_of("any", record).columns


def _value(column: Column, row: int) -> Any:
    if column.choices:
        return column.choices[row % len(column.choices)]
    if column.field in JSON_FIELDS:
        return f'{{"{column.field}": {row}}}'
    if column.optional and row % 3 == 0:
        return None
    plain = {str: f"{column.field} {row}", int: row * 7, float: row + 1 / 3, bool: row % 2 == 0, datetime: START}
    return plain[column.kind]


LATER_TABLES: dict[str, type] = {
    "shrunken": Shrunken, "group_gaps": GroupGap, "distances": Distance, "conditionals": Conditional, "strata": Stratum,
    "selection_ratios": SelectionRatio, "statutory_tables": StatutoryTable, "conflicts": Conflict, "prices": Price,
    "traces": Trace, "unknown_bounds": UnknownBound, "slice_searches": SliceSearch, "slices": Slice,
    "slice_conditions": SliceCondition, "slice_causes": SliceCause, "error_leaves": ErrorLeaf,
    "dependences": Dependence, "feature_shares": FeatureShare, "interactions": Interaction,
    "interaction_points": InteractionPoint, "cases": Case, "case_parts": CasePart,
    "similar_cases": SimilarCases, "ways_out": WayOut, "way_out_changes": WayOutChange,
    "recourse_rates": RecourseRate, "reasons": Reason, "reason_checks": ReasonCheck,
    "explanation_checks": ExplanationCheck, "surrogate_leaves": SurrogateLeaf,
}  # fmt: skip
"""Tables of version 5 and later by their name among the records."""


def make_content(
    plan_id: str = "loan-2.3", *, minutes: int = 0, hash_start: str = "0123abcd", size: int = 4
) -> RunContent:
    started = START + timedelta(minutes=minutes)
    run = sample(
        Run, run_id=make_run_id(plan_id, started, hash_start), plan_id=plan_id, started_at=started,
        schema_version=SCHEMA_VERSION, rows_sha256=None,
    )  # fmt: skip
    rows = range(1, size + 1)
    return RunContent(
        run=run,
        plan=sample(PlanText),
        populations=tuple(sample(Population, row) for row in rows),
        tables=AnalysisTables(
            estimates=tuple(sample(Estimate, row) for row in rows),
            gaps=tuple(sample(Gap, row) for row in rows),
            quality=tuple(sample(Quality, row) for row in rows),
            paired=tuple(sample(Paired, row) for row in rows),
            curves=tuple(sample(CurvePoint, row) for row in rows),
            importances=tuple(sample(Importance, row) for row in rows),
            effects=tuple(sample(Effect, row) for row in rows),
            findings=tuple(sample(Finding, row) for row in rows),
            not_tested=tuple(sample(NotTested, row) for row in rows),
            calibrations=tuple(sample(Calibration, row) for row in rows),
            **{name: tuple(sample(record, row) for row in rows) for name, record in LATER_TABLES.items()},
        ),
        criteria=tuple(sample(CriterionResult, row) for row in rows),
        recommendation=sample(Recommendation),
        provenance=tuple(sample(Provenance, row) for row in rows),
        timings=tuple(sample(Timing, row) for row in rows),
    )


def with_finding(content: RunContent, **changes: Any) -> RunContent:
    """`content` with its first finding changed."""
    first, *others = content.tables.findings
    findings = (replace(first, **changes), *others)
    return replace(content, tables=replace(content.tables, findings=findings))


def make_rows(n: int = 50, seed: int = 3) -> ScoredRows:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "row_id": rng.permutation(n),
            "label": rng.integers(0, 2, n),
            "score": np.round(rng.random(n), 1),
            "prediction": rng.integers(0, 2, n),
            "weight": None,
            "cluster": [f"household {i % 7}" for i in range(n)],
            "time": pd.Timestamp("2026-01-01") + pd.to_timedelta(np.arange(n), unit="h"),
            "c0": pd.Categorical(rng.choice(["north", "south"], n)),
            "c1": np.where(rng.random(n) < 0.1, np.nan, rng.normal(40, 9, n)),
        }
    )
    columns = (
        ColumnRow(0, "region", "sensitive", "category", '["north","south"]', "region", ""),
        ColumnRow(1, "score", "feature", "number", "", 'age\'s "score"', "years"),
    )
    return ScoredRows(frame, columns)
