"""Populations and their rows, each made once however often the plan asks for it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import prod

from evaluator.plan.schema import Plan
from evaluator.subject.cells import MOST_LEVELS, Cells
from evaluator.subject.columns import ColumnPlan, gap_columns, sensitive_columns
from evaluator.subject.gap_questions import gap_questions, n_groups
from evaluator.subject.partitions import MOST_CELLS, Partitions
from evaluator.subject.planned import criterion_terms, window_terms
from evaluator.subject.population_list import ATTRIBUTE_JOINT, PopulationList
from evaluator.subject.problems import Problems
from evaluator.subject.subject import GapQuestion, Partition, Rows, UnknownLevel
from evaluator.subject.terms import Term, population_id
from evaluator.subject.words import Phrasing

MOST_THREE_WAY = 240
"""Most intersections of three sensitive columns that become populations."""


@dataclass(frozen=True, slots=True, eq=False)
class Planned:
    """All planned populations, the one of each criterion, what is compared, and what could not be made."""

    rows: tuple[Rows, ...]
    of_criteria: dict[str, str]
    partitions: tuple[Partition, ...]
    gap_questions: dict[str, GapQuestion]
    unknown_levels: tuple[UnknownLevel, ...]
    warnings: tuple[str, ...]


def plan_populations(
    plan: Plan, columns: Sequence[ColumnPlan], cells: Cells, phrasing: Phrasing, problems: Problems
) -> Planned:
    """All rows, then groups, windows, groups of two and three columns, and what the criteria ask for."""
    order = _order(plan)
    in_order = sorted(columns, key=lambda column: order.get(column.name, len(order)))
    made = PopulationList(cells, phrasing, order)
    partitions = Partitions(made, cells, in_order)
    warnings: list[str] = []
    made.add((), "all")
    sensitive = [column for column in in_order if column.sensitive]
    grouped = [column for column in sensitive if _few_enough_groups(column, cells, warnings)]
    for column in grouped:
        partitions.cut([column.name])
    _add_windows(plan, made, cells, warnings)
    _add_pairs([column.name for column in grouped], partitions, warnings)
    if plan.fairness.three_way:
        _add_triples([column.name for column in grouped], partitions, warnings)
    of_criteria, terms_of, unknown = _add_criteria(plan, made, partitions, cells, problems)
    by_name = {column.name: column for column in columns}
    questions, unknown_reference = gap_questions(plan, terms_of, of_criteria, partitions, by_name, cells, problems)
    unknown += unknown_reference
    return Planned(made.rows, of_criteria, partitions.all, questions, tuple(unknown), tuple(warnings))


def _order(plan: Plan) -> dict[str, int]:
    """Place of every column that is cut into groups: the sensitive ones, then those that criteria compare by."""
    names = [name for name, _ in sensitive_columns(plan)]
    names += [name for criterion in plan.criteria if criterion.gap for name in gap_columns(criterion.gap)]
    return {name: place for place, name in enumerate(dict.fromkeys(names))}


def _few_enough_groups(column: ColumnPlan, cells: Cells, warnings: list[str]) -> bool:
    hint = "Add bands to it in the plan, or group its levels."
    return _few_enough(n_groups(cells, column), f"'{column.name}'", hint, warnings)


def _few_enough(count: int, what: str, hint: str, warnings: list[str]) -> bool:
    if count <= MOST_LEVELS:
        return True
    warnings.append(f"{what} has {count:,} levels; at most {MOST_LEVELS} become populations, so none were made. {hint}")
    return False


def _add_windows(plan: Plan, made: PopulationList, cells: Cells, warnings: list[str]) -> None:
    if plan.data.windows is None:
        return
    windows = window_terms(cells, plan.data.windows)
    if _few_enough(len(windows), f"'{cells.time_column}'", "Choose longer windows.", warnings):
        for term in windows:
            made.add([term], "window")


def _add_pairs(names: Sequence[str], partitions: Partitions, warnings: list[str]) -> None:
    """Groups of every two sensitive columns, in their order, as long as they are few enough."""
    left_out, total = [], 0
    for first, second in combinations(names, 2):
        size = len(partitions.terms(first)) * len(partitions.terms(second))
        if total + size > MOST_CELLS:
            left_out.append(f"{first} & {second} ({size:,})")
            continue
        partitions.cut([first, second])
        total += size
    if left_out:
        warnings.append(
            f"At most {MOST_CELLS} groups of two columns together are made; left out: {', '.join(left_out)}. "
            "Use fewer bands, or name fewer sensitive columns."
        )


def _add_triples(names: Sequence[str], partitions: Partitions, warnings: list[str]) -> None:
    """Groups of every three sensitive columns, those of fewest groups first, as long as they are few enough."""
    sizes = {triple: prod(len(partitions.terms(name)) for name in triple) for triple in combinations(names, 3)}
    left_out, total = [], 0
    for triple in sorted(sizes, key=lambda triple: sizes[triple]):
        if total + sizes[triple] > MOST_THREE_WAY:
            left_out.append(f"{ATTRIBUTE_JOINT.join(triple)} ({sizes[triple]:,})")
            continue
        partitions.cut(triple)
        total += sizes[triple]
    if left_out:
        warnings.append(
            f"At most {MOST_THREE_WAY} groups of three columns together are made; left out: {', '.join(left_out)}. "
            "Use fewer bands, name fewer sensitive columns, or set fairness: {three_way: false}."
        )


def _add_criteria(
    plan: Plan, made: PopulationList, partitions: Partitions, cells: Cells, problems: Problems
) -> tuple[dict[str, str], dict[str, Sequence[Term]], list[UnknownLevel]]:
    """Ids of the populations of all criteria, the terms of those that exist, and unknown levels."""
    of_criteria: dict[str, str] = {}
    terms_of: dict[str, Sequence[Term]] = {}
    unknown_levels: list[UnknownLevel] = []
    for position, criterion in enumerate(plan.criteria):
        terms, unknown = criterion_terms(cells, criterion, f"criteria[{position}]", problems)
        unknown_levels += unknown
        if unknown:
            of_criteria[criterion.id] = population_id(terms)
        else:
            of_criteria[criterion.id] = made.add(terms, _kind(terms, partitions, cells))
            terms_of[criterion.id] = terms
    return of_criteria, terms_of, unknown_levels


def _kind(terms: Collection[Term], partitions: Partitions, cells: Cells) -> str:
    """A slice is what cuts across the groups of a column: two of its levels together, or another band."""
    if not terms:
        return "all"
    if any(partitions.is_cut(term.column) and not partitions.is_group(term) for term in terms):
        return "slice"
    if len(terms) > 1:
        return "intersection"
    return "window" if next(iter(terms)).column == cells.time_column else "group"
