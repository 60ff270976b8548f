"""Which column holds the score of which class."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from evaluator.plan.class_checks import ScoredPart
from evaluator.plan.schema import Plan
from evaluator.subject.cells import is_number
from evaluator.subject.levels import find_level, nfc
from evaluator.subject.problems import Problems, listed


@dataclass(frozen=True, slots=True)
class ClassColumns:
    """Columns by class value, in the order of the classes, and those that start with the prefix but name no class."""

    by_class: dict[str, str]
    strange: tuple[str, ...]


def class_columns(
    plan: Plan, part: ScoredPart, where: str, classes: Sequence[str], frame: pd.DataFrame, problems: Problems
) -> ClassColumns | None:
    """One column for every class; None after adding which classes lack one or have several."""
    pairs = list(_by_name(part, classes) if part.scores else _by_prefix(plan, part, classes, frame))
    field = f"{where}.{'scores' if part.scores else 'score_prefix'}"
    found: dict[str, list[str]] = {}
    for value, column in pairs:
        if value is not None:
            found.setdefault(value, []).append(column)
    strange = tuple(column for value, column in pairs if value is None and is_number(frame[column]))
    _check(field, part, found, strange, classes, problems)
    complete = all(len(found.get(value, ())) == 1 and found[value][0] in frame.columns for value in classes)
    return ClassColumns({value: found[value][0] for value in classes}, strange) if complete else None


def _by_name(part: ScoredPart, classes: Sequence[str]) -> Iterator[tuple[str | None, str]]:
    for key, column in part.scores.items():
        yield find_level(key, classes) or nfc(key), nfc(column)


def _by_prefix(
    plan: Plan, part: ScoredPart, classes: Sequence[str], frame: pd.DataFrame
) -> Iterator[tuple[str | None, str]]:
    """Columns that start with the prefix; those of the other model's longer prefix, and the label, are not meant."""
    prefix = nfc(str(part.score_prefix))
    longer = tuple(other for other in _prefixes(plan) if other.startswith(prefix) and other != prefix)
    taken = {nfc(name) for name in _named_once(plan)}
    for name in map(str, frame.columns):
        if name.startswith(prefix) and name not in taken and not (longer and name.startswith(longer)):
            yield find_level(name.removeprefix(prefix), classes), name


def _prefixes(plan: Plan) -> list[str]:
    parts = (plan.task, plan.compare_with)
    return [nfc(part.score_prefix) for part in parts if part is not None and part.score_prefix is not None]


def _named_once(plan: Plan) -> Iterator[str]:
    """Columns that the plan names for something else."""
    task, data, compare = plan.task, plan.data, plan.compare_with
    names = (task.label, task.prediction, compare.prediction if compare else None)
    yield from (name for name in (*names, data.id, data.cluster, data.weight, data.time) if name is not None)


def _check(
    field: str,
    part: ScoredPart,
    found: dict[str, list[str]],
    strange: Sequence[str],
    classes: Sequence[str],
    problems: Problems,
) -> None:
    if part.score_prefix is not None and not part.scores and not found:
        problems.add(
            f"{field}: no column named '{part.score_prefix}' and a class, such as '{part.score_prefix}{classes[0][:60]}'.",
            "Write what the names of the score columns start with, or list them under scores.",
        )
        return
    lacking = [value for value in classes if value not in found]
    if lacking:
        problems.add(
            f"{field}: no score column for {listed(lacking)}.{_about_strange(strange)}",
            "Every class needs one; write a column of zeros for a class that the model does not know.",
        )
    for value, columns in found.items():
        if len(columns) > 1:
            problems.add(f"{field}: {listed([value])} has several columns, {listed(columns)}.", "Keep one of them.")
    for column in sorted({name for columns in found.values() for name in columns}):
        served = [value for value, columns in found.items() if column in columns]
        if len(served) > 1:
            problems.add(f"{field}: '{column}' is the column of {listed(served)}.", "Name one column for each class.")


def _about_strange(strange: Sequence[str]) -> str:
    return f" Beside them, {listed(strange)} fit no class." if strange else ""
