"""Whether lists of reasons can be relied on: tried on drawn cases with the unfavourable decision."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb
from typing import NamedTuple

import numpy as np

from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.changes.allowed import immutable_features
from evaluator.analyses.explanations.changes.decision import Turn
from evaluator.analyses.explanations.changes.listing import MOST_REASONS, Listed, listed
from evaluator.analyses.explanations.changes.ranges import Ranged, mean_of, share_of
from evaluator.analyses.explanations.explained import Explained
from evaluator.catalogue.settings import MIN_RELEVANT
from evaluator.records import MODEL, EstimateStatus, ReasonCheck
from evaluator.records.cases import ReasonTest
from evaluator.statistics.influence import BoolArray
from evaluator.statistics.spread import FloatArray, IntArray
from evaluator.statistics.streams import stream

RANDOM_LISTS = 5
"""Random lists of each case that tell what chance gives."""
TESTS: tuple[ReasonTest, ...] = ("fidelity", "stability", "other_method", "actionable")
FEW = "fewer than {least} cases had reasons to be tried"
NO_OTHERS = "the reasons name every feature, so there are no others to compare them with"
HIGHER = 1e-12


class Tried(NamedTuple):
    """One test: its value for every case, of which cases, what chance gives each, and whether values are yes or no."""

    value: FloatArray
    cases: IntArray
    by_chance: FloatArray
    counted: bool


@dataclass(frozen=True, slots=True, eq=False)
class Reasoned:
    """Cases with reasons.

    Attributes
    ----------
    index : positions among the asked rows, shape (n,). `own` : the model's score of each.
    reasons : their lists. `pull`, `other_pull` : of every feature under two backgrounds, shape (n, k).
    usual : for each feature a row with the value usual among favourably decided cases, shape (k,).
    """

    index: IntArray
    own: FloatArray
    reasons: Listed
    other_pull: FloatArray
    usual: IntArray


def questions_per_case(width: int) -> int:
    """How often the model is asked about each case, beside what the parts of its score take."""
    return 1 + 2 + 2 * RANDOM_LISTS + width


def reasoned(asked: Asked, index: IntArray, pull: FloatArray, other_pull: FloatArray, usual: IntArray) -> Reasoned:
    """The cases for which any feature is a reason."""
    reasons = listed(pull)
    kept = np.flatnonzero(reasons.n > 0)
    rows = np.repeat(index[kept, None], asked.mixer.width, axis=1)
    own = asked.mixer.mixed(rows) if kept.size else np.zeros(0)
    return Reasoned(index[kept], own, Listed(reasons.place[kept], reasons.n[kept]), other_pull[kept], usual)


def reason_check_rows(explained: Explained, turn: Turn, cases: Reasoned) -> list[ReasonCheck]:
    """One row for each test."""
    tried = (
        _fidelity(explained.asked, turn, cases),
        _stability(cases),
        _other_method(explained.asked, turn, cases),
        _actionable(explained.asked, cases),
    )
    return [_row(explained, cases, test, one) for test, one in zip(TESTS, tried, strict=True)]


def untried_rows(explained: Explained, reason: str) -> list[ReasonCheck]:
    """The same where nothing could be tried."""
    asked = explained.asked
    return [
        ReasonCheck(
            MODEL, asked.class_, test, None, None, None, None, None, 0, asked.level, "none", "not_tested", reason
        )
        for test in TESTS
    ]


def _fidelity(asked: Asked, turn: Turn, cases: Reasoned) -> Tried:
    """Whether setting the reasons to the usual takes the score farther than setting as many other features, drawn by chance.

    Where there are fewer other features than reasons, as many of the first reasons are taken. Chance is two such lists
    that are both drawn.
    """
    width = asked.mixer.width
    size = np.minimum(cases.reasons.n, width - cases.reasons.n)
    some = np.flatnonzero(size > 0)
    if some.size == 0:
        return Tried(np.zeros(0), some, np.zeros(0), counted=True)
    named = _named(cases, width)
    rng = stream(asked.seed, "explanations/reasons/fidelity")
    first = _first_of(cases.reasons, size, width)
    others = _drawn(rng, size, allowed=~named)
    gain = [_gain(asked, turn, cases, chosen) for chosen in (first, others)]
    value = (gain[0] - gain[1] > HIGHER).astype(np.float64)
    return Tried(value[some], some, _fidelity_by_chance(asked, turn, cases, size, rng)[some], counted=True)


def _fidelity_by_chance(
    asked: Asked, turn: Turn, cases: Reasoned, size: IntArray, rng: np.random.Generator
) -> FloatArray:
    wins = []
    for _ in range(RANDOM_LISTS):
        one = _drawn(rng, size, allowed=np.ones((size.size, asked.mixer.width), dtype=bool))
        two = _drawn(rng, size, allowed=~one)
        apart = _gain(asked, turn, cases, one) - _gain(asked, turn, cases, two)
        wins.append(apart > HIGHER)
    chance: FloatArray = np.mean(wins, axis=0)
    return chance


def _stability(cases: Reasoned) -> Tried:
    """The part of the reasons that stay among the same number of largest pulls under another background."""
    return _kept(cases, cases.other_pull)


def _other_method(asked: Asked, turn: Turn, cases: Reasoned) -> Tried:
    """The part of the reasons that are among as many features which, each set to the usual alone, take the score farthest."""
    width = asked.mixer.width
    gains = np.zeros((cases.index.size, width))
    for place in range(width if cases.index.size else 0):
        chosen = np.zeros((cases.index.size, width), dtype=bool)
        chosen[:, place] = True
        gains[:, place] = _gain(asked, turn, cases, chosen)
    return _kept(cases, gains)


def _actionable(asked: Asked, cases: Reasoned) -> Tried:
    """Whether any of the reasons may change; chance is a list of as many features drawn from all."""
    width = asked.mixer.width
    fixed = np.array([name in frozenset(immutable_features(asked)) for name in asked.names])
    value = (_named(cases, width) & ~fixed).any(axis=1).astype(np.float64)
    n_fixed = int(fixed.sum())
    chance = [1 - comb(n_fixed, int(n)) / comb(width, int(n)) for n in cases.reasons.n]
    return Tried(value, np.arange(value.size), np.array(chance, dtype=np.float64), counted=True)


def _kept(cases: Reasoned, order: FloatArray) -> Tried:
    """The part of each list that is among as many features with the largest values; chance is the part of all features."""
    n, width = cases.reasons.n, order.shape[1]
    rank = np.argsort(np.argsort(-order, axis=1, kind="stable"), axis=1, kind="stable")
    among = (rank < n[:, None]) & _named(cases, width)
    return Tried(among.sum(axis=1) / np.maximum(n, 1), np.arange(n.size), n / width, counted=False)


def _gain(asked: Asked, turn: Turn, cases: Reasoned, chosen: BoolArray) -> FloatArray:
    """How far setting the chosen features of every case to the usual takes its score towards the favourable decision."""
    source = np.where(chosen, cases.usual[None, :], cases.index[:, None])
    return turn.gain(asked.mixer.mixed(source) - cases.own)


def _named(cases: Reasoned, width: int) -> BoolArray:
    return _first_of(cases.reasons, cases.reasons.n, width)


def _first_of(reasons: Listed, size: IntArray, width: int) -> BoolArray:
    """The first `size` reasons of every case, as marks on the features."""
    marks = np.zeros((reasons.n.size, width), dtype=bool)
    row, slot = np.nonzero(np.arange(reasons.place.shape[1]) < size[:, None])
    marks[row, reasons.place[row, slot]] = True
    return marks


def _drawn(rng: np.random.Generator, size: IntArray, allowed: BoolArray) -> BoolArray:
    """`size` of the allowed features of every case, each with the same chance."""
    key = np.where(allowed, rng.random(allowed.shape), np.inf)
    rank = np.argsort(np.argsort(key, axis=1, kind="stable"), axis=1, kind="stable")
    return np.asarray((rank < size[:, None]) & allowed, dtype=bool)


def _row(explained: Explained, cases: Reasoned, test: ReasonTest, tried: Tried) -> ReasonCheck:
    asked, n = explained.asked, tried.value.size
    least = max(explained.plan.data.min_group, MIN_RELEVANT)
    count = int(tried.value.sum()) if tried.counted and n else None
    if n < least:
        nothing = n == 0 and cases.index.size >= least
        status: EstimateStatus = "not_tested" if nothing else "too_few"
        reason = NO_OTHERS if nothing else FEW.format(least=least)
        return ReasonCheck(
            MODEL, asked.class_, test, None, None, None, None, count, n, asked.level, "none", status, reason
        )
    rows = cases.index[tried.cases]
    ranged = _ranged(asked, rows, tried)
    # By the same weights as the value, so that lists drawn at random come out at it.
    chance = float(np.average(tried.by_chance, weights=None if asked.weight is None else asked.weight[rows]))
    return ReasonCheck(
        MODEL, asked.class_, test, ranged.value, ranged.interval.low, ranged.interval.high, chance, count, n,
        asked.level, ranged.interval.method, "ok", "",
    )  # fmt: skip


def _ranged(asked: Asked, rows: IntArray, tried: Tried) -> Ranged:
    weight = None if asked.weight is None else asked.weight[rows]
    cluster = None if asked.cluster is None else asked.cluster[rows]
    if tried.counted:
        return share_of(tried.value > 0, weight, cluster, asked.level)
    return mean_of(tried.value, weight, cluster, asked.level, most=MOST_REASONS)
