"""Checks to findings. Every finding appears once: found, clear, or not tested with its reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from evaluator.analyses.calibration import words as said
from evaluator.analyses.calibration.families import is_off
from evaluator.analyses.finding_row import finding_row
from evaluator.records import ALL, MODEL, Calibration, CurvePoint, Finding, Outcome, Population, Words
from evaluator.wording import Sentence, compose, evidence_id, join

METRIC = "expected_calibration_error"


@dataclass(frozen=True, slots=True)
class Material:
    """What the checks read."""

    checks: said.Checks
    points: tuple[CurvePoint, ...]
    everyone: Population
    parts: tuple[Population, ...]
    words: Words
    classes: said.ClassWords


@dataclass(frozen=True, slots=True)
class Checked:
    """What one check found."""

    outcome: Outcome
    sentence: Sentence
    evidence: Sequence[str] = ()
    population_id: str = ALL


def findings(
    rows: Sequence[Calibration], points: Sequence[CurvePoint], populations: Sequence[Population], words: Words,
    classes: said.ClassWords | None = None,
) -> tuple[Finding, ...]:  # fmt: skip
    """Run every check of this analysis; `classes` are the words of each class where there are several."""
    material = Material(
        said.by_key(rows), tuple(point for point in points if (point.subject, point.population_id) == (MODEL, ALL)),
        next(row for row in populations if row.population_id == ALL),
        tuple(row for row in populations if row.population_id != ALL), words,
        classes or {},
    )  # fmt: skip
    return tuple(_finding(code, check(material)) for code, check in CHECKS.items())


def _finding(code: str, checked: Checked) -> Finding:
    return finding_row(code, checked.outcome, checked.sentence, METRIC, checked.evidence, checked.population_id)


def _overall(material: Material) -> Checked:
    known = said.judged_rows(material.checks, ALL)
    if not known:
        return Checked("not_tested", compose("there are no probabilities to hold against what happened."))
    told = [said.promise_title(material.checks, material.words, material.everyone)]
    distance = material.checks.get(("plug_in", "", MODEL, ALL))
    if distance is not None and distance.value is not None and distance.null_high is not None:
        per = said.distance_scale([distance])
        told.append(said.distance_sentence(distance, material.words, material.everyone, {}, per=per))
    by_class = said.classes_sentence(material.checks, material.classes)
    told += [by_class] if by_class is not None else []
    of_classes = _of_classes(material)
    classes_off = [row for row in of_classes if is_off(row)]
    off = bool(classes_off) or any(is_off(row) for row in known.values())
    evidence = [evidence_id(row) for row in (*known.values(), *(classes_off or of_classes))]
    return Checked("found" if off else "clear", join(*told), evidence)


def _of_classes(material: Material) -> list[Calibration]:
    """The checks of every class that the judgement on all rows rests on too."""
    return [row for value in material.classes for row in said.judged_rows(material.checks, ALL, class_=value).values()]


def _by_group(material: Material) -> Checked:
    told = said.groups_sentence(material.checks, material.parts)
    if told is None:
        return Checked("not_tested", compose("no group has probabilities and enough cases to hold them against."))
    rows = {part.population_id: said.judged_rows(material.checks, part.population_id) for part in material.parts}
    off = [row for known in rows.values() for row in known.values() if is_off(row)]
    worst = min(off, key=lambda row: row.p_adjusted or 0.0) if off else None
    evidence = [evidence_id(row) for row in off or [row for known in rows.values() for row in known.values()]]
    return Checked("found" if off else "clear", told, evidence, worst.population_id if worst else ALL)


CHECKS: dict[str, Callable[[Material], Checked]] = {"CAL01": _overall, "CAL02": _by_group}
