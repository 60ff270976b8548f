"""What people whose group is not known could do to a gap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from evaluator.records.vocabulary import EstimateStatus


@dataclass(frozen=True, slots=True)
class UnknownBound:
    """The smallest and the largest gap that any division of the unknown people among the known groups could give.

    `value` is the gap among the known: highest minus lowest share, or lowest to highest. `group_low` and `group_high`
    are the known groups with the lowest and the highest share, `pair_low` and `pair_high` the least and the most that
    these two could come to: high minus low (below zero where the two change places), or low to high (above one).

    `limit` is the plan's, or four fifths for ratios of selection rates without one. `could_change` says that some
    division takes the gap to the other side of it. `tips` is the fewest unknown people of one kind, of the `tips_of`
    there are, who would have to be of the group `tips_to` for that, wherever the others belong; null where none are
    needed for sure, as with more than two groups. `tips_event` says which kind: those who count towards the share, or
    those who do not.
    """

    metric: str
    subject: str
    attribute: str
    kind: Literal["difference", "ratio"]
    value: float | None
    low: float | None
    high: float | None
    group_low: str
    group_high: str
    pair_low: float | None
    pair_high: float | None
    unknown_id: str
    """Population of the people whose group is not known."""
    n_known: int
    """Cases of the known groups with enough cases, among those that the share is a share of."""
    n_unknown: int
    n_unknown_event: int
    """Of the unknown, those who count towards the share."""
    weighted: bool
    limit: float | None
    criterion_id: str
    could_change: bool
    tips: int | None
    tips_of: int | None
    tips_to: str
    tips_event: bool | None
    method: str
    status: EstimateStatus
    reason: str
