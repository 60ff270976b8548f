"""Gaps between groups when some cases belong to no known group: what any division of them could give.

Groups are compared by a share: of the cases that count, the part with an event. Unknown cases differ in whether they
have the event and in their weight, so that a division is a pair of amounts for every group. Where a single unknown case
tips the gap over its limit is `unknown_tips`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np

from evaluator.statistics.spread import FloatArray

GapKind = Literal["difference", "ratio"]


@dataclass(frozen=True, eq=False)
class KnownGroups:
    """Weight of the cases with and without the event in every known group, shape (k,), k at least 2."""

    event: FloatArray
    rest: FloatArray

    @cached_property
    def total(self) -> FloatArray:
        """Weight of each group."""
        total: FloatArray = self.event + self.rest
        return total

    @cached_property
    def share(self) -> FloatArray:
        """Share with the event in each group."""
        share: FloatArray = self.event / self.total
        return share


@dataclass(frozen=True, eq=False)
class Unknown:
    """Weights of the unknown cases with and without the event, one entry per case."""

    event: FloatArray
    rest: FloatArray

    @cached_property
    def weight(self) -> tuple[float, float]:
        """Weight with the event, and without it."""
        return float(self.event.sum()), float(self.rest.sum())


class Bounds(NamedTuple):
    """The smallest and the largest number that any division gives."""

    low: float
    high: float


def gap_of(lowest: float, highest: float, kind: GapKind) -> float:
    """Highest minus lowest share, or lowest to highest; equal shares of 0 have the ratio 1, others to 0 an infinite one."""
    if kind == "difference":
        return highest - lowest
    if highest > 0:
        return lowest / highest
    return np.inf if lowest > 0 else 1.0


def known_gap(known: KnownGroups, kind: GapKind) -> float:
    """The gap among the known: between the highest and the lowest share."""
    return gap_of(float(known.share.min()), float(known.share.max()), kind)


def gap_bounds(known: KnownGroups, unknown: Unknown, kind: GapKind) -> Bounds:
    """The least and the most that the gap between the known groups could be.

    Parameters
    ----------
    kind : difference of the highest and the lowest share, or ratio of the lowest to the highest.

    Returns
    -------
    Bounds in [0, 1]. The end where groups are farthest apart is reached by a division of whole cases. No division goes
    beyond the end where they are nearest; it is reached when cases may be split between groups.

    Notes
    -----
    Farthest apart: of some pair of groups, one gets all unknown cases with the event, the other all without it.
    Nearest: see `nearest_shares`.
    """
    apart, near = _widest(known, unknown, kind), gap_of(*nearest_shares(known, unknown), kind)
    return Bounds(near, apart) if kind == "difference" else Bounds(apart, near)


def _widest(known: KnownGroups, unknown: Unknown, kind: GapKind) -> float:
    more_event, more_rest = unknown.weight
    raised = (known.event + more_event) / (known.total + more_event)
    lowered = known.event / (known.total + more_rest)
    apart = np.array([[gap_of(low, high, kind) for low in lowered.tolist()] for high in raised.tolist()])
    # A group is no pair with itself.
    np.fill_diagonal(apart, -np.inf if kind == "difference" else np.inf)
    return float(apart.max() if kind == "difference" else apart.min())


def nearest_shares(known: KnownGroups, unknown: Unknown) -> Bounds:
    """The lowest and the highest share of any group when the unknown cases bring all groups as near as they can.

    Notes
    -----
    Unknown cases with the event lift the lowest groups to a common level, those without it lower the highest groups,
    like water. One does not get in the way of the other: what is left over can be spread so that every group stays
    between both levels, as long as the share of all cases together does. The lowest can be lifted to the least of
    (events of the m lowest groups + all unknown events) / (their weight + that of all unknown events) over m; the
    highest alike.
    """
    more_event, more_rest = unknown.weight
    whole = float(known.event.sum() + more_event) / float(known.total.sum() + more_event + more_rest)
    upwards = np.argsort(known.share, kind="stable")
    downwards = upwards[::-1]
    events, totals = (np.cumsum(part[upwards]) for part in (known.event, known.total))
    lifted = float(((events + more_event) / (totals + more_event)).min())
    events, totals = (np.cumsum(part[downwards]) for part in (known.event, known.total))
    lowered = float((events / (totals + more_rest)).max())
    return Bounds(min(whole, lifted), max(whole, lowered))


def pair_bounds(known: KnownGroups, unknown: Unknown, low: int, high: int, kind: GapKind) -> Bounds:
    """The least and the most that two groups come to: share[high] - share[low], or share[low] / share[high].

    Each end is reached by whole cases. A ratio is infinite where a division leaves the group `high` without any event.
    """
    more_event, more_rest = unknown.weight
    raised = (known.event + more_event) / (known.total + more_event)
    lowered = known.event / (known.total + more_rest)
    ends = (
        gap_of(float(lowered[low]), float(raised[high]), kind),
        gap_of(float(raised[low]), float(lowered[high]), kind),
    )
    return Bounds(min(ends), max(ends))
