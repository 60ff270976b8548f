"""The tables that New York City's Local Law 144 prescribes.

Counts and rates are exactly what the rule asks for; ranges, tests and shortfalls stand beside them and are no part of
it. Missing values are the unknown categories; they are counted and never filled in.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from evaluator.analyses.fairness.arms import Arm, arms_of
from evaluator.analyses.fairness.compute import Seen
from evaluator.analyses.fairness.measured import Measured
from evaluator.analyses.fairness.selection import Held, bare_row, favoured, hold_against_highest, ratio_row
from evaluator.metrics.rows import BinaryRows
from evaluator.plan.plan_words import words_of
from evaluator.plan.schema import LocalLaw144Part
from evaluator.records import AnalysisTables, NotTested, SelectionRatio, StatutoryTable
from evaluator.records.selection import Rule
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.statutory_rates import above_median, impact_ratios, is_left_out, shortfall
from evaluator.subject.levels import nfc
from evaluator.subject.subject import Partition, Subject

RULE: Rule = "nyc_ll144"
WHAT = "The tables of Local Law 144 of New York City"
ADD = "fairness: {nyc_ll144: {sex: COLUMN, race_ethnicity: COLUMN, measure: score}}"
TABLES = ("sex", "race_ethnicity", "intersection")


def statutory(measured: Measured) -> AnalysisTables:
    """The three tables, when the plan asks for them; where they cannot be made, why not."""
    law = measured.plan.fairness.nyc_ll144
    if law is None:
        return AnalysisTables()
    why_not, add = _why_not(measured, law)
    if why_not:
        tables = tuple(_untested(measured, law, table, why_not) for table in TABLES)
        return AnalysisTables(
            statutory_tables=tables, not_tested=(NotTested("fairness", WHAT, why_not, add),)
        )  # fmt: skip
    made = [_table(measured, law, table) for table in TABLES]
    return AnalysisTables(
        selection_ratios=tuple(row for rows, _ in made for row in rows), statutory_tables=tuple(top for _, top in made)
    )


def _why_not(measured: Measured, law: LocalLaw144Part) -> tuple[str, str]:
    """Why there can be no tables, and the line of the plan that would change it; '' where there can be."""
    subject, rows = measured.subject, measured.model.rows
    if subject.task != "binary" or not isinstance(rows, BinaryRows):
        return "the rule is about tools that select people or score them", ""
    if subject.weight is not None:
        return "the rule asks for counts of people, and rows with weights count for no people", ""
    if law.measure == "score" and rows.score is None:
        return "the plan names no score", "task: {score: COLUMN}"
    if law.measure == "selection" and rows.decision is None:
        return "the plan gives neither a decision nor a threshold", f"task: {{threshold: 0.5}}, or {ADD}"
    if any(_partition(measured, columns) is None for columns in _columns(law).values()):
        return "the categories make too many groups, or are no sensitive columns of the plan", ""
    return "", ""


def _columns(law: LocalLaw144Part) -> dict[str, tuple[str, ...]]:
    sex, race = nfc(law.sex), nfc(law.race_ethnicity)
    return {"sex": (sex,), "race_ethnicity": (race,), "intersection": (sex, race)}


def _partition(measured: Measured, columns: tuple[str, ...]) -> Partition | None:
    return next((one for one in measured.partitions if set(one.columns) == set(columns)), None)


@dataclass(frozen=True, slots=True, eq=False)
class Categories:
    """The known categories of one table. `known` says whose category is known, shape (n,)."""

    partition: Partition
    known: BoolArray


def _categories(measured: Measured, columns: tuple[str, ...]) -> Categories:
    partition = _partition(measured, columns)
    assert partition is not None
    known = np.zeros(measured.subject.n, dtype=np.bool_)
    groups = tuple(name for name in partition.groups if _is_known(measured.subject, name))
    for name in groups:
        known[_index(measured.subject, name)] = True
    return Categories(replace(partition, groups=groups), known)


def _index(subject: Subject, population_id: str) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    found = subject.find_rows(population_id)
    assert found is not None
    return np.arange(subject.n, dtype=np.intp) if found.index is None else found.index


def _is_known(subject: Subject, population_id: str) -> bool:
    """Whether no column of a group is missing."""
    return all(None not in term.get("levels", ()) for term in _definition(subject, population_id))


def _definition(subject: Subject, population_id: str) -> list[dict[str, Any]]:
    """What decides which rows a group holds, column by column."""
    found = subject.find_rows(population_id)
    assert found is not None
    terms: list[dict[str, Any]] = json.loads(found.population.definition)["terms"]
    return terms


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """Who is selected, or on the favourable side of the median score, shape (n,)."""

    who: BoolArray
    median: float | None = None
    tied: int = 0
    many_tied: bool = False


def _counted(measured: Measured, law: LocalLaw144Part, known: BoolArray) -> Counted:
    if law.measure == "selection":
        seen = favoured(measured)
        assert seen is not None
        assert isinstance(seen.rows, BinaryRows)
        assert seen.rows.decision is not None
        return Counted(seen.rows.decision)
    rows = measured.model.rows
    assert isinstance(rows, BinaryRows)
    assert rows.score is not None
    sample = known if law.median_sample == "known" and known.any() else np.ones(rows.n, dtype=np.bool_)
    found = above_median(rows.score, sample, reverse=not words_of(measured.plan).favourable_positive)
    return Counted(found.above, found.median, found.tied, found.many_tied)


def _table(measured: Measured, law: LocalLaw144Part, table: str) -> tuple[list[SelectionRatio], StatutoryTable]:
    """One table of the rule, category by category, and what stands over it."""
    categories = _categories(measured, _columns(law)[table])
    counted = _counted(measured, law, categories.known)
    rows = _rows(measured, law, table, categories, counted)
    unknown = ~categories.known
    top = StatutoryTable(
        rule=RULE, table=table, measure=law.measure, n=measured.subject.n, n_unknown=int(np.count_nonzero(unknown)),
        counted_unknown=int(np.count_nonzero(counted.who & unknown)), median_score=counted.median,
        tied_at_median=counted.tied, parameters=_parameters(measured, law),
        warnings=json.dumps(_warnings(measured, law, rows, counted)), status="ok", reason="",
    )  # fmt: skip
    return rows, top


def _rows(
    measured: Measured, law: LocalLaw144Part, table: str, categories: Categories, counted: Counted
) -> list[SelectionRatio]:
    """Every known category; the others stand in none of the rates."""
    seen = _as_counted(measured, counted)
    arms = arms_of(categories.partition, measured.subject, seen.rows)
    base = measured.subject.n if law.exclude_base == "all" else int(np.count_nonzero(categories.known))
    left_out = [is_left_out(arm.rows.n, base, law.exclude_below) for arm in arms]
    bare = [replace(bare_row(arm, seen, place, RULE, table), parts=_parts(measured, law, arm)) for place, arm in enumerate(arms)]  # fmt: skip
    n, selected = [row.n for row in bare], [row.counted or 0 for row in bare]
    ratios = impact_ratios(selected, n, [not out for out in left_out])
    taking_part = tuple(arm.population_id for arm, out in zip(arms, left_out, strict=True) if not out)
    held = hold_against_highest(replace(categories.partition, groups=taking_part), seen)
    best = _reference(bare, ratios, held)
    rows: list[SelectionRatio] = []
    for row, ratio, out in zip(bare, ratios, left_out, strict=True):
        if out:
            rows.append(_left_out(row, law))
        elif ratio is None or best is None:
            rows.append(replace(_with_rate(row), status="undefined", reason="There is no rate to hold it against."))
        else:
            rows.append(_compared(row, ratio, best, held))
    return rows


def _as_counted(measured: Measured, counted: Counted) -> Seen:
    """All rows with being counted as the decision."""
    model = measured.model
    assert isinstance(model.rows, BinaryRows)
    return replace(model, rows=replace(model.rows, decision=counted.who))


def _parts(measured: Measured, law: LocalLaw144Part, arm: Arm) -> str:
    """The ids of the one-column groups that make a category, sex before race or ethnicity."""
    definition = _definition(measured.subject, arm.population_id)
    columns = _columns(law)["intersection"]
    found: list[str] = []
    for column in columns:
        partition = _partition(measured, (column,))
        assert partition is not None
        terms = [term for term in definition if term["column"] == column]
        found += [name for name in partition.groups if terms and _definition(measured.subject, name) == terms]
    return json.dumps(found)


def _reference(rows: list[SelectionRatio], ratios: list[float | None], held: Held) -> SelectionRatio | None:
    """The category with the highest rate; of several, the one that ranges can be held against."""
    highest = [row for row, ratio in zip(rows, ratios, strict=True) if ratio == 1.0]
    usable = held.sides.arms[held.best].population_id if held.best >= 0 else ""
    return next((row for row in highest if row.population_id == usable), highest[0] if highest else None)


def _with_rate(row: SelectionRatio) -> SelectionRatio:
    return replace(row, rate=(row.counted or 0) / row.n if row.n else None)


def _left_out(row: SelectionRatio, law: LocalLaw144Part) -> SelectionRatio:
    """Shown with its counts and its rate, compared with nothing."""
    return replace(
        _with_rate(row), outcome="excluded", excluded=True, justification=law.justification or "", status="ok", reason="",
    )  # fmt: skip


def _compared(row: SelectionRatio, ratio: float, best: SelectionRatio, held: Held) -> SelectionRatio:
    """The rule's ratio, and beside it what can be said of chance where both categories have enough people."""
    ruled = replace(_with_rate(row), ratio=ratio, reference=best.population_id, status="ok")
    is_best = row.population_id == best.population_id
    if not is_best and best.counted is not None and row.counted is not None:
        four, five = (shortfall(row.counted, row.n, best.counted, best.n, fifths=fifths) for fifths in (4, 5))
        ruled = replace(ruled, shortfall=four, shortfall_equal=five)
    beside = ratio_row(held, held.partition.groups.index(row.population_id), RULE, row.table)
    if beside.status == "ok" and beside.reference == best.population_id:
        kept = ("position", "parts", "rate", "ratio", "shortfall", "shortfall_equal")
        return replace(beside, **{name: getattr(ruled, name) for name in kept})
    if is_best:
        return replace(ruled, outcome="reference")
    why = "too few people" if beside.status != "ok" else "the category with the highest rate has too few people"
    return replace(ruled, outcome="too_few", reason=f"No range: {why}.")


def _parameters(measured: Measured, law: LocalLaw144Part) -> str:
    """Every declared choice, those that the rule fixes included."""
    favourable = words_of(measured.plan).favourable_positive
    chosen = {
        "measure": law.measure,
        "counted": ("above_median" if favourable else "below_median") if law.measure == "score"
        else ("predicted_positive" if favourable else "predicted_negative"),
        "tie_rule": "strict_above" if favourable else "strict_below",
        "median_sample": law.median_sample,
        "exclude_below": law.exclude_below,
        "exclude_base": law.exclude_base,
        "reference_pool": "not_excluded_same_table",
        "pooling": "none",
        "unknown": "counted_not_filled_in",
        "data_type": law.data_type,
        "min_group": measured.plan.data.min_group,
    }  # fmt: skip
    return json.dumps(chosen, sort_keys=True)


def _warnings(measured: Measured, law: LocalLaw144Part, rows: list[SelectionRatio], counted: Counted) -> list[str]:
    """What a reader of the table must know, as stable names."""
    few = measured.plan.data.min_group
    cluster = measured.subject.cluster
    references = {row.reference for row in rows if row.reference}
    reversed_score = law.measure == "score" and not words_of(measured.plan).favourable_positive
    named = {
        "tied_at_median": counted.many_tied,
        "score_reversed": reversed_score,
        "reference_few": any(row.n < few for row in rows if row.population_id in references),
        "nobody_counted": bool(rows) and not references,
        "no_categories": not rows,
        "rows_share_cluster": cluster is not None and np.unique(cluster).size < cluster.size,
        "test_data_unexplained": law.data_type == "test" and law.data_explanation is None,
        "categories_left_out": any(row.excluded for row in rows),
    }
    return [name for name, holds in named.items() if holds]


def _untested(measured: Measured, law: LocalLaw144Part, table: str, why_not: str) -> StatutoryTable:
    return StatutoryTable(
        rule=RULE, table=table, measure=law.measure, n=measured.subject.n, n_unknown=0, counted_unknown=0,
        median_score=None, tied_at_median=0, parameters=_parameters(measured, law), warnings="[]", status="not_tested",
        reason=why_not,
    )  # fmt: skip
