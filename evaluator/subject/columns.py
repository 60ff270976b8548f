"""The columns a plan names, whether they exist, and what is known about every column."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from evaluator.errors import did_you_mean
from evaluator.plan.schema import ColumnPart, Edge, GapPart, Plan, SensitiveColumn
from evaluator.subject.cells import MOST_LEVELS, Cells, is_number
from evaluator.subject.levels import nfc
from evaluator.subject.problems import Problems, listed
from evaluator.subject.subject import ColumnInfo, ColumnRole, ColumnType
from evaluator.subject.terms import noun_key
from evaluator.subject.words import ColumnWords, level_label


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """What the plan says about one existing column; `nouns` has the canonical levels as keys."""

    name: str
    role: ColumnRole
    words: str
    unit: str = ""
    bands: tuple[float, ...] = ()
    nouns: Mapping[str, str] = field(default_factory=dict)
    sensitive: bool = False
    measured: bool = False
    """The label of a regression task: a quantity however few values it has."""


def named_columns(plan: Plan) -> Iterator[tuple[str, str]]:
    """Every column the plan names, with the path of the field that names it."""
    task, data, compare = plan.task, plan.data, plan.compare_with
    single = [("task.label", task.label), ("task.score", task.score), ("task.prediction", task.prediction)]
    single += [("data.id", data.id), ("data.cluster", data.cluster), ("data.weight", data.weight)]
    single += [("data.time", data.time)]
    single += [(f"task.scores.{value}", name) for value, name in task.scores.items()]
    if compare is not None:
        single += [("compare_with.score", compare.score), ("compare_with.prediction", compare.prediction)]
        single += [(f"compare_with.scores.{value}", name) for value, name in compare.scores.items()]
    yield from ((where, nfc(name)) for where, name in single if name is not None)
    for position, (name, _) in enumerate(sensitive_columns(plan)):
        yield f"data.sensitive[{position}]", name
    for position, (name, _) in enumerate(legitimate_columns(plan)):
        yield f"fairness.legitimate[{position}]", name
    if (law := plan.fairness.nyc_ll144) is not None:
        yield from (
            (f"fairness.nyc_ll144.{key}", nfc(name))
            for key, name in (("sex", law.sex), ("race_ethnicity", law.race_ethnicity))
        )
    for position, name in enumerate(data.features or ()):
        yield f"data.features[{position}]", nfc(name)
    for name in data.columns:
        yield f"data.columns.{name}", nfc(name)
    for position, criterion in enumerate(plan.criteria):
        for name in criterion.population:
            yield f"criteria[{position}].population", nfc(name)
        if criterion.gap is not None:
            yield from ((f"criteria[{position}].gap.by", name) for name in gap_columns(criterion.gap))


def gap_columns(gap: GapPart) -> tuple[str, ...]:
    """The columns whose groups a criterion compares."""
    by = (gap.by,) if isinstance(gap.by, str) else gap.by
    return tuple(nfc(name) for name in by)


def sensitive_columns(plan: Plan) -> list[tuple[str, tuple[Edge, ...] | None]]:
    """The columns whose groups are compared, each with its bands."""
    return _with_bands(plan.data.sensitive)


def legitimate_columns(plan: Plan) -> list[tuple[str, tuple[Edge, ...] | None]]:
    """The columns that may rightly explain a difference between groups, each with its bands."""
    return _with_bands(plan.fairness.legitimate)


def _with_bands(entries: Iterable[str | SensitiveColumn]) -> list[tuple[str, tuple[Edge, ...] | None]]:
    return [(nfc(entry), None) if isinstance(entry, str) else (nfc(entry.column), entry.bands) for entry in entries]


def check_columns_exist(plan: Plan, frame: pd.DataFrame, files: Iterable[str], problems: Problems) -> None:
    known = [str(name) for name in frame.columns]
    where_looked = ", ".join(files)
    for where, name in named_columns(plan):
        if name not in frame.columns:
            problems.add(f"{where}: there is no column '{name}' in {where_looked}.", did_you_mean(name, known))


def plan_columns(
    plan: Plan, frame: pd.DataFrame, cells: Cells, problems: Problems, *, scored: Collection[str] = ()
) -> tuple[ColumnPlan, ...]:
    """What the plan says about every column of the table, in the table's order.

    `scored` are the columns with the scores of single classes.
    """
    parts = _column_parts(plan)
    sensitive = dict(sensitive_columns(plan))
    cut = dict(legitimate_columns(plan)) | sensitive
    roles = _roles(plan) | dict.fromkeys(scored, "score")
    default: ColumnRole = "feature" if plan.data.features is None else "other"
    return tuple(
        _column_plan(
            str(name), roles.get(str(name), default), parts.get(str(name), ColumnPart()), cut, cells, problems, sensitive=str(name) in sensitive,
            measured=plan.task.kind == "regression" and str(name) == nfc(plan.task.label),
        )
        for name in frame.columns
    )  # fmt: skip


def _column_parts(plan: Plan) -> dict[str, ColumnPart]:
    """What the plan says about each column; a measured label has the unit of the task."""
    parts = {nfc(name): part for name, part in plan.data.columns.items()}
    label = nfc(plan.task.label)
    if plan.task.unit is not None and parts.get(label, ColumnPart()).unit is None:
        parts[label] = parts.get(label, ColumnPart()).model_copy(update={"unit": plan.task.unit})
    return parts


def _roles(plan: Plan) -> dict[str, ColumnRole]:
    """Roles by column; what is named later in this function wins."""
    task, data, compare = plan.task, plan.data, plan.compare_with
    roles: dict[str, ColumnRole] = {nfc(name): "feature" for name in data.features or ()}
    roles |= {nfc(file.on): "other" for file in data.join}
    roles |= {name: "sensitive" for name, _ in sensitive_columns(plan)}
    named: list[tuple[str | None, ColumnRole]] = [
        (data.time, "time"),
        (data.cluster, "cluster"),
        (data.weight, "weight"),
        (compare.prediction if compare else None, "prediction"),
        (task.prediction, "prediction"),
        (compare.score if compare else None, "score"),
        (task.score, "score"),
        (task.label, "label"),
        (data.id, "id"),
    ]
    return roles | {nfc(name): role for name, role in named if name is not None}


def _column_plan(
    name: str,
    role: ColumnRole,
    part: ColumnPart,
    cut: Mapping[str, tuple[Edge, ...] | None],
    cells: Cells,
    problems: Problems,
    *,
    sensitive: bool,
    measured: bool,
) -> ColumnPlan:
    """`cut` are the columns that groups are made of, or are compared within, each with its bands."""
    nouns = nouns_by_level(name, part.levels, cells)
    bands = _edges(name, cut.get(name) or part.bands, cells, problems)
    words = part.words or name.replace("_", " ")
    return ColumnPlan(name, role, words, part.unit or "", bands, nouns, sensitive, measured)


def nouns_by_level(name: str, written: Mapping[str, str], cells: Cells) -> dict[str, str]:
    """The plan's noun phrases for levels of a column, by the level as the data spell it or as ids spell a band."""
    number = cells.is_number(name)
    return {noun_key(text, cells.coded(name).levels, number=number): words for text, words in written.items()}


def _edges(name: str, bands: tuple[Edge, ...] | None, cells: Cells, problems: Problems) -> tuple[float, ...]:
    if not bands:
        return ()
    if not cells.is_number(name):
        kind = cells.frame[name].dropna().head(3).tolist()
        problems.add(
            f"bands of '{name}': bands need a column of numbers, but it holds {listed(kind)}.",
            "Remove the bands, or use a column of numbers.",
        )
        return ()
    edges = [float(edge) for edge in bands if isinstance(edge, int | float)]
    if len(edges) < len(bands) or sorted(set(edges)) != edges:
        problems.add(f"bands of '{name}': the edges must be numbers that grow.", "Write bands: [18, 26, 40].")
        return ()
    return tuple(edges)


def column_words(column: ColumnPlan, series: pd.Series[Any]) -> ColumnWords:
    return ColumnWords(column.words, column.unit, column.nouns, _is_boolean(series))


def column_info(column: ColumnPlan, cells: Cells, cases: str) -> ColumnInfo:
    """The column with its type and, when it has few values that are not quantities, its levels."""
    series = cells.frame[column.name]
    kind = _type(column, series)
    levels: tuple[tuple[str, str], ...] = ()
    if kind in ("category", "boolean"):
        words = column_words(column, series)
        levels = tuple((level, level_label(level, words, cases)) for level in cells.coded(column.name).levels)
    return ColumnInfo(column.name, column.role, kind, column.words, column.unit, levels, column.bands)


def _is_boolean(series: pd.Series[Any]) -> bool:
    if pd.api.types.is_bool_dtype(series.dtype):
        return True
    return series.dtype == object and pd.api.types.infer_dtype(series, skipna=True) == "boolean"


def _type(column: ColumnPlan, series: pd.Series[Any]) -> ColumnType:
    if column.role == "time" or pd.api.types.is_datetime64_any_dtype(series.dtype):
        return "time"
    if column.role in ("score", "weight") or column.measured:
        return "number"
    if _is_boolean(series):
        return "boolean"
    if column.role == "id":
        return "number" if is_number(series) else "text"
    named = bool(column.nouns) or column.sensitive or column.role in ("label", "prediction")
    if is_number(series) and (column.bands or not named):
        return "number"
    return "category" if column.nouns or series.nunique() <= MOST_LEVELS else _many(series)


def _many(series: pd.Series[Any]) -> ColumnType:
    return "number" if is_number(series) else "text"
