"""What a plan must say beyond its shape: a positive label, columns with one role each, rising edges, known names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from evaluator.catalogue.analyses import ANALYSES
from evaluator.catalogue.metrics import MULTICLASS
from evaluator.errors import did_you_mean
from evaluator.plan.class_checks import class_compare_problems, class_task_problems, no_class_scores
from evaluator.plan.criteria_checks import criteria_problems
from evaluator.plan.legitimate_checks import legitimate_problems
from evaluator.plan.levels import level_text
from evaluator.plan.local_law_checks import local_law_problems
from evaluator.plan.model_checks import model_problems
from evaluator.plan.problems import FieldPath, Problem, found_words
from evaluator.plan.schema import SUPPORTED_TASKS, ComparePart, DataPart, Edge, SensitiveColumn, TaskPart
from evaluator.plan.sections import Sections


def meaning_problems(sections: Sections) -> list[Problem]:
    """Everything that the schema alone cannot see."""
    return [
        *model_problems(sections.model),
        *_task_problems(sections.task),
        *_role_problems(sections),
        *_data_problems(sections.data),
        *legitimate_problems(sections, _edge_problems),
        *local_law_problems(sections),
        *_compare_problems(sections),
        *criteria_problems(sections),
        *_analysis_problems(sections.analyses),
    ]


def _task_problems(task: TaskPart | None) -> Iterator[Problem]:
    if task is None:
        return
    if task.kind not in SUPPORTED_TASKS:
        kinds = ", ".join(sorted(SUPPORTED_TASKS))
        message = f"the task '{task.kind}' is not supported by this version of Plumbline."
        yield Problem(("task", "kind"), message, f"This version evaluates: {kinds}.")
        return
    if task.kind == MULTICLASS:
        yield from class_task_problems(task)
        return
    yield from no_class_scores(("task",), task, task.kind)
    if task.kind == "regression":
        yield from _number_problems(task)
        return
    if task.positive is None:
        hint = f"Add 'positive: 1' to the task, or whatever value of '{task.label}' counts as positive."
        yield Problem(("task", "positive"), "is missing; a binary task names the label that counts as positive.", hint)
    if task.score is None and task.prediction is None:
        hint = "Add 'score: COLUMN' with the model's score, or 'prediction: COLUMN' with its decision."
        yield Problem(("task",), "needs a score or a prediction, found neither.", hint)
    if task.score_kind == "probability":
        yield from _threshold_problems(("task", "threshold"), task.threshold)


def _number_problems(task: TaskPart) -> Iterator[Problem]:
    """A regression task names one column with the predicted number, and nothing that only decisions have."""
    if (task.score is None) == (task.prediction is None):
        found = "neither" if task.score is None else "both a score and a prediction"
        hint = "Add 'prediction: COLUMN' with the number that the model predicted, and remove 'score'."
        yield Problem(("task",), f"needs one column with the predicted number, found {found}.", hint)
    for key in ("positive", "threshold", "favourable"):
        if getattr(task, key) is not None:
            yield Problem(("task", key), "a regression task predicts a number and has none.", f"Remove '{key}'.")
    if "score_kind" in task.model_fields_set:
        message = "a regression task predicts a number, not a probability or a rank."
        yield Problem(("task", "score_kind"), message, "Remove 'score_kind'.")


def _threshold_problems(path: FieldPath, threshold: float | None) -> Iterator[Problem]:
    if threshold is not None and not 0 <= threshold <= 1:
        hint = f"Did you mean {threshold / 100:g}?" if 1 < threshold <= 100 else ""
        hint = hint or "Use 'score_kind: rank' when the score is not a probability."
        yield Problem(path, f"expected a probability from 0 to 1, found {threshold:g}.", hint)


def _compare_problems(sections: Sections) -> Iterator[Problem]:
    if not sections.compare or not sections.task:
        return
    if sections.task.kind == MULTICLASS:
        yield from class_compare_problems(sections.compare)
        return
    yield from no_class_scores(("compare_with",), sections.compare, sections.task.kind)
    if sections.task.kind == "regression":
        yield from _compared_number_problems(sections.compare)
    elif sections.task.score_kind == "probability":
        yield from _threshold_problems(("compare_with", "threshold"), sections.compare.threshold)


def _compared_number_problems(compare: ComparePart) -> Iterator[Problem]:
    if compare.score is not None and compare.prediction is not None:
        message = "needs one column with the earlier model's number, found both a score and a prediction."
        yield Problem(("compare_with",), message, "Keep 'prediction: COLUMN'.")
    if compare.threshold is not None:
        message = "a regression task predicts a number and has none."
        yield Problem(("compare_with", "threshold"), message, "Remove 'threshold'.")


def _role_problems(sections: Sections) -> Iterator[Problem]:
    """The label may serve as nothing else: a score or feature that is the label makes every figure look perfect."""
    if sections.task is None:
        return
    for path, column in _columns_in_use(sections):
        if column == sections.task.label:
            message = f"'{column}' is the label, and the label cannot serve here as well."
            yield Problem(path, message, "Name the column that holds this, or remove the key.")


def _columns_in_use(sections: Sections) -> Iterator[tuple[FieldPath, str | None]]:
    for part, keys, name in (
        (sections.task, ("score", "prediction"), "task"),
        (sections.data, ("id", "cluster", "weight", "time"), "data"),
        (sections.compare, ("score", "prediction"), "compare_with"),
    ):
        yield from ((((name, key), getattr(part, key))) for key in keys if part)
    for scored, name in ((sections.task, "task"), (sections.compare, "compare_with")):
        yield from (((name, "scores", value), column) for value, column in (scored.scores if scored else {}).items())
    features = sections.data.features if sections.data else None
    yield from ((("data", "features", i), column) for i, column in enumerate(features or ()))


def _data_problems(data: DataPart | None) -> Iterator[Problem]:
    if data is None:
        return
    yield from _window_problems(data)
    yield from _sensitive_problems(data)
    for name, column in data.columns.items():
        path = ("data", "columns", name)
        if column.bands is not None:
            yield from _edge_problems((*path, "bands"), column.bands, "edges")
        if column.min is not None and column.max is not None and column.min > column.max:
            yield Problem((*path, "min"), f"{column.min:g} is above max {column.max:g}.", "Swap the two.")


def _window_problems(data: DataPart) -> Iterator[Problem]:
    path = ("data", "windows")
    if data.windows is not None and data.time is None:
        yield Problem(path, "windows need a column with dates, found none.", "Add 'time: COLUMN' to the data.")
    if isinstance(data.windows, tuple):
        yield from _edge_problems(path, data.windows, "dates")


def _sensitive_problems(data: DataPart) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for position, entry in enumerate(data.sensitive):
        path = ("data", "sensitive", position)
        name = entry.column if isinstance(entry, SensitiveColumn) else entry
        if name in seen:
            yield Problem(path, f"'{name}' is already entry {seen[name] + 1} of this list.", "Keep one of the two.")
        seen.setdefault(name, position)
        if isinstance(entry, SensitiveColumn) and entry.bands is not None:
            yield from _edge_problems((*path, "bands"), entry.bands, "edges")
            yield from _band_conflict((*path, "bands"), entry, data)


def _band_conflict(path: FieldPath, entry: SensitiveColumn, data: DataPart) -> Iterator[Problem]:
    declared = data.columns[entry.column].bands if entry.column in data.columns else None
    if declared is not None and declared != entry.bands:
        message = f"differ from the bands of '{entry.column}' under data.columns."
        yield Problem(path, message, "Give the bands in one place.")


def _edge_problems(path: FieldPath, edges: Sequence[Edge], what: str) -> Iterator[Problem]:
    if len(edges) < 2:
        yield Problem(path, f"expected at least two {what}, found {len(edges)}.", f"Write [{_example(edges)}].")
    elif len({isinstance(edge, date) for edge in edges}) > 1:
        yield Problem(path, f"expected {what} of one kind, found numbers and dates.", "Use numbers or dates alone.")
    else:
        yield from _order_problems(path, edges, what)


def _order_problems(path: FieldPath, edges: Sequence[Edge], what: str) -> Iterator[Problem]:
    for position, (before, after) in enumerate(pairwise(edges), start=1):
        if not before < after:  # type: ignore[operator]
            message = f"expected {what} that rise, found {found_words(after)} after {level_text(before)}."
            rising = ", ".join(level_text(edge) for edge in sorted(set(edges)))
            yield Problem((*path, position), message, f"Write [{rising}].")
            return


def _example(edges: Sequence[Edge]) -> str:
    return "2026-01-01, 2026-07-01" if any(isinstance(edge, date) for edge in edges) else "18, 40, 65"


def _analysis_problems(analyses: tuple[object, ...]) -> Iterator[Problem]:
    for position, name in enumerate(analyses):
        if isinstance(name, str) and name not in ANALYSES:
            yield Problem(("analyses", position), f"the analysis '{name}' is unknown.", did_you_mean(name, ANALYSES))
