"""A small tree in words that imitates the score, and how much of the score it repeats."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from evaluator.analyses.explanations.asked import Asked
from evaluator.analyses.explanations.drawing import draw_alike
from evaluator.analyses.explanations.explained import Explained
from evaluator.analyses.explanations.reliance.coded_columns import CodedColumn, coded_column
from evaluator.analyses.explanations.reliance.rows import NOTHING_MOVES, TOO_FEW, Seen, blank_row, seen_row
from evaluator.analyses.explanations.reliance.small_tree import Grower, Leaf
from evaluator.metrics.measure import measure
from evaluator.metrics.number_rows import NumberRows
from evaluator.records import MODEL, ExplanationCheck, SurrogateLeaf
from evaluator.statistics.cross_fitted import forward_folds
from evaluator.statistics.influence import BoolArray, share
from evaluator.statistics.intervals import constant_mean, t_interval
from evaluator.statistics.spread import FloatArray, IntArray, spread_of, without_gaps, without_rounding
from evaluator.statistics.streams import stream

SURROGATE = "surrogate"
MOST_ROWS = 20_000
LEAST_PART = 0.02
"""Part of the rows of each half that a leaf must hold."""
EVERYTHING = "all"


class Imitation(NamedTuple):
    """The fidelity of the tree and its leaves, by ascending score."""

    check: ExplanationCheck
    leaves: tuple[SurrogateLeaf, ...]


class Judged(NamedTuple):
    """The rows that the tree was not grown on: what they weigh, their clusters and the score, shape (n,) each."""

    score: FloatArray
    weight: FloatArray | None
    cluster: IntArray | None


def surrogate(explained: Explained) -> Imitation:
    """A tree of depth 3 grown on one half of the rows and judged on the other.

    Notes
    -----
    Fidelity is R2 = 1 - sum (score - leaf's mean score in the first half)^2 / sum (score - mean)^2 on the second half.
    The mean score of a leaf there is a ratio estimate with a t interval; each range holds by itself. Whole clusters go
    to one half. Cuts are at numbers that read well, so that the words are exactly what the tree does.
    """
    asked = explained.asked
    rng = stream(asked.seed, "explanations/surrogate", asked.class_)
    drawn = draw_alike(MOST_ROWS, rng, asked.n, weight=asked.weight, cluster=asked.cluster)
    own = forward_folds(np.zeros(drawn.n, dtype=np.int64), rng, cluster=drawn.cluster, folds=2) == 0
    least = max(explained.plan.data.min_group, round(LEAST_PART * drawn.n / 2))
    if min(np.count_nonzero(own), np.count_nonzero(~own)) < 2 * least:
        return Imitation(blank_row(asked, SURROGATE, "too_few", TOO_FEW, n=drawn.n), ())
    score, frame = asked.score[drawn.index], asked.frame.iloc[drawn.index]
    if np.ptp(score) <= 1e-12 * max(1.0, float(np.abs(score).max())):
        return Imitation(blank_row(asked, SURROGATE, "undefined", NOTHING_MOVES, n=drawn.n), ())
    found = [coded_column(column, frame.iloc[:, place]) for place, column in enumerate(asked.columns)]
    columns = [column for column in found if column is not None]
    leaves = Grower(columns, score, drawn.own, own, least).leaves()
    cluster = None if drawn.cluster is None else without_gaps(drawn.cluster[~own])
    judged = Judged(score[~own], None if asked.weight is None else drawn.own[~own], cluster)
    return _imitation(asked, columns, leaves, own, drawn.own, score, judged)


def _imitation(
    asked: Asked, columns: Sequence[CodedColumn], leaves: Sequence[Leaf], own: BoolArray, weight: FloatArray,
    score: FloatArray, judged: Judged,
) -> Imitation:  # fmt: skip
    number, imitated = np.zeros(score.size, dtype=np.int64), np.zeros(score.size)
    for place, leaf in enumerate(leaves):
        grown = leaf.rows[own[leaf.rows]]
        number[leaf.rows] = place
        imitated[leaf.rows] = weight[grown] @ score[grown] / weight[grown].sum()
    check = _fidelity(asked, judged, imitated[~own])
    rows = [_leaf(asked, columns, leaf, number[~own] == place, judged) for place, leaf in enumerate(leaves)]
    rows.sort(key=lambda row: (row.score, row.words))
    return Imitation(check, tuple(replace(row, position=position) for position, row in enumerate(rows)))


def _fidelity(asked: Asked, judged: Judged, imitated: FloatArray) -> ExplanationCheck:
    rows = NumberRows(judged.score, imitated, judged.weight, judged.cluster)
    found = measure("r2", rows, level=asked.level, min_group=0, seed=asked.seed, unit=SURROGATE)
    if found.value is None or found.interval is None:
        return blank_row(asked, SURROGATE, found.status, found.reason, n=rows.n)
    low, high, method = found.interval.low, found.interval.high, found.interval.method
    if low is None or high is None:
        low, high, method = _least_repeated(rows, asked.level), 1.0, "constant_rows"
    return seen_row(asked, SURROGATE, Seen(found.value, low, high, rows.n, method, low > 0, 0.0))


def _least_repeated(rows: NumberRows, level: float) -> float:
    """The least R2 where every row was repeated exactly: rows unlike these are few, and off by the span at most."""
    units = rows.n_clusters or rows.n_effective
    off = constant_mean(0.0, float(units), level, largest=float(np.ptp(rows.label)) ** 2)
    assert off.high is not None
    return max(0.0, 1 - off.high / rows.label_variance.value)


def _leaf(asked: Asked, columns: Sequence[CodedColumn], leaf: Leaf, inside: BoolArray, judged: Judged) -> SurrogateLeaf:
    part = inside.astype(np.float64)
    mean = share(judged.score * part, part, judged.weight)
    spread = without_rounding(spread_of(mean.rows, judged.cluster), mean.value)
    ends = t_interval(mean.value, spread, asked.level)
    known = ends.low is not None and ends.high is not None and np.isfinite([ends.low, ends.high]).all()
    path = [[columns[place].column.name, columns[place].words(allowed)] for place, allowed in leaf.allowed.items()]
    mass = part if judged.weight is None else part * judged.weight
    total = judged.score.size if judged.weight is None else float(judged.weight.sum())
    return SurrogateLeaf(
        subject=MODEL, class_=asked.class_, position=0, words=", ".join(words for _, words in path) or EVERYTHING,
        path=json.dumps(path, ensure_ascii=False), n=int(np.count_nonzero(inside)), share=float(mass.sum()) / total,
        score=mean.value, low=ends.low if known else None, high=ends.high if known else None, level=asked.level,
        space=asked.space, unit=asked.unit_of(asked.space),
    )  # fmt: skip
