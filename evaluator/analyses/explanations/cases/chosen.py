"""Which cases are shown: typical ones, those at the cut-off, the worst errors, and those on which versions disagree.

The choice depends on the data alone, not on chance and not on the order of the rows: equally good cases are told apart by
their row id, and of copies one is shown.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.cases.answers import Answers, answers_of
from evaluator.analyses.explanations.cases.distance import Likeness, alike_by
from evaluator.analyses.explanations.cases.usual import distance_from_usual
from evaluator.analyses.explanations.explained import Explained
from evaluator.records.cases import CaseRole
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.spread import FloatArray, IntArray

MOST = 12
TYPICAL_CLASSES = 4
BORDERLINE_CLASSES = 3
WORST_CLASSES = 3
EACH_SIDE = 2
"""Cases on either side of the cut-off, and worst errors in either direction."""
TYPICAL_SHARE = 0.05
"""Typical scores are this share of the cases to either side of the median."""
SAME = 1e-9


class Chosen(NamedTuple):
    """One case: its number, counted from 1 over all roles, and its position among the asked rows."""

    number: int
    role: CaseRole
    position: int


def chosen(explained: Explained) -> tuple[Chosen, ...]:
    """At most 12 cases by role, each once; for several classes those that the model puts into the class explained.

    Notes
    -----
    Typical: of the tenth with the most usual scores, the one nearest to the usual features, for each decision where
    there are decisions. Borderline: nearest to the cut-off among either decision; for several classes the smallest
    lead of the named class. Worst error: wrong with the score farthest on the wrong side, or the largest error in
    either direction. Versions disagree: the largest change of score where decisions differ, or at all without
    decisions.
    """
    asked, answers = explained.asked, answers_of(explained)
    picker = _Picker(asked, explained.subject.row_id[explained.positions])
    if explained.subject.classes is not None:
        _of_classes(picker, answers, _lead(explained))
        named = explained.subject.classes.values.index(asked.class_)
        assert answers.decision is not None
        return tuple(case for case in picker.found[:MOST] if answers.decision[case.position] == named)
    _of_one_score(picker, answers)
    return tuple(picker.found[:MOST])


class _Picker:
    """Takes the best case of a kind that is not yet taken, nor a copy of one that is."""

    def __init__(self, asked: Asked, row_id: np.ndarray) -> None:
        self.asked, self.found = asked, list[Chosen]()
        self._row_id, self._free = row_id, np.ones(asked.n, dtype=np.bool_)
        self._likeness = alike_by(asked, range(asked.mixer.width))

    def take(self, role: CaseRole, among: BoolArray, key: FloatArray, *, times: int = 1) -> None:
        """The rows with the smallest `key`, fewer where there are no more."""
        for _ in range(times):
            free = np.flatnonzero(among & self._free)
            if free.size == 0:
                return
            keys = key[free]
            tied = free[keys <= keys.min() + SAME * np.ptp(keys)]
            best = int(min(tied, key=lambda row: (str(self._row_id[row]), row)))
            self.found.append(Chosen(len(self.found) + 1, role, best))
            self._free[_copies(self._likeness, best)] = False

    def take_typical(self, group: BoolArray, score: FloatArray | None) -> None:
        """Of the rows of a group with the most usual scores, the one nearest to the group's usual features."""
        rows = np.flatnonzero(group)
        if rows.size == 0:
            return
        if score is not None:
            weight = None if self.asked.weight is None else self.asked.weight[rows]
            off = np.abs(_rank(score[rows], weight) - 0.5)
            rows = rows[off <= max(TYPICAL_SHARE, float(off.min())) + SAME]
        distance = np.full(self.asked.n, np.inf)
        distance[rows] = distance_from_usual(self._likeness, np.flatnonzero(group), rows)
        self.take("typical", np.isfinite(distance), distance)


def _of_one_score(picker: _Picker, answers: Answers) -> None:
    assert answers.score is not None
    everyone = np.ones(picker.asked.n, dtype=np.bool_)
    sides = [everyone] if answers.decision is None else [answers.decision == 1, answers.decision == 0]
    for side in sides:
        picker.take_typical(side, answers.score)
    if answers.cut_off is not None and answers.decision is not None:
        for side in sides:
            picker.take("borderline", side, np.abs(answers.score - answers.cut_off), times=EACH_SIDE)
    for wrong, error in _errors(picker.asked, answers, answers.score):
        picker.take("worst_error", wrong, -error, times=EACH_SIDE)
    for differing, change in _disagreements(answers, answers.score):
        picker.take("versions_disagree", differing, -change)


def _errors(asked: Asked, answers: Answers, score: FloatArray) -> list[tuple[BoolArray, FloatArray]]:
    """For too high and too low: which rows are wrong that way, and how far the score is on the wrong side."""
    if asked.plan.task.kind == "regression":
        off = score - answers.truth
        return [(off > 0, off), (off < 0, -off)]
    positive = answers.truth == 1
    if answers.decision is None:  # without decisions, a score is on the wrong side of the middle
        middle = float(np.median(score))
        return [(~positive & (score > middle), score), (positive & (score < middle), -score)]
    return [(~positive & (answers.decision == 1), score), (positive & (answers.decision == 0), -score)]


def _disagreements(answers: Answers, score: FloatArray) -> list[tuple[BoolArray, FloatArray]]:
    """For either direction: which rows the versions disagree on, and how far their scores are apart."""
    change = np.zeros(score.size) if answers.previous is None else score - answers.previous
    if answers.decision is not None and answers.previous_decision is not None:
        turned = answers.decision - answers.previous_decision
        return [(turned > 0, np.abs(change)), (turned < 0, np.abs(change))]
    return [] if answers.previous is None else [(change > 0, change), (change < 0, -change)]


def _of_classes(picker: _Picker, answers: Answers, lead: FloatArray | None) -> None:
    """`lead` is how far the named class is ahead of the next one, None without scores."""
    named = answers.decision
    assert named is not None
    often = np.bincount(named, weights=picker.asked.weight)
    for position in np.argsort(-often, kind="stable")[:TYPICAL_CLASSES]:
        picker.take_typical(named == position, answers.score)
    if answers.score is None or lead is None:
        return
    picker.take("borderline", np.ones(named.size, dtype=np.bool_), lead, times=BORDERLINE_CLASSES)
    picker.take("worst_error", named != answers.truth, -answers.score, times=WORST_CLASSES)
    if answers.previous_decision is not None:
        change = 0.0 if answers.previous is None else np.abs(answers.score - answers.previous)
        differing = named != answers.previous_decision
        picker.take("versions_disagree", differing, -(change + np.zeros(named.size)), times=EACH_SIDE)


def _lead(explained: Explained) -> FloatArray | None:
    scores = explained.subject.scores[0].class_scores
    if scores is None or scores.shape[1] < 2:
        return None
    two = np.partition(scores[explained.positions], -2, axis=1)[:, -2:]
    lead: FloatArray = two[:, 1] - two[:, 0]
    return lead


def _rank(score: FloatArray, weight: FloatArray | None) -> FloatArray:
    """Share of the weight below each score, and half of what has the same one."""
    mass = np.ones(score.size) if weight is None else weight
    values, code = np.unique(score, return_inverse=True)
    here = np.bincount(code, weights=mass, minlength=values.size)
    rank: FloatArray = ((np.cumsum(here) - here / 2) / here.sum())[code]
    return rank


def _copies(likeness: Likeness, position: int) -> IntArray:
    """Rows with the same features, the row itself among them."""
    same = np.arange(likeness.asked.n)
    for one in likeness.measures:
        own, there = one.values[position], one.values[same]
        same = same[np.isnan(there) if np.isnan(own) else there == own]
    return same
