"""Differences between groups among people who are alike in a factor that may rightly count."""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.records.vocabulary import EstimateStatus


@dataclass(frozen=True, slots=True)
class Conditional:
    """One group against everyone else, before and after comparing only people alike in `given`.

    `metric` is a share of cases (selection_rate, ...), `given` one column, or several joined by " & ". `rate` and
    `rate_rest` are the shares of both sides over all levels, `crude` their difference. `difference` is the same averaged
    over the levels of `given`, each weighing as its cases make it precise (Mantel and Haenszel). `odds_ratio` is common
    to all levels. `disparity` is the share of the group among those who do not get the favourable decision minus that
    among those who get it, averaged over the levels by their cases; selection_rate alone has it. `reversed_` says that
    crude and averaged difference provably point opposite ways; `explained` that the crude one is proven and the averaged
    one is not; `uncovered` that the averaged one is proven and the crude one is not. All ranges are at
    `pair_level`, at which the differences of the whole family, crude and averaged, hold together at `level`.
    """

    metric: str
    subject: str
    attribute: str
    population_id: str
    given: str
    given_words: str
    rate: float | None
    rate_rest: float | None
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
    """The same, adjusted for all groups and factors of the family (Holm)."""
    p_alike: float | None
    """That the odds ratio is the same at every level (Breslow and Day, with Tarone's correction); null with weights or
    clusters."""
    reversed_: bool
    explained: bool
    uncovered: bool
    strata: int
    strata_used: int
    """Levels in which both the group and the others have cases."""
    n: int
    n_rest: int
    n_used: int
    """Cases of the group in the levels used."""
    n_rest_used: int
    level: float
    pair_level: float
    method: str
    weighted: bool
    family: str
    family_size: int
    status: EstimateStatus
    reason: str


@dataclass(frozen=True, slots=True)
class Stratum:
    """One level of a factor: the group and everyone else who is alike in it.

    `words` is a plural noun phrase ("applicants whose department is A"), `label` its short form ("A"). The ranges of all
    levels of one comparison that have one hold together at `level`.
    """

    metric: str
    subject: str
    attribute: str
    population_id: str
    given: str
    position: int
    stratum_id: str
    words: str
    label: str
    n: int
    n_rest: int
    rate: float | None
    rate_rest: float | None
    difference: float | None
    low: float | None
    high: float | None
    level: float
    pair_level: float
    method: str
    weighted: bool
    family_size: int
    status: EstimateStatus
    reason: str
