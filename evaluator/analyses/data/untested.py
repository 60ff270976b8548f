"""Checks that the plan or the data do not allow, why, and the line that would change it."""

from __future__ import annotations

from typing import NamedTuple

from evaluator.analyses.data.copies import Copies
from evaluator.analyses.data.declared import undeclared_files
from evaluator.analyses.data.examined import Examined
from evaluator.analyses.data.measured import Measured
from evaluator.analyses.data.units import can_compare_units
from evaluator.analyses.data.words import LABELS
from evaluator.plan.schema import Plan
from evaluator.records import NotTested
from evaluator.subject.subject import Subject


class Lack(NamedTuple):
    """Why a check could not run, and the line of the plan that would let it."""

    reason: str
    add_to_plan: str = ""


TRAINING = Lack("the plan names no training data", "data: {training: {path: THE_TRAINING_FILE}}")
NO_LIMITS = Lack("the plan declares no limits of possible values", "data: {columns: {A_COLUMN: {min: 0, max: 100}}}")
NO_TIME = Lack("the plan names no time column", "data: {time: NAME_OF_A_DATE_COLUMN}")
SAME_BY_CHANCE = Lack("the columns say so little that rows are alike by chance")


def lacks(examined: Examined, measured: Measured) -> dict[str, Lack]:
    """What keeps checks from running, by the code of their finding."""
    found = {
        "DATA01": _copies(examined, measured.overlap),
        "DATA02": _clusters(examined, measured),
        "DATA03": SAME_BY_CHANCE if _by_chance(measured.twins) else None,
        "DATA04": None if can_compare_units(examined) else Lack("no numbers can be compared between places"),
        "DATA05": _limits(measured),
        "DATA06": _levels(examined, measured),
        "DATA07": None if measured.telling else Lack("no column that the model reads has enough cases"),
        "DATA08": _groups(examined, measured),
        "DATA11": _period(examined, measured),
        "DATA12": _fingerprints(examined),
    }
    return {code: lack for code, lack in found.items() if lack is not None}


def what_was_not_tested(plan: Plan, subject: Subject) -> tuple[NotTested, ...]:
    """What the plan alone shows cannot run; the analysis itself may find more."""
    known = {
        "DATA01": TRAINING if subject.training is None else None,
        "DATA05": None if _limits_declared(plan) else NO_LIMITS,
        "DATA11": NO_TIME if plan.data.time is None else None,
    }
    return not_tested_rows({code: lack for code, lack in known.items() if lack is not None})


def not_tested_rows(found: dict[str, Lack]) -> tuple[NotTested, ...]:
    """One row for each check that could not run."""
    return tuple(
        NotTested("data", LABELS[code][:1].upper() + LABELS[code][1:], lack.reason, lack.add_to_plan)
        for code, lack in found.items()
    )


def _by_chance(copies: Copies) -> bool:
    return copies.count > 0 and copies.may_be_chance


def _copies(examined: Examined, overlap: Copies | None) -> Lack | None:
    if examined.subject.training is None:
        return TRAINING
    if overlap is None:
        return Lack("the training data share no column that describes a case")
    return SAME_BY_CHANCE if _by_chance(overlap) else None


def _clusters(examined: Examined, measured: Measured) -> Lack | None:
    if examined.subject.training is None:
        return TRAINING
    if examined.plan.data.cluster is None:
        return Lack("the plan names no cluster column", "data: {cluster: NAME_OF_A_PERSON_OR_HOUSEHOLD_COLUMN}")
    return Lack("the training data have no cluster column") if measured.clusters is None else None


def _limits(measured: Measured) -> Lack | None:
    if measured.limits.declared or any(row.count for row in measured.limits.rows):
        return None
    return NO_LIMITS


def _limits_declared(plan: Plan) -> bool:
    return any(column.min is not None or column.max is not None for column in plan.data.columns.values())


def _levels(examined: Examined, measured: Measured) -> Lack | None:
    if examined.subject.training is None:
        return TRAINING
    return None if measured.new_levels else Lack("no column of few levels is in both tables")


def _groups(examined: Examined, measured: Measured) -> Lack | None:
    if not any(row.count for row in measured.missing):
        return None
    if not examined.plan.data.sensitive:
        return Lack(
            "the plan names no sensitive columns", "data: {sensitive: [sex, {column: age, bands: [18, 40, 65]}]}"
        )
    fewest = examined.plan.data.min_group
    enough = [group for group in measured.missing_groups if group.row.n >= fewest]
    return None if len(enough) > 1 else Lack("no two groups have enough cases")


def _period(examined: Examined, measured: Measured) -> Lack | None:
    if measured.outside_period:
        return None
    if examined.plan.data.time is None:
        return NO_TIME
    return Lack("the plan declares no period as dates", "data: {evaluation: {period: 2026-01/2026-06}}")


def _fingerprints(examined: Examined) -> Lack | None:
    files = undeclared_files(examined)
    if not files:
        return None
    row = files[0]
    line = f"data: {{{row.role}: {{sha256: {row.sha256}}}}}"
    return Lack("the plan declares no fingerprint of at least one file", line)
