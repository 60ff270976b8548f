"""The classes of a multiclass task: which there are, in which order, and what people call them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from evaluator.plan.schema import ColumnPart, ComparePart, Plan, TaskPart
from evaluator.subject.cells import is_number
from evaluator.subject.levels import Coded, find_level, nfc
from evaluator.subject.problems import Problems, bad_rows, listed
from evaluator.subject.subject import Classes
from evaluator.subject.values import Names
from evaluator.subject.words import ColumnWords, level_label, visible

MOST_CLASSES = 200


def find_classes(plan: Plan, label: pd.Series[Any], coded: Coded, names: Names, problems: Problems) -> Classes | None:
    """Every class that a row has or the plan names, in order; None after adding what keeps them from being one task.

    The order is that of the label's `levels` in the plan; classes it leaves out follow, numbers by size and text by
    code point.
    """
    where = f"task.label: '{visible(str(label.name))}'"
    if coded.n_missing:
        problems.add(
            f"{where} is missing in {bad_rows(coded.codes < 0, names)}.",
            "Leave out rows without an outcome, and say so in the plan's limitations.",
        )
    if "" in coded.levels:
        empty = coded.codes == coded.levels.index("")
        problems.add(f"{where} is empty text in {bad_rows(empty, names)}.", "Give that class a name, such as none.")
        return None
    if not _enough(where, coded.levels, problems):
        return None
    declared = _declared(plan, coded.levels)
    values = _ordered(declared, [*coded.levels, *_with_scores(plan, coded.levels)], is_number(label))
    if not _few_enough(where, values, problems):
        return None
    return _classes(plan, label, declared, values, problems)


def _enough(where: str, levels: Sequence[str], problems: Problems) -> bool:
    if len(levels) == 1:
        problems.add(
            f"{where} has one class only, {listed(levels)}; a multiclass task needs several.",
            "Is it the right column and file?",
        )
    return len(levels) > 1


def _few_enough(where: str, values: Sequence[str], problems: Problems) -> bool:
    if len(values) > MOST_CLASSES:
        problems.add(
            f"{where} has {len(values):,} classes; at most {MOST_CLASSES} can be evaluated: {listed(values)}.",
            "Write kind: regression if it is a quantity, or group the classes into fewer.",
        )
    return len(values) <= MOST_CLASSES


def _classes(
    plan: Plan, label: pd.Series[Any], declared: Sequence[str], values: tuple[str, ...], problems: Problems
) -> Classes:
    part = label_part(plan)
    if part.ordered and not is_number(label) and (left := [value for value in values if value not in declared]):
        problems.add(
            f"data.columns.{label.name}.ordered: the order of {listed(left)} is not known.",
            "List every class under levels, from low to high.",
        )
    boolean = pd.api.types.is_bool_dtype(label.dtype)
    return Classes(values, class_labels(plan, values, boolean=boolean), part.ordered)


def class_labels(plan: Plan, values: Sequence[str], *, boolean: bool = False) -> tuple[str, ...]:
    """What people call each class: the plan's word for it, or its value; no two alike."""
    nouns = {find_level(key, values) or nfc(key): noun for key, noun in label_part(plan).levels.items()}
    words = ColumnWords(plan.task.label, boolean=boolean)
    said = [visible(nouns[value]) if value in nouns else level_label(value, words) for value in values]
    return tuple(_told_apart(said))


def label_part(plan: Plan) -> ColumnPart:
    """What the plan says about the label's column."""
    wanted = nfc(plan.task.label)
    return next((part for name, part in plan.data.columns.items() if nfc(name) == wanted), ColumnPart())


def _declared(plan: Plan, levels: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(find_level(key, levels) or nfc(key) for key in label_part(plan).levels))


def _with_scores(plan: Plan, levels: Sequence[str]) -> Iterator[str]:
    """Classes that the plan names a score column for."""
    parts: tuple[TaskPart | ComparePart | None, ...] = (plan.task, plan.compare_with)
    for part in parts:
        yield from (find_level(key, levels) or nfc(key) for key in (part.scores if part else ()))


def _ordered(declared: Sequence[str], found: Iterable[str], by_size: bool) -> tuple[str, ...]:
    rest = [value for value in dict.fromkeys(found) if value not in declared]
    numbers = pd.to_numeric(pd.Series(rest, dtype=object), errors="coerce")
    in_order = sorted(rest) if not by_size or numbers.isna().any() else _by_size(rest, numbers)
    return (*declared, *in_order)


def _by_size(values: Sequence[str], numbers: pd.Series[Any]) -> list[str]:
    return [values[position] for position in np.argsort(np.asarray(numbers, dtype=float), kind="stable")]


def _told_apart(labels: Sequence[str]) -> Iterator[str]:
    """Labels that would read alike, because they are long or named alike, get a number."""
    often, seen = Counter(labels), Counter[str]()
    for label in labels:
        seen[label] += 1
        yield f"{label} ({seen[label]})" if often[label] > 1 else label
