"""Where it fails: groups of cases found by looking at every combination of features, and what could be behind them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from evaluator.records.vocabulary import EstimateStatus

SliceStatus = Literal["confirmed", "lead"]
CauseVerdict = Literal["likely", "possible", "unlikely", "not_tested"]


@dataclass(frozen=True, slots=True)
class SliceSearch:
    """What was looked through for one loss.

    `columns` is a JSON list of the columns with what each level is called; `left_out` one of columns with why. `n` and
    `total` are the cases looked at and the sum of their losses. `examined` combinations hold at least `fewest` cases
    each, `too_small` fewer; the first are one family with those of the other losses, `family_size` together. `confirmed`
    and `leads` count what is left after merging.
    """

    loss: str
    subject: str
    columns: str
    left_out: str
    n: int
    total: float
    mean: float | None
    fewest: int
    examined: int
    too_small: int
    confirmed: int
    leads: int
    family_size: int
    level: float
    method: str
    weighted: bool
    status: EstimateStatus
    reason: str


@dataclass(frozen=True, slots=True)
class Slice:
    """One group of cases that fit up to three conditions, with a higher mean loss than everyone else.

    `confirmed` ones hold with the whole family taken into account; among `lead` ones a known share may be chance.
    `rank` counts from 1, by `excess`: how much of the loss would be gone if the mean were that of the others.

    `value`, `low`, `high` are the mean loss here with its plain range, `rest` that of everyone else. `at_least` and
    `at_most` are the range of their difference with the family taken into account, `best_guess` the difference shrunken
    against the curse of having been picked. `stands_for` counts the combinations it was merged from, itself included.

    `n` and `n_rest` are the cases that the loss is about, here and elsewhere, `total` the sum of their losses here, each
    counted once; `share` is the part of all such loss that lies here, by weight. `excess` is in cases, or in the unit of the
    loss, with weights that average 1. `of_all`, with its plain range, is the share of all cases whatsoever that are here
    and have the loss; null where the loss is a quantity.
    """

    loss: str
    subject: str
    slice_id: str
    rank: int
    status: SliceStatus
    words: str
    n: int
    n_rest: int
    total: float
    value: float
    low: float | None
    high: float | None
    rest: float
    best_guess: float | None
    at_least: float | None
    at_most: float | None
    excess: float
    share: float
    of_all: float | None
    of_all_low: float | None
    of_all_high: float | None
    p_family: float
    q_value: float
    stands_for: int
    level: float
    method: str


@dataclass(frozen=True, slots=True)
class SliceCondition:
    """One condition of a slice. `contribution` is its part of the difference from everyone; the parts add up to it.

    `definition` is JSON with one term, like that of a population: the authority on which cases fit.
    """

    loss: str
    slice_id: str
    position: int
    column: str
    definition: str
    words: str
    contribution: float | None


@dataclass(frozen=True, slots=True)
class SliceCause:
    """One thing that could be behind a confirmed slice, tested: a number here beside the same number elsewhere.

    `cause` is a name of `catalogue.causes`. At most one is `likely`: shown beyond chance, and with it goes the largest
    part of the excess. `rank` orders the causes of a slice, 1 being the likely one where there is one.

    `feature` is the column it is about, '' when none, `words` what people call it. `unit` says what `value` is: share
    (of cases), difference (of shares), pairs (share of pairs ordered rightly), times (a ratio), label (in the unit of
    the label) or psi. `count` of the `n` cases have what a share counts, None where it counts none.
    `p_value` is adjusted for all causes tested in this slice. `explains` is the share of the excess, from 0 to 1, that
    goes when the cause is taken away, where that can be computed. `add_to_plan` is what a cause that was not tested lacks.
    """

    loss: str
    slice_id: str
    cause: str
    rank: int
    verdict: CauseVerdict
    feature: str
    words: str
    value: float | None
    low: float | None
    high: float | None
    elsewhere: float | None
    unit: str
    p_value: float | None
    explains: float | None
    n: int
    count: int | None
    level: float
    method: str
    weighted: bool
    status: EstimateStatus
    reason: str
    add_to_plan: str


@dataclass(frozen=True, slots=True)
class ErrorLeaf:
    """One leaf of a small tree grown on one half of the cases and tested on the other half.

    `found` is the mean loss in the half that grew the tree, `value` with its range that in the other half; `rest` is
    the mean of the other leaves there. `path` is a JSON list of [column, words] from the root.
    """

    loss: str
    position: int
    words: str
    path: str
    found_n: int
    found: float
    n: int
    value: float | None
    low: float | None
    high: float | None
    rest: float | None
    p_value: float | None
    confirmed: bool
    level: float
    method: str
    status: EstimateStatus
    reason: str
