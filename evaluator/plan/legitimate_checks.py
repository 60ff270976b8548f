"""Columns that may rightly explain a difference between groups: what they must not be, and how they are cut."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from evaluator.plan.problems import FieldPath, Problem, quoted
from evaluator.plan.schema import ColumnName, Edge, SensitiveColumn
from evaluator.plan.sections import Sections

EdgeCheck = Callable[[FieldPath, Sequence[Edge], str], Iterator[Problem]]
INSTEAD = "Name a column that was known before the decision, or remove it."


def legitimate_problems(sections: Sections, edge_problems: EdgeCheck) -> Iterator[Problem]:
    """Everything wrong with `fairness.legitimate` that the schema alone cannot see.

    Parameters
    ----------
    edge_problems : what is wrong with the edges of bands, as for every other column that is cut into bands.
    """
    entries = sections.fairness.legitimate if sections.fairness else ()
    answers, sensitive = _answers(sections), _sensitive(sections)
    seen: dict[str, int] = {}
    for position, entry in enumerate(entries):
        path: FieldPath = ("fairness", "legitimate", position)
        name = _name(entry)
        if name in seen:
            yield Problem(
                path, f"{quoted(name)} is already entry {seen[name] + 1} of this list.", "Keep one of the two."
            )
        seen.setdefault(name, position)
        if name in answers:
            message = f"{quoted(name)} is {answers[name]}, which cannot explain a difference between groups."
            yield Problem(path, message, INSTEAD)
        if name in sensitive:
            message = f"{quoted(name)} is a sensitive column, and people alike in it are one group."
            yield Problem(path, message, "Take it out of one of the two lists.")
        yield from _band_problems(path, entry, sections, edge_problems)


def _band_problems(
    path: FieldPath, entry: ColumnName | SensitiveColumn, sections: Sections, edge_problems: EdgeCheck
) -> Iterator[Problem]:
    if not isinstance(entry, SensitiveColumn) or entry.bands is None:
        return
    yield from edge_problems((*path, "bands"), entry.bands, "edges")
    declared = sections.data.columns.get(entry.column) if sections.data else None
    if declared is not None and declared.bands is not None and declared.bands != entry.bands:
        message = f"differ from the bands of {quoted(entry.column)} under data.columns."
        yield Problem((*path, "bands"), message, "Give the bands in one place.")


def _name(entry: ColumnName | SensitiveColumn) -> str:
    return entry.column if isinstance(entry, SensitiveColumn) else entry


def _answers(sections: Sections) -> dict[str, str]:
    """Columns that hold the outcome or what a model said of it, each in words."""
    found: dict[str, str] = {}
    for part, whose in ((sections.compare, "the earlier model's "), (sections.task, "the ")):
        if part is None:
            continue
        single = {"score": part.score, "prediction": part.prediction}
        found |= {column: whose + what for what, column in single.items() if column is not None}
        found |= dict.fromkeys(part.scores.values(), whose + "score of a class")
    if sections.task is not None:
        found[sections.task.label] = "the label"
    return found


def _sensitive(sections: Sections) -> frozenset[str]:
    return frozenset(_name(entry) for entry in (sections.data.sensitive if sections.data else ()))
