"""Records and words for the sentence tests, in both polarities."""

from __future__ import annotations

import math
from dataclasses import replace

from hypothesis import settings

from evaluator.catalogue.metrics import METRICS
from evaluator.records import CriterionResult, Estimate, Gap, Paired, Population, Words

seeded = settings(derandomize=True, deadline=None)
"""The same examples on every run."""

REPAID = Words(
    case="applicant",
    cases="applicants",
    positive="repaid",
    negative="did not repay",
    predicted_positive="approved",
    predicted_negative="refused",
    bears_false_positive="the bank",
    bears_false_negative="the applicant",
)
DEFAULTED = Words(
    case="applicant",
    cases="applicants",
    positive="defaulted",
    negative="repaid",
    predicted_positive="refused",
    predicted_negative="approved",
    bears_false_positive="the applicant",
    bears_false_negative="the bank",
    favourable_positive=False,
)
PLAIN = Words("row", "rows", "labelled 1", "labelled 0", "predicted 1", "predicted 0", people=False, plain=True)
MACHINES = Words(
    "machine", "machines", "failed", "ran on", "stopped for repair", "left running", people=False
)  # fmt: skip
PATIENTS = Words("patient", "patients", "", "", "", "", unit="points", outcome="disease progression")
"""Words for a predicted number."""
ALL_WORDS = (REPAID, DEFAULTED, PLAIN, MACHINES)


def everyone(words: Words) -> Population:
    return Population("all", words.cases, words.cases, "{}", "", "all", 0, "planned", 18_000, 1.0)


def group(text: str, share: float = 0.4) -> Population:
    return Population(f"g={text}", text, text, "{}", "g", "group", 1, "planned", 7_000, share)


WOMEN = group("women")
MEN = group("men", 0.6)
NORTH = group("applicants whose region is north")
OLDER = group("women aged 60 or over", 0.0629)


def wilson(k: int, n: int) -> tuple[float, float]:
    """The textbook score interval, so that sentences are fed realistic ranges."""
    z, p = 1.959964, k / n
    centre, spread = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return max((centre - spread) / scale, 0.0) if k else 0.0, min((centre + spread) / scale, 1.0) if k < n else 1.0


def estimate(
    metric: str, value: float | None, low: float | None = None, high: float | None = None, n: int = 18_000
) -> Estimate:
    return Estimate(
        analysis="performance",
        metric=metric,
        class_="",
        subject="model",
        population_id="all",
        value=value,
        low=low,
        high=high,
        se=None,
        level=0.95,
        method="wilson",
        coverage="none" if low is None else "nominal",
        n=n,
        relevant_count=n,
        successes=None,
        n_clusters=None,
        n_effective=None,
        weighted=False,
        family="",
        family_size=1,
        unit=METRICS[metric].unit,
        status="ok",
        reason="",
    )


def counted(metric: str, k: int, n: int) -> Estimate:
    """A proportion with its Wilson range."""
    low, high = wilson(k, n)
    return replace(estimate(metric, k / n, low, high, n), successes=k)


def paired(metric: str, difference: float, low: float, high: float) -> Paired:
    return Paired(
        metric, "", "all", "model", "previous", difference, low, high, None, 0.95, "paired", 18_000, None, "ok", ""
    )


def gap(metric: str, value: float, low: float, high: float, kind: str = "difference") -> Gap:
    ratio = kind == "ratio"
    return Gap(
        analysis="fairness",
        metric=metric,
        class_="",
        subject="model",
        attribute="sex",
        within="all",
        kind="ratio" if ratio else "difference",
        value=value,
        group_low="sex=F",
        group_high="sex=M",
        at_least=low,
        at_most=high,
        best_guess=value,
        chance_value=None,
        level=0.95,
        method="newcombe",
        family_size=1,
        status="ok",
        reason="",
    )


def criterion(
    metric: str, value: float | None, low: float | None, high: float | None, **fields: object
) -> CriterionResult:
    base = CriterionResult(
        criterion_id="c1",
        position=1,
        question="Does it work well enough?",
        analysis="performance",
        metric=metric,
        class_="",
        subject="model",
        population_id="all",
        gap_by="",
        gap_kind="",
        gap_against="",
        against="",
        limit_low=None,
        limit_high=None,
        value=value,
        low=low,
        high=high,
        level=0.95,
        method="wilson",
        n=18_000,
        status="met",
        reason="",
        rows_needed=None,
        blocking=True,
        why="",
    )
    return replace(base, **fields)  # type: ignore[arg-type]
