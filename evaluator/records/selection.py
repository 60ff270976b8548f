"""Selection rates of groups against that of the group selected most: four fifths, and the tables that a rule prescribes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from evaluator.records.vocabulary import EstimateStatus

Rule = Literal["four_fifths", "nyc_ll144"]
RatioOutcome = Literal["below", "not_below", "cannot_say", "reference", "excluded", "too_few"]


@dataclass(frozen=True, slots=True)
class SelectionRatio:
    """One category of a table: its rate, and that over the highest rate of the table.

    `table` is the attribute (four_fifths), or sex, race_ethnicity or intersection (nyc_ll144). `words` name the category
    in short; `parts` is a JSON list of the ids of the one-column groups that make it. `counted` are the people selected,
    or above the median score; null with weights, and where it is kept from the reader, as is `n` when negative.

    `low` to `high` is the range of the rate over the truly highest rate, whichever category that is, and holds for all
    categories of the table together; `outcome` follows from it, never from the ratio itself. `alone_low` to `alone_high`
    is the range of `ratio` by itself (Katz), which audits usually print. Neither is part of a rule's table.
    `p_value` tests equal rates of the category and the reference; `p_adjusted` takes every pair of categories into
    account (Holm). `shortfall` counts the further people of the category that would have to be selected for its rate to
    reach four fifths of the highest, `shortfall_equal` to reach it; both with that rate held. `rows_needed` further rows
    of the population `settling` would settle an outcome that the data cannot say; null when more are unlikely to.
    """

    rule: Rule
    table: str
    position: int
    population_id: str
    words: str
    parts: str
    n: int
    counted: int | None
    weighted: bool
    rate: float | None
    ratio: float | None
    reference: str
    low: float | None
    high: float | None
    alone_low: float | None
    alone_high: float | None
    outcome: RatioOutcome
    test: str
    p_value: float | None
    p_adjusted: float | None
    shortfall: int | None
    shortfall_equal: int | None
    rows_needed: int | None
    settling: str
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
    """What stands over a table of a rule: how it was made, and the people whose category is not known.

    `n` counts everyone, `n_unknown` those whose category is not known; counts kept from the reader are negative.
    """

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
    """JSON list of short stable names; their sentences stand in `evaluator.wording.statutory`."""
    status: EstimateStatus
    reason: str
