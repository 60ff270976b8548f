"""Whether two ways to measure what counts put the features in much the same order."""

from __future__ import annotations

import numpy as np

from evaluator.analyses.explanations.explained import Explained
from evaluator.analyses.explanations.pace import affordable
from evaluator.analyses.explanations.reliance.orders import rank_correlation, rank_correlations, redrawn_range
from evaluator.analyses.explanations.reliance.redrawing import fewer, redrawn_counts, redrawn_means, redrawn_pair_means
from evaluator.analyses.explanations.reliance.rows import (
    NOTHING_MOVES,
    ONE_FEATURE,
    TOO_FEW,
    TOO_SLOW,
    Seen,
    blank_row,
    seen_row,
)
from evaluator.analyses.explanations.shifting import Shifted, questions_per_row, shifted_losses
from evaluator.analyses.explanations.untested import RANK, is_ranking
from evaluator.catalogue.settings import MIN_GROUP
from evaluator.records import ExplanationCheck
from evaluator.statistics.spread import FloatArray
from evaluator.statistics.streams import stream

AGREEMENT = "agreement"
SECONDS = 0.5
SIZES = (600, 200)
REDRAWN = 1_000


def agreement(explained: Explained) -> tuple[ExplanationCheck, ...]:
    """Rank correlation of the mean size of the parts and the growth of the error without each feature.

    Notes
    -----
    Both are taken from the same rows, which are redrawn together, whole clusters at a time; see `redrawn_range`.
    """
    asked, parts = explained.asked, explained.parts
    if parts is None:
        return (blank_row(asked, AGREEMENT, "not_tested", explained.withheld),)
    if is_ranking(explained.plan):
        return (blank_row(asked, AGREEMENT, "not_tested", RANK),)
    if asked.mixer.width < 2:
        return (blank_row(asked, AGREEMENT, "not_applicable", ONE_FEATURE),)
    size = affordable(explained.rate, SECONDS, questions_per_row(asked.mixer.width), SIZES)
    if size is None:
        return (blank_row(asked, AGREEMENT, "not_tested", TOO_SLOW),)
    rng = stream(asked.seed, "explanations/agreement", asked.class_)
    drawn, places = fewer(parts.drawn, size, rng)
    if drawn.n < MIN_GROUP:
        return (blank_row(asked, AGREEMENT, "too_few", TOO_FEW, n=drawn.n),)
    seen = agreement_of(np.abs(parts.values[places]), shifted_losses(asked, drawn), asked.level, rng)
    if seen is None:
        return (blank_row(asked, AGREEMENT, "undefined", NOTHING_MOVES, n=drawn.n),)
    return (seen_row(asked, AGREEMENT, seen),)


def agreement_of(sizes: FloatArray, shifted: Shifted, level: float, rng: np.random.Generator) -> Seen | None:
    """The rank correlation of the means of numbers of rows, shape (n, k), and of pairs of the same rows.

    A row stands for as many of the population as its weight says, and a pair for the product of two. None where all
    features of one side are tied.
    """
    drawn = shifted.drawn
    once = np.ones((1, drawn.n), dtype=np.int64)
    value = rank_correlation(redrawn_means(sizes, drawn.weight[None, :])[0], redrawn_pair_means(shifted, once)[0])
    if not np.isfinite(value):
        return None
    counts = redrawn_counts(drawn, REDRAWN, rng)
    redrawn = rank_correlations(redrawn_means(sizes, counts * drawn.weight), redrawn_pair_means(shifted, counts))
    low, high = redrawn_range(value, redrawn, level)
    return Seen(value, low, high, drawn.n, "redrawn_rows", low > 0, 0.0)
