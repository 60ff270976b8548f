"""How many decisions stay when one feature alone is kept."""

from __future__ import annotations

import numpy as np

from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.contributions import typical_rows
from evaluator.analyses.explanations.drawing import Drawn
from evaluator.analyses.explanations.explained import Explained
from evaluator.analyses.explanations.pace import affordable
from evaluator.analyses.explanations.reliance.redrawing import fewer
from evaluator.analyses.explanations.reliance.rows import TOO_SLOW, Seen, about_feature, blank_row, seen_row
from evaluator.analyses.explanations.weighting import Means, weighted_means
from evaluator.records import ExplanationCheck
from evaluator.statistics.proportions import wilson
from evaluator.statistics.quantiles import t_quantile
from evaluator.statistics.spread import FloatArray, IntArray, effective_n
from evaluator.statistics.streams import stream

ONE_FEATURE = "one_feature"
SECONDS = 0.5
SIZES = (1_000, 300, 100)
BACKGROUND = 20
"""Cases that all other features are taken from; their mean score is the score of the feature alone."""
MOST = 3
"""Features tried, those with the largest parts."""
DIGITS = 12
"""Weighted sums miss a share of all or none by roundings."""
NO_DECISION = "no decision follows from the score and a cut-off"


def one_feature(explained: Explained) -> tuple[ExplanationCheck, ...]:
    """For the features with the largest parts, the share of decisions that stay with nothing else known of a case.

    Notes
    -----
    The score of a feature alone is the mean of the model's answers for the case with all its other features taken from
    background cases. By chance: the share of the commonest decision, which needs no feature at all; `proven` is a
    paired t interval of the difference to it. The range of the share is Wilson's with the effective number of rows.
    """
    asked, parts = explained.asked, explained.parts
    threshold = explained.subject.scores[0].threshold
    if parts is None:
        return (blank_row(asked, ONE_FEATURE, "not_tested", explained.withheld),)
    if threshold is None or explained.subject.task != "binary":
        return (blank_row(asked, ONE_FEATURE, "not_applicable", NO_DECISION),)
    size = affordable(explained.rate, SECONDS, MOST * BACKGROUND, SIZES)
    if size is None:
        return (blank_row(asked, ONE_FEATURE, "not_tested", TOO_SLOW),)
    drawn, _ = fewer(parts.drawn, size, stream(asked.seed, "explanations/one feature/rows"))
    importance = weighted_means(np.abs(parts.values), parts.drawn).value
    leaders = np.argsort(-importance, kind="stable")[:MOST]
    return tuple(_of_feature(asked, drawn, int(place), threshold) for place in leaders if importance[place] > 0)


def _of_feature(asked: Asked, drawn: Drawn, place: int, threshold: float) -> ExplanationCheck:
    decided = asked.score[drawn.index] >= threshold
    stays = (score_alone(asked, drawn.index, place) >= threshold) == decided
    positive = float(drawn.weight @ decided / drawn.weight.sum())
    commonest = decided == (positive >= 0.5)
    means = weighted_means(np.stack([stays, commonest, stays.astype(float) - commonest], axis=1), drawn)
    about = about_feature(asked.columns[place])
    if not np.isfinite(means.covariance).all():
        return blank_row(asked, ONE_FEATURE, "too_few", "all cases belong together, so there is no range", about)
    low, high = _range(means, drawn, asked.level)
    gain = float(means.value[2] - t_quantile(asked.level, means.df) * means.se[2])
    share, majority = (round(float(value), DIGITS) for value in means.value[:2])
    seen = Seen(share, low, high, drawn.n, "wilson_effective", gain > 0, majority, "decisions")
    return seen_row(asked, ONE_FEATURE, seen, about)


def score_alone(asked: Asked, index: IntArray, place: int) -> FloatArray:
    """Mean score of each row with every other feature taken from background cases, shape (n,)."""
    background = typical_rows(asked, BACKGROUND)
    source = np.repeat(np.tile(background, index.size)[:, None], asked.mixer.width, axis=1)
    source[:, place] = np.repeat(index, background.size)
    alone: FloatArray = asked.mixer.mixed(source).reshape(index.size, background.size).mean(axis=1)
    return alone


def _range(means: Means, drawn: Drawn, level: float) -> tuple[float | None, float | None]:
    """Wilson's interval with as many rows as the weighted share is worth."""
    share, variance = round(float(means.value[0]), DIGITS), float(means.covariance[0, 0])
    units = drawn.n if drawn.cluster is None else np.unique(drawn.cluster).size
    size = min(effective_n(drawn.weight), units)
    if 0 < share < 1 and variance > 0:
        size = share * (1 - share) / variance
    found = wilson(share * size, size, level)
    return found.low, found.high
