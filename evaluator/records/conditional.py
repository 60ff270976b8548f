"""Differences between groups among people who are alike in a factor that may rightly count."""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.records.vocabulary import EstimateStatus


@dataclass(frozen=True, slots=True)
class Conditional:
    """One group against everyone else, before and after comparing only people alike in `given`.

    `metric` is a share of cases (selection_rate, ...). `crude` is the difference of that share, `difference` the same
    averaged over the levels of `given`, each weighing as its cases make it precise. `odds_ratio` is common to all levels
    (Mantel and Haenszel). `disparity` is the share of the group among the rejected minus that among the accepted,
    averaged over the levels by their cases. `reversed_` says that crude and averaged difference provably point opposite
    ways; `explained` that the crude one is proven and the averaged one is not.
    """

    metric: str
    subject: str
    attribute: str
    population_id: str
    given: str
    given_words: str
    crude: float | None
    crude_low: float | None
    crude_high: float | None
    difference: float | None
    low: float | None
    high: float | None
    odds_ratio: float | None
    odds_low: float | None
    odds_high: float | None
    disparity: float | None
    disparity_low: float | None
    disparity_high: float | None
    p_value: float | None
    """That the odds ratio is 1 at every level (Cochran, Mantel and Haenszel)."""
    p_adjusted: float | None
    p_alike: float | None
    """That the odds ratio is the same at every level (Breslow and Day, with Tarone's correction)."""
    reversed_: bool
    explained: bool
    strata: int
    strata_used: int
    """Levels in which both the group and the others have cases."""
    n: int
    n_used: int
    level: float
    method: str
    family: str
    family_size: int
    status: EstimateStatus
    reason: str


@dataclass(frozen=True, slots=True)
class Stratum:
    """One level of a factor: the group and everyone else who is alike in it."""

    metric: str
    subject: str
    attribute: str
    population_id: str
    given: str
    position: int
    stratum_id: str
    words: str
    n: int
    n_rest: int
    rate: float | None
    rate_rest: float | None
    difference: float | None
    low: float | None
    high: float | None
    level: float
    method: str
    status: EstimateStatus
    reason: str
