"""The record a criterion judged, rebuilt from the criterion alone, so that one template serves both."""

from __future__ import annotations

from evaluator.catalogue.metrics import METRICS
from evaluator.records import CriterionResult, Estimate, Gap, Paired


def as_gap(criterion: CriterionResult) -> Gap:
    """The gap a criterion judged: its ends are what the criterion held against the limit."""
    return Gap(
        analysis=criterion.analysis,
        metric=criterion.metric,
        class_=criterion.class_,
        subject=criterion.subject,
        attribute=criterion.gap_by,
        within=criterion.population_id,
        kind="ratio" if criterion.gap_kind == "ratio" else "difference",
        value=criterion.value,
        group_low="",
        group_high="",
        at_least=criterion.low,
        at_most=criterion.high,
        best_guess=None,
        chance_value=None,
        level=criterion.level,
        method=criterion.method,
        family_size=criterion.family_size or 1,
        status="ok",
        reason="",
        family=criterion.family,
    )


def as_paired(criterion: CriterionResult) -> Paired:
    """The difference a criterion judged."""
    return Paired(
        metric=criterion.metric,
        class_=criterion.class_,
        population_id=criterion.population_id,
        a=criterion.subject,
        b=criterion.against,
        difference=criterion.value,
        low=criterion.low,
        high=criterion.high,
        se=None,
        level=criterion.level,
        method=criterion.method,
        n=criterion.n,
        relevant_count=None,
        status="ok",
        reason="",
    )


def as_estimate(criterion: CriterionResult) -> Estimate:
    """The estimate a criterion judged; its counts and weights are not known here."""
    return Estimate(
        analysis=criterion.analysis,
        metric=criterion.metric,
        class_=criterion.class_,
        subject=criterion.subject,
        population_id=criterion.population_id,
        value=criterion.value,
        low=criterion.low,
        high=criterion.high,
        se=None,
        level=criterion.level,
        method=criterion.method,
        coverage="none" if criterion.low is None else "nominal",
        n=criterion.n,
        relevant_count=None,
        successes=None,
        n_clusters=None,
        n_effective=None,
        weighted=False,
        family="",
        family_size=1,
        unit=METRICS[criterion.metric].unit,
        status="ok",
        reason="",
    )
