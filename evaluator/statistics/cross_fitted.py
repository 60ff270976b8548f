"""How well something tells the members of a group from everyone else, read off rows that it was not fitted on.

Scores that are fitted (the order of levels, a sum over several features) are judged by forward folds: the rows of each
fold by what the folds before it teach. Given those, the rows of a fold are as good as new, so that what is seen in all
folds adds up without any bias, and its variance is that of rows given their scores. Folds that serve each other in turn
have no such variance: under independence it is up to twice as large as the rows say.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy import linalg

from evaluator.statistics.influence import BoolArray, Influence
from evaluator.statistics.ranking import auc, rank
from evaluator.statistics.spread import FloatArray, IntArray, cluster_totals

FOLDS = 5
PENALTIES = (10.0, 100.0, 1_000.0)
"""What every coefficient is held back by, in rows; large ones for features that tell little."""
DIGITS = 9
"""Sums that differ by less are ties: rows that are alike must tie, whatever order a machine adds up in."""


class Told(NamedTuple):
    """A score's chance to order a member and someone else rightly, and who it was read off.

    `rows` is each row's influence, shape (n,), zero where the row took no part; `judged` marks those that did.
    """

    value: float
    rows: FloatArray
    judged: BoolArray


def forward_folds(
    group: IntArray, rng: np.random.Generator, *, cluster: IntArray | None = None, folds: int = FOLDS
) -> IntArray:
    """The fold of every row, shape (n,): groups spread evenly over the folds, clusters kept whole.

    Parameters
    ----------
    group : group of every row, shape (n,); a cluster counts with its first row.
    """
    unit = np.arange(group.size) if cluster is None else np.unique(cluster, return_inverse=True)[1]
    first = np.unique(unit, return_index=True)[1]
    order = np.lexsort((rng.random(first.size), group[first]))
    fold = np.empty(first.size, dtype=np.int64)
    fold[order] = np.arange(first.size) % folds
    # The groups start at different folds in turn, so no fold is short of every small group.
    return fold[unit]


def told(
    member: BoolArray, score: FloatArray, weight: FloatArray | None = None, *, plain: bool = False
) -> Influence | None:
    """Area under the ROC curve of a score that needs no fitting, with influence; None with one side empty.

    `plain` scales the influence so that its squares add up to DeLong's variance of independent rows.
    """
    if member.all() or not member.any():
        return None
    found = auc(rank(member, score, weight))
    return Influence(found.value, _unbiased(found.rows, member)) if plain else found


def told_forward(
    member: BoolArray, score: FloatArray, fold: IntArray, weight: FloatArray | None = None, *, plain: bool = False
) -> Told | None:
    """The same for scores that were fitted on earlier folds: areas inside each fold from the second on, averaged.

    Parameters
    ----------
    score : of every row by what the folds before its own teach, shape (n,); those of the first fold are not read.

    Notes
    -----
    Folds are weighted by P N / (P + N), P and N the rows on both sides, which is near the inverse of their variance.
    Pairs of rows from different folds, whose scores are not alike, are never formed (LeDell, Petersen and van der Laan
    2015); that folds learn from earlier ones alone makes the sum a martingale.
    """
    rows, judged = np.zeros(member.size), np.zeros(member.size, dtype=np.bool_)
    parts: list[tuple[float, float]] = []
    for number in range(1, int(fold.max(initial=0)) + 1):
        inside = np.flatnonzero(fold == number)
        own = member[inside]
        found = told(own, score[inside], None if weight is None else weight[inside], plain=plain)
        if found is None:
            continue
        positives = float(np.count_nonzero(own))
        size = positives * (own.size - positives) / own.size
        parts.append((size, found.value))
        rows[inside], judged[inside] = size * found.rows, True
    if not parts:
        return None
    total = sum(size for size, _ in parts)
    return Told(sum(size * value for size, value in parts) / total, rows / total, judged)


def _unbiased(rows: FloatArray, member: BoolArray) -> FloatArray:
    scaled = rows.copy()
    for side in (member, ~member):
        size = int(np.count_nonzero(side))
        scaled[side] *= np.sqrt(size / max(1, size - 1))
    return scaled


def level_scores(code: IntArray, groups: IntArray, fold: IntArray, weight: FloatArray | None = None) -> FloatArray:
    """Share of each group among the rows of a level, from earlier folds alone, shape (n, groups).

    Parameters
    ----------
    code : level of every row, numbered from 0, shape (n,). `groups` : group of every row, numbered from 0, shape (n,).

    Notes
    -----
    (members + prior) / (rows + 1) with one row's worth of the group's share overall, so that unseen levels stand in the
    middle. The first fold gets its overall share.
    """
    n_groups, n_levels = int(groups.max()) + 1, int(code.max()) + 1
    place = code * n_groups + groups
    ones = np.ones(code.size) if weight is None else weight / weight.mean()
    counts = np.zeros((n_levels, n_groups))
    scores = np.zeros((code.size, n_groups))
    for number in range(int(fold.max(initial=0)) + 1):
        inside = fold == number
        prior = counts.sum(axis=0) / max(counts.sum(), 1.0)
        share = (counts + prior) / (counts.sum(axis=1, keepdims=True) + 1)
        scores[inside] = share[code[inside]]
        counts += np.bincount(place[inside], ones[inside], n_levels * n_groups).reshape(n_levels, n_groups)
    return np.round(scores, DIGITS)


def additive_scores(
    codes: Sequence[IntArray], groups: IntArray, fold: IntArray, weight: FloatArray | None = None, *,
    ordered: Sequence[bool] | None = None, penalties: Sequence[float] = PENALTIES,
) -> FloatArray:  # fmt: skip
    """How much each row looks like each group, by sums over its features fitted on earlier folds, shape (n, groups).

    Parameters
    ----------
    codes : of each feature the level (or the bin) of every row, numbered from 0, shape (n,) each.
    groups : group of every row, numbered from 0, shape (n,).
    ordered : which features are bins of numbers, 0 for missing; these get a straight line beside their bins.

    Notes
    -----
    Ridge regression of membership on marks of all levels, which orders rows as a linear discriminant does. Its products
    are counts of pairs of levels. Of the penalties each group takes the one that was best on the folds judged so far.
    What it tells is what a simple reading tells: features that reveal a group in combination alone tell more.
    """
    n_groups = int(groups.max()) + 1
    ones = np.ones(groups.size) if weight is None else weight / weight.mean()
    every = [np.zeros(groups.size, dtype=np.int64), *codes]
    start = np.cumsum([0, *(int(code.max()) + 1 for code in every)])
    square, product = np.zeros((start[-1], start[-1])), np.zeros((start[-1], n_groups))
    lines = _lines(codes, start, ordered or [False] * len(codes))
    scores, wrong = np.zeros((groups.size, n_groups)), np.zeros((len(penalties), n_groups))
    for number in range(int(fold.max(initial=0)) + 1):
        inside = np.flatnonzero(fold == number)
        part = [code[inside] for code in every]
        if number:
            tried = np.stack([_sums(part, start, one) for one in _solved(square, product, lines, penalties)])
            # The first fold to be judged has none before it: the middle one.
            best = np.argmin(wrong, axis=0) if number > 1 else np.full(n_groups, len(penalties) // 2)
            scores[inside] = tried[best, :, np.arange(n_groups)].T
            target = groups[inside, None] == np.arange(n_groups)
            wrong += (ones[inside, None] * (tried - target) ** 2).sum(axis=1)
        _count(square, product, start, (*part, groups[inside]), ones[inside])
    return np.round(scores, DIGITS)


def _lines(codes: Sequence[IntArray], start: IntArray, ordered: Sequence[bool]) -> FloatArray:
    """All marks, and beside them a line through the bins of every number, as mixtures of marks, shape (marks, columns)."""
    lines = [np.zeros((start[-1], 0))]
    for place, (code, number) in enumerate(zip(codes, ordered, strict=True), start=1):
        known = code[code > 0]
        if number and known.size and np.ptp(known) > 0:
            line = np.zeros((start[-1], 1))
            bins = np.arange(1, start[place + 1] - start[place])
            line[start[place] + bins, 0] = (bins - known.mean()) / known.std()
            lines.append(line)
    return np.concatenate([np.eye(start[-1]), *lines], axis=1)


def _solved(square: FloatArray, product: FloatArray, lines: FloatArray, penalties: Sequence[float]) -> list[FloatArray]:
    """What every level adds for every group, for each penalty; the constant is not held back."""
    squared, produced = lines.T @ square @ lines, lines.T @ product
    held = np.ones(lines.shape[1])
    held[0] = 0.0
    return [lines @ linalg.solve(squared + np.diag(one * held + 1e-9), produced, assume_a="pos") for one in penalties]


def _sums(part: Sequence[IntArray], start: IntArray, found: FloatArray) -> FloatArray:
    """The sum over its levels of every row, shape (n, groups)."""
    total = np.zeros((part[0].size, found.shape[1]))
    for place, code in enumerate(part):
        total += found[start[place] + code]
    return total


def _count(
    square: FloatArray, product: FloatArray, start: IntArray, parts: Sequence[IntArray], weight: FloatArray
) -> None:
    """Add the rows of one fold: weight of every pair of levels, and of every level in each group (the last part)."""
    *codes, groups = parts
    width = np.diff(start)
    for first, code in enumerate(codes):
        rows = slice(start[first], start[first + 1])
        for second in range(first, len(codes)):
            columns = slice(start[second], start[second + 1])
            block = _pairs(code, codes[second], int(width[first]), int(width[second]), weight)
            square[rows, columns] += block
            if second > first:
                square[columns, rows] += block.T
        product[rows] += _pairs(code, groups, int(width[first]), product.shape[1], weight)


def _pairs(first: IntArray, second: IntArray, height: int, width: int, weight: FloatArray) -> FloatArray:
    counted = np.bincount(first * width + second, weight, height * width).astype(np.float64)
    return counted.reshape(height, width)


def correlations(influences: Sequence[FloatArray], cluster: IntArray | None = None) -> FloatArray:
    """Correlation between several estimates on the same rows, shape (k, k); without spread an estimate has none."""
    totals = [rows if cluster is None else cluster_totals(rows, cluster) for rows in influences]
    parts = np.stack(totals)
    length = np.sqrt(np.square(parts).sum(axis=1))
    parts = parts / np.where(length > 0, length, 1.0)[:, None]
    together: FloatArray = (parts @ parts.T).clip(-1.0, 1.0)
    np.fill_diagonal(together, 1.0)
    return together
