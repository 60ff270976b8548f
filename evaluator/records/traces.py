"""Where a gap could come from: what reveals a group, what differs between groups, and what changes with the group alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from evaluator.records.vocabulary import EstimateStatus

TraceKind = Literal["reveals", "score_gap", "flip", "label", "missing"]
SCORE = "(score)"
"""Stands among the features for the score itself; a column may well be called 'score'."""


@dataclass(frozen=True, slots=True)
class Trace:
    """One number about one group and one feature.

    kind        value                                                                          feature
    reveals     chance that the feature orders a member and someone else rightly (AUC; levels   a feature, `SCORE`, or
                and sums are fitted on other rows)                                              '' for all features together
    score_gap   mean score of the group minus that of everyone else: the part that the          a feature, '' for the sum
                feature has in it
    flip        share of the group's decisions that change with some other value of the         the attribute
                attribute and all else alike
    label       share of positive outcomes (or mean label), the group minus everyone else       ''
    missing     share of missing values, the group minus everyone else, where they provably     a feature
                differ

    A flip that could not be asked for stands once for the attribute, with all rows as its population. `n` and `n_rest`
    count the rows looked at: of the group (of the explained or the asked ones, where these are fewer), and of the others.
    """

    kind: TraceKind
    subject: str
    attribute: str
    population_id: str
    feature: str
    words: str
    value: float | None
    low: float | None
    high: float | None
    se: float | None
    level: float
    method: str
    family: str
    family_size: int
    space: str
    """Unit of `value`: share, auc, or the space of the score (chance, log_odds, score)."""
    n: int
    n_rest: int
    proven: bool
    """Whether the range leaves out what no difference would give, with its whole family taken into account."""
    status: EstimateStatus
    reason: str
