"""How few unknown cases could decide on which side of its limit a gap between groups lies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from evaluator.statistics.spread import FloatArray
from evaluator.statistics.unknown_bounds import GapKind, KnownGroups, Unknown, gap_bounds, gap_of, known_gap

ROUNDING = 1e-12
"""A gap this close to its limit touches it."""


class Tip(NamedTuple):
    """`cases` unknown cases that `group` would need at least: with the event, without it, or (None) of both kinds
    together with the group `other`."""

    cases: int
    group: int
    other: int
    event: bool | None


@dataclass(frozen=True, eq=False)
class Limit:
    """A difference may be at most `value`, a ratio at least; touching it is within."""

    value: float
    kind: GapKind

    def keeps(self, lowest: float, highest: float) -> bool:
        """Whether two shares are within the limit; the first may also be the higher one."""
        gap = gap_of(lowest, highest, self.kind)
        return gap <= self.value + ROUNDING if self.kind == "difference" else gap >= self.value - ROUNDING


def tip(known: KnownGroups, unknown: Unknown, limit: Limit) -> Tip | None:
    """The fewest unknown cases of one kind that a group needs for the gap to lie on the other side of its limit.

    Returns
    -------
    Tip, or None where no division of the unknown cases changes the side.

    Notes
    -----
    Two groups part when the lower one gets unknown cases without the event and the higher one those with it, and close
    the other way round. With all of one kind where they help most, the fewest of the other kind are found by halving,
    the heaviest first; the stricter of both conditions is told. Other unknown cases are of the other group where there
    are two, and of no matter which third one where there are more. There it may be that cases of either kind suffice
    alone: then the fewest of both kinds together are told. A limit is passed when any pair passes it, so that the least
    of all pairs counts; it is kept again when all pairs keep it, so that the most counts of those that pass it.
    """
    low, high = gap_bounds(known, unknown, limit.kind)
    farthest, nearest = (high, low) if limit.kind == "difference" else (low, high)
    within = _keeps(known_gap(known, limit.kind), limit)
    if _keeps(farthest if within else nearest, limit) == within:
        return None
    cases = _Cases(known, unknown, limit)
    return _first_to_part(cases) if within else _last_to_close(cases)


def _keeps(gap: float, limit: Limit) -> bool:
    return gap <= limit.value + ROUNDING if limit.kind == "difference" else gap >= limit.value - ROUNDING


class _Cases:
    """Known groups and the unknown cases, the heaviest first, with what is asked of a pair of groups."""

    def __init__(self, known: KnownGroups, unknown: Unknown, limit: Limit) -> None:
        self.limit = limit
        self.event, self.total = known.event.tolist(), known.total.tolist()
        self.share = known.share.tolist()
        self.k = len(self.share)
        self.events, self.rests = _heaviest_first(unknown.event), _heaviest_first(unknown.rest)

    def pairs(self) -> list[tuple[int, int]]:
        """Every ordered pair of groups, the one that is to be the lower first; small groups, which move most, lead."""
        every = [(low, high) for low in range(self.k) for high in range(self.k) if low != high]
        return sorted(every, key=lambda pair: self.total[pair[0]] + self.total[pair[1]])

    def moved(self, up: int, down: int, events: int, rests: int) -> tuple[float, float]:
        """Shares of the group that gets so many events, and of the one that gets so many cases without.

        Of two groups, each gets what the other one does not.
        """
        more_up, more_down = self.events[events], self.rests[rests]
        back_up, back_down = 0.0, 0.0
        if self.k == 2:
            back_up, back_down = self.rests[-1] - more_down, self.events[-1] - more_up
        raised = (self.event[up] + more_up) / (self.total[up] + more_up + back_up)
        lowered = (self.event[down] + back_down) / (self.total[down] + more_down + back_down)
        return raised, lowered

    def parts(self, low: int, high: int, events: int, rests: int) -> bool:
        """Whether a pair passes the limit when the higher group gets events and the lower one the rest."""
        raised, lowered = self.moved(high, low, events, rests)
        return not self.limit.keeps(lowered, raised)

    def closes(self, low: int, high: int, events: int, rests: int) -> bool:
        """Whether a pair keeps the limit when the lower group gets events and the higher one the rest."""
        raised, lowered = self.moved(low, high, events, rests)
        return self.limit.keeps(raised, lowered)

    @property
    def most(self) -> tuple[int, int]:
        """All unknown cases with the event, and all without."""
        return self.events.size - 1, self.rests.size - 1


def _heaviest_first(weight: FloatArray) -> FloatArray:
    """Weight of the m heaviest cases, from none to all."""
    return np.concatenate([[0.0], np.cumsum(np.sort(weight, kind="stable")[::-1])])


Reached = Callable[[int, int], bool]
"""Whether so many events and so many cases without are enough."""


def _first_to_part(cases: _Cases) -> Tip:
    best: Tip | None = None
    for low, high in cases.pairs():
        reached = _about(cases.parts, low, high)
        if not reached(*cases.most) or (best is not None and not _can_be_fewer(reached, cases, best.cases)):
            continue
        found = _tip_of(cases, reached, up=high, down=low)
        if best is None or found.cases < best.cases:
            best = found
    assert best is not None
    return best


def _last_to_close(cases: _Cases) -> Tip:
    beyond = [pair for pair in cases.pairs() if not cases.limit.keeps(cases.share[pair[0]], cases.share[pair[1]])]
    found = [_tip_of(cases, _about(cases.closes, low, high), up=low, down=high) for low, high in beyond]
    return max(found, key=lambda one: one.cases)


def _about(asked: Callable[[int, int, int, int], bool], low: int, high: int) -> Reached:
    return lambda events, rests: asked(low, high, events, rests)


def _can_be_fewer(reached: Reached, cases: _Cases, count: int) -> bool:
    """Whether a pair might need fewer than `count` cases of either kind; the other kind is there in full.

    Where either kind is enough alone, both together are counted, so that neither is there in full.
    """
    events, rests = cases.most
    fewer_events, fewer_rests = min(count - 1, events), min(count - 1, rests)
    if reached(0, rests) and reached(events, 0):
        return reached(fewer_events, fewer_rests)
    return reached(events, fewer_rests) and reached(fewer_events, rests)


def _tip_of(cases: _Cases, reached: Reached, *, up: int, down: int) -> Tip:
    """What one pair needs: the stricter of both kinds, or both together where either alone is enough."""
    events, rests = cases.most
    fewest_rests = _fewest(lambda m: reached(events, m), rests)
    fewest_events = _fewest(lambda m: reached(m, rests), events)
    if max(fewest_rests, fewest_events) == 0:
        together = _fewest_together(reached, events, rests)
        return Tip(together, down, up, None)
    if fewest_rests >= fewest_events:
        return Tip(fewest_rests, down, up, False)
    return Tip(fewest_events, up, down, True)


def _fewest(enough: Callable[[int], bool], most: int) -> int:
    """The smallest number from 0 to `most` that is enough; enough stays enough."""
    low, high = 0, most
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle + 1, high)
    return low


def _fewest_together(reached: Reached, events: int, rests: int) -> int:
    """The smallest sum of both kinds that is enough: the more of one kind, the fewer of the other."""
    best = needed = _fewest(lambda m: reached(0, m), rests)
    for given in range(1, events + 1):
        if given >= best:
            break
        while needed > 0 and reached(given, needed - 1):
            needed -= 1
        if reached(given, needed):
            best = min(best, given + needed)
    return best
