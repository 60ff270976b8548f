"""Which of the found sets of changes are offered for one case: few, cheap, and different."""

from __future__ import annotations

import numpy as np

from evaluator.analyses.explanations.changes.decision import Turn
from evaluator.analyses.explanations.changes.searching import MOST_CHANGES, NONE, Asker, Found
from evaluator.statistics.spread import FloatArray, IntArray

MOST_OPTIONS = 3
REFINED = 8
"""Sets of each case that are made as small as they can be, the cheapest first."""


def cheapest_sets(found: Found, most: int = REFINED) -> Found:
    """By case, the cheapest way of changing each set of features, and of these sets the cheapest ones."""
    order = np.lexsort((*_names(found).T, found.cost, found.case))
    found = found.take(order)
    first = np.unique(np.column_stack([found.case, _names(found)]), axis=0, return_index=True)[1]
    found = found.take(np.sort(first))
    return found.take(_place_in_case(found.case) < most)


def cheapest_by_changes(found: Found) -> Found:
    """By case, the cheapest set of one, of two and of three changes."""
    order = np.lexsort((*_names(found).T, found.cost, found.changes, found.case))
    found = found.take(order)
    first = np.unique(np.column_stack([found.case, found.changes]), axis=0, return_index=True)[1]
    return found.take(np.sort(first))


def confirmed(asker: Asker, turn: Turn, found: Found) -> tuple[Found, FloatArray]:
    """The sets whose changed cases, put together anew and asked about on their own, turn the decision; and their scores."""
    found = found.take(found.changes > 0)
    score = asker.scores(found.case, found.feature, found.value)
    turned = turn.reached(score)
    return found.take(turned), score[turned]


def offered(found: Found, case: int) -> IntArray:
    """Which sets are offered for a case: at most three, the cheapest first, none that adds changes to a cheaper one."""
    rows = np.flatnonzero(found.case == case)
    names = _names(found)
    rows = rows[np.lexsort((*names[rows].T, found.changes[rows], found.cost[rows]))]
    taken: list[int] = []
    for row in rows:
        own = _set(names[row])
        if not any(_set(names[other]) <= own for other in taken):
            taken.append(int(row))
    return np.array(taken[:MOST_OPTIONS], dtype=np.int64)


def _set(names: IntArray) -> frozenset[int]:
    return frozenset(int(name) for name in names if name != NONE)


def _names(found: Found) -> IntArray:
    """The features of each set in order, so that equal sets look alike; shape (m, 3)."""
    return np.sort(found.feature, axis=1)[:, ::-1].reshape(-1, MOST_CHANGES)


def _place_in_case(case: IntArray) -> IntArray:
    """How many rows of the same case come before each row, cases being together."""
    first = np.flatnonzero(np.concatenate([[True], case[1:] != case[:-1]])) if case.size else np.zeros(0, dtype=int)
    return np.arange(case.size) - np.repeat(first, np.diff(np.append(first, case.size)))
