"""What a measurement of one metric says, and why there is none."""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.catalogue.metrics import Metric
from evaluator.catalogue.settings import MIN_RELEVANT
from evaluator.records import EstimateStatus, Interval


@dataclass(frozen=True, slots=True)
class Measurement:
    """A metric's value with its honesty; `value`, `interval` and `se` are None unless `status` is "ok".

    `relevant_count` is the number of rows that limit precision; `successes` the integer numerator of an unweighted
    proportion; `n_effective` Kish's size under weights.
    """

    status: EstimateStatus
    reason: str
    n: int
    relevant_count: int | None
    value: float | None = None
    se: float | None = None
    interval: Interval | None = None
    successes: int | None = None
    n_clusters: int | None = None
    n_effective: float | None = None
    design_effect: float = 1.0


RELEVANT_WORDS = {
    "n": "rows",
    "positives": "positive cases",
    "negatives": "negative cases",
    "smaller_class": "cases of the rarer outcome",
    "predicted_positive": "cases predicted positive",
    "predicted_negative": "cases predicted negative",
    "true_or_wrong": "positive or wrongly decided cases",
    "rarest_class": "cases of the rarest class",
    "outside_commonest": "cases outside the commonest class",
    "rarest_choice": "cases put into the class chosen least often",
    "wrong": "wrongly decided cases",
}


def missing_answer(entry: Metric, *, decides: bool, scores: bool, probability: bool) -> str:
    """What a metric needs of a model's answers and they lack, as a sentence; '' when nothing."""
    if "prediction" in entry.needs and not decides:
        return "There is no decision to judge."
    if {"score", "probability"} & set(entry.needs) and not scores:
        return "There is no score to judge."
    if "probability" in entry.needs and not probability:
        return "The score is a ranking and does not promise probabilities."
    return ""


def few_reason(entry: Metric, n: int, count: int, min_group: int) -> str:
    """Why these rows are too few to judge."""
    if n < min_group:
        rows = "1 row" if n == 1 else f"{n} rows"
        return f"{rows}; at least {min_group} are needed."
    return f"{count} {RELEVANT_WORDS[entry.relevant_count]}; at least {MIN_RELEVANT} are needed."
