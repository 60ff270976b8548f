"""Whether explanations can be relied on, and what the model relies on."""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.records.vocabulary import EstimateStatus


@dataclass(frozen=True, slots=True)
class ExplanationCheck:
    """One number of one check.

    check              value                                                              by_chance
    proxy              how well the feature tells a sensitive group apart (AUC)           0.5
    identifier         share of cases whose value no other case has                       -
    one_feature        share of decisions that stay with this feature alone kept          what the majority gives
    shuffled_labels    rank correlation of importances with those of a model that was     0
                       trained on shuffled labels
    deletion           area between the scores when features are removed in the order     0
                       of the explanation and in random order
    insertion          the same, with features put back                                   0
    seeds              mean rank correlation of importances between seeds; with a         0
                       feature, the share of seeds in which it comes first                1 of all features
    agreement          rank correlation of two methods of importance                      0
    surrogate          share of the score's spread that a small tree repeats, on rows     0
                       it was not grown on

    `feature` and `population_id` are '' where the check is about neither.
    """

    check: str
    subject: str
    class_: str
    feature: str
    words: str
    population_id: str
    value: float | None
    low: float | None
    high: float | None
    by_chance: float | None
    n: int
    unit: str
    level: float
    method: str
    proven: bool
    """Whether the range leaves out `by_chance`."""
    status: EstimateStatus
    reason: str


@dataclass(frozen=True, slots=True)
class SurrogateLeaf:
    """One leaf of a small tree that imitates the score. `path` is a JSON list of [column, words] from the root.

    `score` with its range is the mean score of the leaf among rows that the tree was not grown on, `share` the part of
    all cases there, by weight, and `n` their number.
    """

    subject: str
    class_: str
    position: int
    words: str
    path: str
    n: int
    share: float
    score: float
    low: float | None
    high: float | None
    level: float
    space: str
    unit: str
