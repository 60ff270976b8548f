"""Whether unknown cases could decide on which side of its limit a gap lies, and of two groups how few of them."""

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
    """`cases` unknown cases with (`event`) or without the event that `group` would need at least."""

    cases: int
    group: int
    event: bool


@dataclass(frozen=True, eq=False)
class Limit:
    """A difference may be at most `value`, a ratio at least; touching it is within."""

    value: float
    kind: GapKind

    def keeps(self, gap: float) -> bool:
        """Whether a gap is within the limit."""
        return gap <= self.value + ROUNDING if self.kind == "difference" else gap >= self.value - ROUNDING

    def keeps_pair(self, lower: float, higher: float) -> bool:
        """Whether two shares are within the limit; the first may also be the higher one."""
        return self.keeps(gap_of(lower, higher, self.kind))


def changes_side(known: KnownGroups, unknown: Unknown, limit: Limit) -> bool:
    """Whether some division of the unknown cases takes the gap to the other side of its limit."""
    low, high = gap_bounds(known, unknown, limit.kind)
    farthest, nearest = (high, low) if limit.kind == "difference" else (low, high)
    within = limit.keeps(known_gap(known, limit.kind))
    return limit.keeps(farthest if within else nearest) != within


def tip(known: KnownGroups, unknown: Unknown, limit: Limit) -> Tip | None:
    """The fewest unknown cases of one kind that one of two groups needs, whatever the others are, for the side to change.

    Returns
    -------
    Tip, or None where no division changes the side, or where none is needed for sure: there are more than two groups,
    either kind is enough alone, or the groups may change places.

    Notes
    -----
    The groups part when the lower one gets unknown cases without the event and the higher one those with it, and close
    the other way round. With all of one kind where they help most, the fewest of the other kind are found by halving,
    the heaviest first; the kind of which more are needed is told.
    """
    if known.event.size != 2 or not changes_side(known, unknown, limit):
        return None
    cases = _Cases(known, unknown, limit)
    low, high = (0, 1) if known.share[0] <= known.share[1] else (1, 0)
    if not limit.keeps_pair(float(known.share[low]), float(known.share[high])):
        return cases.fewest(cases.closes, up=low, down=high)
    ways = [(down, up) for down, up in ((low, high), (high, low)) if cases.parts(up, down, *cases.most)]
    return cases.fewest(cases.parts, up=ways[0][1], down=ways[0][0]) if len(ways) == 1 else None


Reached = Callable[[int, int, int, int], bool]
"""Whether it is enough that one group gets so many cases with the event and the other so many without."""


class _Cases:
    """Two known groups and the unknown cases, the heaviest first."""

    def __init__(self, known: KnownGroups, unknown: Unknown, limit: Limit) -> None:
        self.limit = limit
        self.event, self.total = known.event.tolist(), known.total.tolist()
        self.events, self.rests = _heaviest_first(unknown.event), _heaviest_first(unknown.rest)

    @property
    def most(self) -> tuple[int, int]:
        """All unknown cases with the event, and all without."""
        return self.events.size - 1, self.rests.size - 1

    def moved(self, up: int, down: int, events: int, rests: int) -> tuple[float, float]:
        """Shares of the group that gets so many events, and of the one that gets so many cases without.

        Each group gets what the other one does not.
        """
        more_up, more_down = self.events[events], self.rests[rests]
        back_up, back_down = self.rests[-1] - more_down, self.events[-1] - more_up
        raised = (self.event[up] + more_up) / (self.total[up] + more_up + back_up)
        lowered = (self.event[down] + back_down) / (self.total[down] + more_down + back_down)
        return raised, lowered

    def parts(self, up: int, down: int, events: int, rests: int) -> bool:
        """Whether the limit is passed when the higher group gets events and the lower one the rest."""
        raised, lowered = self.moved(up, down, events, rests)
        return not self.limit.keeps_pair(lowered, raised)

    def closes(self, up: int, down: int, events: int, rests: int) -> bool:
        """Whether the limit is kept when the lower group gets events and the higher one the rest."""
        raised, lowered = self.moved(up, down, events, rests)
        return self.limit.keeps_pair(raised, lowered)

    def fewest(self, reached: Reached, *, up: int, down: int) -> Tip | None:
        """The kind of which more are needed; None where either is enough alone."""
        events, rests = self.most
        fewest_rests = _fewest(lambda m: reached(up, down, events, m), rests)
        fewest_events = _fewest(lambda m: reached(up, down, m, rests), events)
        if max(fewest_rests, fewest_events) == 0:
            return None
        return Tip(fewest_rests, down, False) if fewest_rests >= fewest_events else Tip(fewest_events, up, True)


def _heaviest_first(weight: FloatArray) -> FloatArray:
    """Weight of the m heaviest cases, from none to all."""
    return np.concatenate([[0.0], np.cumsum(np.sort(weight, kind="stable")[::-1])])


def _fewest(enough: Callable[[int], bool], most: int) -> int:
    """The smallest number from 0 to `most` that is enough; enough stays enough."""
    low, high = 0, most
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle + 1, high)
    return low
