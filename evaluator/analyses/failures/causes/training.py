"""Causes that need the training data: too few rows of the slice in them, or rows that look different there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import special

from evaluator.analyses.failures.causes.answers import Answer, Answered, Unanswered
from evaluator.analyses.failures.causes.compared import p_of_mean, p_of_shares, share_of, share_of_excess
from evaluator.analyses.failures.causes.flagged import NO_TRAINING, TRAINING_LINE
from evaluator.analyses.failures.causes.learning import lost_by_learning
from evaluator.analyses.failures.causes.scene import Column, Here
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.proportions import wilson
from evaluator.statistics.spread import FloatArray, IntArray, effective_n, spread_of

FEW = 0.5
"""A slice is short in the training data when its share there is less than so much of its share here."""
MARGIN = 0.1
"""A population stability index, less what chance gives, from which two distributions are said to differ."""
FEWEST_TRAINED = 50
FEWEST_COVERED = 0.5
"""Least share of the training rows whose values occur in the slice, for weights to make it look like them."""
NOT_FITTED = "the training data lack a column of its conditions"


def training(here: Here) -> Answer:
    """The share of training rows in the slice against its share of the evaluation rows, which is `elsewhere`.

    What a small model, learned from the slice's own rows and tried on others of them, would lose says how much of the
    excess there was to learn.
    """
    inside = here.training
    if inside is None:
        return _untested("training", here)
    scene = here.scene
    n, count = int(inside.size), int(np.count_nonzero(inside))
    share, worth = share_of(here.mask, np.ones(scene.n, dtype=np.bool_), scene)
    interval = wilson(float(count), float(n), scene.level)
    p_value, method = p_of_shares(count / n, float(n), share, worth, "less")
    found = Answered(
        "training", count / n, interval.low, interval.high, share, "share", p_value, 0.0, n, method, count=count
    )
    if count / n >= FEW * share or p_value >= 1 - scene.level:
        return replace(found, p_value=max(p_value, 0.5))
    lost = lost_by_learning(here)
    p_learned = p_of_mean(here.values - lost, here.here, scene)
    weight = None if scene.weight is None else scene.weight[here.here]
    remains = float(np.average(lost[here.here], weights=weight)) - here.mean(here.rest)
    return replace(found, p_value=max(p_value, p_learned), explains=share_of_excess(here, remains))


def shift(here: Here) -> Answer:
    """The column whose values here lie farthest from those of the same slice in the training data.

    Notes
    -----
    The population stability index less its mean under no difference, (K - 1)(1/n + 1/m); the index over (1/n + 1/m) is
    about chi-square with K - 1 degrees of freedom. The slice is weighted to have the training rows' distribution: what
    is lost then says how much of the excess the difference explains.
    """
    inside = here.training
    if inside is None:
        return _untested("shift", here)
    if np.count_nonzero(inside) < FEWEST_TRAINED:
        return Unanswered("shift", f"fewer than {FEWEST_TRAINED} training rows fit its conditions", status="too_few")
    found = [one for column in here.scene.read if (one := _shift_of(here, column, inside)) is not None]
    if not found:
        return Unanswered("shift", "no column that the model reads can be compared in both tables")
    found = [replace(one, p_value=min(1.0, one.p_value * len(found))) for one in found]
    shown = [one for one in found if one.p_value < 1 - here.scene.level]
    return max(shown or found, key=lambda one: (one.explains or 0.0, one.value))


def _shift_of(here: Here, column: Column, inside: BoolArray) -> Answered | None:
    binned = column.bins
    if binned is None:
        return None
    own, trained = binned
    size = int(max(own.max(initial=0), trained.max(initial=0))) + 1
    target = np.bincount(trained[inside], minlength=size).astype(np.float64)
    outside = np.bincount(trained[~inside], minlength=size).astype(np.float64)
    value, p_value = _stability(_counts(here, own, here.mask, size), target)
    other, _ = _stability(_counts(here, own, ~here.mask, size), outside)
    p_loss, explains = _weighted(here, own, target) if value >= MARGIN else (0.5, 0.0)
    return Answered(
        "shift", value, None, None, other, "psi", max(p_value, p_loss), explains,
        int(np.count_nonzero(here.mask)), "stability_index", column.name, column.info.words,
    )  # fmt: skip


def _counts(here: Here, place: IntArray, rows: BoolArray, size: int) -> FloatArray:
    """Rows of each bin, worth as many as weights leave."""
    weight = here.scene.weight
    if weight is None:
        return np.bincount(place[rows], minlength=size).astype(np.float64)
    own = weight[rows]
    return np.asarray(np.bincount(place[rows], own, size) * effective_n(own) / own.sum())


def _stability(own: FloatArray, other: FloatArray) -> tuple[float, float]:
    """The stability index of two tables of counts less its null mean, and its p-value; half a row is added to each bin."""
    there = own + other > 0
    n, m, k = own.sum(), other.sum(), int(there.sum())
    if k < 2 or n == 0 or m == 0:
        return 0.0, 1.0
    p, q = ((side[there] + 0.5) / (side.sum() + 0.5 * k) for side in (own, other))
    index, scale = float(((p - q) * np.log(p / q)).sum()), 1 / n + 1 / m
    return index - (k - 1) * scale, float(special.chdtrc(k - 1, index / scale))


def _weighted(here: Here, place: IntArray, target: FloatArray) -> tuple[float, float | None]:
    """Whether less is lost with the bins of the slice weighted as in training, and the excess that this takes away."""
    rows = here.here
    weight = np.ones(int(rows.sum())) if here.scene.weight is None else here.scene.weight[rows]
    own, values = place[rows], here.values[rows]
    total = np.bincount(own, weight, target.size)
    there = (total > 0) & (target > 0)
    if not target[there].sum() >= FEWEST_COVERED * target.sum():
        return 1.0, None
    goal = np.where(there, target, 0.0) / target[there].sum()
    means = np.bincount(own, weight * values, target.size) / np.where(total > 0, total, 1.0)
    share = total / total.sum()
    gone = float(((share - goal) * means).sum())
    residual = weight * (values - means[own]) * ((share - goal) / np.where(total > 0, total, 1.0))[own]
    drawn = weight * (means[own] - float((share * means).sum())) / total.sum()
    spread = spread_of(residual + drawn, None if here.scene.cluster is None else here.scene.cluster[rows])
    p_value = float(special.stdtr(spread.df, -gone / spread.se)) if spread.se > 0 else 1.0
    return p_value, share_of_excess(here, here.excess - gone)


def _untested(cause: str, here: Here) -> Unanswered:
    if not here.scene.has_training:
        return Unanswered(cause, NO_TRAINING, TRAINING_LINE)
    return Unanswered(cause, NOT_FITTED)
