"""Whether another cut-off for a slice would remove its excess: chosen on some of its rows, tried on the others."""

from __future__ import annotations

import numpy as np

from evaluator.analyses.failures.causes.answers import Answer, Answered, Unanswered
from evaluator.analyses.failures.causes.compared import compare_means, p_of_means, share_of_excess
from evaluator.analyses.failures.causes.scene import Here
from evaluator.catalogue.settings import MIN_RELEVANT
from evaluator.records import MODEL
from evaluator.statistics.cross_fitted import forward_folds
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.ordering import descending
from evaluator.statistics.spread import FloatArray, IntArray
from evaluator.statistics.streams import stream

FOLDS = 5


def threshold(here: Here) -> Answer:
    """What would be lost with a cut-off of their own, here and elsewhere.

    Notes
    -----
    For errors the cut-off that costs least, both kinds weighed as today's cut-off weighs them; for one kind of error that at which the other kind is as frequent as
    elsewhere today, so that nothing is gained by trading one for the other; that it is rarer here today has to be shown
    as well, because what is gained rests on it. What a cut-off of its own gains elsewhere is no part of what it explains
    here.
    """
    rows = here.scene.binary
    if rows is None or rows.decision is None or rows.score is None:
        return Unanswered("threshold", "a cut-off needs scores and decisions", status="not_applicable")
    label = rows.label[here.mask]
    if min(label.sum(), (~label).sum()) < MIN_RELEVANT:
        return Unanswered("threshold", f"fewer than {MIN_RELEVANT} cases of one outcome", status="too_few")
    after = here.values.copy()
    sides = (here.mask, ~here.mask) if here.loss.name == "error" else (here.mask,)
    for side in sides:
        after[side] = _lost(here, side, rows.score)
    gain = here.values - after
    apart = compare_means(after, here.here, here.rest, here.scene, "less")
    gained = here.mean(here.here) - apart.value - (here.mean(here.rest) - apart.elsewhere)
    p_value = max(p_of_means(gain, here.here, here.rest, here.scene, "greater"), _p_of_the_other_kind(here))
    return Answered(
        "threshold", apart.value, apart.low, apart.high, apart.elsewhere, "share", p_value,
        share_of_excess(here, here.excess - gained), here.n, "cross_fitted",
    )  # fmt: skip


def _p_of_the_other_kind(here: Here) -> float:
    """Whether the other kind of error is rarer here than elsewhere; 0 for errors of both kinds, which need no such test."""
    rows = here.scene.binary
    if here.loss.name == "error" or rows is None or rows.decision is None:
        return 0.0
    others = ~here.among
    wrong = (rows.decision != rows.label).astype(np.float64)
    return p_of_means(wrong, here.mask & others, ~here.mask & others, here.scene, "less")


def _lost(here: Here, side: BoolArray, score: FloatArray) -> FloatArray:
    return lost_with_own_cut(here, side, score[side], folds_of(here, side))


def folds_of(here: Here, side: BoolArray) -> IntArray:
    """The fold of every row on one side, clusters kept whole."""
    rows = here.scene.binary
    group = np.zeros(int(side.sum()), dtype=np.int64) if rows is None else rows.label[side].astype(np.int64)
    cluster = here.scene.cluster
    rng = stream(here.scene.plan.settings.seed, "failures/causes/folds", f"{here.loss.name}/{here.found.slice_id}")
    return forward_folds(group, rng, cluster=None if cluster is None else cluster[side], folds=FOLDS)


def lost_with_own_cut(here: Here, side: BoolArray, score: FloatArray, fold: IntArray) -> FloatArray:
    """The loss of every row on one side with cut-offs chosen on the other folds.

    Parameters
    ----------
    score : of the rows on that side; it need not be the model's.
    """
    rows = here.scene.binary
    assert rows is not None
    label = rows.label[side]
    weight = np.ones(label.size) if rows.weight is None else rows.weight[side]
    order, ordered = descending(score)
    decided = np.zeros(label.size, dtype=np.bool_)
    for number in range(FOLDS):
        fitted = order[fold[order] != number]
        cut = _cut(here, ordered[fold[order] != number], label[fitted], weight[fitted])
        decided[fold == number] = score[fold == number] >= cut
    return np.asarray(label != decided, dtype=np.float64)


def _cut(here: Here, score: FloatArray, label: BoolArray, weight: FloatArray) -> float:
    """The cut-off that suits rows in order of falling score: between two scores that differ."""
    above = [np.concatenate([[0.0], np.cumsum(weight * kind)]) for kind in (label, ~label)]
    ends = np.concatenate([[0], np.flatnonzero(np.diff(score)) + 1, [score.size]])
    found, false = above[0][ends], above[1][ends]
    if here.loss.name == "error":
        worth = _worth(here)
        best = int(np.argmin((1 - worth) * (found[-1] - found) + worth * false))
    elif here.loss.name == "false_negative":
        best = int(np.argmin(np.abs(false / max(false[-1], 1e-12) - _elsewhere(here, positive=False))))
    else:
        best = int(np.argmin(np.abs(found / max(found[-1], 1e-12) - _elsewhere(here, positive=True))))
    place = int(ends[best])
    if place == 0:
        return float("inf")
    return float("-inf") if place == score.size else float((score[place - 1] + score[place]) / 2)


def _worth(here: Here) -> float:
    """What a false positive costs of what both kinds of error do: a cut-off on honest chances, else the plan's costs."""
    scores = next(scores for scores in here.scene.subject.scores if scores.subject == MODEL)
    if scores.probability and scores.threshold is not None and 0 < scores.threshold < 1:
        return scores.threshold
    costs = here.scene.plan.use.costs
    whole = 0.0 if costs is None else costs.false_positive + costs.false_negative
    return 0.5 if costs is None or whole == 0 else costs.false_positive / whole


def _elsewhere(here: Here, *, positive: bool) -> float:
    """The share decided positive elsewhere, among those with one outcome."""
    rows = here.scene.binary
    assert rows is not None
    assert rows.decision is not None
    inside = ~here.mask & (rows.label == positive)
    weight = None if rows.weight is None else rows.weight[inside]
    return float(np.average(rows.decision[inside], weights=weight)) if inside.any() else 0.0
