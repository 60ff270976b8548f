"""Whether the order of the features stays when other rows and another background are looked at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from evaluator.analyses.explanations.contributions import Contributions
from evaluator.analyses.explanations.drawing import Drawn, draw
from evaluator.analyses.explanations.explained import Explained
from evaluator.analyses.explanations.parts_under import other_background, parts_under
from evaluator.analyses.explanations.reliance.affording import Affordable, affordable_repeats
from evaluator.analyses.explanations.reliance.orders import Range, mean_of_pairs, redrawn_range, unit_ranks
from evaluator.analyses.explanations.reliance.redrawing import redrawn_means, redrawn_weights
from evaluator.analyses.explanations.reliance.rows import (
    NOTHING_MOVES,
    ONE_FEATURE,
    TOO_FEW,
    TOO_SLOW,
    Seen,
    about_feature,
    blank_row,
    seen_row,
)
from evaluator.analyses.explanations.weighting import weighted_means
from evaluator.catalogue.settings import MIN_GROUP
from evaluator.records import ExplanationCheck
from evaluator.statistics.proportions import clopper_pearson
from evaluator.statistics.quantiles import t_quantile
from evaluator.statistics.spread import FloatArray
from evaluator.statistics.streams import stream

SEEDS = "seeds"
SECONDS = 1.0
TIMES = 5
"""Repeats, each with rows and a background of its own."""
REDRAWN = 300


class Repeat(NamedTuple):
    """Sizes of the parts of one repeat's rows, shape (n, k)."""

    drawn: Drawn
    sizes: FloatArray


def seeds(explained: Explained) -> tuple[ExplanationCheck, ...]:
    """Mean rank correlation between the importances of several repeats, and how often the first feature stays first.

    Returns
    -------
    A row about the order, and one with the feature that counts most: the share of repeats in which it comes first.

    Notes
    -----
    All pairs of repeats count. The range takes in the jackknife over repeats and the redrawing of rows within each
    (`redrawn_range`), which knows of near ties when all repeats happen to agree.
    """
    asked, parts = explained.asked, explained.parts
    if parts is None:
        return (blank_row(asked, SEEDS, "not_tested", explained.withheld),)
    if asked.mixer.width < 2:
        return (blank_row(asked, SEEDS, "not_applicable", ONE_FEATURE),)
    if asked.n < MIN_GROUP:
        return (blank_row(asked, SEEDS, "too_few", TOO_FEW, n=asked.n),)
    fitting = affordable_repeats(explained, TIMES, SECONDS)
    if fitting is None:
        return (blank_row(asked, SEEDS, "not_tested", TOO_SLOW),)
    repeats = [_repeat(explained, fitting, number) for number in range(1, TIMES + 1)]
    return _rows(explained, parts, repeats)


def _repeat(explained: Explained, fitting: Affordable, number: int) -> Repeat:
    asked = explained.asked
    rng = stream(asked.seed, "explanations/seeds", f"{number}")
    drawn = draw(fitting.rows, rng, asked.strata, weight=asked.weight, cluster=asked.cluster)
    found = parts_under(explained, drawn.index, other_background(explained, fitting.background, number))
    return Repeat(drawn, np.abs(found.values))


def _rows(explained: Explained, parts: Contributions, repeats: Sequence[Repeat]) -> tuple[ExplanationCheck, ...]:
    asked = explained.asked
    means = means_of(repeats)
    value = float(mean_of_pairs(unit_ranks(means)))
    n = repeats[0].drawn.n
    if not np.isfinite(value):
        return (blank_row(asked, SEEDS, "undefined", NOTHING_MOVES, n=n),)
    low, high = range_of_repeats(repeats, value, asked.level, stream(asked.seed, "explanations/seeds/redrawn"))
    order = seen_row(asked, SEEDS, Seen(value, low, high, n, "repeats_and_redrawn_rows", low > 0, 0.0))
    first = int(weighted_means(np.abs(parts.values), parts.drawn).value.argmax())
    times = int(np.count_nonzero(means.argmax(axis=1) == first))
    ends = clopper_pearson(times, TIMES, asked.level)
    chance = 1.0 / asked.mixer.width
    proven = ends.low is not None and ends.low > chance
    seen = Seen(times / TIMES, ends.low, ends.high, TIMES, "clopper_pearson", proven, chance, "repeats")
    return order, seen_row(asked, SEEDS, seen, about_feature(asked.columns[first]))


def range_of_repeats(
    repeats: Sequence[Repeat], value: float, level: float, rng: np.random.Generator, redrawn: int = REDRAWN
) -> Range:
    """The range of the mean rank correlation of any two such repeats, of which `value` was seen."""
    units = unit_ranks(means_of(repeats))
    again = [redrawn_means(one.sizes, redrawn_weights(one.drawn, redrawn, rng)) for one in repeats]
    rows = redrawn_range(value, mean_of_pairs(unit_ranks(np.stack(again))), level)
    without = np.array([mean_of_pairs(np.delete(units, place, axis=0)) for place in range(len(units))])
    half = t_quantile(level, len(units) - 1) * jackknife_error(without)
    # Redrawn orders that are all alike leave room for so many others; see `intervals.constant_mean`.
    alike = value - (1 + value) * (1 - ((1 - level) / 2) ** (1 / redrawn))
    return Range(max(-1.0, min(rows.low, value - half, alike)), min(1.0, max(rows.high, value + half)))


def means_of(repeats: Sequence[Repeat]) -> FloatArray:
    """Importances of each repeat, shape (repeats, k)."""
    return np.stack([one.drawn.weight @ one.sizes / one.drawn.weight.sum() for one in repeats])


def jackknife_error(without: FloatArray) -> float:
    """Standard error from the values with each repeat left out, shape (m,)."""
    m = without.size
    return float(np.sqrt((m - 1) / m * ((without - without.mean()) ** 2).sum()))
