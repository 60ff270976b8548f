"""Numbers of one check as a row of the table of checks, and the reasons why there is none."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from evaluator.analyses.explanations.asked import Asked
from evaluator.records import MODEL, EstimateStatus, ExplanationCheck
from evaluator.subject.subject import ColumnInfo

TOO_SLOW = "the model answers too slowly for this check in the time there is"
ONE_FEATURE = "the model reads one feature, so there is no order to look at"
NOTHING_MOVES = "no feature moves the score"
TOO_FEW = "there are too few cases to tell"


class About(NamedTuple):
    """What a check is about, beside the model."""

    feature: str = ""
    words: str = ""
    population_id: str = ""


MODEL_ITSELF = About()


class Seen(NamedTuple):
    """A number with its range; `proven` says that the range leaves out what chance gives, on the telling side."""

    value: float
    low: float | None
    high: float | None
    n: int
    method: str
    proven: bool
    by_chance: float | None
    unit: str = ""


def about_feature(column: ColumnInfo, population_id: str = "") -> About:
    return About(column.name, column.words, population_id)


def seen_row(asked: Asked, check: str, seen: Seen, about: About = MODEL_ITSELF) -> ExplanationCheck:
    """A row with its number."""
    return ExplanationCheck(
        check=check, subject=MODEL, class_=asked.class_, feature=about.feature, words=about.words,
        population_id=about.population_id, value=float(seen.value), low=_finite(seen.low), high=_finite(seen.high),
        by_chance=seen.by_chance, n=seen.n, unit=seen.unit, level=asked.level, method=seen.method, proven=bool(seen.proven),
        status="ok", reason="",
    )  # fmt: skip


def blank_row(
    asked: Asked, check: str, status: EstimateStatus, reason: str, about: About = MODEL_ITSELF, *, n: int = 0
) -> ExplanationCheck:
    """A row that says why there is no number."""
    return ExplanationCheck(
        check=check, subject=MODEL, class_=asked.class_, feature=about.feature, words=about.words,
        population_id=about.population_id, value=None, low=None, high=None, by_chance=None, n=n, unit="",
        level=asked.level, method="none", proven=False, status=status, reason=reason,
    )  # fmt: skip


def _finite(value: float | None) -> float | None:
    return None if value is None or not np.isfinite(value) else float(value)
