"""Ranking metrics of all classes together: each class against the rest averaged, and all pairs of row and class."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np

from evaluator.metrics.class_rows import ClassRows
from evaluator.statistics.class_ranking import Ranked, averaged, averaged_by_size, ranked, ranked_pairs
from evaluator.statistics.influence import Influence
from evaluator.statistics.spread import FloatArray

Kind = Literal["auc", "average_precision"]
AUCS = ("auc_macro", "auc_weighted", "auc_micro")
PRECISIONS = ("average_precision_macro", "average_precision_weighted", "average_precision_micro")


def parts_of(metric: str, rows: ClassRows) -> FloatArray:
    """How much each class counts in an average, shape (k,)."""
    return np.full(rows.k, 1 / rows.k) if metric.endswith("_macro") else rows.class_shares


def classes_ranked(metric: str, rows: ClassRows) -> list[tuple[float, int, Ranked]] | None:
    """Part, position and ranking of every class that counts; None where one of them cannot be ranked."""
    found = [
        (float(part), position, ranked_class(rows, position))
        for position, part in enumerate(parts_of(metric, rows))
        if part
    ]
    known = [(part, position, result) for part, position, result in found if result is not None]
    return known if known and len(known) == len(found) else None


def ranked_class(rows: ClassRows, position: int) -> Ranked | None:
    """One class against the rest; what is found serves the metrics of that class too."""
    if position not in rows.ranked:
        one = rows.one_class(position)
        assert one.score is not None
        found = ranked(one.label, one.score, one.weight)
        rows.ranked[position] = found
        if found is not None:
            one.influences.update(auc=found.auc, average_precision=found.average_precision)
    return rows.ranked[position]


def all_pairs(rows: ClassRows) -> Ranked | None:
    """All pairs of row and class in one order."""
    if None not in rows.ranked:
        assert rows.scores is not None
        rows.ranked[None] = ranked_pairs(rows.label, rows.scores, rows.weight)
    return rows.ranked[None]


def bias_of(metric: str, rows: ClassRows) -> float:
    """By how much an average precision is too high, as `precision_range.precision_bias` says for two outcomes."""
    if metric.endswith("_micro"):
        pairs = all_pairs(rows)
        return 0.0 if pairs is None else pairs.bias
    return sum(part * found.bias for part, _, found in classes_ranked(metric, rows) or ())


def _average(metric: str, kind: Kind) -> Callable[[ClassRows], Influence | None]:
    def of(rows: ClassRows) -> Influence | None:
        known = classes_ranked(metric, rows)
        if known is None:
            return None
        by_class, part = [_kind(found, kind) for _, _, found in known], np.array([part for part, _, _ in known])
        if metric.endswith("_macro"):
            return averaged(by_class, part)
        position_of = np.zeros(rows.k, dtype=np.int64)
        position_of[[position for _, position, _ in known]] = np.arange(len(known))
        return averaged_by_size(by_class, part, position_of[rows.label], rows.weight)

    return of


def _over_pairs(kind: Kind) -> Callable[[ClassRows], Influence | None]:
    def of(rows: ClassRows) -> Influence | None:
        found = all_pairs(rows)
        return None if found is None else _kind(found, kind)

    return of


def _kind(found: Ranked, kind: Kind) -> Influence:
    return found.auc if kind == "auc" else found.average_precision


RANKING_INFLUENCES: dict[str, Callable[[ClassRows], Influence | None]] = {
    "auc_macro": _average("auc_macro", "auc"),
    "auc_weighted": _average("auc_weighted", "auc"),
    "auc_micro": _over_pairs("auc"),
    "average_precision_macro": _average("average_precision_macro", "average_precision"),
    "average_precision_weighted": _average("average_precision_weighted", "average_precision"),
    "average_precision_micro": _over_pairs("average_precision"),
}
