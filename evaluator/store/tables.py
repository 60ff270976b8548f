"""The tables of a run file, derived field by field from the records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from datetime import datetime
from functools import cached_property
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from evaluator.records import (
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

SCHEMA_VERSION = 7
"""Raised whenever a table or column is added, renamed or changes its meaning.

A column that came later has a default in its record, which stands for it when an older run file is read.
"""

_SQL_TYPES: Mapping[type, str] = {
    str: "VARCHAR",
    int: "BIGINT",
    float: "DOUBLE",
    bool: "BOOLEAN",
    datetime: "TIMESTAMP",  # always UTC
}


@dataclass(frozen=True, slots=True)
class Column:
    """`field` is the record's attribute, `choices` the only texts allowed (empty: any).

    `has_default` : the record can be made without it, so that an older run file may lack it.
    """

    name: str
    field: str
    kind: type
    optional: bool
    choices: tuple[str, ...]
    has_default: bool = False

    @property
    def sql_type(self) -> str:
        return _SQL_TYPES[self.kind]


@dataclass(frozen=True)
class Table:
    """`key` names the columns that no two records of one run may share.

    `since` is the first schema version that has the table; it is empty in older run files.
    """

    name: str
    record: type
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    since: int = 1

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    @cached_property
    def create_sql(self) -> str:
        parts = (f'"{c.name}" {c.sql_type}{"" if c.optional else " NOT NULL"}' for c in self.columns)
        return f'CREATE TABLE "{self.name}" ({", ".join(parts)})'

    @cached_property
    def select_sql(self) -> str:
        return self.select_some_sql(self.columns)

    def select_some_sql(self, columns: Sequence[Column]) -> str:
        listed = ", ".join(f'"{column.name}"' for column in columns)
        return f'SELECT {listed} FROM "{self.name}"'


def column_of(field: str, annotation: Any, *, has_default: bool = False) -> Column:
    """The column that holds one field of a record."""
    allowed = get_args(annotation) if isinstance(annotation, UnionType) else (annotation,)
    (inner,) = (kind for kind in allowed if kind is not NoneType)
    choices = get_args(inner) if get_origin(inner) is Literal else ()
    return Column(field.rstrip("_"), field, str if choices else inner, NoneType in allowed, choices, has_default)


def table_of(name: str, record: type, key: tuple[str, ...] = (), since: int = 1) -> Table:
    hints = get_type_hints(record)
    columns = tuple(
        column_of(field.name, hints[field.name], has_default=field.default is not MISSING) for field in fields(record)
    )
    return Table(name, record, columns, key, since)


TABLES: Mapping[str, Table] = {
    table.name: table
    for table in (
        table_of("run", Run),
        table_of("plan", PlanText),
        table_of("population", Population, ("population_id",)),
        table_of("estimate", Estimate, ("analysis", "metric", "class_", "subject", "population_id")),
        table_of("gap", Gap),
        table_of("quality", Quality, ("check", "column", "population_id")),
        table_of("paired", Paired),
        table_of("curve", CurvePoint),
        table_of("importance", Importance, ("method", "subject", "population_id", "class_", "feature"), since=2),
        table_of("effect", Effect, ("subject", "population_id", "class_", "feature", "position"), since=2),
        table_of("calibration", Calibration, ("check", "class_", "subject", "population_id"), since=3),
        table_of("shrunken", Shrunken, ("metric", "class_", "subject", "population_id"), since=5),
        table_of(
            "group_gap", GroupGap, ("metric", "class_", "subject", "attribute", "population_id", "against"), since=5
        ),
        table_of("distance", Distance, ("measure", "what", "subject", "attribute", "population_id"), since=5),
        table_of("conditional", Conditional, ("metric", "subject", "attribute", "population_id", "given"), since=5),
        table_of("stratum", Stratum, ("metric", "subject", "attribute", "population_id", "given", "position"), since=5),
        table_of("selection_ratio", SelectionRatio, ("rule", "table", "position"), since=5),
        table_of("statutory_table", StatutoryTable, ("rule", "table"), since=5),
        table_of("conflict", Conflict, ("subject", "attribute", "population_a", "population_b"), since=5),
        table_of("price", Price, ("goal", "subject", "attribute", "population_id", "metric"), since=5),
        table_of("trace", Trace, ("kind", "subject", "attribute", "population_id", "feature"), since=5),
        table_of("unknown_bound", UnknownBound, ("metric", "subject", "attribute", "kind"), since=5),
        table_of("slice_search", SliceSearch, ("loss", "subject"), since=6),
        table_of("slice", Slice, ("loss", "subject", "slice_id"), since=6),
        table_of("slice_condition", SliceCondition, ("loss", "slice_id", "position"), since=6),
        table_of("slice_cause", SliceCause, ("loss", "slice_id", "cause", "feature"), since=6),
        table_of("error_leaf", ErrorLeaf, ("loss", "position"), since=6),
        table_of(
            "dependence",
            Dependence,
            ("subject", "class_", "population_id", "feature", "kind", "line", "position"),
            since=7,
        ),
        table_of("feature_share", FeatureShare, ("feature", "population_id", "position"), since=7),
        table_of("interaction", Interaction, ("subject", "class_", "feature", "other"), since=7),
        table_of(
            "interaction_point",
            InteractionPoint,
            ("subject", "class_", "feature", "other", "band", "position"),
            since=7,
        ),
        table_of("explained_case", Case, ("subject", "class_", "number"), since=7),
        table_of("case_part", CasePart, ("subject", "class_", "number", "feature"), since=7),
        table_of("similar_cases", SimilarCases, ("subject", "class_", "number"), since=7),
        table_of("way_out", WayOut, ("subject", "class_", "number", "option"), since=7),
        table_of("way_out_change", WayOutChange, ("subject", "class_", "number", "option", "position"), since=7),
        table_of("recourse_rate", RecourseRate, ("subject", "class_", "population_id", "changes"), since=7),
        table_of("reason", Reason, ("subject", "class_", "number", "position"), since=7),
        table_of("reason_check", ReasonCheck, ("subject", "class_", "test"), since=7),
        table_of(
            "explanation_check", ExplanationCheck, ("check", "subject", "class_", "feature", "population_id"), since=7
        ),
        table_of("surrogate_leaf", SurrogateLeaf, ("subject", "class_", "position"), since=7),
        table_of("criterion", CriterionResult, ("criterion_id",)),
        table_of("recommendation", Recommendation),
        table_of("finding", Finding),
        table_of("not_tested", NotTested),
        table_of("provenance", Provenance),
        table_of("timing", Timing),
    )
}


def records_by_table(content: RunContent) -> dict[str, tuple[Any, ...]]:
    """The records of a run under the names of their tables, in the order of TABLES."""
    tables = content.tables
    return {
        "run": (content.run,),
        "plan": (content.plan,),
        "population": content.populations,
        "estimate": tables.estimates,
        "gap": tables.gaps,
        "quality": tables.quality,
        "paired": tables.paired,
        "curve": tables.curves,
        "importance": tables.importances,
        "effect": tables.effects,
        "calibration": tables.calibrations,
        "shrunken": tables.shrunken,
        "group_gap": tables.group_gaps,
        "distance": tables.distances,
        "conditional": tables.conditionals,
        "stratum": tables.strata,
        "selection_ratio": tables.selection_ratios,
        "statutory_table": tables.statutory_tables,
        "conflict": tables.conflicts,
        "price": tables.prices,
        "trace": tables.traces,
        "unknown_bound": tables.unknown_bounds,
        "slice_search": tables.slice_searches,
        "slice": tables.slices,
        "slice_condition": tables.slice_conditions,
        "slice_cause": tables.slice_causes,
        "error_leaf": tables.error_leaves,
        "dependence": tables.dependences,
        "feature_share": tables.feature_shares,
        "interaction": tables.interactions,
        "interaction_point": tables.interaction_points,
        "explained_case": tables.cases,
        "case_part": tables.case_parts,
        "similar_cases": tables.similar_cases,
        "way_out": tables.ways_out,
        "way_out_change": tables.way_out_changes,
        "recourse_rate": tables.recourse_rates,
        "reason": tables.reasons,
        "reason_check": tables.reason_checks,
        "explanation_check": tables.explanation_checks,
        "surrogate_leaf": tables.surrogate_leaves,
        "criterion": content.criteria,
        "recommendation": (content.recommendation,),
        "finding": tables.findings,
        "not_tested": tables.not_tested,
        "provenance": content.provenance,
        "timing": content.timings,
    }
