"""What a score leans on: importances and effects of features."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from evaluator.records.vocabulary import Direction, EstimateStatus


@dataclass(frozen=True, slots=True)
class Importance:
    """How much one feature counts for one model.

    `method` shap: mean size of its contribution to the score; permutation: how much the loss grows when the feature is
    taken from other rows. With `_together` a row is about a set of features that move together, or about one that moves
    with no other; `members` lists them all, and `feature` is the first of them. `space` is the unit of `value`: chance (fractions), log_odds, score (the unit of the label,
    or of a score that promises no probability), brier or squared_error. `how` names the calculation: tree, additive,
    sampled or shifted.
    """

    method: Literal["shap", "permutation", "shap_together", "permutation_together"]
    subject: str
    population_id: str
    feature: str
    words: str
    value: float | None
    low: float | None
    high: float | None
    se: float | None
    level: float
    share: float | None
    share_low: float | None
    share_high: float | None
    """Its part of the sum over all features (shap), and the range of that."""
    rank_low: int | None
    rank_high: int | None
    """Best and worst rank that fit the data, 1 for the feature that counts most; simultaneous over all features."""
    times_first: int | None
    repeats: int
    """In how many of so many redrawn samples the feature came first."""
    direction: Direction
    """What more of the feature does to the score; by_level for features that are no quantities."""
    moves_with: str
    """JSON list of the features that rise or fall together with it."""
    space: str
    unit: str
    how: str
    n: int
    """Rows looked at, drawn from all and weighted back to them."""
    background: int | None
    """Cases that contributions are counted from (shap)."""
    weighted: bool
    status: EstimateStatus
    reason: str
    class_: str = ""
    """The class whose score it is about, of several."""
    members: str = "[]"
    """JSON list of the features of a set."""
    drives: bool | None = None
    """Whether the loss provably grows when it is taken from other rows, with every feature looked at taken into account;
    None where that was not measured."""


@dataclass(frozen=True, slots=True)
class Effect:
    """One point of what a feature does to the score, all else as it is: the score there minus the average score.

    Quantities: accumulated local effects at `x`, the curve's points in order; `n` counts the rows since the point
    before (0 at the first). Features with levels: mean score when every row had that level; `n` counts its rows.
    `thin` marks points that rest on fewer rows than a group needs. `confidence` is the level of the range.
    """

    subject: str
    population_id: str
    feature: str
    words: str
    kind: Literal["quantity", "levels"]
    position: int
    x: float | None
    level: str
    label: str
    y: float
    low: float | None
    high: float | None
    se: float | None
    confidence: float
    n: int
    share: float
    thin: bool
    space: str
    unit: str
    class_: str = ""
    """The class whose score it is about, of several."""
