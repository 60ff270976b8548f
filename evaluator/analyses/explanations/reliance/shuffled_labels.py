"""Whether a model that learnt nothing would be explained in the same way."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.contributions import Contributions
from evaluator.analyses.explanations.drawing import Drawn
from evaluator.analyses.explanations.explained import Explained
from evaluator.analyses.explanations.parts_under import other_background, parts_under
from evaluator.analyses.explanations.reliance.affording import affordable_repeats
from evaluator.analyses.explanations.reliance.orders import (
    Range,
    rank_correlation,
    rank_correlations,
    redrawn_range,
)
from evaluator.analyses.explanations.reliance.redrawing import redrawn_means, redrawn_weights
from evaluator.analyses.explanations.reliance.refitting import Lessons, lessons, may_be_refitted, shuffled_model
from evaluator.analyses.explanations.reliance.rows import TOO_FEW, TOO_SLOW, Seen, blank_row, seen_row
from evaluator.analyses.explanations.reliance.training_size import (
    longest_seconds,
    training_seconds,
    trains_many_times,
)
from evaluator.catalogue.settings import MIN_GROUP
from evaluator.errors import ModelError
from evaluator.records import ExplanationCheck
from evaluator.statistics.cross_fitted import forward_folds
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.quantiles import t_quantile
from evaluator.statistics.spread import FloatArray, IntArray
from evaluator.statistics.streams import stream

SHUFFLED = "shuffled_labels"
FITS = 4
FIT_ROWS, TRIAL_ROWS = 600, 200
FIT_SECONDS, PART_SECONDS = 1.2, 0.8
SLOWER = 5
"""A model whose size tells the time may be so much slower on a machine before it is given up."""
EARLIER = 50
"""Models that mostly stop early may be this much slower if they do not."""
REDRAWN = 300
FEWEST_FEATURES = 3
NOT_REFITTED = "only models from files without code, of scikit-learn alone, are trained again"
FEW_FEATURES = "so few features may come in the same order by chance"
MANY_FITS = "a model that trains others many times over is not trained again"
SLOW_FIT = "training the model again takes longer than there is time for"
NOT_EXPLAINED = "the model that was trained again could not be explained on these rows"
CONSTANT = "a model that was trained on shuffled outcomes gives every case the same score"


class Compared(NamedTuple):
    """Sizes of the parts of the same rows under the model and under models that learnt nothing, shape (n, k) each."""

    drawn: Drawn
    own: FloatArray
    others: tuple[FloatArray, ...]


def shuffled_labels(explained: Explained) -> tuple[ExplanationCheck, ...]:
    """Rank correlation of the importances with those of models of the same kind trained on shuffled outcomes.

    Notes
    -----
    The mean over a few shuffles, on rows that these models were not fitted on, all with the same background. The range
    takes in a t interval over the shuffles and the redrawing of rows (`redrawn_range`).
    """
    asked, parts = explained.asked, explained.parts
    if parts is None:
        return (blank_row(asked, SHUFFLED, "not_tested", explained.withheld),)
    if not may_be_refitted(explained):
        return (blank_row(asked, SHUFFLED, "not_tested", NOT_REFITTED),)
    if trains_many_times(asked.estimator):
        return (blank_row(asked, SHUFFLED, "not_tested", MANY_FITS),)
    if asked.mixer.width < FEWEST_FEATURES:
        return (blank_row(asked, SHUFFLED, "not_applicable", FEW_FEATURES),)
    if asked.n < 2 * TRIAL_ROWS:
        return (blank_row(asked, SHUFFLED, "too_few", TOO_FEW, n=asked.n),)
    rng = stream(asked.seed, "explanations/shuffled")
    fold = forward_folds(np.zeros(asked.n, dtype=np.int64), rng, cluster=asked.cluster, folds=2)
    models = _models(explained, np.flatnonzero(fold == 0))
    if isinstance(models, str):
        return (blank_row(asked, SHUFFLED, "not_tested", models),)
    found = _compared(explained, parts, models, fold[parts.drawn.index] == 1)
    return (blank_row(asked, SHUFFLED, "not_tested", found) if isinstance(found, str) else _row(asked, found),)


def _models(explained: Explained, half: IntArray) -> list[Asked] | str:
    """Models that learnt nothing; why there are none, as words.

    What the size of the model tells decides before anything is trained; then a few rows come first, since training may
    take any time.
    """
    taught = lessons(explained, half, FIT_ROWS)
    seconds = _seconds(explained.asked, len(taught.label))
    if seconds is None:
        return SLOW_FIT
    first = Lessons(taught.frame.iloc[:TRIAL_ROWS], taught.label[:TRIAL_ROWS])
    started, models = explained.clock(), []
    trial = shuffled_model(explained, first, 0)
    if explained.clock() - started > seconds / FITS:
        return SLOW_FIT
    for number in range(1, FITS + 1):
        found = shuffled_model(explained, taught, number)
        if isinstance(found, str):
            return trial if isinstance(trial, str) else found
        models.append(found)
        if explained.clock() - started > FITS * seconds:
            return SLOW_FIT
    return models


def _seconds(asked: Asked, rows: int) -> float | None:
    """Seconds that one training may take by the clock; None where its size says that it takes too long."""
    seconds, size = FIT_SECONDS / asked.classes, (rows, asked.mixer.width, asked.classes)
    told = training_seconds(asked.estimator, *size)
    if (told or 0.0) > seconds or longest_seconds(asked.estimator, *size) > EARLIER * seconds:
        return None
    return seconds if told is None else SLOWER * seconds


def _compared(explained: Explained, parts: Contributions, models: list[Asked], usable: BoolArray) -> Compared | str:
    """The sizes of the parts of some rows that the models were not fitted on; why there are none, as words."""
    fitting = affordable_repeats(explained, FITS + 1, PART_SECONDS)
    if fitting is None:
        return TOO_SLOW
    places = np.flatnonzero(usable)
    rng = stream(explained.asked.seed, "explanations/shuffled/looked at")
    places = np.sort(rng.permutation(places)[: fitting.rows])
    background = other_background(explained, fitting.background, 0)
    drawn = _some(parts.drawn, places)
    try:
        own, *others = (
            np.abs(parts_under(replace(explained, asked=asked), drawn.index, background).values)
            for asked in (explained.asked, *models)
        )
    except (ModelError, ValueError):  # a level that no row to train on had, or parts that cannot be computed
        return NOT_EXPLAINED
    return Compared(drawn, own, tuple(others))


def _some(drawn: Drawn, places: IntArray) -> Drawn:
    """Some of the drawn rows, taken without regard to their strata, each with what it stands for as its weight."""
    n = np.array([places.size], dtype=np.int64)
    cluster = None if drawn.cluster is None else drawn.cluster[places]
    alike = np.zeros(places.size, dtype=np.int64)
    return Drawn(drawn.index[places], drawn.weight[places], alike, n, n, cluster)


def _row(asked: Asked, found: Compared) -> ExplanationCheck:
    drawn, weight = found.drawn, found.drawn.weight
    if drawn.n < MIN_GROUP:
        return blank_row(asked, SHUFFLED, "too_few", TOO_FEW, n=drawn.n)
    own = weight @ found.own
    each = np.array([rank_correlation(own, weight @ other) for other in found.others])
    if not np.isfinite(each).all():
        return blank_row(asked, SHUFFLED, "undefined", CONSTANT, n=drawn.n)
    value = float(each.mean())
    low, high = _range(asked, found, each)
    return seen_row(asked, SHUFFLED, Seen(value, low, high, drawn.n, "shuffles_and_redrawn_rows", low > 0, 0.0))


def _range(asked: Asked, found: Compared, each: FloatArray) -> Range:
    value = float(each.mean())
    weights = redrawn_weights(found.drawn, REDRAWN, stream(asked.seed, "explanations/shuffled/redrawn"))
    own = redrawn_means(found.own, weights)
    redrawn = np.mean([rank_correlations(own, redrawn_means(other, weights)) for other in found.others], axis=0)
    rows = redrawn_range(value, redrawn, asked.level)
    half = t_quantile(asked.level, each.size - 1) * float(each.std(ddof=1)) / np.sqrt(each.size)
    return Range(max(-1.0, min(rows.low, value - half)), min(1.0, max(rows.high, value + half)))
