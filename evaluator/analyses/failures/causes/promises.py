"""Causes that the scores themselves show: promises that are off, outcomes that contradict or cannot be told apart.

What a score means elsewhere is its promise here. Outcomes may depart from it in three ways, each with one number:
all log-odds shifted (calibration), outcomes flipped at random (neighbours), differences between cases fading (overlap).
What is lost if outcomes followed each of the three says how much of the excess it explains.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from scipy import optimize, special

from evaluator.analyses.failures.causes.answers import Answer, Answered, Unanswered
from evaluator.analyses.failures.causes.compared import compare_means, share_of_excess
from evaluator.analyses.failures.causes.scene import Here
from evaluator.catalogue.settings import MIN_RELEVANT
from evaluator.metrics.class_rows import ClassRows
from evaluator.metrics.number_rows import NumberRows
from evaluator.metrics.rows import BinaryRows
from evaluator.statistics.calibration import log_odds, shift_of_log_odds
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.ranking import auc, rank
from evaluator.statistics.spread import FloatArray, spread_of

BINS = 40
MOST_FLIPPED = 0.5
LARGEST_LOG_ODDS = 6.0
RANKS = "the scores are ranks and promise no chance"


class Departure(NamedTuple):
    """What would be lost with outcomes that depart so, and twice the log-likelihood gained over kept promises."""

    expected: float
    gain: float


@dataclass(frozen=True, eq=False)
class Departures:
    """Outcomes of a slice against what the same scores mean elsewhere.

    Attributes
    ----------
    kept : the loss expected here if the scores meant what they mean elsewhere.
    shifted, flipped, faded : the three ways to depart from that.
    """

    kept: float
    shifted: Departure
    flipped: Departure
    faded: Departure


def departures_of(here: Here, score: FloatArray | None = None) -> Departures | None:
    """None without a score, or with hardly any cases of one outcome here or elsewhere.

    Parameters
    ----------
    score : of every row, to be read instead of the model's; shape (n,).
    """
    rows = here.scene.binary
    if rows is None or rows.score is None:
        return None
    if score is not None:
        rows = replace(rows, score=score, probability=False)
    both = (rows.label[here.mask], rows.label[~here.mask])
    if any(min(label.sum(), (~label).sum()) < MIN_RELEVANT for label in both):
        return None
    odds = _meaning(rows, here.mask)
    label, weight = rows.label[here.mask], None if rows.weight is None else rows.weight[here.mask]
    effect = _design_effect(here, label - special.expit(odds))
    shift = shift_of_log_odds(label, odds, weight)
    middle = float(np.average(odds, weights=weight))
    promised = special.expit(odds)
    kept = _likelihood(label, promised, weight)
    shifted = promised if shift is None else special.expit(odds + shift.value)
    flipped = _fitted(label, weight, lambda rate: rate + (1 - 2 * rate) * promised, MOST_FLIPPED)
    faded = _fitted(label, weight, lambda rate: special.expit(middle + (1 - rate) * (odds - middle)), 1.0)
    ways = [
        Departure(_expected(here, way), max(0.0, 2 * (_likelihood(label, way, weight) - kept) / effect))
        for way in (shifted, flipped, faded)
    ]
    return Departures(_expected(here, promised), *ways)


def _fitted(label: BoolArray, weight: FloatArray | None, way: Callable[[float], FloatArray], most: float) -> FloatArray:
    """The chances of one way to depart at the rate, from 0 to `most`, that fits best; the likelihood has one top."""
    found = optimize.minimize_scalar(
        lambda rate: -_likelihood(label, way(rate), weight),
        bounds=(0.0, most),
        method="bounded",
        options={"xatol": 1e-3},
    )
    return way(float(found.x))


def _design_effect(here: Here, residual: FloatArray) -> float:
    """How many rows are worth one: what clusters and weights take."""
    weight = None if here.scene.weight is None else here.scene.weight[here.mask]
    ones = np.ones(residual.size) if weight is None else weight / weight.mean()
    own = ones * residual / residual.size
    cluster = None if here.scene.cluster is None else here.scene.cluster[here.mask]
    variance = spread_of(own, cluster).se ** 2
    plain = float(np.average(residual**2, weights=ones)) / residual.size
    return max(1.0, variance / plain) if plain > 0 else 1.0


def _likelihood(label: BoolArray, chance: FloatArray, weight: FloatArray | None) -> float:
    happened = np.log(np.clip(np.where(label, chance, 1 - chance), 1e-12, 1.0))
    return float(happened.sum() if weight is None else (happened * weight / weight.mean()).sum())


def _meaning(rows: BinaryRows, mask: BoolArray) -> FloatArray:
    """Log-odds that the scores of a slice stand for elsewhere, shape (rows of the slice,).

    Shares of bins of equal size elsewhere, one case added to each, with straight lines between their middles; for
    probabilities the lines are of what is to be added to their log-odds.
    """
    assert rows.score is not None
    score, label = rows.score[~mask], rows.label[~mask].astype(np.float64)
    weight = np.ones(score.size) if rows.weight is None else rows.weight[~mask] / rows.weight[~mask].mean()
    edges = np.unique(np.quantile(score, np.linspace(0, 1, min(BINS, max(2, score.size // 50)) + 1)[1:-1]))
    place = np.searchsorted(edges, score, side="right")
    total, seen, at = (
        np.bincount(place, values, edges.size + 1) for values in (weight, weight * label, weight * score)
    )
    there = total > 0
    total, seen, at = total[there], seen[there], at[there]
    share = (seen + label.mean()) / (total + 1)
    middle = at / total
    own = rows.score[mask]
    if not rows.probability:
        return np.interp(own, middle, log_odds(share))
    step = log_odds(share) - log_odds(middle)
    given = np.clip(log_odds(own), -LARGEST_LOG_ODDS, LARGEST_LOG_ODDS)
    return np.asarray(given + np.interp(own, middle, step))


def _expected(here: Here, chance: FloatArray) -> float:
    """Mean loss of the slice if each outcome came with its chance."""
    rows = here.scene.binary
    assert rows is not None
    weight = np.ones(chance.size) if rows.weight is None else rows.weight[here.mask]
    if here.loss.name == "squared_error":
        assert rows.score is not None
        promised = rows.score[here.mask]
        return float(np.average(chance - 2 * promised * chance + promised**2, weights=weight))
    assert rows.decision is not None
    decided = rows.decision[here.mask]
    lost, counted = np.where(decided, 1 - chance, chance), np.ones(chance.size)
    if here.loss.name == "false_negative":
        lost, counted = chance * ~decided, chance
    elif here.loss.name == "false_positive":
        lost, counted = (1 - chance) * decided, 1 - chance
    whole = float((weight * counted).sum())
    return float((weight * lost).sum()) / whole if whole > 0 else float("nan")


def explained_by(here: Here, found: Departures, way: Departure) -> float | None:
    """The part of the excess that goes when outcomes no longer depart so."""
    return share_of_excess(here, here.excess - (way.expected - found.kept))


def calibration(here: Here, found: Departures | None) -> Answer:
    """Promised minus seen, here and elsewhere: of chances, of predicted numbers, or of the chance of the class chosen."""
    rows = here.scene.outcomes.rows
    if isinstance(rows, NumberRows):
        return _bias(here, rows)
    if isinstance(rows, ClassRows):
        return _confidence(here, rows)
    if rows.score is None or not rows.probability:
        return Unanswered("calibration", RANKS, "task.score_kind: probability", "not_applicable")
    if found is None:
        return _too_few("calibration")
    apart = compare_means(rows.score - rows.label, here.mask, ~here.mask, here.scene, "both")
    return Answered(
        "calibration", apart.value, apart.low, apart.high, apart.elsewhere, "difference", apart.p_value,
        explained_by(here, found, found.shifted), int(here.mask.sum()), apart.method, fits=found.shifted.gain,
    )  # fmt: skip


def _bias(here: Here, rows: NumberRows) -> Answered:
    """Predicted minus seen; what is lost once the mean difference is taken off."""
    error = rows.predicted - rows.label
    apart = compare_means(error, here.here, here.rest, here.scene, "both")
    values = np.abs(error - apart.value)
    weight = None if here.scene.weight is None else here.scene.weight[here.here]
    moved = float(np.average(values[here.here], weights=weight))
    return Answered(
        "calibration", apart.value, apart.low, apart.high, apart.elsewhere, "label", apart.p_value,
        share_of_excess(here, moved - here.mean(here.rest)), here.n, apart.method,
    )  # fmt: skip


def _confidence(here: Here, rows: ClassRows) -> Answer:
    """The chance of the class chosen minus how often it was right."""
    if rows.scores is None or not rows.probability or rows.chosen is None:
        return Unanswered("calibration", RANKS, "task.score_kind: probability", "not_applicable")
    own = rows.scores[np.arange(rows.n), rows.chosen]
    apart = compare_means(own - (1 - here.values), here.here, here.rest, here.scene, "both")
    return Answered(
        "calibration", apart.value, apart.low, apart.high, apart.elsewhere, "difference", apart.p_value,
        share_of_excess(here, here.excess - (apart.value - apart.elsewhere)), here.n, apart.method,
    )  # fmt: skip


def overlap(here: Here, found: Departures | None) -> Answer:
    """Pairs of opposite outcomes that the score orders rightly, here and elsewhere."""
    rows = here.scene.binary
    if rows is None:
        return Unanswered(
            "overlap", "pairs of opposite outcomes need a score and two outcomes", status="not_applicable"
        )
    if found is None or rows.score is None:
        return _too_few("overlap")
    sides = []
    for inside in (here.mask, ~here.mask):
        part = rows.take(inside)
        assert part.score is not None
        sides.append(auc(rank(part.label, part.score, part.weight)))
    cluster = here.scene.cluster
    spreads = [
        spread_of(side.rows, None if cluster is None else cluster[inside])
        for side, inside in zip(sides, (here.mask, ~here.mask), strict=True)
    ]
    error = float(np.hypot(spreads[0].se, spreads[1].se))
    apart = (sides[0].value - sides[1].value) / error if error > 0 else 0.0
    harder = found.kept - here.mean(here.rest)
    explains = share_of_excess(here, here.excess - harder - (found.faded.expected - found.kept))
    half = special.stdtrit(spreads[0].df, (1 + here.scene.level) / 2) * spreads[0].se
    return Answered(
        "overlap", sides[0].value, max(0.0, sides[0].value - half), min(1.0, sides[0].value + half), sides[1].value,
        "pairs", float(special.ndtr(apart)), explains, int(here.mask.sum()), "delong", fits=found.faded.gain,
    )  # fmt: skip


def _too_few(cause: str) -> Unanswered:
    return Unanswered(cause, f"fewer than {MIN_RELEVANT} cases of one outcome, here or elsewhere", status="too_few")
