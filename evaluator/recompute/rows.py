"""The scored rows of a run in memory, ready for any question."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evaluator.metrics.number_rows import NumberRows
from evaluator.metrics.rows import BinaryRows
from evaluator.recompute.columns import AskedColumn
from evaluator.recompute.facts import Facts
from evaluator.recompute.masks import Mask, joined_mask
from evaluator.recompute.question import Question
from evaluator.records import MODEL, PREVIOUS
from evaluator.statistics.score_pass import SortedScores
from evaluator.statistics.spread import FloatArray, IntArray, all_alone
from evaluator.subject.subject import Label

MOST_REMEMBERED = 32


@dataclass(frozen=True, eq=False)
class Judged:
    """What one subject said about every row, in the order of the rows.

    `sorted_already` says that the rows come by descending score of this subject.
    """

    subject: str
    label: Label
    score: FloatArray | None
    decision: Mask | None
    probability: bool
    sorted_already: bool

    @cached_property
    def order(self) -> NDArray[np.intp] | None:
        """Places of the rows by descending score; None when they come so."""
        if self.sorted_already or self.score is None:
            return None
        return np.argsort(-self.score, kind="stable")

    @cached_property
    def by_score(self) -> SortedScores:
        """The rows by descending score, for one pass over many of them."""
        assert self.score is not None
        order = slice(None) if self.order is None else self.order
        return SortedScores(self.label[order].astype(bool), self.score[order], self.probability)

    def masked_by_score(self, mask: Mask) -> Mask:
        """A mask of rows in the order of `by_score`."""
        return mask if self.order is None else mask[self.order]


class Remembered:
    """The last few results about everyone, which many questions share; safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: OrderedDict[Hashable, Any] = OrderedDict()

    def get(self, key: Hashable) -> Any:
        with self._lock:
            return self._found.get(key)

    def put(self, key: Hashable, value: Any) -> None:
        with self._lock:
            self._found[key] = value
            while len(self._found) > MOST_REMEMBERED:
                self._found.popitem(last=False)


@dataclass(frozen=True, eq=False, repr=False)
class LoadedRows:
    """Scored rows by descending score of the model, and the facts of the plan. Arrays have shape (n,) and are read-only.

    Attributes
    ----------
    weight : positive, or None for equal weights; rows of weight zero are no evidence and are left out.
    cluster : dense codes, or None when no two rows share one.
    columns : what can be asked about, by name.
    """

    facts: Facts
    label: Label
    score: FloatArray | None
    prediction: Mask | None
    weight: FloatArray | None
    cluster: IntArray | None
    previous_score: FloatArray | None
    previous_prediction: Mask | None
    columns: Mapping[str, AskedColumn]
    remembered: Remembered = field(default_factory=Remembered)

    @property
    def n(self) -> int:
        return self.label.size

    @property
    def has_previous(self) -> bool:
        return self.previous_score is not None or self.previous_prediction is not None

    @cached_property
    def model(self) -> Judged:
        return Judged(MODEL, self.label, self.score, self.prediction, self.facts.probability, True)

    @cached_property
    def previous(self) -> Judged:
        probability = self.facts.probability and self.previous_score is not None
        return Judged(PREVIOUS, self.label, self.previous_score, self.previous_prediction, probability, False)

    @property
    def predicts_numbers(self) -> bool:
        return self.facts.task == "regression"

    def seen(self, judged: Judged, mask: Mask) -> BinaryRows | NumberRows:
        """The rows in `mask` for `measure`, which works row by row."""
        index = np.flatnonzero(mask)
        cluster = None if self.cluster is None else self.cluster[index]
        cluster = None if cluster is None or all_alone(cluster) else cluster
        weight = None if self.weight is None else self.weight[index]
        if self.predicts_numbers:
            assert judged.score is not None
            return NumberRows(judged.label[index].astype(float), judged.score[index], weight, cluster)
        return BinaryRows(
            label=judged.label[index].astype(bool, copy=False),
            decision=None if judged.decision is None else judged.decision[index],
            score=None if judged.score is None else judged.score[index],
            probability=judged.probability,
            weight=weight,
            cluster=cluster,
            by_score=judged.sorted_already,
        )


def mask(rows: LoadedRows, question: Question) -> Mask:
    """Which rows a checked question is about, shape (n,)."""
    return joined_mask(question.filters, question.combine, rows.columns, rows.n)
