"""Selection rates of groups against that of the group selected most: four-fifths, and the tables that a rule prescribes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from evaluator.records.vocabulary import EstimateStatus

Rule = Literal["four_fifths", "nyc_ll144"]
RatioOutcome = Literal["below", "not_below", "cannot_say", "reference", "excluded", "too_few"]


@dataclass(frozen=True, slots=True)
class SelectionRatio:
    """One category of a table: its rate, and that over the highest rate of the table.

    `table` is the attribute (four_fifths), or sex, race_ethnicity or intersection (nyc_ll144). `counted` are the people
    selected, or above the median score. `outcome` follows from `low` and `high`, never from the ratio itself; they are
    no part of the rule's table. `shortfall` counts the further people of the category that would have to be selected for
    its rate to reach four fifths of the highest, `shortfall_equal` to reach it; both with that rate held.
    """

    rule: Rule
    table: str
    position: int
    population_id: str
    words: str
    n: int
    counted: int
    rate: float | None
    ratio: float | None
    reference: str
    low: float | None
    high: float | None
    outcome: RatioOutcome
    test: str
    p_value: float | None
    p_adjusted: float | None
    shortfall: int | None
    shortfall_equal: int | None
    excluded: bool
    justification: str
    level: float
    method: str
    family: str
    family_size: int
    status: EstimateStatus
    reason: str


@dataclass(frozen=True, slots=True)
class StatutoryTable:
    """What stands over a table of a rule: how it was made, and the people whose category is not known."""

    rule: Rule
    table: str
    measure: Literal["selection", "score"]
    n: int
    n_unknown: int
    counted_unknown: int
    median_score: float | None
    tied_at_median: int
    parameters: str
    """JSON object of the declared choices."""
    warnings: str
    """JSON list of sentences."""
    status: EstimateStatus
    reason: str
