"""The smallest change that still turns a decision: along the real values between the case's own and the one found."""

from __future__ import annotations

import numpy as np

from evaluator.analyses.explanations.changes.allowed import Changeable
from evaluator.analyses.explanations.changes.decision import Turn
from evaluator.analyses.explanations.changes.searching import MOST_CHANGES, NONE, Asker, Found
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.spread import FloatArray, IntArray

PARTS = 12
"""Each round cuts what is left between two values into so many parts, so that few rounds are enough."""


def refined(asker: Asker, turn: Turn, found: Found, gain_per_cost: FloatArray) -> Found:
    """The same sets with every change as small as the others let it be; a change that is not needed is dropped.

    Parameters
    ----------
    gain_per_cost : of the features of every case, shape (cases, features); the least worth its cost is cut first.

    Notes
    -----
    Between the case's own value and the one found, the nearest of the tried values that turns the decision bounds the
    next round. For a score that rises or falls all the way, this is the nearest real value that turns it.
    """
    worth = np.where(found.feature == NONE, np.inf, gain_per_cost[found.case[:, None], found.feature])
    order = np.argsort(worth, axis=1, kind="stable")
    feature = np.take_along_axis(found.feature, order, axis=1)
    value = np.take_along_axis(found.value, order, axis=1)
    for slot in range(MOST_CHANGES):
        _cut(asker, turn, found.case, feature, value, slot)
    return Found(found.case, feature, value, costs_of(asker, found.case, feature, value).sum(axis=1))


def _cut(asker: Asker, turn: Turn, case: IntArray, feature: IntArray, value: IntArray, slot: int) -> None:
    """Bring one change of every set as near to the case's own value as the others allow, in place."""
    rows = np.flatnonzero(feature[:, slot] != NONE)
    path = _Path(asker, case[rows], feature[rows, slot], value[rows, slot])
    low, high = np.full(rows.size, -1), path.steps.copy()
    while (open_ := np.flatnonzero(high - low > 1)).size:
        tried = _marks(low[open_], high[open_])
        at, mark = np.nonzero(tried >= 0)
        some, step = rows[open_[at]], tried[at, mark]
        changed, valued = feature[some].copy(), value[some].copy()
        valued[:, slot] = path.value(open_[at], step)
        changed[step == 0, slot] = NONE
        turned = np.zeros(tried.shape, dtype=bool)
        turned[at, mark] = turn.reached(asker.scores(case[some], changed, valued))
        low[open_], high[open_] = _narrowed(low[open_], high[open_], tried, turned)
    value[rows, slot] = path.value(np.arange(rows.size), high)
    feature[rows[high == 0], slot] = NONE
    value[rows[high == 0], slot] = NONE


class _Path:
    """The real values from the case's own, step 0, to the one found, the last step."""

    def __init__(self, asker: Asker, case: IntArray, feature: IntArray, target: IntArray) -> None:
        self._target = target
        self._start, self._sign = np.zeros(case.size, dtype=np.int64), np.zeros(case.size, dtype=np.int64)
        for number, one in enumerate(asker.features):
            here = np.flatnonzero(feature == number)
            self._start[here], self._sign[here] = _first_step(one, one.own[asker.position[case[here]]], target[here])
        self.steps = np.abs(target - self._start) + 1

    def value(self, which: IntArray, step: IntArray) -> IntArray:
        """Which value stands at a step; any for step 0."""
        return np.asarray(self._start[which] + self._sign[which] * np.maximum(step - 1, 0), dtype=np.int64)


def _first_step(one: Changeable, own: FloatArray, target: IntArray) -> tuple[IntArray, IntArray]:
    """The value next to the case's own on the way to the target, and the direction; levels have no way between them."""
    if not one.ordered:
        return target, np.zeros_like(target)
    own = np.where(np.isnan(own), one.usual, own)
    rises = one.values[target] > own
    above, below = np.searchsorted(one.values, own, side="right"), np.searchsorted(one.values, own, side="left") - 1
    start = np.where(rises, np.minimum(above, target), np.maximum(below, target))
    start = np.where(one.values[target] == own, target, start)
    return start.astype(np.int64), np.where(rises, 1, -1).astype(np.int64)


def _marks(low: IntArray, high: IntArray) -> IntArray:
    """Steps to be tried strictly between two, each once, -1 for none; step 0 as soon as it is between them."""
    parts = np.arange(1, PARTS)
    marks = low[:, None] + (high - low)[:, None] * parts // PARTS
    marks[:, 0] = np.where(low < 0, 0, marks[:, 0])
    marks = np.sort(marks, axis=1)
    inside = (marks > low[:, None]) & (marks < high[:, None])
    again = np.concatenate([np.zeros((low.size, 1), dtype=bool), marks[:, 1:] == marks[:, :-1]], axis=1)
    marks = np.where(inside & ~again, marks, -1)
    return np.asarray(marks, dtype=np.int64)


def _narrowed(low: IntArray, high: IntArray, tried: IntArray, turned: BoolArray) -> tuple[IntArray, IntArray]:
    """The nearest step that turns, and the farthest before it that does not."""
    nearest = np.where(turned, tried, high[:, None]).min(axis=1)
    before = np.where((tried >= 0) & (tried < nearest[:, None]), tried, low[:, None]).max(axis=1)
    return before, nearest


def costs_of(asker: Asker, case: IntArray, feature: IntArray, value: IntArray) -> FloatArray:
    """Cost of every change of every set, 0 where there is none; shape (m, 3)."""
    cost = np.zeros(feature.shape)
    for number, one in enumerate(asker.features):
        row, slot = np.nonzero(feature == number)
        cost[row, slot] = one.cost(one.own[asker.position[case[row]]], one.values[value[row, slot]])
    return cost
