"""Columns that tell one of several classes from the rest: the class that each column tells best."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from evaluator.analyses.data.examined import Examined
from evaluator.catalogue.settings import MIN_RELEVANT
from evaluator.metrics.rows import BinaryRows
from evaluator.subject.row_codes import Codes

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
ERRORS_BELOW = 2.0
"""Classes are compared this many standard errors below their value, so that the rarest does not win by chance."""


class OneClass(NamedTuple):
    """One class against the rest, ordered by a column; at `level` every class that was `tried` is covered at once."""

    position: int
    rows: BinaryRows
    level: float
    tried: int


def best_told(examined: Examined, known: Mask, score: Floats) -> OneClass | None:
    """The class that a column of numbers orders best against the rest; None when none has enough cases."""
    label, weight, k = _classes(examined)
    orders = class_auc(score[known], label[known], None if weight is None else weight[known], k)
    position, tried = _most_certain(orders, np.bincount(label[known], minlength=k))
    return None if position is None else _against_rest(examined, position, tried, known, score)


def best_told_by_level(examined: Examined, codes: Codes) -> OneClass | None:
    """The same for a column of few levels, ordered by their share of each class in turn."""
    label, weight, k = _classes(examined)
    size = int(codes.max(initial=0)) + 1
    shares = _table(codes, label, None, size, k) / np.maximum(np.bincount(codes, minlength=size), 1)[:, np.newaxis]
    weights = _table(codes, label, weight, size, k)
    orders = np.array([_auc_of_levels(shares[:, position], weights, position) for position in range(k)])
    position, tried = _most_certain(orders, np.bincount(label, minlength=k))
    if position is None:
        return None
    return _against_rest(examined, position, tried, np.ones(examined.n, dtype=np.bool_), shares[codes, position])


def class_auc(score: Floats, label: NDArray[np.int64], weight: Floats | None, k: int) -> Floats:
    """AUC of a score for each of `k` classes against the rest, from one sort; NaN for a class without cases or rest.

    Notes
    -----
    With R the weight below a row and half of that tied with it, the pairs of class c that are ordered rightly weigh
    the sum of w R over the class, less those inside the class, which are half of its squared weight.
    """
    w = np.ones(score.size) if weight is None else weight
    group = np.unique(score, return_inverse=True)[1]
    tied = np.bincount(group, weights=w)
    place = (np.cumsum(tied) - tied / 2)[group]
    own = np.bincount(label, weights=w, minlength=k)
    pairs = own * (w.sum() - own)
    right = np.bincount(label, weights=w * place, minlength=k) - own**2 / 2
    return np.asarray(np.divide(right, pairs, out=np.full(k, np.nan), where=pairs > 0), dtype=np.float64)


def _classes(examined: Examined) -> tuple[NDArray[np.int64], Floats | None, int]:
    subject = examined.subject
    assert subject.classes is not None
    return subject.label.astype(np.int64), subject.weight, len(subject.classes.values)


def _table(codes: Codes, label: NDArray[np.int64], weight: Floats | None, size: int, k: int) -> Floats:
    """Cases, or their weight, by level and class, shape (size, k)."""
    counts = np.bincount(codes * k + label, weights=weight, minlength=size * k)
    return counts.astype(np.float64).reshape(size, k)


def _auc_of_levels(share: Floats, weights: Floats, position: int) -> float:
    positive = weights[:, position]
    negative = weights.sum(axis=1) - positive
    group = np.unique(share, return_inverse=True)[1]
    tied = np.bincount(group, weights=negative)
    below = np.cumsum(tied) - tied / 2
    pairs = positive.sum() * negative.sum()
    return float((positive * below[group]).sum() / pairs) if pairs > 0 else float("nan")


def _most_certain(orders: Floats, cases: NDArray[np.intp]) -> tuple[int | None, int]:
    """The class whose AUC, in its better direction, is highest after its standard error; and how many were tried."""
    rest = int(cases.sum()) - cases
    enough = (np.minimum(cases, rest) >= MIN_RELEVANT) & ~np.isnan(orders)
    if not enough.any():
        return None, 0
    better = np.where(enough, np.maximum(orders, 1 - orders), 0.0)
    certain = better - ERRORS_BELOW * _standard_error(better, np.maximum(cases, 1), np.maximum(rest, 1))
    return int(np.argmax(np.where(enough, certain, -np.inf))), int(np.count_nonzero(enough))


def _standard_error(auc: Floats, cases: NDArray[np.intp], rest: NDArray[np.intp]) -> Floats:
    """Of an AUC, by Hanley and McNeil (Radiology 1982); an AUC of 1 is taken as one wrong case of the fewer away."""
    a = np.minimum(auc, 1 - 0.5 / np.minimum(cases, rest))
    one, two = a / (2 - a), 2 * a**2 / (1 + a)
    variance = a * (1 - a) + (cases - 1) * (one - a**2) + (rest - 1) * (two - a**2)
    return np.asarray(np.sqrt(np.maximum(variance, 0.0) / (cases * rest)), dtype=np.float64)


def _against_rest(examined: Examined, position: int, tried: int, known: Mask, score: Floats) -> OneClass:
    subject = examined.subject
    rows = BinaryRows(subject.label == position, None, score, False, subject.weight, subject.cluster)
    level = 1 - (1 - examined.level) / tried
    return OneClass(position, rows.take(known).with_weight(), level, tried)
