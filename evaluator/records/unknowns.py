"""What people whose group is not known could do to a gap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from evaluator.records.vocabulary import EstimateStatus


@dataclass(frozen=True, slots=True)
class UnknownBound:
    """The smallest and the largest gap that any division of the unknown people among the known groups could give.

    `value` is the gap among the known. `limit` is the plan's, or four fifths for ratios of selection rates without one.
    `tips` is the fewest unknown people whose group would decide on which side of the limit the gap lies, null where no
    division changes it; `tips_to` is the group they would be of.
    """

    metric: str
    subject: str
    attribute: str
    kind: Literal["difference", "ratio"]
    value: float | None
    low: float | None
    high: float | None
    n_known: int
    n_unknown: int
    limit: float | None
    criterion_id: str
    tips: int | None
    tips_to: str
    method: str
    status: EstimateStatus
    reason: str
